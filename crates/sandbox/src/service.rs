//! The state that all request handlers share.

use std::sync::Arc;

use tokio::sync::watch;

use crate::error::SandboxError;
use crate::fault::Faults;
use crate::hash_queue::HashQueue;
use crate::options::Options;
use crate::store::Store;

/// The running service: its options, its data, the pending faults.
pub(crate) struct Service {
    pub(crate) options: Options,
    pub(crate) store: Store,
    pub(crate) faults: Arc<Faults>,
    pub(crate) hash_queue: HashQueue,
    /// Becomes true when the sandbox is to stop, so that hanging responses end at once.
    pub(crate) stopping: watch::Receiver<bool>,
}

impl Service {
    /// Does blocking work (the database) off the async thread.
    pub(crate) async fn blocking<T: Send + 'static>(
        self: &Arc<Self>,
        work: impl FnOnce(&Self) -> Result<T, SandboxError> + Send + 'static,
    ) -> Result<T, SandboxError> {
        let service = Arc::clone(self);
        tokio::task::spawn_blocking(move || work(&service)).await.map_err(|_| SandboxError::Stopped)?
    }

    /// Does work that hashes passwords or tokens, once the hash queue permits it.
    pub(crate) async fn hashing<T: Send + 'static>(
        self: &Arc<Self>,
        work: impl FnOnce(&Self) -> Result<T, SandboxError> + Send + 'static,
    ) -> Result<T, SandboxError> {
        let permit = self.hash_queue.acquire().await?;
        let outcome = self.blocking(work).await;
        drop(permit);
        outcome
    }
}
