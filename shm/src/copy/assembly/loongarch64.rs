//! The words and calls of 64-bit LoongArch.

/// Calls a function by the C calling convention.
macro_rules! call {
    ($f:path, $first:expr, $second:expr, $third:expr) => {
        // SAFETY: a call by the C calling convention; all registers that it may
        // change are declared, and the caller has promised the memory.
        unsafe {
            core::arch::asm!(
                "bl %plt({f})",
                f = sym $f,
                in("$a0") $first,
                in("$a1") $second,
                in("$a2") $third,
                clobber_abi("C"),
            );
        }
    };
}

calls!(call);

words! {
    address in reg;
    load_1 store_1 move_1: u8 => reg, "ld.bu {v}, {at}, 0", "st.b {v}, {at}, 0";
    load_2 store_2 move_2: u16 => reg, "ld.hu {v}, {at}, 0", "st.h {v}, {at}, 0";
    load_4 store_4 move_4: u32 => reg, "ld.w {v}, {at}, 0", "st.w {v}, {at}, 0";
    load_8 store_8 move_8: u64 => reg, "ld.d {v}, {at}, 0", "st.d {v}, {at}, 0";
}

moves_of_16_by_halves!();
