// Made by `cargo xtask bindings` from xtask/src/targets/table.rs; not to be edited.

#[cfg(any(
    all(target_os = "linux", target_env = "gnu", target_arch = "x86_64", target_endian = "little", target_pointer_width = "64"),
    all(target_os = "linux", target_env = "gnu", target_arch = "aarch64", target_endian = "little", target_pointer_width = "64"),
    all(target_os = "linux", target_env = "gnu", target_arch = "riscv64", target_endian = "little", target_pointer_width = "64"),
    all(target_os = "linux", target_env = "gnu", target_arch = "s390x", target_endian = "big", target_pointer_width = "64"),
    all(target_os = "linux", target_env = "gnu", target_arch = "loongarch64", target_endian = "little", target_pointer_width = "64"),
))]
#[rustfmt::skip]
mod linux_gnu_64;
#[cfg(any(
    all(target_os = "linux", target_env = "gnu", target_arch = "x86_64", target_endian = "little", target_pointer_width = "64"),
    all(target_os = "linux", target_env = "gnu", target_arch = "aarch64", target_endian = "little", target_pointer_width = "64"),
    all(target_os = "linux", target_env = "gnu", target_arch = "riscv64", target_endian = "little", target_pointer_width = "64"),
    all(target_os = "linux", target_env = "gnu", target_arch = "s390x", target_endian = "big", target_pointer_width = "64"),
    all(target_os = "linux", target_env = "gnu", target_arch = "loongarch64", target_endian = "little", target_pointer_width = "64"),
))]
pub use linux_gnu_64::*;

#[cfg(all(target_os = "linux", target_env = "gnu", target_arch = "x86", target_endian = "little", target_pointer_width = "32"))]
#[rustfmt::skip]
mod linux_gnu_i686;
#[cfg(all(target_os = "linux", target_env = "gnu", target_arch = "x86", target_endian = "little", target_pointer_width = "32"))]
pub use linux_gnu_i686::*;

#[cfg(all(target_os = "linux", target_env = "gnu", target_arch = "arm", target_endian = "little", target_pointer_width = "32"))]
#[rustfmt::skip]
mod linux_gnu_arm;
#[cfg(all(target_os = "linux", target_env = "gnu", target_arch = "arm", target_endian = "little", target_pointer_width = "32"))]
pub use linux_gnu_arm::*;

#[cfg(all(target_os = "linux", target_env = "gnu", target_arch = "powerpc64", target_endian = "little", target_pointer_width = "64"))]
#[rustfmt::skip]
mod linux_gnu_powerpc64;
#[cfg(all(target_os = "linux", target_env = "gnu", target_arch = "powerpc64", target_endian = "little", target_pointer_width = "64"))]
pub use linux_gnu_powerpc64::*;

#[cfg(all(target_os = "linux", target_env = "gnu", target_arch = "mips64", target_endian = "little", target_pointer_width = "64"))]
#[rustfmt::skip]
mod linux_gnu_mips64;
#[cfg(all(target_os = "linux", target_env = "gnu", target_arch = "mips64", target_endian = "little", target_pointer_width = "64"))]
pub use linux_gnu_mips64::*;

#[cfg(any(
    all(target_os = "linux", target_env = "musl", target_arch = "x86_64", target_endian = "little", target_pointer_width = "64"),
    all(target_os = "linux", target_env = "musl", target_arch = "aarch64", target_endian = "little", target_pointer_width = "64"),
    all(target_os = "linux", target_env = "musl", target_arch = "riscv64", target_endian = "little", target_pointer_width = "64"),
    all(target_os = "linux", target_env = "musl", target_arch = "s390x", target_endian = "big", target_pointer_width = "64"),
    all(target_os = "linux", target_env = "musl", target_arch = "loongarch64", target_endian = "little", target_pointer_width = "64"),
))]
#[rustfmt::skip]
mod linux_musl_64;
#[cfg(any(
    all(target_os = "linux", target_env = "musl", target_arch = "x86_64", target_endian = "little", target_pointer_width = "64"),
    all(target_os = "linux", target_env = "musl", target_arch = "aarch64", target_endian = "little", target_pointer_width = "64"),
    all(target_os = "linux", target_env = "musl", target_arch = "riscv64", target_endian = "little", target_pointer_width = "64"),
    all(target_os = "linux", target_env = "musl", target_arch = "s390x", target_endian = "big", target_pointer_width = "64"),
    all(target_os = "linux", target_env = "musl", target_arch = "loongarch64", target_endian = "little", target_pointer_width = "64"),
))]
pub use linux_musl_64::*;

#[cfg(all(target_os = "linux", target_env = "musl", target_arch = "x86", target_endian = "little", target_pointer_width = "32"))]
#[rustfmt::skip]
mod linux_musl_i686;
#[cfg(all(target_os = "linux", target_env = "musl", target_arch = "x86", target_endian = "little", target_pointer_width = "32"))]
pub use linux_musl_i686::*;

#[cfg(all(target_os = "linux", target_env = "musl", target_arch = "arm", target_endian = "little", target_pointer_width = "32"))]
#[rustfmt::skip]
mod linux_musl_arm;
#[cfg(all(target_os = "linux", target_env = "musl", target_arch = "arm", target_endian = "little", target_pointer_width = "32"))]
pub use linux_musl_arm::*;

#[cfg(all(target_os = "linux", target_env = "musl", target_arch = "powerpc64", target_endian = "little", target_pointer_width = "64"))]
#[rustfmt::skip]
mod linux_musl_powerpc64;
#[cfg(all(target_os = "linux", target_env = "musl", target_arch = "powerpc64", target_endian = "little", target_pointer_width = "64"))]
pub use linux_musl_powerpc64::*;

#[cfg(all(target_os = "linux", target_env = "musl", target_arch = "mips64", target_endian = "little", target_pointer_width = "64"))]
#[rustfmt::skip]
mod linux_musl_mips64;
#[cfg(all(target_os = "linux", target_env = "musl", target_arch = "mips64", target_endian = "little", target_pointer_width = "64"))]
pub use linux_musl_mips64::*;

#[cfg(all(target_os = "macos", target_arch = "x86_64", target_endian = "little", target_pointer_width = "64"))]
#[rustfmt::skip]
mod macos_x86_64;
#[cfg(all(target_os = "macos", target_arch = "x86_64", target_endian = "little", target_pointer_width = "64"))]
pub use macos_x86_64::*;

#[cfg(all(target_os = "macos", target_arch = "aarch64", target_endian = "little", target_pointer_width = "64"))]
#[rustfmt::skip]
mod macos_aarch64;
#[cfg(all(target_os = "macos", target_arch = "aarch64", target_endian = "little", target_pointer_width = "64"))]
pub use macos_aarch64::*;

#[cfg(any(
    all(target_os = "freebsd", target_arch = "x86_64", target_endian = "little", target_pointer_width = "64"),
    all(target_os = "freebsd", target_arch = "aarch64", target_endian = "little", target_pointer_width = "64"),
))]
#[rustfmt::skip]
mod freebsd;
#[cfg(any(
    all(target_os = "freebsd", target_arch = "x86_64", target_endian = "little", target_pointer_width = "64"),
    all(target_os = "freebsd", target_arch = "aarch64", target_endian = "little", target_pointer_width = "64"),
))]
pub use freebsd::*;

#[cfg(any(
    all(target_os = "netbsd", target_arch = "x86_64", target_endian = "little", target_pointer_width = "64"),
    all(target_os = "netbsd", target_arch = "aarch64", target_endian = "little", target_pointer_width = "64"),
))]
#[rustfmt::skip]
mod netbsd;
#[cfg(any(
    all(target_os = "netbsd", target_arch = "x86_64", target_endian = "little", target_pointer_width = "64"),
    all(target_os = "netbsd", target_arch = "aarch64", target_endian = "little", target_pointer_width = "64"),
))]
pub use netbsd::*;

#[cfg(any(
    all(target_os = "openbsd", target_arch = "x86_64", target_endian = "little", target_pointer_width = "64"),
    all(target_os = "openbsd", target_arch = "aarch64", target_endian = "little", target_pointer_width = "64"),
))]
#[rustfmt::skip]
mod openbsd;
#[cfg(any(
    all(target_os = "openbsd", target_arch = "x86_64", target_endian = "little", target_pointer_width = "64"),
    all(target_os = "openbsd", target_arch = "aarch64", target_endian = "little", target_pointer_width = "64"),
))]
pub use openbsd::*;

#[cfg(all(target_os = "dragonfly", target_arch = "x86_64", target_endian = "little", target_pointer_width = "64"))]
#[rustfmt::skip]
mod dragonfly;
#[cfg(all(target_os = "dragonfly", target_arch = "x86_64", target_endian = "little", target_pointer_width = "64"))]
pub use dragonfly::*;

#[cfg(not(any(
    all(target_os = "linux", target_env = "gnu", target_arch = "x86_64", target_endian = "little", target_pointer_width = "64"),
    all(target_os = "linux", target_env = "gnu", target_arch = "aarch64", target_endian = "little", target_pointer_width = "64"),
    all(target_os = "linux", target_env = "gnu", target_arch = "riscv64", target_endian = "little", target_pointer_width = "64"),
    all(target_os = "linux", target_env = "gnu", target_arch = "s390x", target_endian = "big", target_pointer_width = "64"),
    all(target_os = "linux", target_env = "gnu", target_arch = "loongarch64", target_endian = "little", target_pointer_width = "64"),
    all(target_os = "linux", target_env = "gnu", target_arch = "x86", target_endian = "little", target_pointer_width = "32"),
    all(target_os = "linux", target_env = "gnu", target_arch = "arm", target_endian = "little", target_pointer_width = "32"),
    all(target_os = "linux", target_env = "gnu", target_arch = "powerpc64", target_endian = "little", target_pointer_width = "64"),
    all(target_os = "linux", target_env = "gnu", target_arch = "mips64", target_endian = "little", target_pointer_width = "64"),
    all(target_os = "linux", target_env = "musl", target_arch = "x86_64", target_endian = "little", target_pointer_width = "64"),
    all(target_os = "linux", target_env = "musl", target_arch = "aarch64", target_endian = "little", target_pointer_width = "64"),
    all(target_os = "linux", target_env = "musl", target_arch = "riscv64", target_endian = "little", target_pointer_width = "64"),
    all(target_os = "linux", target_env = "musl", target_arch = "s390x", target_endian = "big", target_pointer_width = "64"),
    all(target_os = "linux", target_env = "musl", target_arch = "loongarch64", target_endian = "little", target_pointer_width = "64"),
    all(target_os = "linux", target_env = "musl", target_arch = "x86", target_endian = "little", target_pointer_width = "32"),
    all(target_os = "linux", target_env = "musl", target_arch = "arm", target_endian = "little", target_pointer_width = "32"),
    all(target_os = "linux", target_env = "musl", target_arch = "powerpc64", target_endian = "little", target_pointer_width = "64"),
    all(target_os = "linux", target_env = "musl", target_arch = "mips64", target_endian = "little", target_pointer_width = "64"),
    all(target_os = "macos", target_arch = "x86_64", target_endian = "little", target_pointer_width = "64"),
    all(target_os = "macos", target_arch = "aarch64", target_endian = "little", target_pointer_width = "64"),
    all(target_os = "freebsd", target_arch = "x86_64", target_endian = "little", target_pointer_width = "64"),
    all(target_os = "freebsd", target_arch = "aarch64", target_endian = "little", target_pointer_width = "64"),
    all(target_os = "netbsd", target_arch = "x86_64", target_endian = "little", target_pointer_width = "64"),
    all(target_os = "netbsd", target_arch = "aarch64", target_endian = "little", target_pointer_width = "64"),
    all(target_os = "openbsd", target_arch = "x86_64", target_endian = "little", target_pointer_width = "64"),
    all(target_os = "openbsd", target_arch = "aarch64", target_endian = "little", target_pointer_width = "64"),
    all(target_os = "dragonfly", target_arch = "x86_64", target_endian = "little", target_pointer_width = "64"),
)))]
mod missing {
    compile_error!(concat!(
        "shm-sys has no bindings for ",
        env!("SHM_SYS_TARGET"),
        "; its feature `bindgen` makes them from that system's headers"
    ));
    pub const SHMLBA_PAGES: libc::c_int = 0;
    pub const SHMLBA_BYTES: libc::c_int = 0;
}
#[cfg(not(any(
    all(target_os = "linux", target_env = "gnu", target_arch = "x86_64", target_endian = "little", target_pointer_width = "64"),
    all(target_os = "linux", target_env = "gnu", target_arch = "aarch64", target_endian = "little", target_pointer_width = "64"),
    all(target_os = "linux", target_env = "gnu", target_arch = "riscv64", target_endian = "little", target_pointer_width = "64"),
    all(target_os = "linux", target_env = "gnu", target_arch = "s390x", target_endian = "big", target_pointer_width = "64"),
    all(target_os = "linux", target_env = "gnu", target_arch = "loongarch64", target_endian = "little", target_pointer_width = "64"),
    all(target_os = "linux", target_env = "gnu", target_arch = "x86", target_endian = "little", target_pointer_width = "32"),
    all(target_os = "linux", target_env = "gnu", target_arch = "arm", target_endian = "little", target_pointer_width = "32"),
    all(target_os = "linux", target_env = "gnu", target_arch = "powerpc64", target_endian = "little", target_pointer_width = "64"),
    all(target_os = "linux", target_env = "gnu", target_arch = "mips64", target_endian = "little", target_pointer_width = "64"),
    all(target_os = "linux", target_env = "musl", target_arch = "x86_64", target_endian = "little", target_pointer_width = "64"),
    all(target_os = "linux", target_env = "musl", target_arch = "aarch64", target_endian = "little", target_pointer_width = "64"),
    all(target_os = "linux", target_env = "musl", target_arch = "riscv64", target_endian = "little", target_pointer_width = "64"),
    all(target_os = "linux", target_env = "musl", target_arch = "s390x", target_endian = "big", target_pointer_width = "64"),
    all(target_os = "linux", target_env = "musl", target_arch = "loongarch64", target_endian = "little", target_pointer_width = "64"),
    all(target_os = "linux", target_env = "musl", target_arch = "x86", target_endian = "little", target_pointer_width = "32"),
    all(target_os = "linux", target_env = "musl", target_arch = "arm", target_endian = "little", target_pointer_width = "32"),
    all(target_os = "linux", target_env = "musl", target_arch = "powerpc64", target_endian = "little", target_pointer_width = "64"),
    all(target_os = "linux", target_env = "musl", target_arch = "mips64", target_endian = "little", target_pointer_width = "64"),
    all(target_os = "macos", target_arch = "x86_64", target_endian = "little", target_pointer_width = "64"),
    all(target_os = "macos", target_arch = "aarch64", target_endian = "little", target_pointer_width = "64"),
    all(target_os = "freebsd", target_arch = "x86_64", target_endian = "little", target_pointer_width = "64"),
    all(target_os = "freebsd", target_arch = "aarch64", target_endian = "little", target_pointer_width = "64"),
    all(target_os = "netbsd", target_arch = "x86_64", target_endian = "little", target_pointer_width = "64"),
    all(target_os = "netbsd", target_arch = "aarch64", target_endian = "little", target_pointer_width = "64"),
    all(target_os = "openbsd", target_arch = "x86_64", target_endian = "little", target_pointer_width = "64"),
    all(target_os = "openbsd", target_arch = "aarch64", target_endian = "little", target_pointer_width = "64"),
    all(target_os = "dragonfly", target_arch = "x86_64", target_endian = "little", target_pointer_width = "64"),
)))]
pub use missing::*;
