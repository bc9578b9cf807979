//! The console program for Windows: `dyntray.com`, a copy of `dyntray.exe` that says in its header that it wants a console.
//! Nothing else differs, as with Visual Studio's `editbin /SUBSYSTEM`.
//!
//! The fields are those of Microsoft's "PE Format" (read in November 2026).

use std::{fs, path::Path};

use crate::{Result, files::path_error};

/// Its name beside the tray program.
pub const NAME: &str = "dyntray.com";

/// The place of the header's address.
const HEADER_ADDRESS: usize = 0x3c;
/// Signature and COFF header, in front of the optional header.
const BEFORE_OPTIONAL: usize = 24;
/// The places of two fields in the optional header, the same for 32 and 64 bits.
const CHECKSUM: usize = 64;
const SUBSYSTEM: usize = 68;

/// Windows' numbers of the subsystems.
const TRAY: u16 = 2;
const CONSOLE: u16 = 3;

/// Writes the console program that belongs to the tray program at `from`.
pub fn make(from: &Path, to: &Path) -> Result<()> {
    let mut program = fs::read(from).map_err(|error| path_error(from, &error))?;
    ask_for_console(&mut program)
        .ok_or_else(|| format!("{} is no program for Windows without a console", from.display()))?;
    fs::write(to, program).map_err(|error| path_error(to, &error))
}

/// Changes the header; none if it isn't that of a program without a console.
fn ask_for_console(program: &mut [u8]) -> Option<()> {
    let address = u32::from_le_bytes(*program.get(HEADER_ADDRESS..)?.first_chunk()?);
    let header = program.get_mut(usize::try_from(address).ok()?..)?;
    if !header.starts_with(b"PE\0\0") {
        return None;
    }
    let optional = header.get_mut(BEFORE_OPTIONAL..)?;
    let subsystem: &mut [u8; 2] = optional.get_mut(SUBSYSTEM..)?.first_chunk_mut()?;
    if u16::from_le_bytes(*subsystem) != TRAY {
        return None;
    }
    *subsystem = CONSOLE.to_le_bytes();
    // Only drivers need one, and the old one is wrong now.
    optional.get_mut(CHECKSUM..)?.first_chunk_mut::<4>()?.fill(0);
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn program(subsystem: u16) -> Vec<u8> {
        let mut program = vec![1; 0x200];
        program[HEADER_ADDRESS..][..4].copy_from_slice(&0x80_u32.to_le_bytes());
        program[0x80..][..4].copy_from_slice(b"PE\0\0");
        program[0x80 + BEFORE_OPTIONAL + SUBSYSTEM..][..2].copy_from_slice(&subsystem.to_le_bytes());
        program
    }

    #[test]
    fn the_console_program_differs_in_its_subsystem_and_has_no_wrong_checksum() {
        let before = program(TRAY);
        let mut after = before.clone();
        assert_eq!(ask_for_console(&mut after), Some(()));
        let differing: Vec<_> = (0..before.len()).filter(|&at| before[at] != after[at]).collect();
        let optional = 0x80 + BEFORE_OPTIONAL;
        let checksum = optional + CHECKSUM..optional + CHECKSUM + 4;
        assert_eq!(differing, checksum.chain([optional + SUBSYSTEM]).collect::<Vec<_>>());
        assert_eq!(u16::from(after[optional + SUBSYSTEM]), CONSOLE);
    }

    #[test]
    fn what_is_no_tray_program_makes_no_console_program() {
        assert_eq!(ask_for_console(&mut program(CONSOLE)), None);
        assert_eq!(ask_for_console(&mut b"#!/bin/sh\n".to_vec()), None);
        assert_eq!(ask_for_console(&mut program(TRAY)[..0x90]), None);
    }
}
