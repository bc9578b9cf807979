//! Argon2 hashes of passwords and update tokens. Hashing is slow on purpose: call it off the async threads.

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};

use crate::error::SandboxError;

/// The cost of a hash.
#[derive(Clone, Copy)]
pub(crate) enum Cost {
    /// The cost for passwords, which people choose.
    Password,
    /// The cost for tokens: 56 random bits need no stretching, and updates must stay fast.
    Token,
}

/// Hashes a secret with a fresh salt into a PHC string.
pub(crate) fn hash(cost: Cost, secret: &str) -> Result<String, SandboxError> {
    #[cfg(test)]
    tests::count(cost);
    let params = match cost {
        Cost::Password => Params::default(),
        Cost::Token => {
            Params::new(4096, 1, 1, None).map_err(|error| SandboxError::Hash(error.to_string()))?
        }
    };
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
        .hash_password(secret.as_bytes())
        .map(|hash| hash.to_string())
        .map_err(|error| SandboxError::Hash(error.to_string()))
}

/// Returns true if the hash is that of this secret. Where there is none, or a damaged one, that takes as long as a wrong
/// secret: time doesn't tell whether there is a hash.
pub(crate) fn matches(cost: Cost, secret: &str, stored: Option<&str>) -> Result<bool, SandboxError> {
    let Some(Ok(stored)) = stored.map(PasswordHash::new) else {
        hash(cost, secret)?;
        return Ok(false);
    };
    #[cfg(test)]
    tests::count(cost);
    Ok(Argon2::default().verify_password(secret.as_bytes(), &stored).is_ok())
}

#[cfg(test)]
pub(crate) mod tests {
    use std::cell::Cell;

    use super::Cost;

    thread_local! {
        static COMPUTED: Cell<(u32, u32)> = const { Cell::new((0, 0)) };
    }

    pub(super) fn count(cost: Cost) {
        let (passwords, tokens) = COMPUTED.get();
        COMPUTED.set(match cost {
            Cost::Password => (passwords + 1, tokens),
            Cost::Token => (passwords, tokens + 1),
        });
    }

    /// The hashes of passwords and of tokens that this thread computed since the last call.
    pub(crate) fn computed() -> (u32, u32) {
        COMPUTED.take()
    }
}
