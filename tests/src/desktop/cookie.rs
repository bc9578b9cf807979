//! The X server's cookie, as every display manager makes one: who doesn't have it isn't let in. Without it a program whose
//! server has ended would find the server of another desktop, which has taken the same number meanwhile.

use std::{
    fs::{self, File},
    io::{self, Read as _},
    path::Path,
};

const SCHEME: &[u8] = b"MIT-MAGIC-COOKIE-1";
/// Any host: libXau's `FamilyWild`.
const ANY_HOST: [u8; 2] = [0xff, 0xff];

/// Writes a new cookie for any display, in the format of libXau (`Xau(3)`).
pub(super) fn write(file: &Path) -> io::Result<()> {
    let mut cookie = [0; 16];
    File::open("/dev/urandom")?.read_exact(&mut cookie)?;
    let (no_host, any_display): (&[u8], &[u8]) = (&[], &[]);
    let mut line = ANY_HOST.to_vec();
    for field in [no_host, any_display, SCHEME, &cookie] {
        let length = u16::try_from(field.len()).map_err(io::Error::other)?;
        line.extend(length.to_be_bytes());
        line.extend(field);
    }
    fs::write(file, line)
}
