//! The structures of LP64, one per system.

use super::{Layout, Name, Start, Zombie};

/// FreeBSD's `struct kinfo_proc` (`sys/user.h`), from the sysctl `kern.proc.pid`.
pub(crate) const FREEBSD: Layout = Layout {
    size: 1088,
    pid: 72,
    uid: 168,
    start: Start::Wide(336),
    name: Name {
        at: 447,
        length: 20,
    },
    // SZOMB of `sys/proc.h`.
    zombie: Zombie::Byte { at: 388, value: 5 },
};

/// DragonFly's `struct kinfo_proc` (`sys/kinfo.h`), from the sysctl `kern.proc.pid`. No C
/// header was available: the offsets are those of libc's definition.
pub(crate) const DRAGONFLY: Layout = Layout {
    size: 992,
    pid: 220,
    uid: 132,
    start: Start::Wide(96),
    name: Name {
        at: 112,
        length: 17,
    },
    // SZOMB of `enum procstat`.
    zombie: Zombie::Word { at: 12, value: 4 },
};

/// NetBSD's `struct kinfo_proc2` (`sys/sysctl.h`), from the sysctl `KERN_PROC2`: the
/// requested part of its beginning, up to the end of `p_realstat`.
pub(crate) const NETBSD: Layout = Layout {
    size: 640,
    pid: 116,
    uid: 136,
    start: Start::NarrowIf {
        at: 456,
        valid: 448,
    },
    name: Name {
        at: 368,
        length: 24,
    },
    // SZOMB of `sys/proc.h`, in the low half of `p_realstat`.
    zombie: Zombie::Word { at: 632, value: 5 },
};

/// OpenBSD's `struct kinfo_proc` (`sys/sysctl.h`), from the sysctl `KERN_PROC`: the
/// requested part of its beginning, up to `p_acflag`. A kernel whose structure is shorter
/// than the request returns `EINVAL`; later releases append to it.
pub(crate) const OPENBSD: Layout = Layout {
    size: 568,
    pid: 108,
    uid: 128,
    start: Start::WideIf {
        at: 408,
        valid: 400,
    },
    name: Name {
        at: 312,
        length: 24,
    },
    // PS_ZOMBIE of `sys/proc.h`.
    zombie: Zombie::Bit {
        at: 560,
        bit: 0x0004_0000,
    },
};

/// macOS's `struct proc_bsdinfo` (`sys/proc_info.h`), from `proc_pidinfo`.
pub(crate) const MACOS: Layout = Layout {
    size: 136,
    pid: 12,
    uid: 20,
    start: Start::Wide(120),
    name: Name { at: 48, length: 16 },
    // SZOMB of `sys/proc.h`.
    zombie: Zombie::Word { at: 4, value: 5 },
};
