//! The store of secrets, on a thread of its own, because a locked keyring blocks for as long as its prompt is open. Every
//! call has a time limit, and nothing joins the thread. A prompt comes once, and after a cancelled one only when a person
//! acts.
//!
//! Machines without a desktop have no keyring. There a file can hold the secrets, if the user chooses so. Where systemd
//! hands credentials over, they come first, each for its host.

mod credentials;
mod error;
mod item;
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

use std::collections::BTreeSet;
use std::pin::pin;
use std::sync::Arc;
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use dyntray_core::record::SecretPresence;
use dyntray_core::types::hostname::Hostname;
use secrecy::SecretString;
use tokio::sync::{Notify, oneshot};
use tokio::time::timeout;

use self::credentials::Credentials;
pub use self::error::KeyringError;
pub use self::item::Item;
pub(crate) use self::item::Slot;
use self::prompting::Prompting;
pub use self::secret_store::SecretStore;
use self::secret_store::StoreKind;
pub(crate) use self::store::Before;
use self::store::Store;
pub(crate) use self::watch::KeyringWatch;
use self::worker::{Job, Progress, Urgency, work};

/// The time that an unlocked keyring takes at most for anything. What takes longer waits for a person.
const READ_LIMIT: Duration = Duration::from_secs(5);
/// The time that saving a secret may take, which includes unlocking the keyring by hand.
const WRITE_LIMIT: Duration = Duration::from_mins(1);

/// The longest wait for the name of the keyring's program.
const NAMING_LIMIT: Duration = Duration::from_secs(1);

/// The name of the program that is the system's keyring, asked on a connection of its own, so that it can be had while a
/// prompt is shown. None where something else keeps the secrets, nothing does, or it has no name.
pub async fn program_behind(secrets: &SecretStore) -> Option<String> {
    match secrets.kind() {
        StoreKind::System => {
            let named = tokio::task::spawn_blocking(system::program);
            timeout(NAMING_LIMIT, named).await.ok()?.ok()?
        }
        StoreKind::Files => None,
    }
}

/// A handle to the keyring's thread.
#[derive(Clone)]
pub struct Keyring {
    jobs: mpsc::Sender<Job>,
    progress: Arc<Progress>,
    back: Arc<Notify>,
    prompting: Prompting,
    kind: StoreKind,
    credentials: Option<Credentials>,
}

impl Keyring {
    /// Starts the thread. The keyring itself is opened by the first request, and again after every failure: at login
    /// this program may start before it.
    pub fn start(secrets: SecretStore) -> Self {
        let (credentials, kind) = (secrets.credentials(), secrets.kind());
        let prompting = Prompting::at_start();
        let of_store = prompting.clone();
        let open = move || Store::new(secrets.clone(), of_store.clone());
        Keyring::of(open, prompting, kind, credentials)
    }

    /// Starts the thread for a store, which is opened anew after a panic.
    fn of(
        open: impl Fn() -> Store + Send + 'static,
        prompting: Prompting,
        kind: StoreKind,
        credentials: Option<Credentials>,
    ) -> Self {
        let (jobs, inbox) = mpsc::channel();
        let keyring =
            Keyring { jobs, progress: Arc::default(), back: Arc::default(), prompting, kind, credentials };
        let (progress, back) = (keyring.progress.clone(), keyring.back.clone());
        let started = thread::Builder::new()
            .name("keyring".to_owned())
            .spawn(move || work(open, &inbox, &progress, &back));
        if let Err(error) = started {
            // Without the thread the channel is closed, and every request fails with `Absent`.
            tracing::error!(%error, "the keyring's thread couldn't be started");
        }
        keyring
    }

    /// The hosts whose secret systemd hands over. Everybody who may save entries may read these anyway, so a changed server
    /// reveals nothing new.
    pub(crate) fn given(&self) -> BTreeSet<Hostname> {
        self.credentials.as_ref().map(Credentials::hostnames).unwrap_or_default()
    }

    /// Those of the entries' secrets that surely aren't there. A keyring says that of none, and isn't asked.
    ///
    /// # Errors
    /// [`KeyringError::Unusable`] for a file that can't be read.
    pub(crate) async fn lacking(&self, items: Vec<(Item, Hostname)>) -> Result<Vec<Item>, KeyringError> {
        match self.kind {
            StoreKind::System => Ok(Vec::new()),
            StoreKind::Files => self.ask(READ_LIMIT, |reply| Job::Lacking(items, reply)).await,
        }
    }

    /// Reads the secret of an entry, whose host is `hostname`; none if it has none. It comes before all looks that wait.
    ///
    /// # Errors
    /// [`KeyringError`]: locked, once it takes longer than 5 s for this or for what comes before.
    pub async fn read(
        &self,
        item: impl Into<Item>,
        hostname: Hostname,
    ) -> Result<Option<SecretString>, KeyringError> {
        let item = item.into();
        self.ask(READ_LIMIT, |reply| Job::Read(item, hostname, Urgency::Awaited, reply)).await
    }

    /// Whether an entry, whose host is `hostname`, has a secret. It waits until nothing more urgent does.
    pub async fn look_for(&self, item: impl Into<Item>, hostname: Hostname) -> SecretPresence {
        let item = item.into();
        let look = |reply| Job::Read(item, hostname, Urgency::Leisurely, reply);
        match self.ask(READ_LIMIT, look).await {
            Ok(Some(_)) => SecretPresence::Found,
            Ok(None) => SecretPresence::Missing { keyring: self.program().await },
            Err(_) => SecretPresence::Unknown,
        }
    }

    /// Saves an entry's secret, and replaces any old one.
    ///
    /// # Errors
    /// [`KeyringError`]: locked, once it takes longer than 60 s for this or for what comes before.
    pub async fn write(&self, item: impl Into<Item>, secret: SecretString) -> Result<(), KeyringError> {
        self.replace(item, secret).await.map(drop)
    }

    /// Saves an entry's secret, and returns the one before.
    ///
    /// # Errors
    /// As [`Keyring::write`].
    pub(crate) async fn replace(
        &self,
        item: impl Into<Item>,
        secret: SecretString,
    ) -> Result<Before, KeyringError> {
        let item = item.into();
        self.ask(WRITE_LIMIT, |reply| Job::Write(item, secret, reply)).await
    }

    /// Removes an entry's secret, if it has one.
    ///
    /// # Errors
    /// As [`Keyring::write`].
    pub async fn remove(&self, item: impl Into<Item>) -> Result<(), KeyringError> {
        let item = item.into();
        self.ask(WRITE_LIMIT, |reply| Job::Remove(item, reply)).await
    }

    /// Unlocks the keyring, with a prompt where it is locked.
    ///
    /// # Errors
    /// As [`Keyring::write`]; locked as well, if the person cancels the prompt, or if one is shown already.
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

    /// Has a job done, for which the keyring may take `limit`. It waits its turn for as long as the jobs before take no
    /// longer than that, each by itself.
    async fn ask<T>(
        &self,
        limit: Duration,
        job: impl FnOnce(oneshot::Sender<Result<T, KeyringError>>) -> Job,
    ) -> Result<T, KeyringError> {
        let (reply, answer) = oneshot::channel();
        self.jobs.send(job(reply)).map_err(|_| KeyringError::Absent)?;
        let mut answer = pin!(answer);
        loop {
            if let Ok(answered) = timeout(self.progress.left_of(limit), &mut answer).await {
                return answered.unwrap_or_else(|_| Err(KeyringError::of_fault()));
            }
            if self.progress.left_of(limit).is_zero() {
                self.progress.give_up();
                return Err(KeyringError::Locked);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use dyntray_core::types::entry_id::EntryId;
    use std::time::Instant;
    use tokio::task::JoinSet;

    const LIMIT: Duration = Duration::from_secs(1);

    /// A keyring that takes so many milliseconds for each read, and none for further ones.
    fn slow(times: &[u64]) -> Keyring {
        let times: Vec<Duration> = times.iter().map(|time| Duration::from_millis(*time)).collect();
        let open = move || Store::Slow(times.iter().copied().collect());
        Keyring::of(open, Prompting::at_start(), StoreKind::Files, None)
    }

    /// All reads at once, each with that limit: whether it was locked, and after what time it said so.
    async fn read(keyring: &Keyring, count: usize) -> Vec<(bool, Duration)> {
        let (mut reads, began) = (JoinSet::new(), Instant::now());
        for _ in 0..count {
            let keyring = keyring.clone();
            reads.spawn(async move {
                let host = Hostname::parse("home.spdns.de").expect("a host name");
                let job = |reply| Job::Read(EntryId(1).into(), host, Urgency::Awaited, reply);
                (matches!(keyring.ask(LIMIT, job).await, Err(KeyringError::Locked)), began.elapsed())
            });
        }
        reads.join_all().await
    }

    #[tokio::test]
    async fn whoever_waits_for_others_waits_however_long_all_of_them_take_together() {
        let ended = read(&slow(&[200; 10]), 10).await;
        assert!(ended.iter().all(|(is_locked, _)| !is_locked), "{ended:?}");
        assert!(ended.iter().any(|(_, after)| *after > LIMIT), "{ended:?}");
    }

    #[tokio::test]
    async fn once_one_takes_too_long_all_are_told_and_again_as_soon_as_the_keyring_answers() {
        let keyring = slow(&[10, 4000]);
        assert_eq!(read(&keyring, 1).await.len(), 1);
        let ended = read(&keyring, 5).await;
        assert!(ended.iter().all(|(is_locked, after)| *is_locked && *after >= LIMIT), "{ended:?}");
        assert!(ended.iter().all(|(_, after)| *after < LIMIT * 3), "{ended:?}");
        // Whoever comes now is told at once.
        let late = read(&keyring, 1).await;
        assert!(late[0].0 && late[0].1 < LIMIT / 2, "{late:?}");
        timeout(Duration::from_secs(20), keyring.back()).await.expect("it answers again");
        assert!(!read(&keyring, 1).await[0].0);
    }
}
