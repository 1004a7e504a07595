//! The rows. To add a target, add a row; `cargo xtask bindings` then generates its file
//! and the `cfg`s that select it.

use super::{Cfg, Headers, Headers::Transcribed, Headers::Zig, Target};

/// Every target, system by system.
#[rustfmt::skip]
pub(crate) const TARGETS: &[Target] = &[
    row("x86_64-unknown-linux-gnu", "linux_gnu_64", "x86_64-unknown-linux-gnu", "x86_64-linux-gnu",
        Zig(&["x86-linux-gnu", "generic-glibc", "x86-linux-any", "any-linux-any"]), little("linux", "gnu", "x86_64", 64)),
    row("i686-unknown-linux-gnu", "linux_gnu_i686", "i686-unknown-linux-gnu", "x86-linux-gnu",
        Zig(&["x86-linux-gnu", "generic-glibc", "x86-linux-any", "any-linux-any"]), little("linux", "gnu", "x86", 32)),
    row("aarch64-unknown-linux-gnu", "linux_gnu_64", "aarch64-unknown-linux-gnu", "aarch64-linux-gnu",
        Zig(&["aarch64-linux-gnu", "generic-glibc", "aarch64-linux-any", "any-linux-any"]), little("linux", "gnu", "aarch64", 64)),
    row("armv7-unknown-linux-gnueabihf", "linux_gnu_arm", "armv7-unknown-linux-gnueabihf", "arm-linux-gnueabihf",
        Zig(&["arm-linux-gnu", "generic-glibc", "arm-linux-any", "any-linux-any"]), little("linux", "gnu", "arm", 32)),
    row("riscv64gc-unknown-linux-gnu", "linux_gnu_64", "riscv64-unknown-linux-gnu", "riscv64-linux-gnu",
        Zig(&["riscv-linux-gnu", "generic-glibc", "riscv-linux-any", "any-linux-any"]), little("linux", "gnu", "riscv64", 64)),
    row("powerpc64le-unknown-linux-gnu", "linux_gnu_powerpc64", "powerpc64le-unknown-linux-gnu", "powerpc64le-linux-gnu",
        Zig(&["powerpc-linux-gnu", "generic-glibc", "powerpc-linux-any", "any-linux-any"]), little("linux", "gnu", "powerpc64", 64)),
    row("s390x-unknown-linux-gnu", "linux_gnu_64", "s390x-unknown-linux-gnu", "s390x-linux-gnu",
        Zig(&["s390x-linux-gnu", "generic-glibc", "s390x-linux-any", "any-linux-any"]), big("linux", "gnu", "s390x", 64)),
    row("mips64el-unknown-linux-gnuabi64", "linux_gnu_mips64", "mips64el-unknown-linux-gnuabi64", "mips64el-linux-gnuabi64",
        Zig(&["mips-linux-gnu", "generic-glibc", "mips-linux-any", "any-linux-any"]), little("linux", "gnu", "mips64", 64)),
    row("loongarch64-unknown-linux-gnu", "linux_gnu_64", "loongarch64-unknown-linux-gnu", "loongarch64-linux-gnu",
        Zig(&["loongarch-linux-gnu", "generic-glibc", "loongarch-linux-any", "any-linux-any"]), little("linux", "gnu", "loongarch64", 64)),

    row("x86_64-unknown-linux-musl", "linux_musl_64", "x86_64-unknown-linux-musl", "x86_64-linux-musl",
        Zig(&["x86_64-linux-musl", "generic-musl", "x86-linux-any", "any-linux-any"]), little("linux", "musl", "x86_64", 64)),
    row("i686-unknown-linux-musl", "linux_musl_i686", "i686-unknown-linux-musl", "x86-linux-musl",
        Zig(&["x86-linux-musl", "generic-musl", "x86-linux-any", "any-linux-any"]), little("linux", "musl", "x86", 32)),
    row("aarch64-unknown-linux-musl", "linux_musl_64", "aarch64-unknown-linux-musl", "aarch64-linux-musl",
        Zig(&["aarch64-linux-musl", "generic-musl", "aarch64-linux-any", "any-linux-any"]), little("linux", "musl", "aarch64", 64)),
    row("armv7-unknown-linux-musleabihf", "linux_musl_arm", "armv7-unknown-linux-musleabihf", "arm-linux-musleabihf",
        Zig(&["arm-linux-musl", "generic-musl", "arm-linux-any", "any-linux-any"]), little("linux", "musl", "arm", 32)),
    row("riscv64gc-unknown-linux-musl", "linux_musl_64", "riscv64-unknown-linux-musl", "riscv64-linux-musl",
        Zig(&["riscv64-linux-musl", "generic-musl", "riscv-linux-any", "any-linux-any"]), little("linux", "musl", "riscv64", 64)),
    row("powerpc64le-unknown-linux-musl", "linux_musl_powerpc64", "powerpc64le-unknown-linux-musl", "powerpc64le-linux-musl",
        Zig(&["powerpc64-linux-musl", "generic-musl", "powerpc-linux-any", "any-linux-any"]), little("linux", "musl", "powerpc64", 64)),
    row("s390x-unknown-linux-musl", "linux_musl_64", "s390x-unknown-linux-musl", "s390x-linux-musl",
        Zig(&["s390x-linux-musl", "generic-musl", "s390x-linux-any", "any-linux-any"]), big("linux", "musl", "s390x", 64)),
    row("mips64el-unknown-linux-muslabi64", "linux_musl_mips64", "mips64el-unknown-linux-muslabi64", "mips64el-linux-muslabi64",
        Zig(&["mips64-linux-musl", "generic-musl", "mips-linux-any", "any-linux-any"]), little("linux", "musl", "mips64", 64)),
    row("loongarch64-unknown-linux-musl", "linux_musl_64", "loongarch64-unknown-linux-musl", "loongarch64-linux-musl",
        Zig(&["loongarch64-linux-musl", "generic-musl", "loongarch-linux-any", "any-linux-any"]), little("linux", "musl", "loongarch64", 64)),

    row("x86_64-apple-darwin", "macos_x86_64", "x86_64-apple-macosx11.0", "x86_64-macos",
        Zig(&["any-darwin-any"]), little("macos", "", "x86_64", 64)),
    row("aarch64-apple-darwin", "macos_aarch64", "arm64-apple-macosx11.0", "aarch64-macos",
        Zig(&["any-darwin-any"]), little("macos", "", "aarch64", 64)),

    row("x86_64-unknown-freebsd", "freebsd", "x86_64-unknown-freebsd14.0", "x86_64-freebsd",
        Zig(&["x86_64-freebsd-none", "generic-freebsd"]), little("freebsd", "", "x86_64", 64)),
    row("aarch64-unknown-freebsd", "freebsd", "aarch64-unknown-freebsd14.0", "aarch64-freebsd",
        Zig(&["aarch64-freebsd-none", "generic-freebsd"]), little("freebsd", "", "aarch64", 64)),

    row("x86_64-unknown-netbsd", "netbsd", "x86_64-unknown-netbsd10.0", "x86_64-netbsd",
        Zig(&["x86_64-netbsd-none", "generic-netbsd"]), little("netbsd", "", "x86_64", 64)),
    row("aarch64-unknown-netbsd", "netbsd", "aarch64-unknown-netbsd10.0", "aarch64-netbsd",
        Zig(&["aarch64-netbsd-none", "generic-netbsd"]), little("netbsd", "", "aarch64", 64)),

    row("x86_64-unknown-openbsd", "openbsd", "x86_64-unknown-openbsd7.7", "x86_64-openbsd",
        Zig(&["x86_64-openbsd-none", "generic-openbsd"]), little("openbsd", "", "x86_64", 64)),
    row("aarch64-unknown-openbsd", "openbsd", "aarch64-unknown-openbsd7.7", "aarch64-openbsd",
        Zig(&["aarch64-openbsd-none", "generic-openbsd"]), little("openbsd", "", "aarch64", 64)),

    row("x86_64-unknown-dragonfly", "dragonfly", "x86_64-unknown-dragonfly", "x86_64-freestanding",
        Transcribed { directory: "dragonfly", source: "DragonFly 6 sys/shm.h, sys/ipc.h" }, little("dragonfly", "", "x86_64", 64)),
];

const fn row(
    triple: &'static str,
    abi: &'static str,
    clang: &'static str,
    zig: &'static str,
    headers: Headers,
    cfg: Cfg,
) -> Target {
    Target {
        triple,
        abi,
        clang,
        zig,
        headers,
        cfg,
    }
}

const fn little(os: &'static str, env: &'static str, arch: &'static str, width: u8) -> Cfg {
    Cfg {
        os,
        env,
        arch,
        endian: "little",
        width,
    }
}

const fn big(os: &'static str, env: &'static str, arch: &'static str, width: u8) -> Cfg {
    Cfg {
        endian: "big",
        ..little(os, env, arch, width)
    }
}
