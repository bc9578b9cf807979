//! The sockets through which name servers are asked: a bounded number at a time.

use std::sync::Arc;

use dyntray_control::quarter_of_descriptors;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// The greatest number at a time. A check of a zone with four name servers, each with two addresses, has sixteen where
/// they are silent.
const MOST: usize = 64;

/// The sockets of all checks.
#[derive(Clone)]
pub(super) struct Sockets(Arc<Semaphore>);

impl Default for Sockets {
    /// At most a quarter of this process's descriptors, so that the others are left for updates and the local socket.
    fn default() -> Self {
        Sockets(Arc::new(Semaphore::new(quarter_of_descriptors(MOST))))
    }
}

impl Sockets {
    /// Waits until there may be one more. It counts until the permit is dropped.
    pub(super) async fn permit(&self) -> Option<OwnedSemaphorePermit> {
        // It fails only for a closed semaphore, and this one is never closed.
        self.0.clone().acquire_owned().await.ok()
    }
}
