//! The store of secrets, on a thread of its own, because a locked keyring blocks for as long as its prompt is open. Every
//! call has a time limit, and nothing joins the thread. A prompt comes once, and after a cancelled one only when a person
//! acts.
//!
//! Machines without a desktop have no keyring. There a file or systemd's credentials can hold the secrets, if the user
//! chooses so.

mod credentials;
mod error;
mod place;
mod prompting;
#[cfg(target_os = "linux")]
mod secret_service;
mod secret_store;
#[cfg(unix)]
mod secrets_file;
mod store;
mod system;
mod watch;
mod worker;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use dyntray_core::record::SecretPresence;
use dyntray_core::types::entry_id::EntryId;
use dyntray_core::types::hostname::Hostname;
use secrecy::SecretString;
use tokio::sync::{Notify, oneshot};
use tokio::time::timeout;

pub use self::error::KeyringError;
use self::prompting::Prompting;
use self::secret_store::StoreKind;
pub use self::secret_store::{FilledBy, SecretStore};
use self::store::Store;
pub(crate) use self::watch::KeyringWatch;
use self::worker::{Job, work};

/// The time limit for reading a secret before an update: long enough for any unlocked keyring.
const READ_LIMIT: Duration = Duration::from_secs(5);
/// The time limit for saving a secret, which includes unlocking the keyring by hand.
const WRITE_LIMIT: Duration = Duration::from_mins(1);

/// A handle to the keyring's thread.
#[derive(Clone)]
pub struct Keyring {
    jobs: mpsc::Sender<Job>,
    busy: Arc<AtomicBool>,
    back: Arc<Notify>,
    prompting: Prompting,
    kind: StoreKind,
    filled_by: FilledBy,
}

impl Keyring {
    /// Starts the thread. The keyring itself is opened by the first request, and again after every failure: at login
    /// this program may start before it.
    pub fn start(secrets: SecretStore) -> Self {
        let (jobs, inbox) = mpsc::channel();
        let filled_by = secrets.filled_by();
        let kind = secrets.kind();
        let prompting = Prompting::at_start();
        let store = Store::new(secrets, prompting.clone());
        let keyring =
            Keyring { jobs, busy: Arc::default(), back: Arc::default(), prompting, kind, filled_by };
        let (busy, back) = (keyring.busy.clone(), keyring.back.clone());
        let started = thread::Builder::new()
            .name("keyring".to_owned())
            .spawn(move || work(store, &inbox, &busy, &back));
        if let Err(error) = started {
            // Without the thread the channel is closed, and every request fails with `Absent`.
            tracing::error!(%error, "the keyring's thread couldn't be started");
        }
        keyring
    }

    /// The one who puts secrets into it.
    pub fn filled_by(&self) -> FilledBy {
        self.filled_by
    }

    /// Reads the secret of an entry, whose host is `hostname`; none if it has none.
    ///
    /// # Errors
    /// [`KeyringError`]: at once while the keyring is still busy with an earlier request, else within 5 s.
    pub async fn read(
        &self,
        entry: EntryId,
        hostname: Hostname,
    ) -> Result<Option<SecretString>, KeyringError> {
        if self.busy.load(Ordering::SeqCst) {
            return Err(KeyringError::Locked);
        }
        self.ask(READ_LIMIT, |reply| Job::Read(entry, hostname, reply)).await
    }

    /// Whether an entry, whose host is `hostname`, has a secret.
    pub async fn look_for(&self, entry: EntryId, hostname: Hostname) -> SecretPresence {
        match self.read(entry, hostname).await {
            Ok(Some(_)) => SecretPresence::Found,
            Ok(None) => SecretPresence::Missing { keyring: self.program().await },
            Err(_) => SecretPresence::Unknown,
        }
    }

    /// Saves an entry's secret, and replaces any old one.
    ///
    /// # Errors
    /// [`KeyringError`], within 60 s.
    pub async fn write(&self, entry: EntryId, secret: SecretString) -> Result<(), KeyringError> {
        self.ask(WRITE_LIMIT, |reply| Job::Write(entry, secret, reply)).await
    }

    /// Removes an entry's secret, if it has one.
    ///
    /// # Errors
    /// [`KeyringError`], within 60 s.
    pub async fn remove(&self, entry: EntryId) -> Result<(), KeyringError> {
        self.ask(WRITE_LIMIT, |reply| Job::Remove(entry, reply)).await
    }

    /// Unlocks the keyring, with a prompt where it is locked.
    ///
    /// # Errors
    /// [`KeyringError`], within 60 s: locked, if the person cancels the prompt, or if one is shown already.
    pub async fn unlock(&self) -> Result<(), KeyringError> {
        if self.prompting.is_shown() {
            return Err(KeyringError::Locked);
        }
        self.ask(WRITE_LIMIT, Job::Unlock).await
    }

    /// Starts a watch on it. Needs a tokio runtime with time and I/O.
    pub(crate) fn watch(&self) -> KeyringWatch {
        match self.kind {
            StoreKind::System => KeyringWatch::on_system(),
            StoreKind::Files => KeyringWatch::on_nothing(),
        }
    }

    /// Allows one more prompt, because a person acted.
    pub fn person_acts(&self) {
        self.prompting.person_acts();
    }

    /// The name of the program that keeps the secrets, or of the file or folder; none where nothing does, or while a prompt
    /// is shown.
    pub async fn owner(&self) -> Option<String> {
        if self.prompting.is_shown() {
            return None;
        }
        self.ask(READ_LIMIT, Job::Owner).await.ok().flatten()
    }

    /// The name of the program that keeps the secrets in the system's keyring; none where files keep them.
    pub async fn program(&self) -> Option<String> {
        match self.kind {
            StoreKind::System => self.owner().await,
            StoreKind::Files => None,
        }
    }

    /// Returns when the keyring has finished a request after its time limit, and so answers again.
    pub async fn back(&self) {
        self.back.notified().await;
    }

    async fn ask<T>(
        &self,
        limit: Duration,
        job: impl FnOnce(oneshot::Sender<Result<T, KeyringError>>) -> Job,
    ) -> Result<T, KeyringError> {
        let (reply, answer) = oneshot::channel();
        self.jobs.send(job(reply)).map_err(|_| KeyringError::Absent)?;
        match timeout(limit, answer).await {
            Ok(answered) => answered.unwrap_or(Err(KeyringError::Absent)),
            Err(_) => Err(KeyringError::Locked),
        }
    }
}
