//! The kinds of start, each with another clock.

use dyntray_core::Snapshot;
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use super::{Doing, MINUTE, UnderWay, World};

/// The longest wait for anything but new versions.
const LONGEST_WAIT: SignedDuration = SignedDuration::from_mins(7 * 60);

/// The kinds of start.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Start {
    /// The program, which runs on.
    Program,
    /// `dyntray update --once`, and then the program.
    UpdateOnce,
    /// `dyntray check`, which sends and keeps nothing, and then the program.
    Check,
}

impl World {
    /// Sets the clock while the program isn't running, and starts it.
    pub fn start_with_clock(&mut self, seconds: i64, start: Start) {
        self.set_clock(seconds);
        match start {
            Start::Program => {}
            Start::UpdateOnce => {
                self.restart();
                self.update_now();
                self.run(MINUTE);
            }
            Start::Check => self.check(),
        }
        self.restart();
    }

    /// Loses the history while the program isn't running, and starts it. What was under way is forgotten as well.
    pub fn start_without_history(&mut self, seconds: i64, start: Start) {
        self.disk.state = None;
        self.under_way.clear();
        // A pause is part of what was lost.
        self.pause = None;
        self.watch.history_is_lost();
        self.start_with_clock(seconds, start);
    }

    /// Looks up, and forgets everything.
    fn check(&mut self) {
        let (disk, watch) = (self.disk.clone(), self.watch.clone());
        // A request under way is lost to the program as well, which is started after it.
        let is_send = |doing: &UnderWay| matches!(doing.what, Doing::Send { .. });
        let (lost, _) = std::mem::take(&mut self.under_way).into_iter().partition(is_send);
        let (notices, history, sent) = (self.notices.len(), self.history.len(), self.sent.len());
        self.running = Start::Check;
        self.restart();
        self.update_now();
        self.run(MINUTE);
        self.running = Start::Program;
        assert_eq!(self.sent.len(), sent, "a check sends nothing");
        self.notices.truncate(notices);
        self.history.truncate(history);
        (self.disk, self.watch, self.under_way) = (disk, watch, lost);
    }

    /// Asserts that nothing that people see lies in the future, except for waits, and none of these is too long.
    pub fn is_of_the_present(&self) {
        let now = self.now();
        let snapshot = Snapshot { pause: None, ..self.snapshot() };
        let mut found = Vec::new();
        times("", &serde_json::to_value(snapshot).expect("JSON"), &mut found);
        for (path, at) in found {
            let is_wait = path.ends_with(".next.at") || path.ends_with(".retryAt");
            let latest = if is_wait { now + LONGEST_WAIT } else { now };
            assert!(at <= latest, "{path} is {at} at {now}");
        }
    }
}

/// Every text in `value` that is a time, with its path.
fn times(path: &str, value: &Value, found: &mut Vec<(String, Timestamp)>) {
    match value {
        Value::String(text) => found.extend(text.parse().ok().map(|at: Timestamp| (path.to_owned(), at))),
        Value::Array(values) => values.iter().for_each(|value| times(path, value, found)),
        Value::Object(fields) => {
            fields.iter().for_each(|(name, value)| times(&format!("{path}.{name}"), value, found));
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}
