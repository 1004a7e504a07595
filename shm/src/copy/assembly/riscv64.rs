//! The words and calls of 64-bit RISC-V.

/// Calls a function by the C calling convention.
macro_rules! call {
    ($f:path, $first:expr, $second:expr, $third:expr) => {
        // SAFETY: a call by the C calling convention; all registers that it may
        // change are declared, and the caller has promised the memory.
        unsafe {
            core::arch::asm!(
                "call {f}",
                f = sym $f,
                in("a0") $first,
                in("a1") $second,
                in("a2") $third,
                clobber_abi("C"),
            );
        }
    };
}

calls!(call);

words! {
    address in reg;
    load_1 store_1 move_1: u8 => reg, "lbu {v}, 0({at})", "sb {v}, 0({at})";
    load_2 store_2 move_2: u16 => reg, "lhu {v}, 0({at})", "sh {v}, 0({at})";
    load_4 store_4 move_4: u32 => reg, "lwu {v}, 0({at})", "sw {v}, 0({at})";
    load_8 store_8 move_8: u64 => reg, "ld {v}, 0({at})", "sd {v}, 0({at})";
}
