//! The arguments of a process, in the three forms of kernels.

use alloc::string::String;
use alloc::vec::Vec;

use crate::decode::Record;

/// FreeBSD, DragonFly (`kern.proc.args`) and NetBSD (`KERN_PROC_ARGV`): the arguments in
/// sequence, each terminated by NUL.
pub(crate) fn strings(bytes: &[u8]) -> Vec<String> {
    let Some(bytes) = bytes.strip_suffix(&[0]) else {
        return match bytes {
            [] => Vec::new(),
            // Cut off: the last one is incomplete.
            _ => bytes.split(|byte| *byte == 0).map(text).collect(),
        };
    };
    bytes.split(|byte| *byte == 0).map(text).collect()
}

/// OpenBSD (`KERN_PROC_ARGV`): 64-bit pointers into the buffer that the kernel filled,
/// which was at `base`, terminated by a null pointer; then the strings. A pointer outside
/// the buffer ends the list.
pub(crate) fn pointers(bytes: &[u8], base: u64) -> Vec<String> {
    let mut arguments = Vec::new();
    for pointer in bytes.chunks_exact(8) {
        let Ok(pointer) = Record(pointer).u64(0) else {
            break;
        };
        let offset = pointer
            .checked_sub(base)
            .and_then(|offset| usize::try_from(offset).ok());
        let Some(rest) = offset.and_then(|offset| bytes.get(offset..)) else {
            break;
        };
        let Some(end) = rest.iter().position(|byte| *byte == 0) else {
            break;
        };
        arguments.push(text(rest.get(..end).unwrap_or_default()));
    }
    arguments
}

/// macOS (`KERN_PROCARGS2`): their number in 32 bits, the path of the
/// executable, NULs, then the arguments and the environment.
pub(crate) fn counted(bytes: &[u8]) -> Vec<String> {
    let Ok(count) = Record(bytes).u32(0) else {
        return Vec::new();
    };
    let rest = bytes.get(4..).unwrap_or_default();
    let path = rest
        .iter()
        .position(|byte| *byte == 0)
        .unwrap_or(rest.len());
    let rest = rest.get(path..).unwrap_or_default();
    let first = rest
        .iter()
        .position(|byte| *byte != 0)
        .unwrap_or(rest.len());
    let rest = rest.get(first..).unwrap_or_default();
    if rest.is_empty() {
        return Vec::new();
    }
    rest.split(|byte| *byte == 0)
        .take(count as usize)
        .map(text)
        .collect()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn joined(arguments: &[String]) -> Vec<u8> {
        let ended = arguments.iter().flat_map(|one| one.bytes().chain([0]));
        ended.collect()
    }

    fn with_pointers(arguments: &[String], base: u64) -> Vec<u8> {
        let mut at = base + 8 * (arguments.len() as u64 + 1);
        let mut bytes = Vec::new();
        for argument in arguments {
            bytes.extend(at.to_le_bytes());
            at += argument.len() as u64 + 1;
        }
        bytes.extend([0; 8]);
        bytes.extend(joined(arguments));
        bytes
    }

    fn with_count(arguments: &[String], path: &str) -> Vec<u8> {
        let mut bytes = (arguments.len() as u32).to_le_bytes().to_vec();
        bytes.extend(path.bytes());
        bytes.extend([0; 5]);
        bytes.extend(joined(arguments));
        bytes.extend(b"HOME=/root\0");
        bytes
    }

    #[test]
    fn arguments_that_end_early_are_kept_as_far_as_they_go() {
        assert_eq!(strings(b""), [""; 0]);
        assert_eq!(strings(b"sleep\x009"), ["sleep", "9"]);
        assert_eq!(strings(b"sleep\x00\x00"), ["sleep", ""]);
        assert_eq!(counted(b""), [""; 0]);
        assert_eq!(counted(&[9, 0, 0, 0, b'/', b'a']), [""; 0]);
    }

    #[test]
    fn pointer_outside_of_the_buffer_ends_the_arguments() {
        let arguments = ["sh".into(), "-c".into()];
        let bytes = with_pointers(&arguments, 4096);
        assert_eq!(pointers(&bytes, 4096), arguments);
        assert_eq!(pointers(&bytes, 1 << 40), [""; 0]);
        assert_eq!(pointers(&bytes[..bytes.len() - 1], 4096), ["sh"]);
    }

    proptest! {
        #[test]
        fn arguments_that_were_encoded_are_decoded(
            arguments in proptest::collection::vec("[^\0]{0,20}", 0..6),
            base in 1_u64..1 << 47,
        ) {
            prop_assert_eq!(strings(&joined(&arguments)), arguments.clone());
            prop_assert_eq!(pointers(&with_pointers(&arguments, base), base), arguments.clone());
            // An empty first argument cannot be distinguished from the padding before it.
            let mut arguments = arguments;
            arguments.insert(0, "argv0".into());
            prop_assert_eq!(counted(&with_count(&arguments, "/bin/sh")), arguments);
        }

        #[test]
        fn damaged_arguments_never_panic(
            bytes in proptest::collection::vec(any::<u8>(), 0..200), base in any::<u64>(),
        ) {
            let _ = strings(&bytes);
            let _ = pointers(&bytes, base);
            let _ = counted(&bytes);
        }
    }
}
