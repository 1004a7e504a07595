//! The words and calls of 64-bit z/Architecture.

/// Calls a function by the C calling convention.
macro_rules! call {
    ($f:path, $first:expr, $second:expr, $third:expr) => {
        // SAFETY: a call by the C calling convention, for which the caller lends
        // 160 bytes of its stack and takes them back; all registers that it may
        // change are declared, and the caller has promised the memory.
        unsafe {
            core::arch::asm!(
                "aghi %r15, -160",
                "brasl %r14, {f}@PLT",
                "aghi %r15, 160",
                f = sym $f,
                in("r2") $first,
                in("r3") $second,
                in("r4") $third,
                clobber_abi("C"),
            );
        }
    };
}

calls!(call);

words! {
    address in reg_addr;
    load_1 store_1 move_1: u8 => reg, "llgc {v}, 0({at})", "stc {v}, 0({at})";
    load_2 store_2 move_2: u16 => reg, "llgh {v}, 0({at})", "sth {v}, 0({at})";
    load_4 store_4 move_4: u32 => reg, "llgf {v}, 0({at})", "st {v}, 0({at})";
    load_8 store_8 move_8: u64 => reg, "lg {v}, 0({at})", "stg {v}, 0({at})";
}

moves_of_16_by_halves!();
