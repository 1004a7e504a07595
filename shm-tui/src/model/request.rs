//! Parses a typed change or creation: words with an equals sign, `owner=postgres
//! mode=0640` or `size=64k key=0x51`.

use std::str::FromStr;

use super::act::{Creation, Permissions};
use super::key::parse_key;
use super::query;

/// A user or group, by number or by name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NameOrId {
    /// Its number.
    Number(u32),
    /// Its name, which the system must know.
    Name(String),
}

impl NameOrId {
    fn parse(text: &str) -> Self {
        match text.parse() {
            Ok(number) => Self::Number(number),
            Err(_) => Self::Name(text.to_owned()),
        }
    }

    fn resolve(&self, what: &str, number: impl Fn(&str) -> Option<u32>) -> Result<u32, String> {
        match self {
            Self::Number(number) => Ok(*number),
            Self::Name(name) => {
                number(name).ok_or_else(|| format!("this system has no {what} `{name}`"))
            }
        }
    }
}

/// A change of owner, group and mode, with names that may not exist.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PermissionsRequest {
    /// The new owner.
    pub owner: Option<NameOrId>,
    /// The new group.
    pub group: Option<NameOrId>,
    /// The new permission bits.
    pub mode: Option<u16>,
}

impl PermissionsRequest {
    /// Resolves the names to numbers. May ask a name service.
    ///
    /// # Errors
    ///
    /// If a name has no number.
    pub fn resolve(
        &self,
        user: impl Fn(&str) -> Option<u32>,
        group: impl Fn(&str) -> Option<u32>,
    ) -> Result<Permissions, String> {
        let owner = self.owner.as_ref().map(|who| who.resolve("user", user));
        let group = self.group.as_ref().map(|who| who.resolve("group", group));
        Ok(Permissions {
            owner: owner.transpose()?,
            group: group.transpose()?,
            mode: self.mode,
        })
    }
}

/// The words of a text, each cut at its equals sign; `bare` names what a word
/// without one is.
fn words(
    text: &str,
    bare: impl Fn(&str) -> Option<&'static str>,
) -> impl Iterator<Item = Result<(&str, &str), String>> {
    text.split_whitespace().map(move |word| {
        if let Some(name) = bare(word) {
            return Ok((name, word));
        }
        let cut = word.split_once('=').filter(|(_, value)| !value.is_empty());
        let name = word.trim_end_matches('=');
        cut.ok_or_else(|| format!("`{word}` has no value: write {name}=..."))
    })
}

fn mode(text: &str) -> Result<u16, String> {
    let bits = query::mode(text).and_then(|bits| u16::try_from(bits).ok());
    bits.ok_or_else(|| format!("`{text}` is not a mode: octal as 640, or rw-r-----"))
}

/// Sets a value; fails if it is already set.
fn once<T>(place: &mut Option<T>, name: &str, value: T) -> Result<(), String> {
    match place.replace(value) {
        None => Ok(()),
        Some(_) => Err(format!("`{name}` is given twice")),
    }
}

impl FromStr for PermissionsRequest {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let mut request = Self::default();
        let bare = |word: &str| mode(word).is_ok().then_some("mode");
        for word in words(text, bare) {
            let (name, value) = word?;
            match name {
                "owner" => once(&mut request.owner, name, NameOrId::parse(value))?,
                "group" => once(&mut request.group, name, NameOrId::parse(value))?,
                "mode" => once(&mut request.mode, name, mode(value)?)?,
                _ => return Err(format!("`{name}` is not owner, group or mode")),
            }
        }
        match request == Self::default() {
            true => Err("nothing to change: owner=, group= or mode=".to_owned()),
            false => Ok(request),
        }
    }
}

impl FromStr for Creation {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (mut key, mut size, mut bits) = (None, None, None);
        let bare = |word: &str| query::size(word).is_some().then_some("size");
        for word in words(text, bare) {
            let (name, value) = word?;
            match name {
                "size" => {
                    let number = query::size(value)
                        .ok_or_else(|| format!("`{value}` is not a size: 4096, 64k, 1.5m"))?;
                    once(&mut size, name, number)?;
                }
                "key" if value == "private" => once(&mut key, name, None)?,
                "key" => {
                    let number = parse_key(value).map_err(|error| format!("`{value}` {error}"))?;
                    once(&mut key, name, Some(number).filter(|key| !key.is_private()))?;
                }
                "mode" => once(&mut bits, name, mode(value)?)?,
                _ => return Err(format!("`{name}` is not size, key or mode")),
            }
        }
        match size {
            Some(size) => Ok(Self {
                key: key.flatten(),
                size,
                mode: bits.unwrap_or(0o600),
            }),
            None => Err("a segment needs a size: size=64k".to_owned()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::segment::Key;

    #[test]
    fn owner_group_and_mode_can_be_requested() {
        let request: PermissionsRequest = "mode=0640  owner=ada group=7".parse().unwrap();
        let user = |name: &str| (name == "ada").then_some(1000);
        let permissions = request.resolve(user, |_| None).unwrap();
        assert_eq!(
            permissions,
            Permissions {
                owner: Some(1000),
                group: Some(7),
                mode: Some(0o640)
            }
        );
        let error = request.resolve(|_| None, |_| None).unwrap_err();
        assert_eq!(error, "this system has no user `ada`");
    }

    #[test]
    fn a_mode_and_a_size_need_no_name() {
        let request: PermissionsRequest = "rw-r----- owner=7".parse().unwrap();
        assert_eq!(request.mode, Some(0o640));
        assert_eq!(
            "640".parse(),
            Ok(PermissionsRequest {
                mode: Some(0o640),
                ..Default::default()
            })
        );
        let creation: Creation = "64k key=0x51".parse().unwrap();
        assert_eq!((creation.size, creation.key), (65_536, Some(Key(0x51))));
        let error = "mode=mode=666".parse::<PermissionsRequest>().unwrap_err();
        assert!(error.contains("`mode=666` is not a mode"), "{error}");
        assert!(
            "64k 1m"
                .parse::<Creation>()
                .unwrap_err()
                .contains("given twice")
        );
    }

    #[test]
    fn a_creation_needs_a_size_and_nothing_else() {
        let creation = |key, size, mode| Ok(Creation { key, size, mode });
        assert_eq!("size=64k".parse(), creation(None, 65_536, 0o600));
        assert_eq!(
            "key=0x51 mode=666 size=1".parse(),
            creation(Some(Key(0x51)), 1, 0o666)
        );
        assert_eq!("size=1 key=private".parse(), creation(None, 1, 0o600));
        assert_eq!("size=1 key=0x0".parse(), creation(None, 1, 0o600));
    }

    #[test]
    fn what_is_wrong_is_said() {
        for (text, words) in [
            ("", "nothing to change"),
            ("mode", "`mode` has no value"),
            ("mode=", "has no value"),
            ("mode=888", "is not a mode"),
            ("mode=1777", "is not a mode"),
            ("mode=600 mode=600", "given twice"),
            ("size=1", "not owner, group or mode"),
        ] {
            let error = text.parse::<PermissionsRequest>().unwrap_err();
            assert!(error.contains(words), "{text}: {error}");
        }
        for (text, words) in [
            ("", "needs a size"),
            ("size=x", "is not a size"),
            ("size=1 key=0xzz", "is not a key"),
            ("size=1 key=0x10000000000000000", "does not fit into a key"),
            ("size=1 owner=ada", "not size, key or mode"),
            ("size=1 size=2", "given twice"),
        ] {
            let error = text.parse::<Creation>().unwrap_err();
            assert!(error.contains(words), "{text}: {error}");
        }
    }
}
