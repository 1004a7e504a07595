//! Users and groups without a mapping in this user namespace.
//!
//! Linux shows an owner without a mapping as the overflow number, 65534 by default
//! (`/proc/sys/kernel/overflowuid`), which is also the number of the real user *nobody*.
//! So if not every number is mapped, the overflow number is named [`UNMAPPED`], or
//! [`EITHER`] if it also has a mapping of its own.

/// The name of an owner without a mapping.
pub(super) const UNMAPPED: &str = "unmapped";
/// The name of an owner without a mapping or with the overflow number: the kernel shows
/// both alike.
pub(super) const EITHER: &str = "unmapped?";

/// The mappings of users, or those of groups.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Overflow {
    /// The overflow number if any number is unmapped, and its name.
    stand_in: Option<(u32, &'static str)>,
}

impl Overflow {
    /// Reads the mappings: `map` is `uid_map` or `gid_map`, `setting` the file of the
    /// overflow number. If they are unreadable, every number counts as mapped.
    pub(super) fn read(map: &str, setting: &str) -> Self {
        let read = |path: String| std::fs::read_to_string(path).ok();
        let map = read(format!("/proc/self/{map}"));
        let setting = read(format!("/proc/sys/kernel/{setting}"));
        Self::decode(&map.unwrap_or_default(), setting.as_deref())
    }

    fn decode(map: &str, setting: Option<&str>) -> Self {
        let number = setting.and_then(|text| text.trim().parse::<u32>().ok());
        let (mut mapped, mut is_mapped) = (0, false);
        // The first number inside, the first one outside, and the count.
        for line in map.lines() {
            let mut words = line.split_ascii_whitespace();
            let mut next = || words.next()?.parse::<u64>().ok();
            let (Some(first), Some(_), Some(count)) = (next(), next(), next()) else {
                continue;
            };
            mapped += count;
            let range = first..first.saturating_add(count);
            is_mapped |= number.is_some_and(|number| range.contains(&u64::from(number)));
        }
        // All but the number -1, which is invalid.
        let partial = mapped > 0 && mapped < u64::from(u32::MAX);
        let name = if is_mapped { EITHER } else { UNMAPPED };
        Self {
            stand_in: number.filter(|_| partial).map(|number| (number, name)),
        }
    }

    /// Returns the name of the overflow number, if `number` is it.
    pub(super) fn name(self, number: u32) -> Option<&'static str> {
        let (stand_in, name) = self.stand_in?;
        (stand_in == number).then_some(name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_overflow_number_is_nobody_only_where_every_number_is_mapped() {
        let of = |map, number| Overflow::decode(map, Some("65534\n")).name(number);
        let all = "         0          0 4294967295\n";
        assert_eq!(of(all, 65_534), None, "the first namespace");
        let one = "         0       1000          1\n";
        assert_eq!(of(one, 65_534), Some(UNMAPPED));
        assert_eq!(of(one, 0), None);
        assert_eq!(of("", 65_534), None, "no such file");
        assert_eq!(Overflow::decode(one, None).name(65_534), None);
    }

    #[test]
    fn an_overflow_number_with_a_mapping_may_be_either() {
        let of = |map| Overflow::decode(map, Some("65534\n")).name(65_534);
        // A container run by an ordinary user.
        assert_eq!(of("0 1000 1\n1 100000 65536\n"), Some(EITHER));
        assert_eq!(of("0 1000 1\n65534 65534 1\n"), Some(EITHER));
        assert_eq!(of("0 1000 65534\n"), Some(UNMAPPED), "up to the one before");
        assert_eq!(of("65535 1000 9\n"), Some(UNMAPPED));
        assert_eq!(of("x\n0 1000 1\n"), Some(UNMAPPED));
    }
}
