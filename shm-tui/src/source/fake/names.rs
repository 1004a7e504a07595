//! Names of the invented users and groups.

use super::Fake;
use crate::source::Names;

const USERS: &[(u32, &str)] = &[
    (0, "root"),
    (33, "www-data"),
    (109, "postgres"),
    (995, "feed"),
    (998, "render"),
    (1000, "ada"),
    (1001, "grace"),
];
const GROUPS: &[(u32, &str)] = &[
    (0, "root"),
    (33, "www-data"),
    (117, "postgres"),
    (995, "feed"),
    (998, "render"),
    (1000, "ada"),
    (1001, "grace"),
];

fn name(list: &[(u32, &str)], number: u32) -> Option<String> {
    let found = list.iter().find(|(known, _)| *known == number);
    found.map(|(_, name)| (*name).to_owned())
}

fn number(list: &[(u32, &str)], name: &str) -> Option<u32> {
    let found = list.iter().find(|(_, known)| *known == name);
    found.map(|(number, _)| *number)
}

impl Names for Fake {
    fn user(&self, uid: u32) -> Option<String> {
        name(USERS, uid)
    }

    fn uid(&self, name: &str) -> Option<u32> {
        number(USERS, name)
    }

    fn gid(&self, name: &str) -> Option<u32> {
        number(GROUPS, name)
    }

    fn group(&self, gid: u32) -> Option<String> {
        name(GROUPS, gid)
    }
}
