//! Decodes a kernel's record of one process: its number, owner, start and name.
//!
//! Every BSD and macOS returns a structure of its own with the same few facts
//! in other places, so a [`Layout`] names the places and [`Layout::decode`]
//! reads them. The offsets are those of LP64; the callers in `sys/process/`
//! compare them with libc's structures at compile time, and `cargo xtask ci
//! --only layout` with the C headers.

pub(crate) mod arguments;
pub(crate) mod layouts;

use alloc::string::String;

use super::{Malformed, Record};

/// The facts of one process.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ProcessRecord {
    pub(crate) pid: i32,
    /// The effective user.
    pub(crate) uid: u32,
    /// Seconds since the epoch; `None` where the kernel left it out.
    pub(crate) start: Option<i64>,
    /// The program's name, without its path; the kernels cut it at 16 to 31 bytes.
    pub(crate) name: String,
    /// Whether it has exited and its parent has not waited for it: it has nothing
    /// attached any more.
    pub(crate) zombie: bool,
}

/// Where the facts are in a system's structure, in bytes from its start.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Layout {
    /// The length of a record. One of another length is refused.
    pub(crate) size: usize,
    pub(crate) pid: usize,
    pub(crate) uid: usize,
    pub(crate) start: Start,
    pub(crate) name: Name,
    pub(crate) zombie: Zombie,
}

/// The form of the start time, in seconds since the epoch.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Start {
    /// 64 bits.
    Wide(usize),
    /// 64 bits, valid only if the 64 bits at `valid` are not 0.
    WideIf { at: usize, valid: usize },
    /// 32 bits, likewise.
    NarrowIf { at: usize, valid: usize },
}

/// The offset and length of the name, which ends with NUL if it is shorter.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Name {
    pub(crate) at: usize,
    pub(crate) length: usize,
}

/// The form of the zombie state.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Zombie {
    /// The byte at `at` has this value.
    Byte { at: usize, value: u8 },
    /// The 32 bits at `at` have this value.
    Word { at: usize, value: u32 },
    /// The 32 bits at `at` have this bit.
    Bit { at: usize, bit: u32 },
}

impl Layout {
    /// Returns the facts in one record.
    pub(crate) fn decode(&self, bytes: &[u8]) -> Result<ProcessRecord, Malformed> {
        if bytes.len() != self.size {
            return Err(Malformed("a process's record has an unexpected length"));
        }
        let record = Record(bytes);
        Ok(ProcessRecord {
            pid: record.i32(self.pid)?,
            uid: record.u32(self.uid)?,
            start: self.start(record)?,
            name: self.name(bytes)?,
            zombie: self.zombie(record)?,
        })
    }

    /// Returns the process numbers in a table of records.
    pub(crate) fn pids(&self, table: &[u8]) -> Result<alloc::vec::Vec<i32>, Malformed> {
        let records = table.chunks_exact(self.size);
        if !records.remainder().is_empty() {
            return Err(Malformed("the table of processes ends within a record"));
        }
        records.map(|record| Record(record).i32(self.pid)).collect()
    }

    fn start(&self, record: Record<'_>) -> Result<Option<i64>, Malformed> {
        let (seconds, valid) = match self.start {
            Start::Wide(at) => (record.i64(at)?, 1),
            Start::WideIf { at, valid } => (record.i64(at)?, record.u64(valid)?),
            Start::NarrowIf { at, valid } => (i64::from(record.u32(at)?), record.u64(valid)?),
        };
        Ok((valid != 0 && seconds > 0).then_some(seconds))
    }

    fn name(&self, bytes: &[u8]) -> Result<String, Malformed> {
        let Name { at, length } = self.name;
        let field = bytes.get(at..).and_then(|rest| rest.get(..length));
        let field = field.ok_or(Malformed("a record ends early"))?;
        let name = field.split(|byte| *byte == 0).next().unwrap_or_default();
        Ok(String::from_utf8_lossy(name).into_owned())
    }

    fn zombie(&self, record: Record<'_>) -> Result<bool, Malformed> {
        Ok(match self.zombie {
            Zombie::Byte { at, value } => record.u8(at)? == value,
            Zombie::Word { at, value } => record.u32(at)? == value,
            Zombie::Bit { at, bit } => record.u32(at)? & bit != 0,
        })
    }
}

#[cfg(test)]
mod tests {
    use alloc::string::ToString;
    use alloc::vec;
    use alloc::vec::Vec;

    use proptest::prelude::*;

    use super::layouts::{DRAGONFLY, FREEBSD, MACOS, NETBSD, OPENBSD};
    use super::*;
    use crate::decode::testing::damaged;

    // Built from the layouts in the headers: these tests have no captures.

    const ALL: [(&str, &Layout); 5] = [
        ("freebsd", &FREEBSD),
        ("dragonfly", &DRAGONFLY),
        ("netbsd", &NETBSD),
        ("openbsd", &OPENBSD),
        ("macos", &MACOS),
    ];

    fn encode(layout: &Layout, facts: &ProcessRecord) -> Vec<u8> {
        let mut record = vec![0; layout.size];
        let mut put = |at: usize, bytes: &[u8]| record[at..at + bytes.len()].copy_from_slice(bytes);
        put(layout.pid, &facts.pid.to_le_bytes());
        put(layout.uid, &facts.uid.to_le_bytes());
        let seconds = facts.start.unwrap_or(0);
        match layout.start {
            Start::Wide(at) => put(at, &seconds.to_le_bytes()),
            Start::WideIf { at, valid } => {
                put(at, &seconds.to_le_bytes());
                put(valid, &u64::from(facts.start.is_some()).to_le_bytes());
            }
            Start::NarrowIf { at, valid } => {
                put(at, &(seconds as u32).to_le_bytes());
                put(valid, &u64::from(facts.start.is_some()).to_le_bytes());
            }
        }
        put(layout.name.at, facts.name.as_bytes());
        if facts.zombie {
            match layout.zombie {
                Zombie::Byte { at, value } => put(at, &[value]),
                Zombie::Word { at, value } => put(at, &value.to_le_bytes()),
                Zombie::Bit { at, bit } => put(at, &bit.to_le_bytes()),
            }
        }
        record
    }

    fn some() -> ProcessRecord {
        ProcessRecord {
            pid: 4711,
            uid: 2000,
            start: Some(1_790_000_000),
            name: "postgres".to_string(),
            zombie: false,
        }
    }

    #[test]
    fn every_fact_is_read_from_every_systems_record() {
        for (system, layout) in ALL {
            let dead = ProcessRecord {
                zombie: true,
                start: None,
                ..some()
            };
            for facts in [some(), dead] {
                let record = encode(layout, &facts);
                assert_eq!(layout.decode(&record), Ok(facts), "{system}");
            }
        }
    }

    #[test]
    fn name_that_fills_its_field_has_no_nul() {
        for (system, layout) in ALL {
            let facts = ProcessRecord {
                name: "x".repeat(layout.name.length),
                ..some()
            };
            let decoded = layout.decode(&encode(layout, &facts)).unwrap();
            assert_eq!(decoded.name, facts.name, "{system}");
        }
    }

    #[test]
    fn start_that_the_kernel_calls_invalid_is_unknown() {
        for layout in [&NETBSD, &OPENBSD] {
            let mut record = encode(layout, &some());
            let (Start::WideIf { valid, .. } | Start::NarrowIf { valid, .. }) = layout.start else {
                panic!("{layout:?}")
            };
            record[valid..valid + 8].fill(0);
            assert_eq!(layout.decode(&record).unwrap().start, None);
        }
    }

    #[test]
    fn records_of_another_length_are_refused() {
        for (system, layout) in ALL {
            let mut record = encode(layout, &some());
            assert!(layout.decode(&[]).is_err(), "{system}");
            assert!(layout.decode(&record[1..]).is_err(), "{system}");
            record.push(0);
            assert!(layout.decode(&record).is_err(), "{system}");
            assert!(layout.pids(&record).is_err(), "{system}");
        }
    }

    #[test]
    fn table_has_the_number_of_every_process() {
        for (system, layout) in ALL {
            let table: Vec<u8> = [7, 1, 900]
                .into_iter()
                .flat_map(|pid| encode(layout, &ProcessRecord { pid, ..some() }))
                .collect();
            assert_eq!(layout.pids(&table), Ok(vec![7, 1, 900]), "{system}");
            assert_eq!(layout.pids(&[]), Ok(vec![]), "{system}");
        }
    }

    proptest! {
        #[test]
        fn process_facts_that_were_encoded_are_decoded(
            which in 0_usize..5,
            pid in any::<i32>(),
            uid in any::<u32>(),
            start in proptest::option::of(1_i64..i64::from(u32::MAX)),
            name in "[a-zA-Z0-9._-]{0,16}",
            zombie in any::<bool>(),
        ) {
            let facts = ProcessRecord { pid, uid, start, name, zombie };
            let layout = ALL[which].1;
            prop_assert_eq!(layout.decode(&encode(layout, &facts)), Ok(facts));
        }

        #[test]
        fn damaged_process_records_never_panic(
            which in 0_usize..5,
            bytes in damaged(encode(&FREEBSD, &some())),
        ) {
            let layout = ALL[which].1;
            let _ = layout.pids(&bytes);
            let _ = layout.decode(bytes.get(..layout.size).unwrap_or(&bytes));
        }
    }
}
