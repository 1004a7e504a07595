//! The structures of processes and their mappings: compares the numbers in
//! `shm/src/decode/` with each system's own header.
//!
//! A decoder runs on every host, so its offsets are plain numbers in its file. They are
//! read from there, in order, and each is compared with the C expression beside it. No
//! package has DragonFly's headers: its numbers are compared only with libc's definition,
//! when `shm` is compiled for it.

use std::fmt::Write as _;

use crate::project::{Result, root};

/// The numbers of one item of a decoder, and their meaning in C.
struct Form {
    os: &'static str,
    /// Under `shm/src/decode/`.
    file: &'static str,
    /// The text before the numbers, and the text after them.
    between: (&'static str, &'static str),
    headers: &'static str,
    /// In the order of the source.
    expressions: &'static [&'static str],
}

const BSD: &str = "sys/types.h sys/param.h sys/sysctl.h sys/proc.h";

const FORMS: &[Form] = &[
    Form {
        os: "freebsd",
        file: "process/layouts.rs",
        between: ("const FREEBSD", "};"),
        headers: "sys/types.h sys/param.h sys/sysctl.h sys/user.h sys/proc.h",
        expressions: &[
            "sizeof(struct kinfo_proc)",
            "offsetof(struct kinfo_proc, ki_pid)",
            "offsetof(struct kinfo_proc, ki_uid)",
            "offsetof(struct kinfo_proc, ki_start)",
            "offsetof(struct kinfo_proc, ki_comm)",
            "sizeof(((struct kinfo_proc *)0)->ki_comm)",
            "offsetof(struct kinfo_proc, ki_stat)",
            "SZOMB",
        ],
    },
    Form {
        os: "freebsd",
        file: "freebsd_vm.rs",
        between: ("// Offsets in", "/// A mapping"),
        headers: "sys/types.h sys/param.h sys/sysctl.h sys/user.h",
        expressions: &[
            "offsetof(struct kinfo_vmentry, kve_structsize)",
            "offsetof(struct kinfo_vmentry, kve_start)",
            "offsetof(struct kinfo_vmentry, kve_end)",
            "offsetof(struct kinfo_vmentry, kve_offset)",
            "offsetof(struct kinfo_vmentry, kve_vn_fileid)",
            "offsetof(struct kinfo_vmentry, kve_vn_fsid_freebsd11)",
            "offsetof(struct kinfo_vmentry, kve_flags)",
            "offsetof(struct kinfo_vmentry, kve_protection)",
            "offsetof(struct kinfo_vmentry, kve_path)",
            "KVME_FLAG_SYSVSHM",
            "KVME_PROT_READ",
            "KVME_PROT_WRITE",
            "KVME_PROT_EXEC",
        ],
    },
    Form {
        os: "freebsd",
        file: "freebsd_objects.rs",
        between: ("// Offsets in", "/// The object"),
        headers: "sys/types.h sys/param.h sys/sysctl.h sys/user.h",
        expressions: &[
            "offsetof(struct kinfo_vmobject, kvo_structsize)",
            "offsetof(struct kinfo_vmobject, kvo_size)",
            "offsetof(struct kinfo_vmobject, kvo_vn_fileid)",
            "offsetof(struct kinfo_vmobject, kvo_vn_fsid_freebsd11)",
            "offsetof(struct kinfo_vmobject, kvo_resident)",
            "offsetof(struct kinfo_vmobject, kvo_swapped)",
            "offsetof(struct kinfo_vmobject, kvo_flags)",
            "offsetof(struct kinfo_vmobject, kvo_path)",
            "KVMO_FLAG_SYSVSHM",
        ],
    },
    Form {
        os: "netbsd",
        file: "process/layouts.rs",
        between: ("const NETBSD", "};"),
        headers: BSD,
        expressions: &[
            "offsetof(struct kinfo_proc2, p_realstat) + 8",
            "offsetof(struct kinfo_proc2, p_pid)",
            "offsetof(struct kinfo_proc2, p_uid)",
            "offsetof(struct kinfo_proc2, p_ustart_sec)",
            "offsetof(struct kinfo_proc2, p_uvalid)",
            "offsetof(struct kinfo_proc2, p_comm)",
            "sizeof(((struct kinfo_proc2 *)0)->p_comm)",
            "offsetof(struct kinfo_proc2, p_realstat)",
            "SZOMB",
        ],
    },
    Form {
        os: "netbsd",
        file: "netbsd_vm.rs",
        between: ("/// `sizeof(", "/// A mapping"),
        headers: "sys/types.h sys/param.h sys/sysctl.h sys/mman.h",
        expressions: &[
            "sizeof(struct kinfo_vmentry)",
            "offsetof(struct kinfo_vmentry, kve_start)",
            "offsetof(struct kinfo_vmentry, kve_end)",
            "offsetof(struct kinfo_vmentry, kve_offset)",
            "offsetof(struct kinfo_vmentry, kve_type)",
            "offsetof(struct kinfo_vmentry, kve_count)",
            "offsetof(struct kinfo_vmentry, kve_protection)",
            "offsetof(struct kinfo_vmentry, kve_ref_count)",
            "offsetof(struct kinfo_vmentry, kve_inheritance)",
            "KVME_TYPE_ANON",
            "MAP_INHERIT_SHARE",
            "KVME_PROT_READ",
            "KVME_PROT_WRITE",
            "KVME_PROT_EXEC",
        ],
    },
    Form {
        os: "openbsd",
        file: "process/layouts.rs",
        between: ("const OPENBSD", "};"),
        headers: BSD,
        expressions: &[
            "offsetof(struct kinfo_proc, p_svuid)",
            "offsetof(struct kinfo_proc, p_pid)",
            "offsetof(struct kinfo_proc, p_uid)",
            "offsetof(struct kinfo_proc, p_ustart_sec)",
            "offsetof(struct kinfo_proc, p_uvalid)",
            "offsetof(struct kinfo_proc, p_comm)",
            "sizeof(((struct kinfo_proc *)0)->p_comm)",
            "offsetof(struct kinfo_proc, p_psflags)",
            "PS_ZOMBIE",
        ],
    },
    Form {
        os: "macos",
        file: "process/layouts.rs",
        between: ("const MACOS", "};"),
        headers: "sys/types.h sys/param.h sys/proc_info.h sys/proc.h",
        expressions: &[
            "sizeof(struct proc_bsdinfo)",
            "offsetof(struct proc_bsdinfo, pbi_pid)",
            "offsetof(struct proc_bsdinfo, pbi_uid)",
            "offsetof(struct proc_bsdinfo, pbi_start_tvsec)",
            "offsetof(struct proc_bsdinfo, pbi_comm)",
            "sizeof(((struct proc_bsdinfo *)0)->pbi_comm)",
            "offsetof(struct proc_bsdinfo, pbi_status)",
            "SZOMB",
        ],
    },
    Form {
        os: "macos",
        file: "macos_regions.rs",
        between: ("/// `sizeof(", "/// A region"),
        headers: "sys/types.h sys/param.h sys/proc_info.h mach/vm_prot.h",
        expressions: &[
            "sizeof(struct proc_regioninfo)",
            "offsetof(struct proc_regioninfo, pri_protection)",
            "offsetof(struct proc_regioninfo, pri_offset)",
            "offsetof(struct proc_regioninfo, pri_pages_resident)",
            "offsetof(struct proc_regioninfo, pri_share_mode)",
            "offsetof(struct proc_regioninfo, pri_obj_id)",
            "offsetof(struct proc_regioninfo, pri_address)",
            "offsetof(struct proc_regioninfo, pri_size)",
            "VM_PROT_READ",
            "VM_PROT_WRITE",
            "VM_PROT_EXECUTE",
            "SM_SHARED",
            "SM_TRUESHARED",
            "SM_SHARED_ALIASED",
        ],
    },
];

/// Returns one C file for each form of a system, with its assertions: its name and text.
pub(super) fn assertions(os: &str) -> Result<Vec<(String, String)>> {
    let forms = FORMS.iter().filter(|form| form.os == os);
    forms
        .map(|form| -> Result<(String, String)> {
            let path = root().join("shm/src/decode").join(form.file);
            let source = std::fs::read_to_string(&path)?;
            let numbers = numbers(&source, form.between);
            if numbers.len() != form.expressions.len() {
                return Err(format!(
                    "{}: {} numbers behind {:?}, not the {} that are compared with the header",
                    form.file,
                    numbers.len(),
                    form.between.0,
                    form.expressions.len()
                )
                .into());
            }
            let name = form.file.replace('/', "-").replace(".rs", "");
            Ok((name, text(form, &numbers)))
        })
        .collect()
}

fn text(form: &Form, numbers: &[u64]) -> String {
    // The compiler's own <stddef.h> and NetBSD's <sys/stddef.h> both define max_align_t.
    let mut text = "#define _NETBSD_SOURCE\n#define _KMEMUSER\n\
                    #define __CLANG_MAX_ALIGN_T_DEFINED\n"
        .to_owned();
    for header in form.headers.split(' ') {
        let _ = writeln!(text, "#include <{header}>");
    }
    // The compiler's own <stddef.h> and NetBSD's <sys/stddef.h> exclude each other.
    text.push_str(
        "#undef offsetof\n#define offsetof(type, field) __builtin_offsetof(type, field)\n",
    );
    for (expression, number) in form.expressions.iter().zip(numbers) {
        let _ = writeln!(
            text,
            "_Static_assert(({expression}) == {number}, \"{expression} in {}\");",
            form.file
        );
    }
    text
}

/// Returns the values of constants and fields in a part of a Rust file, without the
/// digits in names and comments.
fn numbers(source: &str, (from, to): (&str, &str)) -> Vec<u64> {
    let Some((_, rest)) = source.split_once(from) else {
        return Vec::new();
    };
    let part = rest.split(to).next().unwrap_or(rest);
    let code = part
        .lines()
        .skip(1)
        .map(|line| line.split("//").next().unwrap_or(line));
    let words = code.flat_map(|line| line.split(|c: char| !c.is_ascii_alphanumeric() && c != '_'));
    words.filter_map(number).collect()
}

fn number(word: &str) -> Option<u64> {
    let digits = word.replace('_', "");
    match digits.strip_prefix("0x") {
        Some(hexadecimal) => u64::from_str_radix(hexadecimal, 16).ok(),
        None => digits.parse().ok(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_values_and_not_parts_of_names_or_comments() {
        let source = "
/// 77 before.
const FORM: Layout = Layout { // 1
    size: 1_088,
    // 5 in a comment.
    start: Start::Wide(0x10), // 6
    kind: u32::default(), [4, 5]
};
const OTHER: u32 = 9;";
        assert_eq!(numbers(source, ("const FORM", "};")), [1088, 16, 4, 5]);
        assert_eq!(numbers(source, ("const NONE", "};")), [0_u64; 0]);
    }

    #[test]
    fn every_decoder_has_as_many_numbers_as_are_compared() {
        for (os, files) in [("freebsd", 3), ("netbsd", 2), ("openbsd", 1), ("macos", 2)] {
            assert_eq!(assertions(os).unwrap().len(), files, "{os}");
        }
        assert!(assertions("dragonfly").unwrap().is_empty());
    }
}
