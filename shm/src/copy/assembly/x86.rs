//! The words and calls of 32-bit x86.

/// Calls a function by the C calling convention.
macro_rules! call {
    ($f:path, $first:expr, $second:expr, $third:expr) => {
        // SAFETY: a call by the C calling convention with arguments on the stack,
        // which stays aligned to 16 bytes and ends where it was; all registers
        // that it may change are declared, and the caller has promised the
        // memory.
        unsafe {
            core::arch::asm!(
                "sub esp, 4",
                "push {n}",
                "push {s}",
                "push {d}",
                "call {f}",
                "add esp, 16",
                f = in(reg) $f as *const (),
                d = in(reg) $first,
                s = in(reg) $second,
                n = in(reg) $third,
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
}

words_of_8_by_halves!();
moves_of_16_by_halves!();
