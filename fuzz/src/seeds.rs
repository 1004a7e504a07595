//! Writes `fuzz/corpus/TARGET/`: what real kernels returned, from the fixtures
//! of the tests. The hexadecimal ones hold the start of a table, whose header
//! is made to promise as many slots as there are.

use std::fs;
use std::io;
use std::path::Path;

fn main() -> io::Result<()> {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shm/tests/fixtures");
    let read = |name: &str| fs::read(fixtures.join(name));

    let freebsd = hexadecimal(&read("freebsd-13.2-amd64-shmsegs.txt")?);
    write(
        "freebsd_segments",
        "6-slots",
        &[&[6, 0], &freebsd[..]].concat(),
    )?;
    for name in [
        "netbsd-7.0-amd64-shm_info",
        "netbsd-10.99.12-amd64-shm_info",
    ] {
        let mut table = hexadecimal(&read(&format!("{name}.txt"))?);
        table[12..16].copy_from_slice(&6_u32.to_le_bytes());
        write("netbsd_segments", name, &table)?;
    }
    let mut openbsd = hexadecimal(&read("openbsd-7.3-amd64-shm_info.txt")?);
    openbsd[8..12].copy_from_slice(&6_u32.to_le_bytes());
    openbsd.truncate(20 + 6 * 104);
    write("openbsd_segments", "6-slots", &openbsd)?;
    let macos = read("macos-xnu-11417.101.15-shm_iter.txt")?;
    let macos = String::from_utf8_lossy(&macos);
    for line in macos.lines() {
        let mut words = line.split(' ');
        match (words.next(), words.next(), words.next()) {
            (Some("NEXT"), Some(slot), Some(record)) => {
                write("macos_segment", slot, &hexadecimal(record.as_bytes()))?;
            }
            (Some("LIMITS"), Some(limits), None) => {
                write("macos_segment", "limits", &hexadecimal(limits.as_bytes()))?;
            }
            _ => {}
        }
    }
    let mut mapping = [0; 144];
    mapping[..4].copy_from_slice(&144_u32.to_le_bytes());
    mapping[44] = 0x80;
    write("freebsd_mappings", "two", &mapping.repeat(2))?;
    let unmarked = hexadecimal(&read("freebsd-13.2-amd64-vmmap.txt")?);
    write("freebsd_mappings", "13.2", &unmarked)?;
    let mut object = [0; 160];
    object[..4].copy_from_slice(&160_u32.to_le_bytes());
    object[132] = 1;
    write("freebsd_objects", "two", &object.repeat(2))?;
    let mut mapping = [0; 1128];
    mapping[24] = 5;
    write("netbsd_mappings", "two", &mapping.repeat(2))?;
    write("macos_region", "one", &[0; 96])?;
    for size in [1088, 992, 640, 568, 136] {
        write("processes", &size.to_string(), &vec![1; size])?;
    }
    write(
        "procfs_mappings",
        "5.9",
        &read("dragonfly-5.9-proc-map.txt")?,
    )?;
    write("dragonfly_rows", "5.9", &read("dragonfly-5.9-ipcs-am.txt")?)?;
    write(
        "linux_segments",
        "6.18",
        &read("linux-6.18-x86_64-sysvipc-shm.txt")?,
    )?;
    write(
        "linux_mappings",
        "6.18",
        &read("linux-6.18-x86_64-maps.txt")?,
    )
}

/// The bytes of the lines that are nothing but hexadecimal digits.
fn hexadecimal(fixture: &[u8]) -> Vec<u8> {
    let text = String::from_utf8_lossy(fixture);
    let is_hex = |line: &&str| !line.is_empty() && line.bytes().all(|b| b.is_ascii_hexdigit());
    let digits: Vec<u8> = text.lines().filter(is_hex).flat_map(str::bytes).collect();
    let digit = |byte: u8| char::from(byte).to_digit(16).unwrap_or(0) as u8;
    digits
        .chunks_exact(2)
        .map(|pair| digit(pair[0]) << 4 | digit(pair[1]))
        .collect()
}

fn write(target: &str, name: &str, bytes: &[u8]) -> io::Result<()> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("corpus")
        .join(target);
    fs::create_dir_all(&folder)?;
    fs::write(folder.join(name), bytes)
}
