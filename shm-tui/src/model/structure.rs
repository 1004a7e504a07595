//! Structures of known programs at the start of their segments.
//!
//! A small table and pure functions. A layout recognizes a segment by its magic number
//! and by relations between the fields, and names only fields whose offsets a fixture of
//! the cited version proves (`tests/fixtures/layouts`). All layouts are those of 64-bit
//! programs.

/// Bytes at the start of a segment that suffice to recognize every layout.
pub const HEAD: usize = 64;

/// The byte order of a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Order {
    Little,
    Big,
}

/// This machine's byte order, which its memory has.
const NATIVE: Order = if cfg!(target_endian = "little") {
    Order::Little
} else {
    Order::Big
};

/// The layout of a structure.
#[derive(Clone, Copy, Debug)]
pub struct Layout {
    /// The program.
    pub program: &'static str,
    /// The name of the structure in its source.
    pub structure: &'static str,
    /// The version and the file of the offsets.
    pub source: &'static str,
    /// The bytes at offset 0 that identify it.
    magic: Magic,
    /// Checks the relations between the fields for a segment of this size.
    holds: fn(&Numbers<'_>, u64) -> bool,
    fields: &'static [Definition],
}

#[derive(Clone, Copy, Debug)]
enum Magic {
    /// A number of four bytes.
    Number(u32),
    Text(&'static [u8]),
}

/// A field of a layout.
#[derive(Clone, Copy, Debug)]
struct Definition {
    name: &'static str,
    offset: usize,
    /// Bytes, at most eight unless it is text.
    length: usize,
    meaning: Meaning,
}

/// The meaning of the number in a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Meaning {
    /// A constant that identifies the structure.
    Magic,
    /// A process.
    Pid,
    /// A size in bytes.
    Bytes,
    /// An offset from the start of the segment.
    Offset,
    /// An address in the program's own address space.
    Address,
    /// The device number of a file system.
    Device,
    /// A number.
    Number,
}

/// A field of a recognized structure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Field {
    /// Its name in the program's source.
    pub name: &'static str,
    /// Its offset in the segment.
    pub offset: u64,
    /// Its bytes.
    pub length: u64,
    /// The meaning of its number.
    pub meaning: Meaning,
    /// Its number; 0 for a magic text.
    pub value: u64,
}

/// A recognized structure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recognized {
    /// The program.
    pub program: &'static str,
    /// The name of the structure in its source.
    pub structure: &'static str,
    /// The version and the file of the offsets.
    pub source: &'static str,
    /// Its fields, in order.
    pub fields: Vec<Field>,
}

impl Recognized {
    /// Returns the field that contains the byte at `offset`.
    #[must_use]
    pub fn field_at(&self, offset: u64) -> Option<&Field> {
        let mut fields = self.fields.iter();
        fields.find(|field| (field.offset..field.offset + field.length).contains(&offset))
    }

    /// Returns the program and the structure, as a heading.
    #[must_use]
    pub fn title(&self) -> String {
        format!("{} {}", self.program, self.structure)
    }
}

const fn field(name: &'static str, offset: usize, length: usize, meaning: Meaning) -> Definition {
    Definition {
        name,
        offset,
        length,
        meaning,
    }
}

/// The known layouts.
pub const LAYOUTS: &[Layout] = &[
    Layout {
        program: "PostgreSQL",
        structure: "PGShmemHeader",
        source: "PostgreSQL 15.18, src/include/storage/pg_shmem.h",
        magic: Magic::Number(679_834_894),
        holds: postgresql,
        fields: &[
            field("magic", 0, 4, Meaning::Magic),
            field("creatorPID", 4, 4, Meaning::Pid),
            field("totalsize", 8, 8, Meaning::Bytes),
            field("freeoffset", 16, 8, Meaning::Offset),
            field("dsm_control", 24, 4, Meaning::Number),
            field("index", 32, 8, Meaning::Address),
            field("device", 40, 8, Meaning::Device),
            field("inode", 48, 8, Meaning::Number),
        ],
    },
    Layout {
        program: "PHP",
        structure: "sysvshm_chunk_head",
        source: "PHP 8.2.36, ext/sysvshm/php_sysvshm.h",
        magic: Magic::Text(b"PHP_SM\0\0"),
        holds: php,
        fields: &[
            field("magic", 0, 8, Meaning::Magic),
            field("start", 8, 8, Meaning::Offset),
            field("end", 16, 8, Meaning::Offset),
            field("free", 24, 8, Meaning::Bytes),
            field("total", 32, 8, Meaning::Bytes),
        ],
    },
];

/// The structure is the whole segment, and the rest of the memory is elsewhere; or the
/// segment contains all of it. Kernels may round a size up to a page, of at most 64 KiB.
fn postgresql(numbers: &Numbers<'_>, size: u64) -> bool {
    const LENGTH: u64 = 56;
    const PAGE: u64 = 64 << 10;
    let (total, free) = (numbers.at(8, 8), numbers.at(16, 8));
    (LENGTH..=total).contains(&free) && (total <= size || size <= PAGE)
}

/// The head of 40 bytes, then the variables, then the free bytes.
fn php(numbers: &Numbers<'_>, size: u64) -> bool {
    let [start, end, free, total] = [8, 16, 24, 32].map(|offset| numbers.at(offset, 8));
    start == 40 && (start..=total).contains(&end) && end + free == total && total <= size
}

/// The start of a segment, read as numbers.
struct Numbers<'a> {
    bytes: &'a [u8],
    order: Order,
}

impl Numbers<'_> {
    /// Returns the number of `length` bytes (at most eight) at `offset`; 0 past the end.
    fn at(&self, offset: usize, length: usize) -> u64 {
        let bytes = self.bytes.get(offset..).and_then(|rest| rest.get(..length));
        let add = |sum: u64, byte: &u8| (sum << 8) | u64::from(*byte);
        let bytes = bytes.unwrap_or_default().iter();
        match self.order {
            Order::Big => bytes.fold(0, add),
            Order::Little => bytes.rev().fold(0, add),
        }
    }
}

/// Finds the structure at the start of a segment of `size` bytes. `head` has its first
/// [`HEAD`] bytes, or all if it is shorter.
#[must_use]
pub fn recognize(head: &[u8], size: u64) -> Option<Recognized> {
    recognize_in(head, size, NATIVE)
}

fn recognize_in(head: &[u8], size: u64, order: Order) -> Option<Recognized> {
    let numbers = Numbers { bytes: head, order };
    let found = LAYOUTS.iter().find(|layout| {
        let end = layout
            .fields
            .iter()
            .map(|field| field.offset + field.length)
            .max();
        let is_whole = end.is_some_and(|end| end <= head.len());
        let has_magic = match layout.magic {
            Magic::Number(magic) => numbers.at(0, 4) == u64::from(magic),
            Magic::Text(magic) => head.starts_with(magic),
        };
        is_whole && has_magic && (layout.holds)(&numbers, size)
    })?;
    let fields = found.fields.iter().map(|field| Field {
        name: field.name,
        offset: field.offset as u64,
        length: field.length as u64,
        meaning: field.meaning,
        value: match (field.meaning, found.magic) {
            (Meaning::Magic, Magic::Text(_)) => 0,
            _ => numbers.at(field.offset, field.length),
        },
    });
    Some(Recognized {
        program: found.program,
        structure: found.structure,
        source: found.source,
        fields: fields.collect(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// PostgreSQL 15.18 of Debian 12 on x86-64, pid 22637, data directory with inode
    /// 10027014 on device 65024: `shared_memory_type=mmap`, 56 bytes.
    const MMAP: &[u8] = include_bytes!("../../tests/fixtures/layouts/postgresql-15.18-mmap.bin");
    /// The same server with `shared_memory_type=sysv`, pid 22725, 8,331,264
    /// bytes, dynamic shared memory in `/dev/shm/PostgreSQL.2161447164`.
    const SYSV: &[u8] = include_bytes!("../../tests/fixtures/layouts/postgresql-15.18-sysv.bin");
    /// PHP 8.2.36 of Debian 12 on x86-64: `shm_attach(0x51504850, 4096, 0600)`, then
    /// three variables put and one removed.
    const PHP: &[u8] = include_bytes!("../../tests/fixtures/layouts/php-8.2.36-sysvshm.bin");

    fn values(head: &[u8], size: u64) -> Vec<(&'static str, u64)> {
        let found = recognize_in(head, size, Order::Little).unwrap();
        found
            .fields
            .iter()
            .map(|field| (field.name, field.value))
            .collect()
    }

    #[test]
    fn the_header_of_a_real_postgresql_is_recognized() {
        let expected = [
            ("magic", 679_834_894),
            ("creatorPID", 22_637),
            ("totalsize", 149_520_384),
            ("freeoffset", 56),
            ("dsm_control", 3_654_095_838),
            ("index", 0),
            ("device", 65_024),
            ("inode", 10_027_014),
        ];
        assert_eq!(values(MMAP, 56), expected);
        let whole = values(SYSV, 8_331_264);
        assert_eq!(
            whole[1..4],
            [
                ("creatorPID", 22_725),
                ("totalsize", 8_331_264),
                ("freeoffset", 6_411_136)
            ]
        );
        assert_eq!(
            whole[4..6],
            [("dsm_control", 2_161_447_164), ("index", 0x7f13_bb97_e980)]
        );
        assert_eq!(whole[6..], expected[6..]);
    }

    #[test]
    fn the_head_of_a_real_php_segment_is_recognized() {
        let expected = [
            ("magic", 0),
            ("start", 40),
            ("end", 128),
            ("free", 3968),
            ("total", 4096),
        ];
        assert_eq!(values(PHP, 4096), expected);
        let found = recognize_in(PHP, 4096, Order::Little).unwrap();
        assert_eq!(found.title(), "PHP sysvshm_chunk_head");
        assert_eq!(found.field_at(17).unwrap().name, "end");
        assert_eq!(found.field_at(40), None);
    }

    #[test]
    fn nothing_is_claimed_without_its_magic_or_what_must_hold() {
        let none = |head: &[u8], size| {
            assert_eq!(recognize_in(head, size, Order::Little), None, "{head:02x?}")
        };
        for at in 0..4 {
            let mut other = MMAP.to_vec();
            other[at] ^= 1;
            none(&other, 56);
        }
        none(&MMAP[..55], 56);
        none(&[], 0);
        // The header claims more than the segment has, or the free space begins outside.
        none(SYSV, 8_331_263);
        let mut outside = SYSV.to_vec();
        outside[16..24].copy_from_slice(&8_331_265_u64.to_le_bytes());
        none(&outside, 8_331_264);
        for at in 0..40 {
            let mut other = PHP.to_vec();
            other[at] ^= 0x80;
            none(&other, 4096);
        }
        none(PHP, 4095);
        // The bytes of a machine with the other byte order.
        assert_eq!(recognize_in(MMAP, 56, Order::Big), None);
    }

    #[test]
    fn every_layout_names_its_source_and_fits_into_the_head() {
        for layout in LAYOUTS {
            assert!(layout.source.starts_with(layout.program), "{layout:?}");
            let ends = layout
                .fields
                .iter()
                .map(|field| field.offset + field.length);
            assert!(ends.max().unwrap() <= HEAD, "{layout:?}");
            assert_eq!(layout.fields[0].meaning, Meaning::Magic);
            let pairs = layout.fields.windows(2);
            assert!(
                pairs
                    .into_iter()
                    .all(|pair| pair[0].offset + pair[0].length <= pair[1].offset)
            );
        }
    }

    proptest! {
        #[test]
        fn no_bytes_are_too_strange(head: Vec<u8>, size: u64, magic: prop::sample::Index) {
            let layout = LAYOUTS[magic.index(LAYOUTS.len())];
            let mut bytes = match layout.magic {
                Magic::Number(number) => number.to_ne_bytes().to_vec(),
                Magic::Text(text) => text.to_vec(),
            };
            bytes.extend(head);
            if let Some(found) = recognize(&bytes, size) {
                prop_assert_eq!(found.program, layout.program);
                prop_assert!(found.fields.iter().all(|field| field.offset + field.length <= bytes.len() as u64));
            }
        }
    }
}
