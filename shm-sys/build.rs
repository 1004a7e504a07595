//! Does nothing without the feature `bindgen`. With it, generates the bindings from the
//! target system's headers instead of using the committed ones. The crate's documentation
//! lists the environment variables.

#[cfg(not(feature = "bindgen"))]
fn main() {
    name_the_target();
    println!("cargo::rerun-if-changed=build.rs");
}

#[cfg(feature = "bindgen")]
fn main() -> Result<(), String> {
    name_the_target();
    from_headers::generate()
}

/// For the error message of a target without bindings.
fn name_the_target() {
    let target = std::env::var("TARGET").unwrap_or_default();
    println!("cargo::rustc-env=SHM_SYS_TARGET={target}");
}

#[cfg(feature = "bindgen")]
#[path = "gen/generator.rs"]
mod generator;

#[cfg(feature = "bindgen")]
mod from_headers {
    use std::env;
    use std::path::{Path, PathBuf};
    use std::process::Command;

    use crate::generator::{self, Request};

    /// A wrapper header to use instead of `gen/wrapper.h`.
    const WRAPPER: &str = "SHM_SYS_WRAPPER";
    /// Directories of headers, separated as in `PATH`, searched instead of the host's.
    const INCLUDE: &str = "SHM_SYS_INCLUDE";
    /// The triple for clang, where it cannot be derived from `TARGET`.
    const CLANG_TARGET: &str = "SHM_SYS_CLANG_TARGET";

    pub(crate) fn generate() -> Result<(), String> {
        for name in [WRAPPER, INCLUDE, CLANG_TARGET, "LIBCLANG_PATH"] {
            println!("cargo::rerun-if-env-changed={name}");
        }
        println!("cargo::rerun-if-changed=build.rs");
        println!("cargo::rerun-if-changed=gen");

        let wrapper =
            env::var_os(WRAPPER).map_or_else(|| PathBuf::from("gen/wrapper.h"), PathBuf::from);
        println!("cargo::rerun-if-changed={}", wrapper.display());
        let target = required("TARGET")?;
        let include: Vec<PathBuf> = env::var_os(INCLUDE)
            .map(|list| env::split_paths(&list).collect())
            .unwrap_or_default();
        let clang_args = if include.is_empty() {
            compiler_headers()
        } else {
            Vec::new()
        };
        let request = Request {
            wrapper: &wrapper,
            clang_target: &env::var(CLANG_TARGET).unwrap_or_else(|_| clang_triple(&target)),
            include: &include,
            clang_args: &clang_args,
        };
        let bindings = generator::builder(&request)?
            .formatter(bindgen::Formatter::None)
            .generate()
            .map_err(|error| {
                format!(
                    "bindgen cannot read {} for {target}: {error}",
                    wrapper.display()
                )
            })?;
        let output = Path::new(&required("OUT_DIR")?).join("bindings.rs");
        std::fs::write(&output, generator::complete(&bindings.to_string()))
            .map_err(|error| format!("cannot write {}: {error}", output.display()))
    }

    fn required(name: &str) -> Result<String, String> {
        env::var(name).map_err(|_| format!("{name} is not set: is this run by cargo?"))
    }

    /// A libclang without a compiler, like PyPI's, has no `stddef.h`; the host's C
    /// compiler does. Its directory is searched last, so that clang's own header wins.
    fn compiler_headers() -> Vec<String> {
        let Ok(output) = Command::new("cc").arg("-print-file-name=include").output() else {
            return Vec::new();
        };
        let directory = String::from_utf8_lossy(&output.stdout).trim().to_owned();
        if output.status.success() && Path::new(&directory).is_dir() {
            vec!["-idirafter".to_owned(), directory]
        } else {
            Vec::new()
        }
    }

    /// Clang's name for a target, where it differs from rustc's.
    fn clang_triple(target: &str) -> String {
        if let Some(rest) = target.strip_prefix("aarch64-apple-darwin") {
            return format!("arm64-apple-macosx{rest}");
        }
        target.replacen("riscv64gc-", "riscv64-", 1)
    }
}
