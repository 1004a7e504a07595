//! Detects whether huge pages are in use: then Linux's total of resident pages is
//! unusable.
//!
//! `SHM_INFO` counts each huge page of a segment once for each small page in it (seen on
//! 6.18: 512 times too much), and does not say for how many segments.

/// Returns whether a segment may have huge pages.
pub(super) fn are_in_use() -> bool {
    // Without the file the kernel's total is the only one.
    std::fs::read_to_string("/proc/meminfo").is_ok_and(|text| any(&text))
}

/// Returns whether `/proc/meminfo` shows huge pages in use beyond the free ones of the
/// default size; other sizes appear only in the sum `Hugetlb` (since Linux 4.19).
fn any(meminfo: &str) -> bool {
    let value = |name: &str| {
        let line = meminfo.lines().find_map(|line| line.strip_prefix(name));
        let number = line?.trim_start_matches(':').split_whitespace().next()?;
        number.parse::<u64>().ok()
    };
    let total = value("HugePages_Total").unwrap_or(0);
    let free = value("HugePages_Free").unwrap_or(0);
    let usual = total.saturating_mul(value("Hugepagesize").unwrap_or(0));
    total != free || value("Hugetlb").is_some_and(|all| all != usual)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn meminfo(total: u64, free: u64, kilobytes: Option<u64>) -> String {
        let sum = kilobytes.map_or_else(String::new, |sum| format!("Hugetlb:  {sum} kB\n"));
        format!(
            "MemTotal: 1024 kB\nHugePages_Total:  {total}\nHugePages_Free: {free}\n\
             HugePages_Rsvd: 0\nHugepagesize:  2048 kB\n{sum}"
        )
    }

    #[test]
    fn huge_pages_are_in_use_unless_all_are_free() {
        assert!(!any(&meminfo(0, 0, Some(0))));
        assert!(!any(&meminfo(4, 4, Some(8192))));
        assert!(any(&meminfo(4, 3, Some(8192))));
        assert!(any(&meminfo(0, 0, Some(1 << 20))), "those of 1 GiB");
        assert!(!any(&meminfo(4, 4, None)), "an older kernel");
        assert!(!any(""), "a kernel without huge pages");
    }
}
