//! Argon2 for passwords and update tokens. Slow on purpose: call it off the async threads.

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};

use crate::error::SandboxError;

/// How much work a hash costs.
#[derive(Clone, Copy)]
pub(crate) enum Cost {
    /// For passwords that people choose.
    Password,
    /// For tokens: 56 random bits need no stretching, and an update must stay quick.
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

/// Whether the secret is the one that was hashed. A damaged hash matches nothing.
pub(crate) fn matches(secret: &str, stored: &str) -> bool {
    PasswordHash::new(stored)
        .is_ok_and(|hash| Argon2::default().verify_password(secret.as_bytes(), &hash).is_ok())
}
