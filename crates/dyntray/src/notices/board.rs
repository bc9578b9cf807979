//! The open notifications, and the notices that they show.

use std::cell::{Cell, RefCell};
use std::path::PathBuf;
use std::rc::Rc;
use std::time::Duration;

use dyntray_core::state::notice::NoticeGroup;
use tokio::time::{Instant, sleep, timeout};

use super::kept::{KeptFile, KeptNotification};
use crate::notification::{LONGEST_END, ShownNotification};

/// A notification stays so long after its cause: the news of its end can still take its place.
pub(super) const GRACE: Duration = Duration::from_secs(3);
/// The time between two looks whether the last ones have come.
const AGAIN: Duration = Duration::from_millis(10);

/// All open notifications. A file lists them, for a start after a crash.
pub struct Board {
    open: RefCell<Vec<Posted>>,
    /// Those of the program's last run that weren't taken up yet.
    left_open: RefCell<Vec<KeptNotification>>,
    /// Each notification that the desktop hasn't accepted yet holds one of these.
    under_way: Rc<()>,
    /// The program ends: no notification goes to the desktop any more.
    is_closed: Cell<bool>,
    file: KeptFile,
}

/// A notification that is on its way to the desktop.
pub(crate) struct UnderWay(#[expect(dead_code, reason = "it is counted")] Rc<()>);

struct Posted {
    /// The notices that it shows; none for the answer to a press.
    group: Option<NoticeGroup>,
    shown: Rc<ShownNotification>,
    /// The time when its cause was first seen to be over.
    over: Option<Instant>,
}

impl Board {
    /// A board without any notification, and with what the list at `path` says to be left of the program's last run.
    pub fn new(path: Option<PathBuf>) -> Self {
        let file = KeptFile::at(path);
        Board {
            open: RefCell::default(),
            left_open: RefCell::new(file.read()),
            under_way: Rc::default(),
            is_closed: Cell::new(false),
            file,
        }
    }

    /// Notes that a notification goes to the desktop: it will be posted, or fails. None where the program ends.
    pub(crate) fn begin(&self) -> Option<UnderWay> {
        (!self.is_closed.get()).then(|| UnderWay(self.under_way.clone()))
    }

    /// The notifications of the program's last run that weren't taken up yet.
    pub(super) fn left_open(&self) -> Vec<KeptNotification> {
        self.left_open.borrow().clone()
    }

    /// Takes up a notification of the program's last run: it is closed, or becomes `shown`.
    pub(super) fn take_up(&self, kept: &KeptNotification, shown: Option<Rc<ShownNotification>>) {
        self.left_open.borrow_mut().retain(|left| left != kept);
        match shown {
            Some(shown) => self.post(Some(kept.told.clone()), shown),
            None => self.list(),
        }
    }

    /// True if something newer is shown than `group`.
    pub(super) fn has_newer(&self, group: &NoticeGroup) -> bool {
        let is_newer = |posted: &Posted| posted.group.as_ref().is_some_and(|new| new.replaces(group));
        self.open.borrow().iter().any(is_newer)
    }

    /// Adds a notification that shows `group`.
    pub(crate) fn post(&self, group: Option<NoticeGroup>, shown: Rc<ShownNotification>) {
        self.open.borrow_mut().push(Posted { group, shown, over: None });
        self.list();
    }

    /// Removes a notification. False when it is none of these any more, because another has taken its place.
    pub(super) fn remove(&self, shown: &Rc<ShownNotification>) -> bool {
        let mut open = self.open.borrow_mut();
        let place = open.iter().position(|posted| Rc::ptr_eq(&posted.shown, shown));
        let removed = place.map(|place| open.remove(place));
        drop(open);
        self.list();
        removed.is_some()
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
        if !due.is_empty() {
            self.list();
        }
        for posted in due {
            posted.shown.close().await;
        }
        self.open.borrow().iter().filter_map(|posted| posted.over).min().map(|since| since + GRACE)
    }

    /// Closes all of them, those that are still on their way included, as far as the desktop does so in time: nothing
    /// answers their buttons any more. None follows.
    pub async fn close_all(&self) {
        self.is_closed.set(true);
        let closed = timeout(LONGEST_END, async {
            loop {
                // More may be posted while these are closed.
                while let Some(posted) = self.take_any() {
                    posted.shown.close().await;
                }
                if Rc::strong_count(&self.under_way) == 1 {
                    return;
                }
                sleep(AGAIN).await;
            }
        });
        let closed = closed.await;
        self.list();
        if closed.is_err() {
            tracing::warn!("the desktop doesn't close the notifications");
        }
    }

    fn take_any(&self) -> Option<Posted> {
        self.open.borrow_mut().pop()
    }

    /// Writes the list of the open notifications, as far as a later start could find them again.
    fn list(&self) {
        let open = self.open.borrow();
        let own = open.iter().filter_map(|posted| {
            Some(KeptNotification { at: posted.shown.reference()?, told: posted.group.clone()? })
        });
        let all: Vec<KeptNotification> = self.left_open.borrow().iter().cloned().chain(own).collect();
        self.file.write(&all);
    }
}
