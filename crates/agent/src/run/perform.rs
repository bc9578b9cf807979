//! Performs what was decided, beside the loop: look-ups, requests, DNS checks.

use dyntray_core::Event;
use dyntray_core::observe::dns::{DnsAnswer, DnsProblem};
use dyntray_core::observe::observation::{LookUpProblem, Observation};
use dyntray_core::protocol::request::UpdateRequest;
use dyntray_core::protocol::retryable::RetryableError;
use dyntray_core::record::SendEnd;
use dyntray_core::types::entry_id::EntryId;
use dyntray_core::types::source::{Origin, Source};

use super::{Agent, Ended};
use crate::router::Router;
use crate::{dns_check, releases, sender, web_resolver};

impl Agent {
    pub(super) fn begin_look_up(&mut self, source: Source, router: Router) {
        self.dispatch(Event::LookUpStarted(source));
        let resolver = self.settings.resolver(source).cloned();
        let told = async move {
            match (source.origin, resolver) {
                (Origin::Router, _) => {
                    let answer = router.look_up(source.family).await;
                    Ended::LookUp(source, answer.observation, answer.prefix)
                }
                (_, Some(resolver)) => {
                    let seen = web_resolver::look_up(&resolver, source.family).await;
                    Ended::LookUp(source, seen, None)
                }
                (_, None) => nothing(source),
            }
        };
        self.spawn(told, nothing(source));
    }

    pub(super) fn begin_dns_check(&mut self, id: EntryId) {
        self.dispatch(Event::DnsCheckStarted(id));
        let hostname = self.settings.entry(id).map(|entry| entry.hostname.clone());
        let name_server = self.settings.name_server;
        let unknown = DnsAnswer::CantVerify(DnsProblem::NoNameServers);
        let failed = Ended::DnsCheck(id, unknown.clone());
        let told = async move {
            let Some(hostname) = hostname else { return Ended::DnsCheck(id, unknown) };
            Ended::DnsCheck(id, dns_check::check(&hostname, name_server).await)
        };
        self.spawn(told, failed);
    }

    pub(super) fn begin_release_look(&mut self) {
        let Some(at) = self.settings.releases.clone() else { return };
        self.dispatch(Event::ReleaseLookStarted);
        let proxy = self.settings.proxy.clone();
        let told = async move { Ended::ReleaseLook(releases::announced(&at, &proxy).await) };
        self.spawn(told, Ended::ReleaseLook(None));
    }

    /// Begins a request, once it is on disk that it was begun. False when that can't be written.
    pub(super) fn begin_send(&mut self, request: &UpdateRequest) -> bool {
        let id = request.entry;
        let before = self.state.clone();
        if !self.dispatch(Event::SendStarted(request.clone())) {
            self.state = before;
            self.show();
            return false;
        }
        tracing::info!(hostname = %request.hostname, addresses = %request.addresses, "sending");
        let keyring = self.keyring.clone();
        let proxy = self.settings.proxy.clone();
        let request = request.clone();
        let end = async move {
            match keyring.read(id, request.hostname.clone()).await {
                Ok(Some(secret)) => sender::send(&request, &secret, &proxy).await,
                Ok(None) => SendEnd::NoSecret,
                Err(unavailable) => SendEnd::Failed(unavailable.into()),
            }
        };
        let failed = SendEnd::Failed(RetryableError::Unconfirmed);
        self.spawn(async move { Ended::Send(id, end.await) }, Ended::Send(id, failed));
        true
    }

    /// Runs `work` beside the loop. A fault in it ends as `failed`, never as something under way for ever.
    fn spawn(&mut self, work: impl Future<Output = Ended> + Send + 'static, failed: Ended) {
        self.running.spawn(async move { tokio::spawn(work).await.unwrap_or(failed) });
    }
}

/// A look-up that came to nothing: its source is no longer there.
fn nothing(source: Source) -> Ended {
    let seen = Observation::Unavailable { why: LookUpProblem::Unreachable };
    Ended::LookUp(source, seen, None)
}
