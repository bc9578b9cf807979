//! What every request handler shares.

use std::sync::Arc;

use jiff::Timestamp;
use tokio::sync::watch;

use crate::error::SandboxError;
use crate::fault::Faults;
use crate::hash_queue::HashQueue;
use crate::options::Options;
use crate::store::Store;

/// The running service: its data, its settings, the faults ordered for coming requests.
pub(crate) struct Service {
    pub(crate) options: Options,
    pub(crate) store: Store,
    pub(crate) faults: Arc<Faults>,
    pub(crate) hash_queue: HashQueue,
    /// Turns true when the sandbox is to stop, so that hanging answers end at once.
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

    /// Does work that hashes a password or token, when its turn has come.
    pub(crate) async fn hashing<T: Send + 'static>(
        self: &Arc<Self>,
        work: impl FnOnce(&Self) -> Result<T, SandboxError> + Send + 'static,
    ) -> Result<T, SandboxError> {
        let turn = self.hash_queue.turn().await?;
        let outcome = self.blocking(work).await;
        drop(turn);
        outcome
    }
}

/// The present moment in milliseconds since 1970, as the database keeps it.
pub(crate) fn now_ms() -> i64 {
    Timestamp::now().as_millisecond()
}

/// A moment from the database.
pub(crate) fn moment(ms: i64) -> Timestamp {
    Timestamp::from_millisecond(ms).unwrap_or(Timestamp::UNIX_EPOCH)
}
