//! The words of x86-64, and its calls: through the global offset table, because going
//! through the linkage table would cost short copies a tenth.

/// Calls a function by the C calling convention.
macro_rules! call {
    ($f:path, $first:expr, $second:expr, $third:expr) => {
        // SAFETY: a call by the C calling convention; all registers that it may
        // change are declared, and the caller has promised the memory.
        unsafe {
            core::arch::asm!(
                "call qword ptr [rip + {f}@GOTPCREL]",
                f = sym $f,
                in("rdi") $first,
                in("rsi") $second,
                in("rdx") $third,
                clobber_abi("C"),
            );
        }
    };
}

calls!(call);

words! {
    address in reg;
    load_1 store_1 move_1: u8 => reg_byte, "mov {v}, byte ptr [{at}]", "mov byte ptr [{at}], {v}";
    load_2 store_2 move_2: u16 => reg, "movzx {v:e}, word ptr [{at}]", "mov word ptr [{at}], {v:x}";
    load_4 store_4 move_4: u32 => reg, "mov {v:e}, dword ptr [{at}]", "mov dword ptr [{at}], {v:e}";
    load_8 store_8 move_8: u64 => reg, "mov {v}, qword ptr [{at}]", "mov qword ptr [{at}], {v}";
}
