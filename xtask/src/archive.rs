//! Reproducible archives: the order, owners and times of their files are fixed.

use std::fs::{self, File};
use std::io::Write as _;
use std::path::{Path, PathBuf};

use flate2::Compression;
use flate2::write::GzEncoder;
use tar::{Builder, EntryType, Header};

use crate::project::Result;

/// A file in an archive.
pub(crate) struct Packed {
    pub(crate) path: String,
    pub(crate) bytes: Vec<u8>,
    pub(crate) executable: bool,
}

/// Creates a file that is read, not executed.
pub(crate) fn plain(path: &str, bytes: Vec<u8>) -> Packed {
    Packed {
        path: path.to_owned(),
        bytes,
        executable: false,
    }
}

/// Writes `NAME.tar.gz` into a directory and returns its path.
pub(crate) fn pack(directory: &Path, name: &str, files: &[Packed]) -> Result<PathBuf> {
    fs::create_dir_all(directory)?;
    let path = directory.join(format!("{name}.tar.gz"));
    let mut archive = Builder::new(GzEncoder::new(File::create(&path)?, Compression::best()));
    for file in files {
        let mut header = Header::new_gnu();
        header.set_entry_type(EntryType::Regular);
        header.set_size(file.bytes.len() as u64);
        header.set_mode(if file.executable { 0o755 } else { 0o644 });
        header.set_uid(0);
        header.set_gid(0);
        header.set_mtime(0);
        let inside = Path::new(name).join(&file.path);
        archive.append_data(&mut header, inside, file.bytes.as_slice())?;
    }
    archive.into_inner()?.finish()?;
    Ok(path)
}

/// Compresses bytes as a gzip file without a name or a time.
pub(crate) fn compressed(bytes: &[u8]) -> Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes)?;
    Ok(encoder.finish()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_archive_has_what_was_packed_and_is_the_same_again() {
        let files = [
            Packed {
                path: "bin/x".to_owned(),
                bytes: b"program".to_vec(),
                executable: true,
            },
            plain("share/doc/y", b"text".to_vec()),
        ];
        let name = format!("test-of-archive-{}", std::process::id());
        let directory = std::env::temp_dir();
        let path = pack(&directory, &name, &files).unwrap();
        let first = fs::read(&path).unwrap();
        let again = fs::read(pack(&directory, &name, &files).unwrap()).unwrap();
        fs::remove_file(path).unwrap();
        assert_eq!(first, again);
        let mut archive = tar::Archive::new(flate2::read::GzDecoder::new(first.as_slice()));
        let found: Vec<(String, u32, u64)> = archive
            .entries()
            .unwrap()
            .map(|entry| {
                let entry = entry.unwrap();
                let path = entry.path().unwrap().display().to_string();
                (path, entry.header().mode().unwrap(), entry.size())
            })
            .collect();
        let expected = [
            (format!("{name}/bin/x"), 0o755, 7),
            (format!("{name}/share/doc/y"), 0o644, 4),
        ];
        assert_eq!(found, expected);
    }
}
