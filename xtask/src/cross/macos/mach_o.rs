//! What a program for macOS says of itself: the load commands at the beginning of a Mach-O file (`mach-o/loader.h`).

use std::{fs, path::Path};

use crate::{Result, files::path_error};

/// The beginning of a 64-bit file.
const MAGIC: u32 = 0xfeed_facf;
/// The file type of programs.
const EXECUTE: u32 = 2;
/// The size of the header, which the load commands follow.
const HEADER: usize = 32;

const LOAD_DYLIB: u32 = 0xc;
const CODE_SIGNATURE: u32 = 0x1d;
const BUILD_VERSION: u32 = 0x32;
/// The platform number of macOS.
const MACOS: u32 = 1;

/// A processor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Processor {
    /// Apple's own.
    Arm64,
    /// Intel's.
    X86,
}

/// A program's description of itself.
#[derive(Debug, PartialEq, Eq)]
pub struct Program {
    /// The processor that it was compiled for.
    pub processor: Processor,
    /// The oldest version of macOS that starts it.
    pub minimum: Option<String>,
    /// The libraries and frameworks that it needs.
    pub libraries: Vec<String>,
    /// True if it has a signature, if only an ad-hoc one.
    pub is_signed: bool,
}

/// Reads a program.
pub fn read(path: &Path) -> Result<Program> {
    let bytes = fs::read(path).map_err(|error| path_error(path, &error))?;
    parse(&bytes).ok_or_else(|| format!("{}: not a 64-bit program for macOS", path.display()))
}

fn parse(bytes: &[u8]) -> Option<Program> {
    if number(bytes, 0)? != MAGIC || number(bytes, 12)? != EXECUTE {
        return None;
    }
    let processor = match number(bytes, 4)? {
        0x0100_000c => Processor::Arm64,
        0x0100_0007 => Processor::X86,
        _ => return None,
    };
    let mut program = Program { processor, minimum: None, libraries: Vec::new(), is_signed: false };
    let mut at = HEADER;
    for _ in 0..number(bytes, 16)? {
        let size = usize::try_from(number(bytes, at + 4)?).ok()?;
        let command = bytes.get(at..at.checked_add(size)?)?;
        match number(command, 0)? {
            LOAD_DYLIB => program.libraries.push(text(command, number(command, 8)?)?),
            CODE_SIGNATURE => program.is_signed = true,
            BUILD_VERSION if number(command, 8)? == MACOS => {
                let version = number(command, 12)?;
                program.minimum = Some(format!("{}.{}", version >> 16, (version >> 8) & 0xff));
            }
            _ => {}
        }
        at += size;
    }
    Some(program)
}

fn number(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(bytes.get(at..at.checked_add(4)?)?.try_into().ok()?))
}

fn text(command: &[u8], at: u32) -> Option<String> {
    let text = command.get(usize::try_from(at).ok()?..)?;
    let end = text.iter().position(|byte| *byte == 0)?;
    String::from_utf8(text[..end].to_vec()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A file of these load commands.
    fn file(processor: u32, commands: &[Vec<u32>]) -> Vec<u8> {
        let count = u32::try_from(commands.len()).expect("few");
        let header = [MAGIC, processor, 0, EXECUTE, count, 0, 0, 0];
        header.into_iter().chain(commands.concat()).flat_map(u32::to_le_bytes).collect()
    }

    #[test]
    fn the_load_commands_are_read() {
        let name = |four: &[u8; 4]| u32::from_le_bytes(*four);
        let bytes = file(
            0x0100_000c,
            &[
                vec![BUILD_VERSION, 24, MACOS, 13 << 16, 0, 0],
                vec![LOAD_DYLIB, 32, 24, 0, 0, 0, name(b"/lib"), name(b"/a\0\0")],
                vec![CODE_SIGNATURE, 16, 0, 0],
            ],
        );
        let program = parse(&bytes).expect("a program");
        assert_eq!(program.processor, Processor::Arm64);
        assert_eq!(program.minimum.as_deref(), Some("13.0"));
        assert_eq!(program.libraries, ["/lib/a"]);
        assert!(program.is_signed);
    }

    #[test]
    fn a_program_without_a_signature_or_cut_off_is_told_apart() {
        let bytes = file(0x0100_0007, &[vec![BUILD_VERSION, 24, MACOS, 0x000d_0300, 0, 0]]);
        let program = parse(&bytes).expect("a program");
        assert_eq!((program.processor, program.is_signed), (Processor::X86, false));
        assert_eq!(program.minimum.as_deref(), Some("13.3"));
        assert_eq!(parse(&bytes[..40]), None);
        assert_eq!(parse(b"\x7fELF"), None);
    }
}
