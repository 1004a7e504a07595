//! The C half of the layout assertions: a C file with the same sizes, offsets and
//! constants, generated from the committed bindings and compiled with every system's
//! headers by zig's clang, independently of bindgen. Then a program that makes the calls
//! is linked with that system's libc, and the symbols that its object imports are
//! compared with those that Rust would link. The structures of processes and their
//! mappings follow ([`processes`]).

mod processes;

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use xshell::cmd;

use super::super::context::Context;
use super::super::stage::error_if_any;
use crate::bindings::declarations::Declarations;
use crate::project::{Result, bindings_dir, generator_dir, target_dir};
use crate::symbols;
use crate::targets::{Headers, TARGETS, Target};
use crate::tools;

pub(super) fn run(context: &mut Context<'_>) -> Result {
    let Some(zig) = tools::zig_directory() else {
        context.skip(
            "every system's C compiler",
            "no zig; `cargo xtask setup` installs it",
        );
        return Ok(());
    };
    let work = target_dir().join("layout");
    std::fs::create_dir_all(&work)?;
    let mut wrong = Vec::new();
    for target in TARGETS {
        if let Err(error) = check(context, &zig, &work, target) {
            wrong.push(format!(
                "{}: shm-sys/src/bindings/{}.rs differs from its headers, or they do not compile: {error}",
                target.triple, target.abi
            ));
        }
    }
    error_if_any(&wrong)
}

fn check(context: &mut Context<'_>, zig: &Path, work: &Path, target: &Target) -> Result {
    let committed = bindings_dir().join(format!("{}.rs", target.abi));
    let declarations = Declarations::read(&std::fs::read_to_string(committed)?);
    let (zig, triple, include) = (zig.join("zig"), target.zig, &own_headers(target));
    let shell = context.shell();
    let _cache = shell.push_env("ZIG_GLOBAL_CACHE_DIR", tools::zig_cache());

    let source = work.join(format!("{}.layout.c", target.triple));
    std::fs::write(&source, assertions(&declarations))?;
    let object = source.with_extension("o");
    context.run(cmd!(
        shell,
        "{zig} cc -target {triple} {include...} -std=c11 -Wall -Werror -Wno-unused-const-variable -Wno-option-ignored -c {source} -o {object}"
    ))?;

    for (name, text) in processes::assertions(target.cfg.os)? {
        let source = work.join(format!("{}.{name}.c", target.triple));
        std::fs::write(&source, text)?;
        let object = source.with_extension("o");
        context.run(cmd!(
            shell,
            "{zig} cc -target {triple} {include...} -std=c11 -Wno-option-ignored -c {source} -o {object}"
        ))?;
    }

    let source = work.join(format!("{}.calls.c", target.triple));
    std::fs::write(&source, CALLS)?;
    let object = source.with_extension("o");
    context.run(cmd!(
        shell,
        "{zig} cc -target {triple} {include...} -std=c11 -Wall -Werror -Wno-option-ignored -c {source} -o {object}"
    ))?;
    compare_symbols(
        &declarations,
        &symbols::undefined(&std::fs::read(&object)?)?,
    )?;
    // Other stages link Linux's by running its programs.
    if matches!(target.headers, Headers::Zig(_)) && target.cfg.os != "linux" {
        let program = source.with_extension("exe");
        context.run(cmd!(
            shell,
            "{zig} cc -target {triple} {object} -o {program}"
        ))?;
    }
    Ok(())
}

/// Headers that zig does not have.
fn own_headers(target: &Target) -> Vec<String> {
    match target.headers {
        Headers::Zig(_) => Vec::new(),
        Headers::Transcribed { directory, .. } => {
            vec![
                "-isystem".to_owned(),
                generator_dir().join(directory).display().to_string(),
            ]
        }
    }
}

/// Returns every declaration of the bindings as a static assertion in C.
fn assertions(declarations: &Declarations) -> String {
    let wrapper: PathBuf = generator_dir().join("wrapper.h");
    let mut text = format!("#include \"{}\"\n#include <stddef.h>\n", wrapper.display());
    for (name, value) in &declarations.constants {
        let expression = match name.as_str() {
            "SHMLBA_PAGES" => "shm_sys_lba_with_page_2 - shm_sys_lba_with_page_1",
            "SHMLBA_BYTES" => "2 * shm_sys_lba_with_page_1 - shm_sys_lba_with_page_2",
            name => name,
        };
        let _ = writeln!(
            text,
            "_Static_assert((int)({expression}) == {value}, \"{name}\");"
        );
    }
    for (name, size, alignment) in &declarations.structures {
        let _ = writeln!(
            text,
            "_Static_assert(sizeof(struct {name}) == {size}, \"size of {name}\");"
        );
        let _ = writeln!(
            text,
            "_Static_assert(_Alignof(struct {name}) == {alignment}, \"alignment of {name}\");"
        );
    }
    for (name, field, offset) in &declarations.offsets {
        let _ = writeln!(
            text,
            "_Static_assert(offsetof(struct {name}, {field}) == {offset}, \"{name}.{field}\");"
        );
    }
    text
}

/// Returns a program that calls every function of the bindings.
const CALLS: &str = "\
#define _GNU_SOURCE
#define _DARWIN_C_SOURCE
#define _NETBSD_SOURCE
#include <sys/types.h>
#include <sys/ipc.h>
#include <sys/shm.h>
int main(int count, char **arguments) {
    struct shmid_ds stat;
    int id = shmget(ftok(arguments[0], count), 4096, IPC_CREAT | 0600);
    void *address = shmat(id, 0, SHM_RDONLY);
    return shmctl(id, IPC_STAT, &stat) | shmdt(address);
}
";

/// Compares the symbols that the C compiler chose by the header with those in the
/// bindings.
fn compare_symbols(declarations: &Declarations, wanted: &[String]) -> Result {
    for (function, symbol) in &declarations.functions {
        if !wanted.contains(symbol) {
            return Err(format!(
                "Rust's {function} links {symbol}, but C's object imports {}",
                wanted.join(", ")
            )
            .into());
        }
    }
    Ok(())
}
