//! The work of the keyring's thread, job by job.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc;

use dyntray_core::types::entry_id::EntryId;
use dyntray_core::types::hostname::Hostname;
use secrecy::SecretString;
use tokio::sync::{Notify, oneshot};

use super::error::KeyringError;
use super::place::{Need, Place};
use super::store::Store;

/// One job, and where its result goes.
pub(super) enum Job {
    /// Read the secret of an entry, whose host has this name.
    Read(EntryId, Hostname, oneshot::Sender<Result<Option<SecretString>, KeyringError>>),
    /// Write an entry's secret.
    Write(EntryId, SecretString, oneshot::Sender<Result<(), KeyringError>>),
    /// Remove an entry's secret.
    Remove(EntryId, oneshot::Sender<Result<(), KeyringError>>),
    /// Unlock the keyring.
    Unlock(oneshot::Sender<Result<(), KeyringError>>),
    /// Name the program, file or folder that keeps the secrets.
    Owner(oneshot::Sender<Result<Option<String>, KeyringError>>),
}

/// Works through the jobs. A job that was abandoned before it began, or while a prompt was shown, is skipped, so that no
/// secret is saved after its saving was reported as failed.
pub(super) fn work(mut store: Store, inbox: &mpsc::Receiver<Job>, busy: &AtomicBool, back: &Notify) {
    while let Ok(job) = inbox.recv() {
        if job.is_abandoned() {
            continue;
        }
        busy.store(true, Ordering::SeqCst);
        let (abandoned, answers) = match job.prepare(&mut store) {
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

    /// Makes the place of its secret ready.
    fn prepare(&self, store: &mut Store) -> Result<Place, KeyringError> {
        match self {
            Job::Read(entry, ..) => store.prepare(Some(*entry), Need::Read),
            Job::Write(entry, ..) | Job::Remove(entry, _) => store.prepare(Some(*entry), Need::Write),
            Job::Unlock(_) => store.prepare(None, Need::Unlock),
            Job::Owner(_) => Ok(Place::Ready),
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
