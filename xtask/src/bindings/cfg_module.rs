//! Generates `shm-sys/src/bindings/mod.rs`, which selects each target's file by `cfg`.

use crate::targets::{Cfg, abis, with_abi};

/// The module for targets outside the table: one error message, and the constants that
/// lib.rs needs, so that no other error follows.
const MISSING: &str = "    compile_error!(concat!(
        \"shm-sys has no bindings for \",
        env!(\"SHM_SYS_TARGET\"),
        \"; its feature `bindgen` makes them from that system's headers\"
    ));
    pub const SHMLBA_PAGES: libc::c_int = 0;
    pub const SHMLBA_BYTES: libc::c_int = 0;
";

/// Returns the text of the module.
pub(super) fn text() -> String {
    let mut text = String::from(
        "// Made by `cargo xtask bindings` from xtask/src/targets/table.rs; not to be edited.\n",
    );
    let mut known = Vec::new();
    for abi in abis() {
        let cfgs: Vec<String> = with_abi(abi).map(|target| condition(&target.cfg)).collect();
        let condition = any(&cfgs, "    ");
        text.push_str(&format!(
            "\n#[cfg({condition})]\n#[rustfmt::skip]\nmod {abi};\n#[cfg({condition})]\npub use {abi}::*;\n"
        ));
        known.extend(cfgs);
    }
    let unknown = format!("#[cfg(not({}))]", any(&known, "    "));
    text.push_str(&format!(
        "\n{unknown}\nmod missing {{\n{MISSING}}}\n{unknown}\npub use missing::*;\n"
    ));
    text
}

/// Formats `any(..)` as rustfmt does, or the condition itself if there is only one.
fn any(conditions: &[String], indent: &str) -> String {
    match conditions {
        [one] => one.clone(),
        several => {
            let lines: Vec<String> = several
                .iter()
                .map(|one| format!("{indent}{},\n", one.replace('\n', &format!("\n{indent}"))))
                .collect();
            format!("any(\n{})", lines.concat())
        }
    }
}

fn condition(cfg: &Cfg) -> String {
    let mut parts = vec![format!("target_os = \"{}\"", cfg.os)];
    if !cfg.env.is_empty() {
        parts.push(format!("target_env = \"{}\"", cfg.env));
    }
    parts.push(format!("target_arch = \"{}\"", cfg.arch));
    parts.push(format!("target_endian = \"{}\"", cfg.endian));
    parts.push(format!("target_pointer_width = \"{}\"", cfg.width));
    format!("all({})", parts.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::targets::TARGETS;

    #[test]
    fn no_two_targets_have_the_same_cfg() {
        let mut conditions: Vec<_> = TARGETS
            .iter()
            .map(|target| condition(&target.cfg))
            .collect();
        conditions.sort();
        let all = conditions.len();
        conditions.dedup();
        assert_eq!(conditions.len(), all);
    }

    #[test]
    fn a_target_outside_the_table_is_named_with_the_feature() {
        let text = text();
        assert!(text.contains("SHM_SYS_TARGET"));
        assert!(text.contains("feature `bindgen`"));
    }
}
