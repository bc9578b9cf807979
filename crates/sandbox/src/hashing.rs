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

/// Returns true if the hash is that of this secret. A damaged hash matches nothing.
pub(crate) fn matches(secret: &str, stored: &str) -> bool {
    PasswordHash::new(stored)
        .is_ok_and(|hash| Argon2::default().verify_password(secret.as_bytes(), &hash).is_ok())
}
