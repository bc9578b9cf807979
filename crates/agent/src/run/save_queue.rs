//! Saves of the form, one at a time: each is checked against the result of the one before. Otherwise two saves that wait
//! for the keyring could give the same number to different entries, or the later one could undo the earlier one.

use std::collections::VecDeque;

use dyntray_control::{AgentRequest, Response};
use tokio::sync::oneshot;

/// A request, and where its answer goes.
pub(super) type Asked = (AgentRequest, oneshot::Sender<Response>);

/// The save in progress, and the requests that wait for it.
#[derive(Default)]
pub(super) struct SaveQueue {
    is_saving: bool,
    waiting: VecDeque<Asked>,
}

impl SaveQueue {
    /// Returns the request if it may be answered now. While a save is in progress, a request that changes the form, or
    /// that reads all of it with its secrets, is queued instead.
    pub(super) fn admit(&mut self, request: AgentRequest, reply: oneshot::Sender<Response>) -> Option<Asked> {
        if self.is_saving && is_one_at_a_time(&request) {
            self.waiting.push_back((request, reply));
            return None;
        }
        Some((request, reply))
    }

    /// Notes that a save has begun.
    pub(super) fn begin(&mut self) {
        self.is_saving = true;
    }

    /// True while a save is in progress.
    pub(super) fn is_saving(&self) -> bool {
        self.is_saving
    }

    /// Notes that the save has ended.
    pub(super) fn finish(&mut self) {
        self.is_saving = false;
    }

    /// The next waiting request; none while a save is in progress.
    pub(super) fn next(&mut self) -> Option<Asked> {
        if self.is_saving { None } else { self.waiting.pop_front() }
    }
}

/// True for a request that changes the form or a secret, or that needs both as one save has left them. Each is made from
/// the form that the one before has left.
fn is_one_at_a_time(request: &AgentRequest) -> bool {
    match request {
        AgentRequest::Save(_)
        | AgentRequest::AddEntry { .. }
        | AgentRequest::RemoveEntry { .. }
        | AgentRequest::SetSecret { .. }
        | AgentRequest::SetSecretOf { .. }
        | AgentRequest::Import { .. }
        | AgentRequest::SetLanguage { .. }
        | AgentRequest::BackUp { .. } => true,
        AgentRequest::Status
        | AgentRequest::Form
        | AgentRequest::InspectSecret { .. }
        | AgentRequest::PreviewImport { .. }
        | AgentRequest::LocateImport { .. }
        | AgentRequest::UpdateNow
        | AgentRequest::UpdateWhenDue
        | AgentRequest::TryAgain { .. }
        | AgentRequest::UnlockKeyring
        | AgentRequest::ThisIsHome
        | AgentRequest::ForgetHomes
        | AgentRequest::Pause { .. }
        | AgentRequest::Resume
        | AgentRequest::History { .. } => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set_secret(queue: &mut SaveQueue) -> Option<Asked> {
        let entry = dyntray_core::types::entry_id::EntryId(1);
        queue.admit(AgentRequest::SetSecret { entry, secret: "abcd-efgh-ijkl".into() }, oneshot::channel().0)
    }

    #[test]
    fn a_change_waits_for_the_one_before_and_nothing_else_does() {
        let mut queue = SaveQueue::default();
        assert!(set_secret(&mut queue).is_some());
        queue.begin();
        assert!(set_secret(&mut queue).is_none());
        assert!(queue.admit(AgentRequest::Status, oneshot::channel().0).is_some());
        assert!(queue.next().is_none());
        queue.finish();
        assert!(queue.next().is_some());
        assert!(queue.next().is_none());
    }
}
