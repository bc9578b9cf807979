//! Searching for leaked secrets in files of any kind, in process lists and in texts.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use base64::{Engine as _, engine::general_purpose::STANDARD_NO_PAD};
use memchr::memmem;

use crate::{Error, Result, processes};

/// A secret in every encoding in which it might leak.
#[derive(Clone)]
pub struct Secret {
    shapes: Vec<(&'static str, Vec<u8>)>,
}

/// A place where a secret was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Leak {
    /// The file, or the `/proc` path of a process.
    pub place: PathBuf,
    /// Byte offset in it.
    pub offset: usize,
    /// The encoding: `plain`, `UTF-16`, `hex`, `base64`.
    pub shape: &'static str,
}

impl Secret {
    /// Takes a secret of at least four bytes.
    ///
    /// # Panics
    /// With a shorter one, which would be found everywhere.
    pub fn new(secret: impl AsRef<[u8]>) -> Self {
        let plain = secret.as_ref();
        assert!(plain.len() >= 4, "too short to be searched for");
        let hex = plain.iter().fold(String::new(), |hex, byte| hex + &format!("{byte:02x}"));
        let mut shapes = vec![
            ("plain", plain.to_vec()),
            ("UTF-16", plain.iter().flat_map(|byte| [*byte, 0]).collect()),
            ("hex", hex.to_uppercase().into_bytes()),
            ("hex", hex.into_bytes()),
        ];
        shapes.extend((0..3).map(|before| ("base64", base64_core(plain, before))));
        Self { shapes }
    }

    /// Searches bytes; `place` is the name for a leak in them.
    pub fn find_in(&self, place: &Path, bytes: &[u8]) -> Vec<Leak> {
        let find = |(shape, needle): &(&'static str, Vec<u8>)| {
            let leak = |offset| Leak { place: place.to_owned(), offset, shape };
            memmem::find_iter(bytes, needle).map(leak).collect::<Vec<_>>()
        };
        self.shapes.iter().flat_map(find).collect()
    }

    /// Searches every file below a folder, databases and their write-ahead logs included. Links aren't followed;
    /// sockets, pipes and files that vanish meanwhile are passed over.
    pub fn find_below(&self, folder: &Path) -> Result<Vec<Leak>> {
        let mut leaks = Vec::new();
        let mut open = vec![folder.to_owned()];
        while let Some(folder) = open.pop() {
            for entry in
                fs::read_dir(&folder).map_err(|source| Error::File { path: folder.clone(), source })?
            {
                let entry = entry.map_err(|source| Error::File { path: folder.clone(), source })?;
                let path = entry.path();
                match entry.file_type() {
                    Ok(kind) if kind.is_dir() => open.push(path),
                    Ok(kind) if kind.is_file() => match fs::read(&path) {
                        Ok(bytes) => leaks.extend(self.find_in(&path, &bytes)),
                        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                        Err(source) => return Err(Error::File { path, source }),
                    },
                    _ => {}
                }
            }
        }
        Ok(leaks)
    }

    /// Searches the command lines and environments of processes.
    pub fn find_in_processes(&self, pids: &[u32]) -> Vec<Leak> {
        let look = |pid: &u32| {
            let carried =
                [("cmdline", processes::command_line(*pid)), ("environ", processes::environment(*pid))];
            carried
                .into_iter()
                .flat_map(|(file, words)| {
                    let place = PathBuf::from(format!("/proc/{pid}/{file}"));
                    self.find_in(&place, words.join("\0").as_bytes())
                })
                .collect::<Vec<_>>()
        };
        pids.iter().flat_map(look).collect()
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("Secret(…)")
    }
}

/// The letters that a secret is sure to leave in base64 when `before` bytes (modulo 3) stand in front of it, and
/// anything behind: the part of `Authorization: Basic` that belongs to the password alone.
fn base64_core(secret: &[u8], before: usize) -> Vec<u8> {
    let mut padded = vec![0; before];
    padded.extend_from_slice(secret);
    let letters = STANDARD_NO_PAD.encode(&padded).into_bytes();
    // A letter holds six bits; those that share bits with a neighbour depend on it.
    let first = (before * 8).div_ceil(6);
    let last = padded.len() * 8 / 6;
    letters[first..last].to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_found_in_a_basic_authorization_whatever_the_user_is_called() {
        let secret = Secret::new("abcdefghijkl");
        for user in ["a", "ab", "abc", "home.spdns.de"] {
            let header = base64::engine::general_purpose::STANDARD.encode(format!("{user}:abcdefghijkl"));
            let leaks = secret.find_in(Path::new("header"), header.as_bytes());
            assert_eq!(leaks.len(), 1, "{user}: {leaks:?}");
            assert_eq!(leaks[0].shape, "base64");
        }
    }

    #[test]
    fn every_shape_is_found_and_nothing_else() {
        let secret = Secret::new("geheim");
        let place = Path::new("here");
        assert_eq!(secret.find_in(place, b"xx geheim")[0].offset, 3);
        assert_eq!(secret.find_in(place, b"g\0e\0h\0e\0i\0m\0")[0].shape, "UTF-16");
        assert_eq!(secret.find_in(place, b"67656865696d")[0].shape, "hex");
        assert_eq!(secret.find_in(place, b"67656865696D")[0].shape, "hex");
        assert_eq!(secret.find_in(place, b"gehei m"), []);
        assert!(!format!("{secret:?}").contains("geheim"));
    }
}
