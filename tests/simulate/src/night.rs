//! A night in which every line reconnects once, and the requests at the services, second by second.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use dyntray_core::settings::Settings;
use dyntray_core::types::backoff::chance;
use jiff::{SignedDuration, Timestamp};

use crate::client::{Ask, Client, Sent, settings};

/// Midnight before the night; any will do.
const MIDNIGHT: Timestamp = Timestamp::constant(1_800_057_600, 0);
/// The seconds that are counted, after midnight: 02:20 to 03:40.
const BEGINS: i64 = 2 * 3600 + 20 * 60;
const ENDS: i64 = 3 * 3600 + 40 * 60;
/// All lines reconnect between these.
const FIRST: i64 = 3 * 3600;
const SPAN: i64 = 600;

/// The number of threads.
const WORKERS: usize = 2;

/// The kinds of night: the way in which clients learn of a new address, and their randomness.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The router pushes the new address, as FRITZ!Boxes do.
    Pushed,
    /// Nothing is pushed: each client finds it on its next round. Rounds began when each computer was switched on.
    Asked,
    /// The same after a power cut: all computers were switched on in the same second, and each has its own seed.
    AfterPowerCut,
    /// The same without jitter, which shows its use.
    WithoutChance,
}

impl Kind {
    /// In the order of the table.
    pub const ALL: [Kind; 4] = [Kind::Pushed, Kind::Asked, Kind::AfterPowerCut, Kind::WithoutChance];

    /// The name in the table.
    pub fn words(self) -> &'static str {
        match self {
            Kind::Pushed => "the router tells",
            Kind::Asked => "by asking every 10 min",
            Kind::AfterPowerCut => "by asking, all switched on in one second",
            Kind::WithoutChance => "the same, if nobody drew chance",
        }
    }

    fn ask(self) -> Ask {
        if self == Kind::Pushed { Ask::Everyone } else { Ask::Web }
    }

    /// The moment at which a client is switched on: within ten minutes, or all at once.
    fn switched_on(self, number: u64) -> i64 {
        match self {
            Kind::Pushed | Kind::Asked => BEGINS - 600 + within(1, number, 600),
            Kind::AfterPowerCut | Kind::WithoutChance => BEGINS - 600,
        }
    }

    fn seed(self, number: u64) -> u64 {
        if self == Kind::WithoutChance { 7 } else { chance(99, number) }
    }
}

/// The requests at the services, second by second from the beginning.
pub struct Night {
    /// Updates.
    pub updates: Vec<u32>,
    look_ups: Vec<u32>,
    /// Seconds from each line's reconnect to its update.
    followed: Vec<i64>,
}

impl Night {
    /// Simulates that many homes.
    pub fn of(kind: Kind, homes: usize) -> Self {
        let settings = settings(1, kind.ask());
        let some = |from: usize| {
            let mut night = Night::quiet();
            for number in (from..homes).step_by(WORKERS) {
                night.one_home(kind, &settings, u64::try_from(number).unwrap_or_default());
            }
            night
        };
        let mut whole = std::thread::scope(|scope| {
            let workers: Vec<_> = (0..WORKERS).map(|from| scope.spawn(move || some(from))).collect();
            let parts = workers.into_iter().map(|worker| worker.join().expect("a worker's own fault"));
            parts.fold(Night::quiet(), Night::with)
        });
        whole.followed.sort_unstable();
        whole
    }

    fn quiet() -> Self {
        let seconds = usize::try_from(ENDS - BEGINS).unwrap_or_default();
        Night { updates: vec![0; seconds], look_ups: vec![0; seconds], followed: Vec::new() }
    }

    fn with(mut self, other: Night) -> Self {
        let add =
            |all: &mut [u32], more: &[u32]| all.iter_mut().zip(more).for_each(|(sum, count)| *sum += count);
        add(&mut self.updates, &other.updates);
        add(&mut self.look_ups, &other.look_ups);
        self.followed.extend(other.followed);
        self
    }

    fn one_home(&mut self, kind: Kind, settings: &Settings, number: u64) {
        let at = |second: i64| MIDNIGHT + SignedDuration::from_secs(second);
        let on = at(kind.switched_on(number));
        let reconnects = at(FIRST + within(2, number, SPAN));
        let mut client = Client::new(settings, kind.seed(number), on);
        let mut due = BinaryHeap::from([Reverse(on), Reverse(reconnects)]);
        let mut is_new = false;
        while let Some(Reverse(now)) = due.pop() {
            if now >= at(ENDS) {
                return;
            }
            if now == reconnects && !is_new {
                is_new = true;
                client.reconnect();
                if kind != Kind::Pushed {
                    continue;
                }
                client.router_tells(now);
            }
            let advanced = client.advance(now);
            for sent in advanced.sent {
                self.count(sent, now, is_new.then_some(reconnects));
            }
            due.retain(|Reverse(other)| *other == reconnects && !is_new);
            due.push(Reverse(advanced.next));
        }
    }

    fn count(&mut self, sent: Sent, now: Timestamp, reconnected: Option<Timestamp>) {
        let second = now.duration_since(MIDNIGHT).as_secs() - BEGINS;
        let counted = match sent {
            Sent::Update => &mut self.updates,
            Sent::LookUp => &mut self.look_ups,
        };
        if let Some(count) = usize::try_from(second).ok().and_then(|second| counted.get_mut(second)) {
            *count += 1;
        }
        if let (Sent::Update, Some(reconnected)) = (sent, reconnected) {
            self.followed.push(now.duration_since(reconnected).as_secs());
        }
    }

    /// One row of the table.
    pub fn row(&self) -> String {
        let peak = |counts: &[u32]| counts.iter().copied().max().unwrap_or_default();
        let busiest = self.updates.windows(600).map(|span| span.iter().map(|n| u64::from(*n)).sum::<u64>());
        let mean = busiest.max().unwrap_or_default() / 600;
        let before = usize::try_from(FIRST - BEGINS).unwrap_or_default();
        // The first quarter of an hour belongs to the start.
        let quiet = peak(&self.look_ups[900..before]);
        let after = |part: usize| self.followed.get(part).copied().unwrap_or_default();
        format!(
            "{} | {} | {mean} | {:.1} | {} | {quiet} | {} s | {} s",
            self.followed.len(),
            peak(&self.updates[before..]),
            f64::from(peak(&self.updates[before..])) / f64::from(u32::try_from(mean).unwrap_or(1).max(1)),
            peak(&self.look_ups[before..]),
            after(self.followed.len() / 2),
            after(self.followed.len().saturating_sub(1)),
        )
    }
}

/// A client's own number below `limit`, the same in every run.
fn within(purpose: u64, number: u64, limit: i64) -> i64 {
    i64::try_from(chance(purpose, number) % u64::try_from(limit).unwrap_or(1)).unwrap_or_default()
}
