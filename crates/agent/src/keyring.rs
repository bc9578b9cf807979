//! Where secrets are kept, on a thread of its own: in the operating system's keyring a locked collection can block for
//! as long as a prompt stays open. Nothing waits for that thread for longer than it wants to, and nothing joins it.
//!
//! Machines without a desktop have no keyring. There, by explicit choice, a file or systemd's credentials hold secrets.

mod credentials;
#[cfg(unix)]
mod secrets_file;
mod system;

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use dyntray_core::protocol::retryable::RetryableError;
use dyntray_core::types::entry_id::EntryId;
use dyntray_core::types::hostname::Hostname;
use secrecy::SecretString;
use tokio::sync::{Notify, oneshot};
use tokio::time::timeout;

/// How long a secret is awaited before an update: long enough for any unlocked keyring.
const READ_LIMIT: Duration = Duration::from_secs(5);
/// How long a person who saves a secret may take to unlock the keyring.
const WRITE_LIMIT: Duration = Duration::from_mins(1);

/// Why the keyring didn't do as asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unavailable {
    /// It is locked, and perhaps asks the person to unlock it.
    Locked,
    /// There is none, or it failed.
    Absent,
    /// It can be read alone: somebody else fills it.
    ReadOnly,
}

/// Where secrets are kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SecretStore {
    /// In the operating system's keyring, all under this name.
    Keyring(String),
    /// In a file that nobody but its owner may read.
    #[cfg(unix)]
    File(PathBuf),
    /// As files of this folder, each named by its host: systemd's credentials. They can't be written.
    Credentials(PathBuf),
}

/// Who fills the place where secrets are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FilledBy {
    /// The person, here: an entry is saved with its secret.
    ThePerson,
    /// Somebody else, elsewhere, as with systemd's credentials: it can't be known here whether an entry has a secret. Who
    /// may save entries may read the secrets there, too, so that nothing is given away to whoever changes a server.
    SomebodyElse,
}

impl SecretStore {
    /// Whether secrets could be read from here, as far as that can be said without reading any.
    ///
    /// # Errors
    /// What is wrong with the file or folder, in the system's words or our own.
    pub fn check(&self) -> std::io::Result<()> {
        match self {
            SecretStore::Keyring(_) => Ok(()),
            #[cfg(unix)]
            SecretStore::File(path) => secrets_file::check(path),
            SecretStore::Credentials(folder) => std::fs::read_dir(folder).map(drop),
        }
    }

    fn filled_by(&self) -> FilledBy {
        match self {
            SecretStore::Keyring(_) => FilledBy::ThePerson,
            #[cfg(unix)]
            SecretStore::File(_) => FilledBy::ThePerson,
            SecretStore::Credentials(_) => FilledBy::SomebodyElse,
        }
    }
}

impl From<Unavailable> for RetryableError {
    fn from(unavailable: Unavailable) -> Self {
        match unavailable {
            Unavailable::Locked => RetryableError::KeyringLocked,
            Unavailable::Absent | Unavailable::ReadOnly => RetryableError::KeyringAbsent,
        }
    }
}

/// A handle to the keyring's thread.
#[derive(Clone)]
pub struct Keyring {
    jobs: mpsc::Sender<Job>,
    busy: Arc<AtomicBool>,
    back: Arc<Notify>,
    filled_by: FilledBy,
}

enum Job {
    Read(EntryId, Hostname, oneshot::Sender<Result<Option<SecretString>, Unavailable>>),
    Write(EntryId, SecretString, oneshot::Sender<Result<(), Unavailable>>),
    Remove(EntryId, oneshot::Sender<Result<(), Unavailable>>),
}

impl Keyring {
    /// Starts the thread. The keyring itself is opened by the first question, and again after every failure: at
    /// log-in this program may be there before it.
    pub fn start(kept: SecretStore) -> Self {
        let (jobs, inbox) = mpsc::channel();
        let filled_by = kept.filled_by();
        let keyring = Keyring { jobs, busy: Arc::default(), back: Arc::default(), filled_by };
        let (busy, back) = (keyring.busy.clone(), keyring.back.clone());
        let started =
            thread::Builder::new().name("keyring".to_owned()).spawn(move || work(kept, &inbox, &busy, &back));
        if let Err(error) = started {
            // Without the thread every question finds the channel closed, and is answered "absent".
            tracing::error!(%error, "the keyring's thread couldn't be started");
        }
        keyring
    }

    /// Who fills it.
    pub fn filled_by(&self) -> FilledBy {
        self.filled_by
    }

    /// Reads the secret of an entry, whose host is `hostname`; none when there is none.
    ///
    /// # Errors
    /// [`Unavailable`] at once while the keyring still waits for a person, else within 5 s.
    pub async fn read(
        &self,
        entry: EntryId,
        hostname: Hostname,
    ) -> Result<Option<SecretString>, Unavailable> {
        if self.busy.load(Ordering::SeqCst) {
            return Err(Unavailable::Locked);
        }
        self.ask(READ_LIMIT, |reply| Job::Read(entry, hostname, reply)).await
    }

    /// Saves an entry's secret, over any old one.
    ///
    /// # Errors
    /// [`Unavailable`] within 60 s.
    pub async fn write(&self, entry: EntryId, secret: SecretString) -> Result<(), Unavailable> {
        self.ask(WRITE_LIMIT, |reply| Job::Write(entry, secret, reply)).await
    }

    /// Removes an entry's secret; that there is none is no error.
    ///
    /// # Errors
    /// [`Unavailable`] within 60 s.
    pub async fn remove(&self, entry: EntryId) -> Result<(), Unavailable> {
        self.ask(WRITE_LIMIT, |reply| Job::Remove(entry, reply)).await
    }

    /// Returns when the keyring has come back after somebody gave up waiting for it.
    pub async fn back(&self) {
        self.back.notified().await;
    }

    async fn ask<T>(
        &self,
        limit: Duration,
        job: impl FnOnce(oneshot::Sender<Result<T, Unavailable>>) -> Job,
    ) -> Result<T, Unavailable> {
        let (reply, answer) = oneshot::channel();
        self.jobs.send(job(reply)).map_err(|_| Unavailable::Absent)?;
        match timeout(limit, answer).await {
            Ok(answered) => answered.unwrap_or(Err(Unavailable::Absent)),
            Err(_) => Err(Unavailable::Locked),
        }
    }
}

/// Works through the jobs. A job whose asker has gone before it began is left out, so that a secret that was
/// refused isn't saved behind the person's back.
fn work(kept: SecretStore, inbox: &mpsc::Receiver<Job>, busy: &AtomicBool, back: &Notify) {
    let mut store = Store::new(kept);
    while let Ok(job) = inbox.recv() {
        if job.is_abandoned() {
            continue;
        }
        busy.store(true, Ordering::SeqCst);
        let abandoned = match job {
            Job::Read(entry, hostname, reply) => reply.send(store.read(entry, &hostname)).is_err(),
            Job::Write(entry, secret, reply) => reply.send(store.write(entry, &secret)).is_err(),
            Job::Remove(entry, reply) => reply.send(store.remove(entry)).is_err(),
        };
        busy.store(false, Ordering::SeqCst);
        if abandoned {
            back.notify_one();
        }
    }
}

impl Job {
    fn is_abandoned(&self) -> bool {
        match self {
            Job::Read(_, _, reply) => reply.is_closed(),
            Job::Write(_, _, reply) | Job::Remove(_, reply) => reply.is_closed(),
        }
    }
}

/// The store of the thread.
enum Store {
    System(system::System),
    #[cfg(unix)]
    File(secrets_file::SecretsFile),
    Credentials(credentials::Credentials),
}

impl Store {
    fn new(kept: SecretStore) -> Self {
        match kept {
            SecretStore::Keyring(name) => Store::System(system::System::new(name)),
            #[cfg(unix)]
            SecretStore::File(path) => Store::File(secrets_file::SecretsFile::new(path)),
            SecretStore::Credentials(folder) => Store::Credentials(credentials::Credentials::new(folder)),
        }
    }

    fn read(&mut self, entry: EntryId, hostname: &Hostname) -> Result<Option<SecretString>, Unavailable> {
        match self {
            Store::System(system) => system.read(entry),
            #[cfg(unix)]
            Store::File(file) => file.read(entry),
            Store::Credentials(credentials) => credentials.read(hostname),
        }
    }

    fn write(&mut self, entry: EntryId, secret: &SecretString) -> Result<(), Unavailable> {
        match self {
            Store::System(system) => system.write(entry, secret),
            #[cfg(unix)]
            Store::File(file) => file.write(entry, secret),
            Store::Credentials(_) => Err(Unavailable::ReadOnly),
        }
    }

    fn remove(&mut self, entry: EntryId) -> Result<(), Unavailable> {
        match self {
            Store::System(system) => system.remove(entry),
            #[cfg(unix)]
            Store::File(file) => file.remove(entry),
            Store::Credentials(_) => Err(Unavailable::ReadOnly),
        }
    }
}
