//! The words and calls of 32-bit Arm.

/// Calls a function by the C calling convention.
macro_rules! call {
    ($f:path, $first:expr, $second:expr, $third:expr) => {
        // SAFETY: a call by the C calling convention; all registers that it may
        // change are declared, and the caller has promised the memory.
        unsafe {
            core::arch::asm!(
                "bl {f}",
                f = sym $f,
                in("r0") $first,
                in("r1") $second,
                in("r2") $third,
                clobber_abi("C"),
            );
        }
    };
}

calls!(call);

words! {
    address in reg;
    load_1 store_1 move_1: u8 => reg, "ldrb {v}, [{at}]", "strb {v}, [{at}]";
    load_2 store_2 move_2: u16 => reg, "ldrh {v}, [{at}]", "strh {v}, [{at}]";
    load_4 store_4 move_4: u32 => reg, "ldr {v}, [{at}]", "str {v}, [{at}]";
}

words_of_8_by_halves!();
