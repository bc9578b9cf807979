//! The work of the keyring's thread, job by job. A panic fails its job only.

use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::time::{Duration, Instant};

use dyntray_core::types::hostname::Hostname;
use secrecy::SecretString;
use tokio::sync::{Notify, oneshot};

use super::error::KeyringError;
use super::item::Item;
use super::place::{Need, Place};
use super::store::{Before, Store};
use crate::faults::{contain_call, fail_on_purpose};

/// One job, and where its result goes.
pub(super) enum Job {
    /// Read the secret of an entry, whose host has this name.
    Read(Item, Hostname, Urgency, oneshot::Sender<Result<Option<SecretString>, KeyringError>>),
    /// Write an entry's secret, and tell the one before.
    Write(Item, SecretString, oneshot::Sender<Result<Before, KeyringError>>),
    /// Remove an entry's secret.
    Remove(Item, oneshot::Sender<Result<(), KeyringError>>),
    /// Tell which of these items the store surely lacks.
    Lacking(Vec<(Item, Hostname)>, oneshot::Sender<Result<Vec<Item>, KeyringError>>),
    /// Unlock the keyring.
    Unlock(oneshot::Sender<Result<(), KeyringError>>),
    /// Name the program, file or folder that keeps the secrets.
    Owner(oneshot::Sender<Result<Option<String>, KeyringError>>),
}

/// The urgency of a job.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Urgency {
    /// A request or a person waits for it.
    Awaited,
    /// Nobody does: it is one of many looks.
    Leisurely,
}

/// What the thread and its askers share.
#[derive(Default)]
pub(super) struct Progress {
    /// The beginning of the job that is being done.
    began: Mutex<Option<Instant>>,
    /// True if anybody has given up since that job began.
    gave_up: AtomicBool,
}

impl Progress {
    /// The time that is left until a job is given up for which the keyring may take `limit`: the job that is being done may
    /// take that long, whoever has asked for it. While none is being done, another one is about to begin.
    pub(super) fn left_of(&self, limit: Duration) -> Duration {
        let began = *self.began.lock().unwrap_or_else(PoisonError::into_inner);
        began.map_or(limit, |began| limit.saturating_sub(began.elapsed()))
    }

    /// Notes that somebody has given up.
    pub(super) fn give_up(&self) {
        self.gave_up.store(true, Ordering::SeqCst);
    }

    fn begin(&self) {
        self.gave_up.store(false, Ordering::SeqCst);
        *self.began.lock().unwrap_or_else(PoisonError::into_inner) = Some(Instant::now());
    }

    /// Notes the end of a job. True if anybody has given up meanwhile.
    fn end(&self) -> bool {
        *self.began.lock().unwrap_or_else(PoisonError::into_inner) = None;
        self.gave_up.load(Ordering::SeqCst)
    }
}

/// The jobs that wait: those that are awaited first, each kind in the order in which it came.
#[derive(Default)]
struct Queue {
    awaited: VecDeque<Job>,
    leisurely: VecDeque<Job>,
}

impl Queue {
    fn push(&mut self, job: Job) {
        match job.urgency() {
            Urgency::Awaited => self.awaited.push_back(job),
            Urgency::Leisurely => self.leisurely.push_back(job),
        }
    }

    /// The next job, once there is one; none when nobody can ask any more.
    fn next(&mut self, inbox: &mpsc::Receiver<Job>) -> Option<Job> {
        if self.awaited.is_empty() && self.leisurely.is_empty() {
            self.push(inbox.recv().ok()?);
        }
        while let Ok(job) = inbox.try_recv() {
            self.push(job);
        }
        self.awaited.pop_front().or_else(|| self.leisurely.pop_front())
    }
}

/// Works through the jobs. A job that was abandoned before it began, or while a prompt was shown, is skipped, so that no
/// secret is saved after its saving was reported as failed.
pub(super) fn work(
    open: impl Fn() -> Store,
    inbox: &mpsc::Receiver<Job>,
    progress: &Arc<Progress>,
    back: &Notify,
) {
    let mut queue = Queue::default();
    let mut store = open();
    while let Some(job) = queue.next(inbox) {
        if job.is_abandoned() {
            continue;
        }
        progress.begin();
        let worked = catch_unwind(AssertUnwindSafe(|| contain_call(|| job.work(&mut store))));
        let is_awaited = progress.end();
        // After a panic whoever asked gets no answer, and the store is opened anew.
        let Ok(answers) = worked else {
            store = open();
            continue;
        };
        // After a cancelled prompt nothing is tried again.
        if is_awaited && answers {
            back.notify_one();
        }
    }
}

impl Job {
    fn urgency(&self) -> Urgency {
        match self {
            Job::Read(_, _, urgency, _) => *urgency,
            Job::Write(..) | Job::Remove(..) | Job::Lacking(..) | Job::Unlock(_) => Urgency::Awaited,
            Job::Owner(_) => Urgency::Leisurely,
        }
    }

    fn is_abandoned(&self) -> bool {
        match self {
            Job::Read(_, _, _, reply) => reply.is_closed(),
            Job::Write(_, _, reply) => reply.is_closed(),
            Job::Lacking(_, reply) => reply.is_closed(),
            Job::Remove(_, reply) | Job::Unlock(reply) => reply.is_closed(),
            Job::Owner(reply) => reply.is_closed(),
        }
    }

    /// Makes the place ready and does the job. Tells whether the store answered. A secret that somebody else keeps ready
    /// needs no place: no prompt may be shown for it.
    fn work(self, store: &mut Store) -> bool {
        fail_on_purpose("the keyring");
        if let Job::Read(_, hostname, ..) = &self {
            let given = store.read_given(hostname).transpose();
            if let Some(given) = given {
                return self.give(given);
            }
        }
        match self.prepare(store) {
            prepared if self.is_abandoned() => prepared.is_ok(),
            prepared => self.perform(store, prepared),
        }
    }

    /// Makes the place of its secret ready.
    fn prepare(&self, store: &mut Store) -> Result<Place, KeyringError> {
        match self {
            Job::Read(item, ..) => store.prepare(Some(*item), Need::Read),
            Job::Write(item, ..) | Job::Remove(item, _) => store.prepare(Some(*item), Need::Write),
            Job::Unlock(_) => store.prepare(None, Need::Unlock),
            Job::Lacking(..) | Job::Owner(_) => Ok(Place::Ready),
        }
    }

    /// Answers a read with a secret that needed no preparation.
    fn give(self, given: Result<SecretString, KeyringError>) -> bool {
        let answers = given.is_ok();
        if let Job::Read(_, _, _, to) = self {
            // The asker may have given up, and says so itself.
            let _ = to.send(given.map(Some));
        }
        answers
    }

    /// Does the job. Tells whether the store answered.
    fn perform(self, store: &mut Store, prepared: Result<Place, KeyringError>) -> bool {
        fn reply<T>(to: oneshot::Sender<Result<T, KeyringError>>, answer: Result<T, KeyringError>) -> bool {
            let answers = answer.is_ok();
            // The asker may have given up, and says so itself.
            let _ = to.send(answer);
            answers
        }
        match self {
            Job::Read(item, _, _, to) => reply(
                to,
                prepared.and_then(|place| match place {
                    Place::Ready => store.read(item),
                    Place::Empty => Ok(None),
                }),
            ),
            Job::Write(item, secret, to) => reply(to, prepared.and_then(|_| store.replace(item, &secret))),
            Job::Remove(item, to) => reply(to, prepared.and_then(|_| store.remove(item))),
            Job::Lacking(items, to) => reply(to, store.lacking(&items)),
            Job::Unlock(to) => reply(to, prepared.map(drop)),
            Job::Owner(to) => reply(to, prepared.map(|_| store.owner())),
        }
    }
}
