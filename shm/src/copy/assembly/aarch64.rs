//! The words and calls of 64-bit Arm.

use core::arch::aarch64::uint8x16_t;

/// Calls a function by the C calling convention.
macro_rules! call {
    ($f:path, $first:expr, $second:expr, $third:expr) => {
        // SAFETY: a call by the C calling convention; all registers that it may
        // change are declared, and the caller has promised the memory.
        unsafe {
            core::arch::asm!(
                "bl {f}",
                f = sym $f,
                in("x0") $first,
                in("x1") $second,
                in("x2") $third,
                clobber_abi("C"),
            );
        }
    };
}

calls!(call);

words! {
    address in reg;
    load_1 store_1 move_1: u8 => reg, "ldrb {v:w}, [{at}]", "strb {v:w}, [{at}]";
    load_2 store_2 move_2: u16 => reg, "ldrh {v:w}, [{at}]", "strh {v:w}, [{at}]";
    load_4 store_4 move_4: u32 => reg, "ldr {v:w}, [{at}]", "str {v:w}, [{at}]";
    load_8 store_8 move_8: u64 => reg, "ldr {v}, [{at}]", "str {v}, [{at}]";
    load_16 store_16 move_16: uint8x16_t => vreg, "ldr {v:q}, [{at}]", "str {v:q}, [{at}]";
}
