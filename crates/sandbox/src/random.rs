//! Random values from the operating system.

use crate::error::SandboxError;

/// `N` random bytes.
pub(crate) fn bytes<const N: usize>() -> Result<[u8; N], SandboxError> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes)?;
    Ok(bytes)
}

/// 256 random bits in hexadecimal, for session cookies and CSRF tokens.
pub(crate) fn hex() -> Result<String, SandboxError> {
    Ok(to_hex(&bytes::<32>()?))
}

/// Bytes in lower-case hexadecimal.
pub(crate) fn to_hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        let _ = write!(text, "{byte:02x}"); // writing to a String can't fail
        text
    })
}
