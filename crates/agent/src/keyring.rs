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
#[cfg(unix)]
mod secrets_file;
mod system;
mod watch;

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use dyntray_core::types::entry_id::EntryId;
use dyntray_core::types::hostname::Hostname;
use secrecy::SecretString;
use tokio::sync::{Notify, oneshot};
use tokio::time::timeout;

pub use self::error::KeyringError;
use self::place::{Need, Place};
use self::prompting::Prompting;
pub(crate) use self::watch::KeyringWatch;

/// The time limit for reading a secret before an update: long enough for any unlocked keyring.
const READ_LIMIT: Duration = Duration::from_secs(5);
/// The time limit for saving a secret, which includes unlocking the keyring by hand.
const WRITE_LIMIT: Duration = Duration::from_mins(1);

/// The place where secrets are kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SecretStore {
    /// The operating system's keyring; all items have this service name.
    Keyring(String),
    /// A file that only its owner may read.
    #[cfg(unix)]
    File(PathBuf),
    /// A folder with systemd's credentials, a file for each host. It can't be written.
    Credentials(PathBuf),
}

/// The kind of store, as far as a handle must know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum StoreKind {
    /// The system's keyring, which others lock and open as well.
    System,
    /// A file or folder.
    Files,
}

/// The one who puts secrets into the store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FilledBy {
    /// The person, with Dyntray: an entry is saved with its secret.
    ThePerson,
    /// Somebody else, outside of Dyntray, as with systemd's credentials. Whether an entry has a secret isn't known here.
    /// Everybody who may save entries may read these secrets anyway, so a changed server reveals nothing new.
    SomebodyElse,
}

impl SecretStore {
    /// Checks that secrets can be read from here, as far as that shows without reading any.
    ///
    /// # Errors
    /// The problem with the file or folder.
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

enum Job {
    Read(EntryId, Hostname, oneshot::Sender<Result<Option<SecretString>, KeyringError>>),
    Write(EntryId, SecretString, oneshot::Sender<Result<(), KeyringError>>),
    Remove(EntryId, oneshot::Sender<Result<(), KeyringError>>),
    Unlock(oneshot::Sender<Result<(), KeyringError>>),
    Owner(oneshot::Sender<Result<Option<String>, KeyringError>>),
}

impl Keyring {
    /// Starts the thread. The keyring itself is opened by the first request, and again after every failure: at login
    /// this program may start before it.
    pub fn start(secrets: SecretStore) -> Self {
        let (jobs, inbox) = mpsc::channel();
        let filled_by = secrets.filled_by();
        let kind = match secrets {
            SecretStore::Keyring(_) => StoreKind::System,
            _ => StoreKind::Files,
        };
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

/// Works through the jobs. A job that was abandoned before it began, or while a prompt was shown, is skipped, so that no
/// secret is saved after its saving was reported as failed.
fn work(mut store: Store, inbox: &mpsc::Receiver<Job>, busy: &AtomicBool, back: &Notify) {
    while let Ok(job) = inbox.recv() {
        if job.is_abandoned() {
            continue;
        }
        busy.store(true, Ordering::SeqCst);
        let (abandoned, answers) = match store.prepare(&job) {
            prepared if job.is_abandoned() => (true, prepared.is_ok()),
            prepared => job.perform(&mut store, prepared),
        };
        busy.store(false, Ordering::SeqCst);
        // After a cancelled prompt nothing is tried again.
        if abandoned && answers {
            back.notify_one();
        }
    }
}

impl Job {
    fn is_abandoned(&self) -> bool {
        match self {
            Job::Read(_, _, reply) => reply.is_closed(),
            Job::Write(_, _, reply) | Job::Remove(_, reply) | Job::Unlock(reply) => reply.is_closed(),
            Job::Owner(reply) => reply.is_closed(),
        }
    }

    /// Does the job. Tells whether it was abandoned, and whether the store answered.
    fn perform(self, store: &mut Store, prepared: Result<Place, KeyringError>) -> (bool, bool) {
        fn reply<T>(
            to: oneshot::Sender<Result<T, KeyringError>>,
            answer: Result<T, KeyringError>,
        ) -> (bool, bool) {
            let answers = answer.is_ok();
            (to.send(answer).is_err(), answers)
        }
        match self {
            Job::Read(entry, hostname, to) => reply(
                to,
                prepared.and_then(|place| match place {
                    Place::Ready => store.read(entry, &hostname),
                    Place::Empty => Ok(None),
                }),
            ),
            Job::Write(entry, secret, to) => reply(to, prepared.and_then(|_| store.write(entry, &secret))),
            Job::Remove(entry, to) => reply(to, prepared.and_then(|_| store.remove(entry))),
            Job::Unlock(to) => reply(to, prepared.map(drop)),
            Job::Owner(to) => reply(to, prepared.map(|_| store.owner())),
        }
    }
}

/// The opened store, owned by the thread.
enum Store {
    System(system::System),
    #[cfg(unix)]
    File(secrets_file::SecretsFile),
    Credentials(credentials::Credentials),
}

impl Store {
    fn new(secrets: SecretStore, prompting: Prompting) -> Self {
        match secrets {
            SecretStore::Keyring(name) => Store::System(system::System::new(name, prompting)),
            #[cfg(unix)]
            SecretStore::File(path) => Store::File(secrets_file::SecretsFile::new(path)),
            SecretStore::Credentials(folder) => Store::Credentials(credentials::Credentials::new(folder)),
        }
    }

    /// Makes the place of a job's secret ready. Only the system's keyring can be locked.
    fn prepare(&mut self, job: &Job) -> Result<Place, KeyringError> {
        let Store::System(system) = self else { return Ok(Place::Ready) };
        match job {
            Job::Read(entry, ..) => system.prepare(Some(*entry), Need::Read),
            Job::Write(entry, ..) | Job::Remove(entry, _) => system.prepare(Some(*entry), Need::Write),
            Job::Unlock(_) => system.prepare(None, Need::Unlock),
            Job::Owner(_) => Ok(Place::Ready),
        }
    }

    /// The name of the program that keeps the secrets, or the path.
    fn owner(&mut self) -> Option<String> {
        match self {
            Store::System(system) => system.owner(),
            #[cfg(unix)]
            Store::File(file) => Some(file.path().display().to_string()),
            Store::Credentials(credentials) => Some(credentials.folder().display().to_string()),
        }
    }

    fn read(&mut self, entry: EntryId, hostname: &Hostname) -> Result<Option<SecretString>, KeyringError> {
        match self {
            Store::System(system) => system.read(entry),
            #[cfg(unix)]
            Store::File(file) => file.read(entry),
            Store::Credentials(credentials) => credentials.read(hostname),
        }
    }

    fn write(&mut self, entry: EntryId, secret: &SecretString) -> Result<(), KeyringError> {
        match self {
            Store::System(system) => system.write(entry, secret),
            #[cfg(unix)]
            Store::File(file) => file.write(entry, secret),
            Store::Credentials(_) => Err(KeyringError::ReadOnly),
        }
    }

    fn remove(&mut self, entry: EntryId) -> Result<(), KeyringError> {
        match self {
            Store::System(system) => system.remove(entry),
            #[cfg(unix)]
            Store::File(file) => file.remove(entry),
            Store::Credentials(_) => Err(KeyringError::ReadOnly),
        }
    }
}
