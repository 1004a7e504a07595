//! The contents of the segments of the tour.
//!
//! Bytes are computed from their offset and the time, so a gibibyte takes no memory, and
//! writes by processes are visible. All arithmetic is on integers, so the pictures are
//! the same on every machine.

use std::collections::BTreeMap;
use std::ops::Range;

use super::cast::{self, GIB, KIB, MIB};
use crate::model::segment::Id;

/// The contents of one segment.
#[derive(Clone, Debug)]
pub struct Painting {
    /// The parts that exist, in order; the rest was never touched.
    pub(in crate::source::fake) data: Vec<Range<u64>>,
    paint: Paint,
}

/// Fills a buffer with the bytes at an offset, this many seconds after the start of the
/// tour.
type Paint = fn(u64, u64, &mut [u8]);

impl Painting {
    fn of(size: u64, paint: Paint) -> Self {
        Self {
            data: vec![Range {
                start: 0,
                end: size,
            }],
            paint,
        }
    }

    /// Fills `buffer` with the bytes at `offset`; holes are zeros.
    pub(in crate::source::fake) fn copy(&self, offset: u64, seconds: u64, buffer: &mut [u8]) {
        buffer.fill(0);
        let end = offset.saturating_add(buffer.len() as u64);
        let first = self.data.partition_point(|part| part.end <= offset);
        let parts = self.data.iter().skip(first);
        for part in parts.take_while(|part| part.start < end) {
            let from = part.start.max(offset);
            let length = usize::try_from(part.end.min(end) - from).unwrap_or(0);
            let skip = usize::try_from(from - offset).unwrap_or(usize::MAX);
            if let Some(slot) = buffer
                .get_mut(skip..)
                .and_then(|rest| rest.get_mut(..length))
            {
                (self.paint)(from, seconds, slot);
            }
        }
    }
}

/// The painted contents of every segment.
pub(super) fn all() -> BTreeMap<Id, Painting> {
    let mut all = BTreeMap::from([
        (cast::CLUSTER, Painting::of(56, cluster)),
        (cast::REPORTS, Painting::of(5_292_032, reports)),
        (cast::WINDOW, Painting::of(8_294_400, window)),
        (cast::POSTER, Painting::of(3_686_400, poster)),
        (cast::VIDEO, Painting::of(3_686_400, video)),
        (cast::CHECKPOINTS, Painting::of(33 * MIB, checkpoints)),
        (
            cast::MEMO,
            Painting {
                data: pages(),
                paint: memo,
            },
        ),
        (cast::RING, Painting::of(GIB, ring)),
        (cast::SESSIONS, Painting::of(4 * KIB, sessions)),
        (cast::LEGACY, Painting::of(12 * KIB, legacy)),
        (cast::AUDIO, Painting::of(2 * MIB, audio)),
        (cast::WEIGHTS, Painting::of(210 * MIB, weights)),
        (cast::JOURNAL, Painting::of(256 * KIB, journal)),
    ]);
    all.extend(cast::GRIDS.map(|id| (id, Painting::of(cast::GRID, grid))));
    all.extend(cast::TILES.map(|id| (id, tile_of(id))));
    all
}

/// A tile of the render pool.
pub(super) fn tile_of(_: Id) -> Painting {
    Painting::of(cast::TILE, tile)
}

/// Fills a buffer with records of `N` bytes each, by their number.
fn records<const N: usize>(offset: u64, buffer: &mut [u8], record: impl Fn(u64) -> [u8; N]) {
    let length = N as u64;
    let mut number = offset / length;
    let mut skip = usize::try_from(offset % length).unwrap_or(0);
    let mut rest = buffer;
    while !rest.is_empty() {
        let bytes = record(number);
        let bytes = bytes.get(skip..).unwrap_or_default();
        let taken = bytes.len().min(rest.len());
        let (slot, behind) = std::mem::take(&mut rest).split_at_mut(taken);
        slot.copy_from_slice(bytes.get(..taken).unwrap_or_default());
        (rest, number, skip) = (behind, number + 1, 0);
    }
}

/// Writes one record of consecutive fields, padded with zeros.
fn fields<const N: usize>(fields: &[&[u8]]) -> [u8; N] {
    let mut record = [0; N];
    let bytes = fields.iter().copied().flatten();
    record
        .iter_mut()
        .zip(bytes)
        .for_each(|(slot, byte)| *slot = *byte);
    record
}

/// Returns a number that looks random and is always the same.
fn noise(seed: u64) -> u64 {
    let mut x = seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
    x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    x ^ (x >> 31)
}

/// Rises from 0 to `half` and falls again, in `2 * half` steps.
fn wave(step: u64, half: u64) -> u64 {
    let at = step % (2 * half);
    at.min(2 * half - at)
}

/// Selects one of some values by a number that may be larger.
fn pick<T: Copy + Default, const N: usize>(values: &[T; N], number: u64) -> T {
    let index = usize::try_from(number % N as u64).unwrap_or(0);
    let value = values.iter().copied().nth(index);
    value.unwrap_or_default()
}

fn byte(number: u64) -> u8 {
    let [low, ..] = number.to_le_bytes();
    low
}

/// PostgreSQL's `PGShmemHeader`.
fn header(pid: u32, total: u64, free: u64, control: u32, index: u64, inode: u64) -> [u8; 56] {
    fields(&[
        &679_834_894_u32.to_ne_bytes(),
        &pid.to_ne_bytes(),
        &total.to_ne_bytes(),
        &free.to_ne_bytes(),
        &control.to_ne_bytes(),
        &[0; 4],
        &index.to_ne_bytes(),
        &0xfe00_u64.to_ne_bytes(),
        &inode.to_ne_bytes(),
    ])
}

fn cluster(offset: u64, _: u64, buffer: &mut [u8]) {
    let header = header(812, 149_520_384, 56, 0x5c2f_11a8, 0, cast::CLUSTER_KEY);
    records::<56>(offset, buffer, |_| header);
}

/// The header, the activities of the backends, and pages of a table.
fn reports(offset: u64, seconds: u64, buffer: &mut [u8]) {
    let index = 0x7f09_b4e5_6980;
    let header = header(
        901,
        8_331_264,
        6_410_112,
        0x211f_40c3,
        index,
        cast::REPORTS_KEY,
    );
    records::<128>(offset, buffer, |number| match number {
        0 => fields(&[&header]),
        1..64 => fields(&[
            &((noise(number) & 0xffff) + seconds * number % 7).to_ne_bytes(),
            &number.to_ne_bytes(),
        ]),
        64..72 => fields(&[
            b"SELECT region, sum(total) FROM orders WHERE day > '2026-01-01' GROUP BY region; -- ",
            (noise(number + seconds / 5) % 100_000)
                .to_string()
                .as_bytes(),
        ]),
        72..128 => [0; 128],
        _ => fields(&[
            &u16::try_from(number * 8 % 8192).unwrap_or(0).to_le_bytes(),
            &[0x02, 0x09, 0x18, 0],
            (10_000 + number).to_string().as_bytes(),
            b"\0\x17",
            pick(&CUSTOMERS, noise(number)).as_bytes(),
            b"\0\x0d",
            pick(&STATES, noise(number + 1)).as_bytes(),
            &[0, 0],
            &(noise(number + 2) % 90_000).to_le_bytes(),
        ]),
    });
}

const CUSTOMERS: [&str; 6] = [
    "Lindqvist & Co",
    "Harbor Books",
    "Okafor Trading",
    "Nordlicht GmbH",
    "Sato Optics",
    "Rivera Foods",
];
const STATES: [&str; 4] = ["paid", "shipped", "open", "returned"];

/// Pixels of four bytes: blue, green, red and unused.
fn window(offset: u64, seconds: u64, buffer: &mut [u8]) {
    records::<4>(offset, buffer, |pixel| {
        let (x, y) = (pixel % 1920, pixel / 1920);
        let blinks = y == 300 && (400..408).contains(&x) && seconds.is_multiple_of(2);
        match y {
            _ if blinks => [0x20, 0x20, 0x20, 0],
            0..72 => [0x4d, 0x40, 0x38, 0],
            _ if y % 24 > 14 || !noise(pixel / 5).is_multiple_of(3) => [0xff, 0xff, 0xff, 0],
            _ => [0x33, 0x2b, 0x24, 0],
        }
    });
}

fn poster(offset: u64, _: u64, buffer: &mut [u8]) {
    records::<4>(offset, buffer, |pixel| {
        let (x, y) = (pixel % 1280, pixel / 1280);
        [
            byte(wave(x, 255)),
            byte(wave(y, 200) + 30),
            byte(wave(x + y, 255)),
            0xff,
        ]
    });
}

/// A picture that moves.
fn video(offset: u64, seconds: u64, buffer: &mut [u8]) {
    records::<4>(offset, buffer, |pixel| {
        let (x, y) = (pixel % 1280 + 24 * seconds, pixel / 1280);
        let (sea, light) = (wave(x + y, 90), wave(y + 3 * seconds, 110));
        [byte(120 + sea), byte(60 + light), byte(20 + sea / 3), 0]
    });
}

/// The state that a simulation saved before it crashed: a line per checkpoint, then
/// numbers.
fn checkpoints(offset: u64, _: u64, buffer: &mut [u8]) {
    records::<64>(offset, buffer, |number| match number {
        0 => fields(&[b"\x1b[31mcheckpoint 0042\x00\x07 written"]),
        1..64 => {
            fields(&[format!("step {:07} residual 1e-{}\0", number * 500, number / 8).as_bytes()])
        }
        _ => {
            let value = |k| (wave(number * 8 + k, 4096) as f64) / 4096.0;
            let values: [[u8; 8]; 8] = std::array::from_fn(|k| value(k as u64).to_ne_bytes());
            fields(&[values.as_flattened()])
        }
    });
}

/// A rendered tile: its job, then pixels.
fn tile(offset: u64, _: u64, buffer: &mut [u8]) {
    records::<16>(offset, buffer, |number| match number {
        0 => fields(&[
            b"TILE\x01\0\0\0",
            &512_u32.to_ne_bytes(),
            &4_u32.to_ne_bytes(),
        ]),
        1 => fields(&[b"scene-0114.usd"]),
        2..64 => [0; 16],
        _ => {
            let light = wave(number / 64, 180);
            let grain = noise(number).to_ne_bytes();
            std::array::from_fn(|k| match k % 4 {
                3 => 0xff,
                channel => {
                    byte(light + 10 * channel as u64 + u64::from(pick(&grain, k as u64) & 7))
                }
            })
        }
    });
}

/// The used pages of the cache: one in some hundreds.
fn pages() -> Vec<Range<u64>> {
    let every = GIB / 600 / 4096 * 4096;
    let pages = (0..600).map(|page| page * every + noise(page) % 64 * 4096);
    pages.map(|start| start..start + 4096).collect()
}

fn memo(offset: u64, seconds: u64, buffer: &mut [u8]) {
    records::<128>(offset, buffer, |number| {
        let user = noise(number / 32) % 90_000;
        let hits = noise(number) % 1000 + seconds * (number % 3);
        let name = pick(&CUSTOMERS, user);
        let entry = format!(
            "user:{user}\0{{\"id\":{user},\"name\":\"{name}\",\"cart\":{}}}\0",
            user % 9
        );
        fields(&[
            &hits.to_ne_bytes(),
            &86_400_u64.to_ne_bytes(),
            entry.as_bytes(),
        ])
    });
}

/// Records of 64 bytes: number, symbol, price, quantity. The newest overwrite the
/// oldest.
fn ring(offset: u64, seconds: u64, buffer: &mut [u8]) {
    const SLOTS: u64 = GIB / 64;
    let head = 5_000_000_000 + seconds * 40;
    records::<64>(offset, buffer, |slot| {
        // The newest number that belongs in this slot and was already issued.
        let number = head - (head + SLOTS - slot) % SLOTS;
        let symbol = pick(&SYMBOLS, noise(number));
        let price = 90.0 + (noise(number / 9) % 2_000) as f64 / 100.0;
        fields(&[
            &number.to_ne_bytes(),
            symbol,
            &price.to_ne_bytes(),
            &(noise(number) % 500 * 10).to_ne_bytes(),
            &(1_790_000_000_000_000_000 + number * 25_000_000).to_ne_bytes(),
        ])
    });
}

const SYMBOLS: [&[u8]; 5] = [
    b"NORD\0\0\0\0",
    b"HARB\0\0\0\0",
    b"SATO\0\0\0\0",
    b"OKAF\0\0\0\0",
    b"LIND\0\0\0\0",
];

/// PHP's sysvshm: a header, and serialized variables one after the other.
fn sessions(offset: u64, seconds: u64, buffer: &mut [u8]) {
    let visits = 184_200 + seconds;
    let values = [
        (1, format!("i:{visits};")),
        (2, "s:5:\"0.9.4\";".to_owned()),
        (
            7,
            "a:2:{s:4:\"user\";s:3:\"ada\";s:4:\"cart\";i:3;}".to_owned(),
        ),
    ];
    let mut variables = Vec::new();
    for (key, value) in values {
        let length = value.len().next_multiple_of(8).max(8) + 24;
        let start = variables.len();
        for number in [key, value.len() as u64, length as u64] {
            variables.extend(number.to_ne_bytes());
        }
        variables.extend(value.as_bytes());
        variables.resize(start + length, 0);
    }
    let end = 40 + variables.len() as u64;
    let head = [40, end, 10_000 - end, 10_000].map(u64::to_ne_bytes);
    records::<4096>(offset, buffer, |_| {
        fields(&[b"PHP_SM\0\0", head.as_flattened(), &variables])
    });
}

fn legacy(offset: u64, seconds: u64, buffer: &mut [u8]) {
    records::<64>(offset, buffer, |number| match number {
        0 => fields(&[
            b"LEGACYD 2.3.1\0\0\0",
            &700_u64.to_ne_bytes(),
            &(777_600 + seconds).to_ne_bytes(),
        ]),
        1 => fields(&[b"password=changeme\0spool=/var/spool/legacy\0"]),
        slot => fields(&[
            &slot.to_ne_bytes(),
            &(noise(slot + seconds / 3) % 64).to_ne_bytes(),
        ]),
    });
}

/// Samples between -1 and 1 that run through the buffer.
fn audio(offset: u64, seconds: u64, buffer: &mut [u8]) {
    records::<4>(offset, buffer, |sample| {
        let at = sample + 480 * seconds;
        let (low, high) = (wave(at, 109) as f32, wave(at, 36) as f32);
        (low / 109.0 + high / 144.0 - 0.625).to_ne_bytes()
    });
}

/// A field of temperatures that converges.
fn grid(offset: u64, seconds: u64, buffer: &mut [u8]) {
    records::<8>(offset, buffer, |cell| {
        let (x, y) = (cell % 2896, cell / 2896);
        let hot = wave(x, 1448) * wave(y, 1448);
        let swing = if (x + y) % 97 == seconds % 97 {
            1.5
        } else {
            0.0
        };
        (273.15 + hot as f64 / 20_000.0 + swing).to_ne_bytes()
    });
}

fn weights(offset: u64, _: u64, buffer: &mut [u8]) {
    records::<4>(offset, buffer, |number| {
        let value = (noise(number) % 20_001) as f32 - 10_000.0;
        (value / 200_000.0).to_ne_bytes()
    });
}

fn journal(offset: u64, _: u64, buffer: &mut [u8]) {
    records::<96>(offset, buffer, |number| {
        let (minute, second) = (number / 60 % 60, number % 60);
        let job = noise(number) % 900;
        fields(&[format!(
            "12:{minute:02}:{second:02} job {job} took {} ms, queue {}\n",
            job * 3,
            job % 7
        )
        .as_bytes()])
    });
}
