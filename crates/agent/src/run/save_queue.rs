//! One change of the form at a time: each is checked against what the one before has saved. Otherwise two that wait
//! for the keyring could give the same identity to different entries, or the later undo the earlier.

use std::collections::VecDeque;

use dyntray_control::{AgentRequest, Response};
use tokio::sync::oneshot;

/// A request and who waits for its answer.
pub(super) type Asked = (AgentRequest, oneshot::Sender<Response>);

/// Who changes the form, and who waits for that.
#[derive(Default)]
pub(super) struct SaveQueue {
    is_taken: bool,
    waiting: VecDeque<Asked>,
}

impl SaveQueue {
    /// Puts a request that changes the form at the end of the queue while another one is under way; hands back any
    /// other.
    pub(super) fn queue(&mut self, request: AgentRequest, reply: oneshot::Sender<Response>) -> Option<Asked> {
        let changes = matches!(
            request,
            AgentRequest::Save(_) | AgentRequest::SetSecret { .. } | AgentRequest::Import { .. }
        );
        if self.is_taken && changes {
            self.waiting.push_back((request, reply));
            return None;
        }
        Some((request, reply))
    }

    /// A change is under way.
    pub(super) fn take(&mut self) {
        self.is_taken = true;
    }

    /// Whether one is.
    pub(super) fn are_taken(&self) -> bool {
        self.is_taken
    }

    /// It has ended.
    pub(super) fn give(&mut self) {
        self.is_taken = false;
    }

    /// The next one, if it may begin.
    pub(super) fn next(&mut self) -> Option<Asked> {
        if self.is_taken { None } else { self.waiting.pop_front() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set_secret(save_queue: &mut SaveQueue) -> Option<Asked> {
        let entry = dyntray_core::types::entry_id::EntryId(1);
        save_queue
            .queue(AgentRequest::SetSecret { entry, secret: "abcd-efgh-ijkl".into() }, oneshot::channel().0)
    }

    #[test]
    fn a_change_waits_for_the_one_before_and_nothing_else_does() {
        let mut save_queue = SaveQueue::default();
        assert!(set_secret(&mut save_queue).is_some());
        save_queue.take();
        assert!(set_secret(&mut save_queue).is_none());
        assert!(save_queue.queue(AgentRequest::Status, oneshot::channel().0).is_some());
        assert!(save_queue.next().is_none());
        save_queue.give();
        assert!(save_queue.next().is_some());
        assert!(save_queue.next().is_none());
    }
}
