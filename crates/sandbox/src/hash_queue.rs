//! The queue for hashing: two at work off the async threads, a bounded number waiting, the rest turned away.

use tokio::sync::{Semaphore, SemaphorePermit};

use crate::error::SandboxError;

/// So many hashes are worked on at once.
const WORKERS: usize = 2;

/// Who wants to hash takes a turn first.
pub(crate) struct HashQueue {
    /// Places for those at work and those who wait.
    places: Semaphore,
    workers: Semaphore,
}

/// One's turn; it ends when this is dropped.
pub(crate) struct Turn<'a> {
    _place: SemaphorePermit<'a>,
    _worker: SemaphorePermit<'a>,
}

impl HashQueue {
    /// A queue where so many may wait.
    pub(crate) fn new(waiting: u32) -> Self {
        let places = Semaphore::new(WORKERS + waiting as usize);
        Self { places, workers: Semaphore::new(WORKERS) }
    }

    /// Waits for a turn, or fails at once when too many wait already.
    pub(crate) async fn turn(&self) -> Result<Turn<'_>, SandboxError> {
        let place = self.places.try_acquire().map_err(|_| SandboxError::Busy)?;
        let worker = self.workers.acquire().await.map_err(|_| SandboxError::Stopped)?;
        Ok(Turn { _place: place, _worker: worker })
    }
}
