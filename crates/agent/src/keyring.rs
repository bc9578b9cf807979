//! The operating system's keyring, on a thread of its own: a locked collection can block for as long as a prompt
//! stays open. Nothing waits for that thread for longer than it wants to, and nothing joins it.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use dyntray_core::retry::Trouble;
use dyntray_core::settings::EntryId;
use keyring_core::Error;
use secrecy::{ExposeSecret, SecretString};
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
}

impl From<Unavailable> for Trouble {
    fn from(unavailable: Unavailable) -> Self {
        match unavailable {
            Unavailable::Locked => Trouble::KeyringLocked,
            Unavailable::Absent => Trouble::KeyringAbsent,
        }
    }
}

/// A handle to the keyring's thread.
#[derive(Clone)]
pub struct Keyring {
    jobs: mpsc::Sender<Job>,
    busy: Arc<AtomicBool>,
    back: Arc<Notify>,
}

enum Job {
    Read(EntryId, oneshot::Sender<Result<Option<SecretString>, Unavailable>>),
    Write(EntryId, SecretString, oneshot::Sender<Result<(), Unavailable>>),
    Remove(EntryId, oneshot::Sender<Result<(), Unavailable>>),
}

impl Keyring {
    /// Starts the thread. The keyring itself is opened by the first question, and again after every failure: at
    /// log-in this program may be there before it. All its items have `name` as their service.
    pub fn start(name: String) -> Self {
        let (jobs, inbox) = mpsc::channel();
        let keyring = Keyring { jobs, busy: Arc::default(), back: Arc::default() };
        let (busy, back) = (keyring.busy.clone(), keyring.back.clone());
        let started =
            thread::Builder::new().name("keyring".to_owned()).spawn(move || work(name, &inbox, &busy, &back));
        if let Err(error) = started {
            // Without the thread every question finds the channel closed, and is answered "absent".
            tracing::error!(%error, "the keyring's thread couldn't be started");
        }
        keyring
    }

    /// Reads an entry's secret; none when there is none.
    ///
    /// # Errors
    /// [`Unavailable`] at once while the keyring still waits for a person, else within 5 s.
    pub async fn read(&self, entry: EntryId) -> Result<Option<SecretString>, Unavailable> {
        if self.busy.load(Ordering::SeqCst) {
            return Err(Unavailable::Locked);
        }
        self.ask(READ_LIMIT, |reply| Job::Read(entry, reply)).await
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
fn work(name: String, inbox: &mpsc::Receiver<Job>, busy: &AtomicBool, back: &Notify) {
    let mut store = Store { name, open: false };
    while let Ok(job) = inbox.recv() {
        if job.is_abandoned() {
            continue;
        }
        busy.store(true, Ordering::SeqCst);
        let abandoned = match job {
            Job::Read(entry, reply) => reply.send(store.with(entry, read)).is_err(),
            Job::Write(entry, secret, reply) => {
                reply.send(store.with(entry, |item| item.set_password(secret.expose_secret()))).is_err()
            }
            Job::Remove(entry, reply) => reply.send(store.with(entry, remove)).is_err(),
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
            Job::Read(_, reply) => reply.is_closed(),
            Job::Write(_, _, reply) | Job::Remove(_, reply) => reply.is_closed(),
        }
    }
}

fn read(item: &keyring::Entry) -> Result<Option<SecretString>, Error> {
    match item.get_password() {
        Ok(secret) => Ok(Some(secret.into())),
        Err(Error::NoEntry) => Ok(None),
        Err(error) => Err(error),
    }
}

fn remove(item: &keyring::Entry) -> Result<(), Error> {
    match item.delete_credential() {
        Err(Error::NoEntry) => Ok(()),
        result => result,
    }
}

/// The platform's store, opened when it is first needed and again after it failed.
struct Store {
    name: String,
    open: bool,
}

impl Store {
    fn with<T>(
        &mut self,
        entry: EntryId,
        action: impl Fn(&keyring::Entry) -> Result<T, Error>,
    ) -> Result<T, Unavailable> {
        // A keyring that was restarted knows nothing of our session: a second try opens a new one.
        let was_open = self.open;
        match self.attempt(entry, &action) {
            Err(Unavailable::Absent) if was_open => self.attempt(entry, &action),
            result => result,
        }
    }

    fn attempt<T>(
        &mut self,
        entry: EntryId,
        action: impl Fn(&keyring::Entry) -> Result<T, Error>,
    ) -> Result<T, Unavailable> {
        let result = self.opened().and_then(|()| keyring::Entry::new(&self.name, &format!("entry-{entry}")));
        result.and_then(|item| action(&item)).map_err(|error| {
            let unavailable = meaning(&error);
            self.open = unavailable != Unavailable::Absent;
            // An error may carry the bytes of a secret: only its kind is logged.
            tracing::warn!(?unavailable, "the keyring did not answer as hoped");
            unavailable
        })
    }

    fn opened(&mut self) -> Result<(), Error> {
        if !self.open {
            open()?;
            self.open = true;
        }
        Ok(())
    }
}

/// Opens the secret service anew. The `keyring` crate opens it once for the whole process and keeps a failure; so it
/// is asked only after the service has answered us, and then works on our session.
#[cfg(target_os = "linux")]
fn open() -> Result<(), Error> {
    let store = zbus_secret_service_keyring_store::Store::new()?;
    if keyring::Entry::store_status().is_err() {
        return Err(Error::NoDefaultStore);
    }
    keyring_core::set_default_store(store);
    Ok(())
}

/// The other systems' stores are always there.
#[cfg(not(target_os = "linux"))]
fn open() -> Result<(), Error> {
    keyring::Entry::store_status().as_ref().copied().map_err(|_| Error::NoDefaultStore)
}

fn meaning(error: &Error) -> Unavailable {
    match error {
        Error::NoStorageAccess(_) => Unavailable::Locked,
        _ => Unavailable::Absent,
    }
}
