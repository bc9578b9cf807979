//! The queue for hashing: two hashes at a time off the async threads, a bounded number waiting, the rest rejected.

use tokio::sync::{Semaphore, SemaphorePermit};

use crate::error::SandboxError;

/// The number of hashes computed at a time.
const WORKERS: usize = 2;

/// A limit on concurrent hashing.
pub(crate) struct HashQueue {
    /// Slots for those being computed and those that wait.
    slots: Semaphore,
    workers: Semaphore,
}

/// Permission to hash, until it is dropped.
pub(crate) struct HashPermit<'a> {
    _slot: SemaphorePermit<'a>,
    _worker: SemaphorePermit<'a>,
}

impl HashQueue {
    /// A queue with room for `waiting` hashes beside those being computed.
    pub(crate) fn new(waiting: u32) -> Self {
        let slots = Semaphore::new(WORKERS + waiting as usize);
        Self { slots, workers: Semaphore::new(WORKERS) }
    }

    /// Waits for permission to hash, or fails at once when the queue is full.
    pub(crate) async fn acquire(&self) -> Result<HashPermit<'_>, SandboxError> {
        let slot = self.slots.try_acquire().map_err(|_| SandboxError::Busy)?;
        let worker = self.workers.acquire().await.map_err(|_| SandboxError::Stopped)?;
        Ok(HashPermit { _slot: slot, _worker: worker })
    }
}
