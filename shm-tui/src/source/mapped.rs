//! Numbers of users and groups that have no meaning in this user namespace.
//!
//! Linux shows an owner without a mapping as the overflow number, 65534 by default
//! (`/proc/sys/kernel/overflowuid`), which is also the number of the real user
//! *nobody*. So where not every number is mapped, the overflow number has no name.

/// The name that stands for an owner without a mapping.
pub(super) const UNMAPPED: &str = "unmapped";

/// What is known of the numbers of users, or of those of groups.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Overflow {
    /// The number that stands for those without a mapping, if there are any.
    number: Option<u32>,
}

impl Overflow {
    /// Reads them: `map` is `uid_map` or `gid_map`, `setting` the file of the
    /// overflow number. Where they cannot be read, every number is taken as mapped.
    pub(super) fn read(map: &str, setting: &str) -> Self {
        let read = |path: String| std::fs::read_to_string(path).ok();
        let map = read(format!("/proc/self/{map}"));
        let setting = read(format!("/proc/sys/kernel/{setting}"));
        Self::decode(&map.unwrap_or_default(), setting.as_deref())
    }

    fn decode(map: &str, setting: Option<&str>) -> Self {
        let length = |line: &str| line.split_ascii_whitespace().nth(2)?.parse::<u64>().ok();
        let mapped: u64 = map.lines().filter_map(length).sum();
        // All but the number -1, which is none.
        let partial = mapped > 0 && mapped < u64::from(u32::MAX);
        let number = setting.and_then(|text| text.trim().parse().ok());
        Self {
            number: number.filter(|_| partial),
        }
    }

    /// Whether a number stands for those without a mapping.
    pub(super) fn is(self, number: u32) -> bool {
        self.number == Some(number)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_overflow_number_is_nobody_only_where_every_number_is_mapped() {
        let of = |map| Overflow::decode(map, Some("65534\n"));
        assert!(
            !of("         0          0 4294967295\n").is(65_534),
            "the first namespace"
        );
        assert!(of("         0       1000          1\n").is(65_534));
        assert!(!of("         0       1000          1\n").is(0));
        // A mapped 65534 cannot be told from those without a mapping.
        assert!(of("0 1000 1\n1 100000 65536\n").is(65_534));
        assert!(!of("").is(65_534), "no such file");
        assert!(!Overflow::decode("0 1000 1\n", None).is(65_534));
    }
}
