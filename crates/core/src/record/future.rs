//! What is remembered from the future: the clock was ahead, and was set right. Everything in the state is looked at here,
//! field by field and without `..`, so that no new time is forgotten.

use jiff::{SignedDuration, Timestamp};

use super::{dns, network_change, release, server_wait};
use crate::observe::dns::{Live, LiveState};
use crate::observe::finding::{Explanation, SourceReport};
use crate::observe::observation::Observation;
use crate::observe::release::Releases;
use crate::settings::Settings;
use crate::state::entry::{Attempt, EntryState, Halt, LastReply, Published, RetryState};
use crate::state::source::{SourceReading, SourceState};
use crate::state::{Debounce, LONGEST_PAUSE, NetworkReading, Pause, State};
use crate::types::address::Family;
use crate::types::backoff::{LONGEST_CHANCE, UNDISTURBED, jittered};
use crate::types::moment::Moment;

/// The moment at which the future is noticed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Noticed {
    /// A start of any kind. Nobody knows how long the program was away, so that everything is looked up at once, and
    /// whatever was never sent is tried at once.
    AtStart,
    /// The program was there when the clock was set: a wait that began in the future begins now, and what failed because of
    /// the clock is tried at once.
    WhileRunning,
}

/// Corrects everything that is remembered from the future. A moment that has passed becomes `now`, evidence that slows
/// the program down is dropped, and a wait gets no longer than its cause allows. A halt stays a halt, and whatever was
/// sent keeps the wait that its service asks for.
pub(super) fn correct(state: &mut State, settings: &Settings, now: Timestamp, noticed: Noticed) {
    let clock = Clock { now, noticed };
    let State {
        seed: _,
        drawn: _,
        last_entry: _,
        sources,
        entries,
        pause,
        pause_length,
        network,
        homes: _,
        told_elsewhere: _,
        told_third_party: _,
        told_address_kept: _,
        retry_after,
        debounce,
        releases,
        told_still_running: _,
        tray_known: _,
    } = state;
    for source in sources.values_mut() {
        clock.source(source, jittered(settings.interval, LONGEST_CHANCE));
    }
    for entry in entries.values_mut() {
        entry.correct(|entry| clock.entry(entry));
    }
    match network {
        NetworkReading::Read { network: _, since } => clock.moment(since),
        NetworkReading::Unread | NetworkReading::Unreadable => {}
    }
    clock.debounce(debounce);
    clock.releases(releases);
    clock.pause(pause, *pause_length);
    server_wait::correct(retry_after, now);
}

#[derive(Clone, Copy)]
struct Clock {
    now: Timestamp,
    noticed: Noticed,
}

impl Clock {
    fn is_start(self) -> bool {
        self.noticed == Noticed::AtStart
    }

    fn is_ahead(self, then: Timestamp) -> bool {
        then > self.now
    }

    /// A moment that has passed.
    fn moment(self, then: &mut Timestamp) {
        *then = (*then).min(self.now);
    }

    /// Moments that have passed.
    fn moments<'a>(self, them: impl IntoIterator<Item = &'a mut Timestamp>) {
        for then in them {
            self.moment(then);
        }
    }

    /// The end of a wait that is never longer than `longest`. If it began in the future, it begins now.
    fn wait(self, began: Option<Timestamp>, until: Timestamp, longest: SignedDuration) -> Timestamp {
        let began = began.filter(|began| self.is_ahead(*began)).unwrap_or(self.now);
        until.min(self.now.later(until.duration_since(began).min(longest)))
    }

    fn source(self, source: &mut SourceState, longest: SignedDuration) {
        let SourceState {
            asked,
            superseded: _,
            changed_meanwhile: _,
            last,
            failures: _,
            next,
            was_there: _,
            prefix: _,
            resolver: _,
            lost: _,
            prefix_looks: _,
        } = source;
        self.moments(asked);
        let answered = last.as_ref().map(|last| last.at);
        *next = next.map(|next| self.wait(answered, next, longest));
        let Some(SourceReading { observation, at, since, looks: _ }) = last else { return };
        if !self.is_ahead(*at) {
            self.moment(since);
        } else if self.is_start() {
            // Nobody knows how old that answer is.
            (*last, *next) = (None, None);
        } else {
            // Two looks stay as far apart as they were.
            *since = since.earlier(at.duration_since(self.now));
            *at = self.now;
            if matches!(observation, Observation::Unavailable { why } if why.is_of_the_clock()) {
                *next = None;
            }
        }
    }

    fn entry(self, entry: &mut EntryState) {
        let EntryState {
            key: _,
            published,
            may_hold: _,
            incomplete_since,
            in_flight,
            halt,
            secret_look: _,
            retry,
            last_reply,
            nochg,
            told_nochg,
            person_waits: _,
            live,
            changes,
            unchanged,
            secret_saved,
            secret_accepted,
        } = entry;
        for family in Family::BOTH {
            if let Some(Published { address: _, at }) = published.get_mut(family) {
                self.moment(at);
            }
        }
        self.moments(incomplete_since);
        if let Some(attempt) = in_flight {
            self.attempt(attempt);
        }
        if let Some(Halt { reason: _, at }) = halt {
            self.moment(at);
        }
        if let Some(retry) = retry {
            self.retry(retry);
        }
        if let Some(LastReply { at, accepted: _, sent: _ }) = last_reply {
            self.moment(at);
        }
        if *told_nochg {
            // Or else the person might be told again before a quiet day is over.
            self.moments(nochg);
        } else {
            nochg.retain(|then| !self.is_ahead(*then));
        }
        self.live(live);
        for changes in [changes, &mut unchanged.ipv4, &mut unchanged.ipv6] {
            changes.retain(|then| !self.is_ahead(*then));
        }
        self.moments(secret_saved.iter_mut().chain(secret_accepted));
    }

    fn attempt(self, attempt: &mut Attempt) {
        let Attempt { server: _, addresses: _, since, superseded: _, why } = attempt;
        self.moment(since);
        for Explanation { family: _, said, outcome: _, kept: _, device: _ } in why {
            for SourceReport { origin: _, host: _, observation: _, at, weight: _ } in said {
                self.moment(at);
            }
        }
    }

    fn retry(self, retry: &mut RetryState) {
        let RetryState { error, failures: _, since, last, retry_at, told: _, told_keyring: _ } = retry;
        *retry_at = self.wait(Some(*last), *retry_at, error.longest_delay());
        if self.is_ahead(*last) && (self.is_start() || error.is_of_the_clock()) {
            // A service that was reached wants its wait, but not the long one after failures of another year.
            let wait = if error.was_sent() { error.delay(1, LONGEST_CHANCE) } else { SignedDuration::ZERO };
            *retry_at = (*retry_at).min(self.now.later(wait));
        }
        self.moment(since);
        self.moment(last);
    }

    fn live(self, live: &mut LiveState) {
        let LiveState { records, asked, superseded: _, next, accepted, looks: _, repairs: _ } = live;
        let mut is_ahead = accepted.is_some_and(|then| self.is_ahead(then));
        let longest = dns::longest_wait();
        if let Some(next) = next {
            is_ahead |= *next > self.now.later(longest);
            *next = self.wait(*accepted, *next, longest);
        }
        for family in Family::BOTH {
            match records.get_mut(family) {
                Live::Live { since } | Live::Foreign { there: _, since } => {
                    is_ahead |= self.is_ahead(*since);
                    self.moment(since);
                }
                Live::Unknown | Live::Pending | Live::CantVerify { why: _ } => {}
            }
        }
        if is_ahead && self.is_start() {
            self.moments(next);
        }
        self.moments(asked.iter_mut().chain(accepted));
    }

    fn debounce(self, debounce: &mut Debounce) {
        let Debounce { began, until, recent, gains, undisturbed_until } = debounce;
        recent.retain(|then| !self.is_ahead(*then));
        gains.retain(|then| !self.is_ahead(*then));
        let is_of_before = self.is_start() && began.is_some_and(|began| self.is_ahead(began));
        let longest = network_change::longest_debounce();
        *until = until
            .map(|until| self.wait(*began, until, SignedDuration::MAX))
            .filter(|until| *until > self.now && *until <= self.now.later(longest) && !is_of_before);
        *undisturbed_until = undisturbed_until
            .filter(|end| *end <= self.now.later(longest).later(UNDISTURBED) && !is_of_before);
        self.moments(began);
    }

    fn releases(self, releases: &mut Releases) {
        let Releases { at: _, asked, next, announced: _, told: _ } = releases;
        self.moments(asked);
        let longest = release::longest_wait();
        let is_of_before = self.is_start() && next.is_some_and(|next| next > self.now.later(longest));
        *next = next.map(|next| self.wait(None, next, longest)).filter(|_| !is_of_before);
    }

    /// Ends a pause that is over, so that it doesn't come back with another clock.
    fn pause(self, pause: &mut Option<Pause>, length: Option<SignedDuration>) {
        let Some(Pause { until: Some(until) }) = pause else { return };
        *until = self.wait(None, *until, length.unwrap_or(LONGEST_PAUSE).min(LONGEST_PAUSE));
        if !self.is_ahead(*until) {
            *pause = None;
        }
    }
}
