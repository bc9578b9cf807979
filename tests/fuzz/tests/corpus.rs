//! Every target reads its corpus, thousands of mutations of it, and random bytes.

use std::fs;
use std::path::Path;

use dyntray_core::types::backoff::chance;
use dyntray_fuzz::{TARGETS, Target};

/// The number of mutations of each file, and of random inputs.
const CHANGED: usize = 4_000;
const RANDOM: usize = 8_000;

/// The same bytes in every run.
struct Chance {
    seed: u64,
    drawn: u64,
}

impl Chance {
    fn next(&mut self) -> u64 {
        self.drawn += 1;
        chance(self.seed, self.drawn)
    }

    fn below(&mut self, limit: usize) -> usize {
        usize::try_from(self.next() % limit.max(1) as u64).unwrap_or(0)
    }

    fn byte(&mut self) -> u8 {
        self.next().to_le_bytes()[0]
    }

    fn bytes(&mut self, length: usize) -> Vec<u8> {
        (0..length).map(|_| self.byte()).collect()
    }
}

/// One mutation, of a kind that happens in transit or on purpose.
fn change(bytes: &mut Vec<u8>, others: &[Vec<u8>], chance: &mut Chance) {
    let at = chance.below(bytes.len());
    match chance.below(7) {
        0 if !bytes.is_empty() => bytes[at] ^= 1 << chance.below(8),
        1 => bytes.truncate(at),
        2 => bytes.insert(at, chance.byte()),
        3 if !bytes.is_empty() => drop(bytes.remove(at)),
        4 => {
            let length = chance.below(64).min(bytes.len() - at);
            let piece = bytes[at..at + length].to_vec();
            for _ in 0..chance.below(20) {
                bytes.splice(at..at, piece.iter().copied());
            }
        }
        5 => {
            let other = &others[chance.below(others.len())];
            let from = chance.below(other.len());
            bytes.splice(at.., other[from..].iter().copied());
        }
        _ => bytes
            .splice(at..at, [0, 0xff, 0xc3, b'<', b'&', b'"'].into_iter().take(chance.below(6)))
            .for_each(drop),
    }
    bytes.truncate(100_000);
}

fn kept(name: &str) -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus").join(name);
    let files = fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut paths: Vec<_> = files.map(|file| file.expect("a file").path()).collect();
    paths.sort();
    paths.into_iter().map(|path| fs::read(path).expect("reads")).collect()
}

#[test]
fn no_bytes_break_any_reader() {
    for (name, target) in TARGETS {
        let kept = kept(name);
        assert!(!kept.is_empty(), "{name} has nothing to begin with");
        read(&(name, target), &kept);
    }
}

fn read((name, target): &Target, kept: &[Vec<u8>]) {
    let mut chance = Chance { seed: name.bytes().map(u64::from).sum(), drawn: 0 };
    target(b"");
    for bytes in kept {
        target(bytes);
        for _ in 0..CHANGED {
            let mut changed = bytes.clone();
            for _ in 0..=chance.below(4) {
                change(&mut changed, kept, &mut chance);
            }
            target(&changed);
        }
    }
    for _ in 0..RANDOM {
        let length = chance.below(600);
        target(&chance.bytes(length));
    }
}

#[test]
fn every_target_can_be_fuzzed() {
    let manifest = include_str!("../libfuzzer/Cargo.toml");
    for (name, _) in TARGETS {
        assert!(
            manifest.contains(&format!("name = \"{name}\"")),
            "{name} is missing in libfuzzer/Cargo.toml"
        );
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("libfuzzer/fuzz_targets/{name}.rs"));
        assert!(path.is_file(), "{}", path.display());
    }
}
