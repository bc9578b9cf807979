//! Performs the steps that take time, in tasks beside the loop: look-ups, requests, DNS checks.

use dyntray_core::Event;
use dyntray_core::observe::dns::{DnsAnswer, DnsProblem};
use dyntray_core::observe::observation::{LookUpProblem, Observation};
use dyntray_core::protocol::request::UpdateRequest;
use dyntray_core::protocol::retryable::RetryableError;
use dyntray_core::record::{SecretPresence, SendEnd};
use dyntray_core::types::address::Family;
use dyntray_core::types::entry_id::EntryId;
use dyntray_core::types::source::{Origin, Source};

use super::Agent;
use super::task_result::{LookUpEnd, TaskResult};
use crate::faults::{contain, fail_on_purpose};
use crate::router::Router;
use crate::web_resolver::LookedUp;
use crate::{releases, sender, web_resolver};

impl Agent {
    pub(super) fn begin_look_up(&mut self, source: Source, router: Router) {
        self.dispatch(Event::LookUpStarted(source));
        let resolver = self.settings.resolver(source).cloned();
        let salt = self.state.seed;
        let look_up = async move {
            fail_on_purpose("a look-up");
            match source.origin {
                Origin::WebResolver | Origin::FallBack { .. } => match resolver {
                    Some(resolver) => {
                        let ended = web_resolver::look_up(&resolver, source.family).await;
                        TaskResult::LookUp(source, ended.into())
                    }
                    None => failed_look_up(source),
                },
                Origin::Router => {
                    let answer = router.look_up(source.family).await;
                    let end = LookUpEnd {
                        identity: router.identity(salt),
                        local_network: Some(router.local_network()),
                        ..answer.into()
                    };
                    TaskResult::LookUp(source, end)
                }
                // These need no question: the network's reading and the settings have the addresses.
                Origin::Interface | Origin::Fixed => failed_look_up(source),
            }
        };
        self.spawn(off_the_loop(look_up), failed_look_up(source));
    }

    pub(super) fn begin_dns_check(&mut self, id: EntryId) {
        self.dispatch(Event::DnsCheckStarted(id));
        let (name_server, checks) = (self.settings.name_server, self.dns_checks.clone());
        let unknown = DnsAnswer::CantVerify(DnsProblem::NoNameServers);
        let failed = TaskResult::DnsCheck(id, unknown.clone());
        let asked = self.settings.entry(id).map(|entry| {
            let families: Vec<Family> = self.state.entry(id).families_to_check(entry.records).collect();
            (entry.hostname.clone(), families)
        });
        let check = async move {
            fail_on_purpose("a DNS check");
            let Some((hostname, families)) = asked else { return TaskResult::DnsCheck(id, unknown) };
            TaskResult::DnsCheck(id, checks.check(&hostname, families, name_server).await)
        };
        self.spawn(check, failed);
    }

    /// Looks for the missing secret of an entry.
    pub(super) fn begin_secret_look(&mut self, id: EntryId) {
        self.dispatch(Event::SecretLookStarted(id));
        let hostname = self.settings.entry(id).map(|entry| entry.hostname.clone());
        let (keyring, item) = (self.keyring.clone(), self.item(id));
        let look = async move {
            let Some(hostname) = hostname else { return TaskResult::SecretLook(id, SecretPresence::Unknown) };
            TaskResult::SecretLook(id, keyring.look_for(item, hostname).await)
        };
        self.spawn(look, TaskResult::SecretLook(id, SecretPresence::Unknown));
    }

    pub(super) fn begin_release_look(&mut self) {
        let Some(at) = self.settings.releases.clone() else { return };
        self.dispatch(Event::ReleaseLookStarted);
        let proxy = self.settings.proxy.clone();
        let check = async move { TaskResult::ReleaseLook(releases::announced(&at, &proxy).await) };
        self.spawn(off_the_loop(check), TaskResult::ReleaseLook(None));
    }

    /// Begins a request, after writing to disk that it was begun. False if that can't be written; then nothing is sent.
    pub(super) fn begin_send(&mut self, request: &UpdateRequest) -> bool {
        let id = request.entry;
        let before = self.state.clone();
        if !self.dispatch(Event::SendStarted(request.clone())) {
            self.state = before;
            self.snapshots.mark_stale();
            return false;
        }
        tracing::info!("sending {} for {}", request.addresses, request.hostname);
        let (keyring, item) = (self.keyring.clone(), self.item(id));
        let proxy = self.settings.proxy.clone();
        let request = request.clone();
        let end = async move {
            fail_on_purpose("an update");
            match keyring.read(item, request.hostname.clone()).await {
                Ok(Some(secret)) => sender::send(&request, &secret, &proxy).await,
                Ok(None) => SendEnd::NoSecret { keyring: keyring.program().await }.into(),
                Err(error) => SendEnd::Failed(error.into()).into(),
            }
        };
        let failed = SendEnd::Failed(RetryableError::Unconfirmed).into();
        self.spawn(
            off_the_loop(async move { TaskResult::Send(id, end.await) }),
            TaskResult::Send(id, failed),
        );
        true
    }

    /// Runs `work` beside the loop. A panic in it gives `failed`, so that nothing stays in flight for ever.
    fn spawn(&mut self, work: impl Future<Output = TaskResult> + Send + 'static, failed: TaskResult) {
        self.tasks.spawn(async move { tokio::spawn(contain(work)).await.unwrap_or(failed) });
    }
}

/// Work that may check a certificate. Windows asks for revoked ones in a call that may take ten seconds, so it gets a thread of
/// its own there.
#[cfg(windows)]
pub(super) async fn off_the_loop<T: Send + 'static>(work: impl Future<Output = T> + Send + 'static) -> T {
    let runtime = tokio::runtime::Handle::current();
    match tokio::task::spawn_blocking(move || runtime.block_on(contain(work))).await {
        Ok(done) => done,
        Err(error) => match error.try_into_panic() {
            Ok(panic) => std::panic::resume_unwind(panic),
            // The program ends.
            Err(_) => std::future::pending().await,
        },
    }
}

/// Work that may check a certificate, which takes a moment only.
#[cfg(not(windows))]
pub(super) fn off_the_loop<T>(work: impl Future<Output = T>) -> impl Future<Output = T> {
    work
}

/// The result of a look-up that couldn't ask, or panicked.
fn failed_look_up(source: Source) -> TaskResult {
    let seen = Observation::Unavailable { why: LookUpProblem::Unreachable };
    TaskResult::LookUp(source, LookedUp::from(seen).into())
}
