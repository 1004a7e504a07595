//! The gate that every effect passes before it runs, in the browser and in the script
//! commands.

use crate::app::effect::{Effect, Impact, READ_ONLY};
use crate::model::act::{Act, Creation, Outcome};
use crate::model::scan::{Finding, Scan};
use crate::model::segment::{Id, Identity};
use crate::source::{Source, SourceError};

/// The permissions of this run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Policy {
    /// Whether segments may be attached, which others can see.
    pub attach: bool,
    /// Whether segments may be changed.
    pub change: bool,
    /// Whether their bytes may be overwritten.
    pub write: bool,
    /// Whether a segment may be attached although the detach destroys it.
    pub destroy: bool,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            attach: true,
            change: true,
            write: false,
            destroy: false,
        }
    }
}

/// Why an effect is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Refusal(pub &'static str);

impl Policy {
    /// Returns whether attaching may destroy a segment ([`crate::source::forced`]). A
    /// read-only run destroys nothing.
    #[must_use]
    pub fn may_destroy(self) -> bool {
        self.destroy && self.change && self.attach
    }

    /// Checks whether an effect may run.
    ///
    /// # Errors
    ///
    /// If this run lacks the permission for the effect.
    pub fn admit(self, effect: &Effect) -> Result<(), Refusal> {
        self.impact(effect.impact())
    }

    fn impact(self, impact: Impact) -> Result<(), Refusal> {
        match impact {
            Impact::Own | Impact::OwnUses | Impact::WritesFile => Ok(()),
            Impact::Attaches if self.attach => Ok(()),
            Impact::Attaches => Err(Refusal(
                "attaching is switched off (--no-attach), because others would see it",
            )),
            Impact::Overwrites if !self.write => {
                Err(Refusal("writing to segments needs --allow-write"))
            }
            Impact::Overwrites if self.attach && self.change => Ok(()),
            Impact::Overwrites => Err(Refusal(
                "--no-attach and --read-only override --allow-write",
            )),
            Impact::Changes if self.change => Ok(()),
            Impact::Changes => Err(Refusal(READ_ONLY)),
        }
    }

    /// Acts on a segment of `source`, if the gate permits it. The only caller of
    /// [`Source::act`].
    ///
    /// # Errors
    ///
    /// If the gate refuses, or the system's reason.
    pub fn act(self, source: &dyn Source, act: &Act) -> Result<Outcome, SourceError> {
        self.admit_change()?;
        source.act(act)
    }

    /// Creates a segment in `source`, if the gate permits it. The only caller of
    /// [`Source::create`].
    ///
    /// # Errors
    ///
    /// If the gate refuses, or the system's reason.
    pub fn create(self, source: &dyn Source, creation: &Creation) -> Result<Id, SourceError> {
        self.admit_change()?;
        source.create(creation)
    }

    /// Probes for the processes that have a segment of `source` attached, if the gate
    /// permits it; the probe attaches if the system has no other way.
    ///
    /// # Errors
    ///
    /// If the gate refuses, or the system's reason.
    pub fn probe(self, source: &dyn Source, target: &Identity) -> Result<Scan, SourceError> {
        if source.abilities().finding == Finding::Probe {
            let passed = self.impact(Impact::Attaches);
            passed.map_err(|refusal| SourceError::new(refusal.0))?;
        }
        source.probe(target)
    }

    fn admit_change(self) -> Result<(), SourceError> {
        let passed = self.impact(Impact::Changes);
        passed.map_err(|refusal| SourceError::new(refusal.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::effect::Part;
    use crate::app::job::{Job, Work};
    use crate::model::act::Operation;
    use crate::source::fake::Fake;

    const NO_ATTACH: Policy = Policy {
        attach: false,
        change: true,
        write: true,
        destroy: true,
    };
    const READ_ONLY: Policy = Policy {
        attach: true,
        change: false,
        write: true,
        destroy: true,
    };

    #[test]
    fn nothing_is_attached_when_that_is_switched_off() {
        let show = Effect::Show(Part {
            target: Identity::default(),
            offset: 0,
            length: 1,
        });
        assert_eq!(Policy::default().admit(&show), Ok(()));
        assert!(NO_ATTACH.admit(&show).is_err());
        assert_eq!(NO_ATTACH.admit(&Effect::Refresh), Ok(()));
    }

    #[test]
    fn probe_is_refused_where_it_would_attach_and_attaching_is_switched_off() {
        let fake = Fake::example(1_000_000);
        let target = fake.change(|system| system.segments[&65_538].identity());
        assert!(NO_ATTACH.probe(&fake, &target).is_ok(), "nothing to attach");
        fake.change(|system| system.abilities.finding = Finding::Probe);
        assert!(NO_ATTACH.admit(&Effect::Probe(target)).is_err());
        assert!(NO_ATTACH.probe(&fake, &target).is_err());
        assert_eq!(fake.change(|system| system.probes), 1);
        assert!(READ_ONLY.probe(&fake, &target).is_ok());
        assert_eq!(
            fake.change(|system| (system.probes, system.held[&65_538])),
            (2, 0)
        );
    }

    #[test]
    fn bytes_are_written_over_only_if_that_was_allowed() {
        let load = Effect::Job(Box::new(Job {
            number: 1,
            target: Identity::default(),
            work: Work::Load("file".into(), 0, 1),
            read_unknown: false,
        }));
        assert!(Policy::default().admit(&load).is_err());
        assert!(NO_ATTACH.admit(&load).is_err());
        assert!(READ_ONLY.admit(&load).is_err());
        let allowed = Policy {
            write: true,
            ..Policy::default()
        };
        assert_eq!(allowed.admit(&load), Ok(()));
    }

    #[test]
    fn read_only_beats_leave_to_destroy() {
        let allowed = Policy {
            destroy: true,
            ..Policy::default()
        };
        assert!(allowed.may_destroy());
        assert!(!Policy::default().may_destroy());
        assert!(!READ_ONLY.may_destroy());
        assert!(!NO_ATTACH.may_destroy());
    }

    #[test]
    fn nothing_is_changed_when_that_is_switched_off() {
        let fake = Fake::example(1_000_000);
        let ids = |fake: &Fake| fake.change(|system| system.segments.clone());
        let orphan = ids(&fake)[&65_538];
        let act = Act {
            target: orphan.identity(),
            operation: Operation::Remove,
        };
        let before = ids(&fake);
        assert!(READ_ONLY.act(&fake, &act).is_err());
        assert_eq!(ids(&fake), before);
        assert_eq!(Policy::default().act(&fake, &act), Ok(Outcome::Done));
        assert!(!ids(&fake).contains_key(&65_538));
        assert_eq!(Policy::default().act(&fake, &act), Ok(Outcome::WasGone));

        let creation = Creation {
            key: None,
            size: 4096,
            mode: 0o600,
        };
        let before = ids(&fake);
        assert!(READ_ONLY.create(&fake, &creation).is_err());
        assert_eq!(ids(&fake), before);
        let id = Policy::default().create(&fake, &creation).unwrap();
        assert!(ids(&fake).contains_key(&id));
    }
}
