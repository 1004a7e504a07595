//! Names of users and groups, from the system's name service.

use std::sync::OnceLock;

use super::Names;
use super::mapped::Overflow;
use crate::model::format;

/// The system's users and groups. A look-up may use the network, so a worker thread makes
/// it and the caller caches the answer.
#[derive(Clone, Copy, Debug)]
pub struct SystemNames;

impl Names for SystemNames {
    fn user(&self, uid: u32) -> Option<String> {
        static USERS: OnceLock<Overflow> = OnceLock::new();
        let users = USERS.get_or_init(|| Overflow::read("uid_map", "overflowuid"));
        if let Some(name) = users.name(uid) {
            return Some(name.to_owned());
        }
        let user = uzers::get_user_by_uid(uid)?;
        Some(format::harmless(&user.name().to_string_lossy()))
    }

    fn group(&self, gid: u32) -> Option<String> {
        static GROUPS: OnceLock<Overflow> = OnceLock::new();
        let groups = GROUPS.get_or_init(|| Overflow::read("gid_map", "overflowgid"));
        if let Some(name) = groups.name(gid) {
            return Some(name.to_owned());
        }
        let group = uzers::get_group_by_gid(gid)?;
        Some(format::harmless(&group.name().to_string_lossy()))
    }

    fn uid(&self, name: &str) -> Option<u32> {
        Some(uzers::get_user_by_name(name)?.uid())
    }

    fn gid(&self, name: &str) -> Option<u32> {
        Some(uzers::get_group_by_name(name)?.gid())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn user_zero_has_a_name_and_a_stray_number_has_none() {
        // A minimal container knows no names.
        if std::path::Path::new("/etc/passwd").exists() {
            assert_eq!(SystemNames.user(0).as_deref(), Some("root"));
            assert_eq!(SystemNames.uid("root"), Some(0));
        }
        assert_eq!(SystemNames.user(0xffff_fff0), None);
        assert_eq!(SystemNames.uid("nobody has this name"), None);
    }
}
