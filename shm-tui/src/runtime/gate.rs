//! The one gate that every effect passes before it happens.

use crate::app::effect::{Effect, Reach};

/// What this run of the program may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Policy {
    /// Whether segments may be attached, which others can see.
    pub attach: bool,
}

impl Default for Policy {
    fn default() -> Self {
        Self { attach: true }
    }
}

/// Why an effect does not happen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Refusal(pub &'static str);

impl Policy {
    /// Lets an effect pass, or says why not.
    ///
    /// # Errors
    ///
    /// If this run may not do what the effect would.
    pub fn admit(self, effect: &Effect) -> Result<(), Refusal> {
        match effect.reach() {
            Reach::Own | Reach::Looks | Reach::WritesFile => Ok(()),
            Reach::Attaches if self.attach => Ok(()),
            Reach::Attaches => Err(Refusal(
                "attaching is switched off (--no-attach): it would show in the counts of others",
            )),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::effect::Part;
    use crate::model::segment::Identity;

    #[test]
    fn nothing_is_attached_when_that_is_switched_off() {
        let show = Effect::Show(Part {
            target: Identity::default(),
            offset: 0,
            length: 1,
        });
        assert_eq!(Policy { attach: true }.admit(&show), Ok(()));
        assert!(Policy { attach: false }.admit(&show).is_err());
        assert_eq!(Policy { attach: false }.admit(&Effect::Refresh), Ok(()));
    }
}
