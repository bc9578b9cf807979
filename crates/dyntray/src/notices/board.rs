//! The open notifications, and the notices that they show.

use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;

use dyntray_core::state::notice::NoticeGroup;
use tokio::time::{Instant, timeout};

use crate::notification::ShownNotification;

/// A notification stays so long after its cause: the news of its end can still take its place.
const GRACE: Duration = Duration::from_secs(3);
/// The end of the program waits for the desktop no longer than this.
const LONGEST_END: Duration = Duration::from_secs(1);

/// All open notifications.
#[derive(Default)]
pub struct Board {
    open: RefCell<Vec<Posted>>,
}

struct Posted {
    /// The notices that it shows; none for the answer to a press.
    group: Option<NoticeGroup>,
    shown: Rc<ShownNotification>,
    /// The time when its cause was first seen to be over.
    over: Option<Instant>,
}

impl Board {
    /// Adds a notification that shows `group`.
    pub(super) fn post(&self, group: Option<NoticeGroup>, shown: Rc<ShownNotification>) {
        self.open.borrow_mut().push(Posted { group, shown, over: None });
    }

    /// Removes a notification. False when it is none of these any more, because another has taken its place.
    pub(super) fn remove(&self, shown: &Rc<ShownNotification>) -> bool {
        let mut open = self.open.borrow_mut();
        let place = open.iter().position(|posted| Rc::ptr_eq(&posted.shown, shown));
        place.map(|place| open.remove(place)).is_some()
    }

    /// Removes the notification whose place `group` takes.
    pub(super) fn take_replaced(&self, group: &NoticeGroup) -> Option<Rc<ShownNotification>> {
        let mut open = self.open.borrow_mut();
        let gives_way = |posted: &Posted| posted.group.as_ref().is_some_and(|old| group.replaces(old));
        let place = open.iter().position(gives_way)?;
        Some(open.remove(place).shown)
    }

    /// Closes the notifications whose cause has been over for [`GRACE`]. Returns the time of the next look.
    pub(super) async fn close_over(
        &self,
        is_over: impl Fn(&NoticeGroup) -> bool,
        now: Instant,
    ) -> Option<Instant> {
        for posted in self.open.borrow_mut().iter_mut() {
            let is_over = posted.group.as_ref().is_some_and(&is_over);
            posted.over = is_over.then(|| posted.over.unwrap_or(now));
        }
        let is_due = |posted: &mut Posted| posted.over.is_some_and(|since| since + GRACE <= now);
        let due: Vec<Posted> = self.open.borrow_mut().extract_if(.., is_due).collect();
        for posted in due {
            posted.shown.close().await;
        }
        self.open.borrow().iter().filter_map(|posted| posted.over).min().map(|since| since + GRACE)
    }

    /// Closes all of them, as far as the desktop does so in time: nothing answers their buttons any more.
    pub async fn close_all(&self) {
        let all = self.open.take();
        let closed = timeout(LONGEST_END, async {
            for posted in all {
                posted.shown.close().await;
            }
        });
        if closed.await.is_err() {
            tracing::warn!("the desktop doesn't close the notifications");
        }
    }
}
