//! A world around the core: it plays the agent's part in virtual time and checks every step against [`watch`].

pub mod line;
pub mod service;
mod starts;
mod watch;

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;

use dyntray_core::assess::Assessment;
use dyntray_core::observe::dns::{DnsAnswer, DnsProblem};
use dyntray_core::observe::observation::Observation;
use dyntray_core::observe::own_address::has_choice;
use dyntray_core::observe::release::Version;
use dyntray_core::present::{Mood, Status};
use dyntray_core::protocol::reply::Verdict;
use dyntray_core::protocol::request::UpdateRequest;
use dyntray_core::protocol::retry_after::RetryAfter;
use dyntray_core::record::{HistoryItem, SecretPresence, SendEnd};
use dyntray_core::settings::form::{EntryForm, Form, check, number_new_entries};
use dyntray_core::settings::{Entry, Login, NoticeLevel, Records, Settings};
use dyntray_core::state::notice::{Cause, HostNotice, Notice};
use dyntray_core::state::refusals::Refusals;
use dyntray_core::state::source::SourceReading;
use dyntray_core::state::{NetworkReading, Pause, State};
use dyntray_core::types::address::{Family, PerFamily, PublicAddress};
use dyntray_core::types::entry_id::EntryId;
use dyntray_core::types::network::{Network, NetworkId, Prefix};
use dyntray_core::types::source::{Origin, Source};
use dyntray_core::{Event, Snapshot, Step, decide, present, record};
use jiff::{SignedDuration, Timestamp};

use line::Line;
use service::{Door, Host, Keyring, Secret, Server};
pub use starts::Start;
use watch::{Elapsed, Touched, Watch};

pub const MINUTE: i64 = 60;
pub const HOUR: i64 = 60 * MINUTE;
pub const DAY: i64 = 24 * HOUR;
pub const YEAR: i64 = 365 * DAY;

/// The most steps at one instant; more are a busy loop.
const MOST_STEPS_AT_ONCE: usize = 16;

/// The number of changes within an hour that a network makes and still counts as settled.
const FREE_CHANGES: usize = 2;

/// A request that was sent.
#[derive(Clone, Debug)]
pub struct Sent {
    /// The time by the clock.
    pub at: Timestamp,
    pub hostname: String,
    pub addresses: String,
}

/// Something under way, and the time when it ends.
struct UnderWay {
    ends: i64,
    what: Doing,
}

enum Doing {
    LookUp {
        source: Source,
        seen: Observation,
        overlaps: Overlaps,
    },
    CheckDns {
        id: EntryId,
        answer: DnsAnswer,
    },
    LookForRelease,
    LookForSecret {
        id: EntryId,
        presence: SecretPresence,
    },
    Send {
        id: EntryId,
        server: String,
        sent: Vec<IpAddr>,
        wish: Option<RetryAfter>,
        end: SendEnd,
        touched: Touched,
    },
}

/// A change while a source was asked, in order of its effect on the answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Overlaps {
    Nothing,
    /// A change of the same line: the answer may count where the network never settles.
    Change,
    /// Another line or resolver: the answer mustn't count.
    AnotherLine,
}

/// The part of the program that is kept on disk.
#[derive(Clone)]
struct Disk {
    /// None where the history was lost.
    state: Option<State>,
    /// Kept apart from the history.
    refusals: Refusals,
}

/// A pause, and its ends by the time that passed and by the clock.
#[derive(Clone, Copy)]
struct Paused {
    passed: i64,
    until: Timestamp,
    length: Option<SignedDuration>,
}

/// A moment at which the power fails.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum PowerCut {
    /// Just after the next request was noted as begun.
    NextSend,
    /// Between the two writes of the next refusal: it is kept apart, and not yet in the history.
    NextRefusal,
}

/// The program, and everything around it.
pub struct World {
    form: Form,
    settings: Settings,
    state: State,
    assessment: Assessment,
    /// The number of changes of the evidence or the settings.
    changes: u64,
    /// Every so many events the assessment is compared with a fresh one, which takes longer than all else.
    pub assessed_every: u64,
    events: u64,
    disk: Disk,
    /// The seconds since the beginning, which no clock shows.
    passed: i64,
    clock_is_ahead_by: i64,
    set_forward: i64,
    pause: Option<Paused>,
    under_way: Vec<UnderWay>,
    watch: Watch,
    pub line: Line,
    pub keyring: Keyring,
    servers: BTreeMap<String, Server>,
    portal: BTreeMap<EntryId, Secret>,
    /// The moments at which the power is to fail.
    pub power_fails_at: BTreeSet<PowerCut>,
    pub sent: Vec<Sent>,
    pub notices: Vec<Notice>,
    pub history: Vec<HistoryItem>,
    pub look_ups: usize,
    /// The number of questions to each source.
    pub asked: BTreeMap<Source, usize>,
    pub dns_checks: usize,
    pub release_looks: usize,
    pub secret_looks: usize,
    /// The version that is announced as the newest.
    pub announced: Option<Version>,
    /// The kind of program that runs.
    running: Start,
    /// True while the zone's name servers can't be asked.
    pub port_53_is_blocked: bool,
    /// The network that was last reported to the program.
    told_network: Option<Network>,
    was_told: bool,
    /// The times of the latest changes of the network, by the time that passed.
    changed: Vec<i64>,
}

/// The secrets at the beginning.
#[derive(Clone, Copy)]
enum Secrets {
    /// They were saved here.
    Saved,
    /// They stayed on another machine.
    Elsewhere,
}

/// The number of DNS checks that may be under way.
const MOST_DNS_CHECKS: usize = 4;

impl World {
    /// A world where `entries` were set up with the right secrets, and the program starts.
    pub fn new(line: Line, entries: Vec<EntryForm>) -> Self {
        Self::with_secrets(line, entries, Secrets::Saved)
    }

    /// The settings of another machine, without their secrets.
    pub fn with_settings_from_elsewhere(line: Line, entries: Vec<EntryForm>) -> Self {
        Self::with_secrets(line, entries, Secrets::Elsewhere)
    }

    fn with_secrets(line: Line, entries: Vec<EntryForm>, secrets: Secrets) -> Self {
        let settings = check(&Form::default()).expect("an empty form is valid");
        let mut world = World {
            form: Form { entries, fall_backs: Vec::new(), notices: NoticeLevel::All, ..Form::default() },
            assessment: Assessment::of(&settings, &State::default()),
            changes: 0,
            assessed_every: 1,
            events: 0,
            settings,
            state: State { seed: 7, ..State::default() },
            disk: Disk { state: Some(State::default()), refusals: Refusals::default() },
            passed: 0,
            clock_is_ahead_by: 0,
            set_forward: 0,
            pause: None,
            under_way: Vec::new(),
            watch: Watch::default(),
            line,
            keyring: Keyring::default(),
            servers: BTreeMap::new(),
            portal: BTreeMap::new(),
            power_fails_at: BTreeSet::new(),
            sent: Vec::new(),
            notices: Vec::new(),
            history: Vec::new(),
            look_ups: 0,
            asked: BTreeMap::new(),
            dns_checks: 0,
            release_looks: 0,
            secret_looks: 0,
            announced: None,
            running: Start::Program,
            port_53_is_blocked: false,
            told_network: None,
            was_told: false,
            changed: Vec::new(),
        };
        number_new_entries(&mut world.form, EntryId(0));
        world.settings = check(&world.form).expect("the entries are valid");
        for entry in &world.settings.entries {
            world.portal.insert(entry.id, 1);
            match secrets {
                Secrets::Saved => {
                    world.keyring.secrets.insert(entry.id, 1);
                    world.state.entries.entry(entry.id).or_default().secret_saved =
                        Some(Timestamp::UNIX_EPOCH);
                }
                Secrets::Elsewhere => {}
            }
        }
        world.assessment = Assessment::of(&world.settings, &world.state);
        world.dispatch(Event::Started);
        world
    }

    // --- observations of a test

    pub fn now(&self) -> Timestamp {
        let start = Timestamp::constant(1_800_000_000, 0);
        start + SignedDuration::from_secs(self.passed + self.clock_is_ahead_by)
    }

    /// The number of times that a family's sources were weighed, and the number of reasons for it.
    pub fn weighings(&self) -> (u64, u64) {
        (self.assessment.weighings(), self.changes)
    }

    pub fn snapshot(&self) -> Snapshot {
        present(&self.settings, &self.state, &self.assessment, &[], self.now())
    }

    pub fn status(&self, id: u32) -> Status {
        let entries = self.snapshot().entries;
        let entry = entries.into_iter().find(|entry| entry.id == EntryId(id));
        entry.expect("an entry of that number").status
    }

    /// The name servers' answer for an entry.
    pub fn live(&self, id: EntryId, family: Family) -> Option<IpAddr> {
        let entry = self.settings.entry(id)?;
        let records = self.servers.get(&authority(&entry.server.to_string()))?;
        *records.records.get(entry.hostname.as_str())?.get(family)
    }

    /// All requests that were sent, as `hostname addresses`.
    pub fn requests(&self) -> Vec<String> {
        let line = |sent: &Sent| format!("{} {}", sent.hostname, sent.addresses);
        self.sent.iter().map(line).collect()
    }

    /// The causes of all notices about host names.
    pub fn causes(&self) -> impl Iterator<Item = &Cause> {
        self.notices.iter().filter_map(Notice::host).map(|notice| &notice.cause)
    }

    /// The notices shown to people who want to hear only of problems, without those of success.
    pub fn complaints(&self) -> Vec<&Cause> {
        let is_success = |cause: &&Cause| matches!(cause, Cause::Published { .. });
        let is_problem = |cause: &&Cause| cause.level() <= NoticeLevel::Problems;
        self.causes().filter(|cause| is_problem(cause) && !is_success(cause)).collect()
    }

    /// The time between two look-ups, in seconds.
    pub fn interval(&self) -> i64 {
        self.settings.interval.as_secs()
    }

    /// True when a missing secret should have been looked for.
    pub fn owes_a_look(&self, id: EntryId) -> bool {
        self.watch.owes_a_look(id)
    }

    pub fn is_halted(&self, id: EntryId) -> bool {
        self.watch.is_halted(id)
    }

    /// True while the server of the entry has asked to be left alone.
    pub fn is_left_alone(&self, id: EntryId) -> bool {
        let server = self.settings.entry(id).map(|entry| authority(&entry.server.to_string()));
        server.is_some_and(|server| self.watch.is_left_alone(&server, self.elapsed()))
    }

    // --- events around the program

    pub fn server(&mut self, typed: &str) -> &mut Server {
        self.servers.entry(typed.to_owned()).or_default()
    }

    /// Makes a new token in the portal, which voids the old one.
    pub fn portal_replaces_token(&mut self, id: EntryId) {
        *self.portal.entry(id).or_default() += 1;
    }

    /// Unlocks the keyring or puts another one in its place, which the program hears of.
    pub fn unlock_keyring(&mut self) {
        self.keyring.door = Door::Open;
        self.watch.keyring_is_back();
        self.dispatch(Event::KeyringBack);
    }

    /// Writes `address` into the records of the entry at place `number`, as somebody else.
    pub fn somebody_changes(&mut self, number: usize, address: IpAddr) {
        let Some(entry) = self.settings.entries.get(number).filter(|e| self.settings.checks_dns(e)) else {
            return;
        };
        let server = self.servers.entry(authority(&entry.server.to_string())).or_default();
        if let Some(records) = server.records.get_mut(entry.hostname.as_str()) {
            *records.get_mut(Family::of(address)) = Some(address);
        }
    }

    pub fn set_clock(&mut self, seconds: i64) {
        self.clock_is_ahead_by += seconds;
        self.set_forward += seconds.max(0);
        if seconds < 0 {
            self.watch.clock_is_set_back(-seconds, self.elapsed());
        }
        let now = self.now();
        // A pause never gets longer because the clock was set back; it may be over after the clock was set forward
        // again.
        if let Some(Paused { until, length: Some(length), .. }) = &mut self.pause {
            *until = (*until).min(now + *length);
        }
    }

    /// Lets time pass while the machine sleeps and nothing is done.
    pub fn sleep(&mut self, seconds: i64) {
        self.passed += seconds;
    }

    /// Ends or kills the program, and starts it again. Everything under way is lost.
    pub fn restart(&mut self) {
        let Disk { state, refusals } = self.disk.clone();
        self.state = state.as_ref().map_or_else(|| self.new_state(), read_back);
        let refusals = serde_json::to_string(&refusals).expect("refusals are written");
        let refusals: Refusals = serde_json::from_str(&refusals).expect("refusals are read");
        refusals.restore(&mut self.state);
        if let Some(written) = state.filter(|state| Refusals::of(state) == refusals) {
            let mut kept = State { network: NetworkReading::Unread, ..written };
            for source in kept.sources.values_mut() {
                (source.resolver, source.lost) = (None, 0);
            }
            assert_eq!(self.state, kept, "restored in vain");
        }
        self.assessment = Assessment::of(&self.settings, &self.state);
        self.was_told = false;
        let lost = std::mem::take(&mut self.under_way);
        self.watch.restarted(self.elapsed());
        let notices = self.dispatch(Event::Started);
        self.is_of_the_present();
        for doing in lost {
            if let Doing::Send { id, sent, touched, .. } = doing.what {
                let end = SendEnd::Failed(dyntray_core::protocol::retryable::RetryableError::Unconfirmed);
                self.watch.send_ends(id, &sent, &end, touched, self.elapsed(), &notices);
            }
        }
    }

    /// The state of a program that finds none.
    fn new_state(&self) -> State {
        State { seed: u64::try_from(self.passed).unwrap_or_default(), ..State::default() }
    }

    // --- actions of the person

    pub fn close_window(&mut self) {
        self.dispatch(Event::WindowClosed);
    }

    pub fn update_now(&mut self) {
        self.watch.asked_to_update();
        self.dispatch(Event::UpdateNow);
    }

    pub fn update_when_due(&mut self) {
        self.watch.timer_asked_to_update();
        self.dispatch(Event::UpdateWhenDue);
    }

    pub fn this_is_home(&mut self) {
        self.tell_network();
        self.dispatch(Event::ThisIsHome);
    }

    pub fn try_again(&mut self, id: EntryId) {
        self.watch.tried_again(id);
        self.dispatch(Event::TryAgain(id));
    }

    pub fn pause(&mut self, seconds: Option<i64>) {
        let length = seconds.map(SignedDuration::from_secs);
        let until = length.map(|length| self.now() + length);
        self.pause = Some(Paused {
            passed: seconds.map_or(i64::MAX, |seconds| self.passed + seconds),
            until: until.unwrap_or(Timestamp::MAX),
            length,
        });
        self.dispatch(Event::Paused(Pause { until }));
    }

    /// Pauses until a time from outside, whatever that is.
    pub fn pause_until(&mut self, until: Timestamp) {
        let longest = SignedDuration::from_hours(366 * 24);
        let length = until.duration_since(self.now()).min(longest).max(SignedDuration::ZERO);
        self.pause = Some(Paused {
            passed: self.passed + whole_seconds(length),
            until: self.now() + length,
            length: Some(length),
        });
        self.dispatch(Event::Paused(Pause { until: Some(until) }));
    }

    pub fn resume(&mut self) {
        self.pause = None;
        self.dispatch(Event::Resumed);
    }

    /// Saves the portal's newest token.
    pub fn save_right_secret(&mut self, id: EntryId) {
        let right = self.portal.get(&id).copied().unwrap_or_default();
        self.save_secret(id, right);
    }

    pub fn save_secret(&mut self, id: EntryId, secret: Secret) {
        self.keyring.secrets.insert(id, secret);
        self.save(self.form.clone(), BTreeSet::from([id]));
    }

    /// Edits the form and saves it; a form with mistakes isn't saved.
    pub fn edit(&mut self, edit: impl FnOnce(&mut Form)) {
        let mut form = self.form.clone();
        edit(&mut form);
        number_new_entries(&mut form, EntryId(self.state.last_entry));
        self.save(form, BTreeSet::new());
    }

    fn save(&mut self, form: Form, new_secrets: BTreeSet<EntryId>) {
        let Ok(settings) = check(&form) else {
            return;
        };
        let before = std::mem::replace(&mut self.settings, settings);
        self.form = form;
        let mut touched: BTreeMap<EntryId, Touched> = BTreeMap::new();
        for id in before.entries.iter().map(|entry| entry.id) {
            if self.settings.entry(id).is_none() {
                touched.insert(id, Touched::Host);
                self.watch.is_another(id);
            }
        }
        for entry in &self.settings.entries {
            let Some(old) = before.entry(entry.id) else {
                self.portal.insert(entry.id, 1);
                self.keyring.secrets.insert(entry.id, 1);
                continue;
            };
            let new_secret = new_secrets.contains(&entry.id);
            let about = |entry: &Entry| {
                (entry.hostname.clone(), entry.server.clone(), entry.dialect.template.clone())
            };
            if about(old) != about(entry) {
                touched.insert(entry.id, Touched::Host);
                self.watch.is_another(entry.id);
            } else if old != entry || new_secret {
                self.watch.acted_on(entry.id);
                if old.login != entry.login || new_secret {
                    touched.insert(entry.id, Touched::Login);
                }
            }
        }
        self.watch.settings_change(&before, &self.settings);
        let is_another = |source| before.resolver(source) != self.settings.resolver(source);
        for doing in &mut self.under_way {
            match &mut doing.what {
                Doing::LookUp { source, overlaps, .. } if is_another(*source) => {
                    *overlaps = Overlaps::AnotherLine;
                }
                Doing::LookUp { .. }
                | Doing::CheckDns { .. }
                | Doing::LookForRelease
                | Doing::LookForSecret { .. } => {}
                Doing::Send { id, touched: by, .. } => {
                    *by = touched.get(id).copied().unwrap_or_default().max(*by);
                }
            }
        }
        self.dispatch(Event::SettingsChanged { new_secrets });
    }

    // --- the agent's part

    /// Reports a change of the network to the program at once, as the operating system does.
    fn tell_network(&mut self) {
        let network = self.line.network();
        if self.was_told && self.told_network == network {
            return;
        }
        if std::mem::replace(&mut self.was_told, true) {
            let leads = |network: &Option<Network>| {
                let network = network.as_ref()?;
                let tunnels = Family::BOTH.map(|family| network.leaves_by_tunnel(family));
                Some((network.gateway.clone(), tunnels))
            };
            let is_same = leads(&self.told_network) == leads(&network) && network.is_some();
            self.supersede_look_ups(if is_same { Overlaps::Change } else { Overlaps::AnotherLine });
        }
        self.told_network.clone_from(&network);
        self.watch.network_is(network.as_ref());
        self.dispatch(Event::NetworkSeen(network));
    }

    /// Reports a change, as the router does, or a wake from sleep.
    pub fn report_change(&mut self) {
        self.supersede_look_ups(Overlaps::Change);
        self.dispatch(Event::ChangeReported);
    }

    fn supersede_look_ups(&mut self, by: Overlaps) {
        self.watch.network_may_differ();
        self.changed.retain(|then| self.passed - then < HOUR);
        self.changed.push(self.passed);
        for doing in &mut self.under_way {
            if let Doing::LookUp { overlaps, .. } = &mut doing.what {
                *overlaps = by.max(*overlaps);
            }
        }
    }

    /// True where the network has changed so often of late that it doesn't settle.
    fn is_restless(&self) -> bool {
        self.changed.len() > FREE_CHANGES
    }

    /// Lets `seconds` pass. The program is asked at least every minute, or in long runs every sixtieth of them.
    pub fn run(&mut self, seconds: i64) {
        let end = self.passed + seconds;
        let longest_nap = (seconds / 60).max(MINUTE);
        loop {
            self.tell_network();
            let step = self.perform_all();
            if self.passed >= end {
                return;
            }
            let advised = match step {
                Step::WaitUntil(at) => self.passed + whole_seconds(at.duration_since(self.now())),
                _ => end,
            };
            let next_end = self.under_way.iter().map(|doing| doing.ends).min().unwrap_or(end);
            let wake = end.min(advised).min(self.passed + longest_nap).min(next_end).max(self.passed);
            assert!(wake > self.passed || next_end <= wake, "waits for no time at all");
            self.passed = wake;
            if !self.finish_due() {
                self.dispatch(Event::Tick);
            }
        }
    }

    /// Performs steps until the next one is to wait, and returns that one.
    fn perform_all(&mut self) -> Step {
        for _ in 0..MOST_STEPS_AT_ONCE + 4 * self.settings.entries.len() {
            let now = self.now();
            let step = decide(&self.settings, &self.state, &self.assessment, now);
            assert_eq!(step, decide(&self.settings, &self.state, &self.assessment, now), "undecided");
            match step {
                Step::Send(_) | Step::CheckDns(_) | Step::LookForRelease if self.running == Start::Check => {
                    return Step::WaitForEvent;
                }
                Step::LookUp(source) => self.look_up(source),
                Step::Send(request) => self.send(&request),
                Step::CheckDns(id) => self.check_dns(id),
                Step::LookForRelease => self.look_for_release(),
                Step::LookForSecret(id) => self.look_for_secret(id),
                Step::WaitUntil(at) => {
                    assert!(at > now, "waits for the past");
                    self.watch.all_were_asked(self.elapsed());
                    return step;
                }
                Step::WaitForEvent => {
                    self.watch.all_were_asked(self.elapsed());
                    return step;
                }
            }
        }
        panic!("a busy loop");
    }

    fn look_up(&mut self, source: Source) {
        let is_asked =
            |doing: &UnderWay| matches!(doing.what, Doing::LookUp { source: other, .. } if other == source);
        assert!(!self.under_way.iter().any(is_asked), "{source:?} is asked twice at once");
        self.watch.look_up_starts(source, &self.settings, self.elapsed());
        self.look_ups += usize::from(source.origin == Origin::WebResolver);
        *self.asked.entry(source).or_default() += 1;
        self.dispatch(Event::LookUpStarted(source));
        let (seen, seconds) = self.line.look_up(source);
        self.begin(seconds, Doing::LookUp { source, seen, overlaps: Overlaps::Nothing });
    }

    fn send(&mut self, request: &UpdateRequest) {
        let id = request.entry;
        let server = authority(&request.server.to_string());
        let is_busy =
            |doing: &UnderWay| matches!(&doing.what, Doing::Send { server: other, .. } if *other == server);
        assert!(!self.under_way.iter().any(is_busy), "two requests at once to {server}");
        assert!(!self.is_surely_paused(), "sends while paused");
        let entry = self.settings.entry(id).expect("an entry that is there");
        let is_the_vpns = request.addresses.iter().any(|address| Some(address.ip()) == self.line.vpn);
        let is_seen = self.told_network.is_some();
        let is_there = self.line.vpn.is_some_and(|vpn| self.watch.may_be_there(id, vpn));
        let is_new = is_the_vpns && is_seen && !is_there;
        assert!(self.settings.publish_vpn || !is_new, "the VPN's address goes out");
        self.watch.send_starts(request, entry, &self.settings, self.elapsed());
        self.watch.may_be_sent_to(&server, self.elapsed());
        let is_apart =
            entry.login == Login::Token && entry.records != Records::Both && entry.server.is_spdyn();
        let host = if is_apart { Host::OfOneRecord } else { Host::OfBothRecords };
        self.dispatch(Event::SendStarted(request.clone()));
        let mut wish = None;
        let (end, seconds) = match self.keyring.read(id) {
            Err(end) => (end, 0),
            Ok(_) if !self.line.is_up => {
                (SendEnd::Failed(dyntray_core::protocol::retryable::RetryableError::Unreachable), 5)
            }
            Ok(secret) => {
                self.sent.push(Sent {
                    at: self.now(),
                    hostname: request.hostname.to_string(),
                    addresses: request.addresses.to_string(),
                });
                let is_right = self.portal.get(&id) == Some(&secret);
                let now = self.now();
                let asked = self.servers.entry(server.clone()).or_default();
                wish = asked.wish(request, now);
                asked.take(request, host, is_right)
            }
        };
        let records = self.settings.entry(id).map(|entry| entry.records);
        let sent = request.addresses.iter().map(Into::into);
        let sent =
            sent.filter(|address| records.is_some_and(|kept| kept.covers(Family::of(*address)))).collect();
        self.begin(seconds, Doing::Send { id, server, sent, wish, end, touched: Touched::No });
        if self.power_fails_at.remove(&PowerCut::NextSend) {
            self.restart();
        }
    }

    fn check_dns(&mut self, id: EntryId) {
        let is_asked =
            |doing: &UnderWay| matches!(doing.what, Doing::CheckDns { id: other, .. } if other == id);
        assert!(!self.under_way.iter().any(is_asked), "two DNS checks at once");
        let is_check = |doing: &&UnderWay| matches!(doing.what, Doing::CheckDns { .. });
        assert!(self.under_way.iter().filter(is_check).count() < MOST_DNS_CHECKS, "too many DNS checks");
        self.dns_checks += 1;
        self.dispatch(Event::DnsCheckStarted(id));
        let answer = if self.port_53_is_blocked || !self.line.is_up {
            DnsAnswer::CantVerify(DnsProblem::NoAnswer)
        } else {
            let records = |family| self.live(id, family).into_iter().collect();
            DnsAnswer::Records(PerFamily::from_fn(records))
        };
        self.begin(1, Doing::CheckDns { id, answer });
    }

    fn look_for_secret(&mut self, id: EntryId) {
        let is_looked_for =
            |doing: &UnderWay| matches!(doing.what, Doing::LookForSecret { id: other, .. } if other == id);
        assert!(!self.under_way.iter().any(is_looked_for), "two looks at once");
        assert!(!self.is_surely_paused(), "looks for a secret while paused");
        self.watch.secret_look_starts(id, self.state.entry(id).secret_saved.is_some());
        self.secret_looks += 1;
        self.dispatch(Event::SecretLookStarted(id));
        let presence = self.keyring.has(id);
        self.begin(1, Doing::LookForSecret { id, presence });
    }

    /// The file that keeps secrets turns out to have none of an entry.
    pub fn secret_is_gone(&mut self, id: EntryId) {
        let notices = self.note(Event::SecretGone(id));
        self.watch.secret_look_ends(id, &SecretPresence::Missing { keyring: None }, &notices);
        self.look();
    }

    fn look_for_release(&mut self) {
        assert!(!self.under_way.iter().any(|doing| matches!(doing.what, Doing::LookForRelease)), "twice");
        self.release_looks += 1;
        self.dispatch(Event::ReleaseLookStarted);
        self.begin(1, Doing::LookForRelease);
    }

    fn begin(&mut self, seconds: i64, what: Doing) {
        self.under_way.push(UnderWay { ends: self.passed + seconds, what });
    }

    /// Records everything that has ended by now. False when nothing has.
    fn finish_due(&mut self) -> bool {
        let (due, still): (Vec<_>, Vec<_>) =
            std::mem::take(&mut self.under_way).into_iter().partition(|doing| doing.ends <= self.passed);
        self.under_way = still;
        let any = !due.is_empty();
        let mut due = due.into_iter();
        while let Some(doing) = due.next() {
            match doing.what {
                Doing::LookUp { source, seen, overlaps } => {
                    match overlaps {
                        Overlaps::Nothing => self.watch.look_up_ends(source, &seen, self.elapsed()),
                        Overlaps::Change if self.is_restless() => {
                            self.watch.look_up_may_count(source, &seen, self.elapsed());
                        }
                        Overlaps::Change | Overlaps::AnotherLine => {}
                    }
                    self.dispatch(Event::LookUpEnded(source, seen));
                }
                Doing::CheckDns { id, answer } => {
                    self.watch.dns_told(id, &answer);
                    self.dispatch(Event::DnsCheckEnded(id, answer));
                }
                Doing::LookForSecret { id, presence } => {
                    let notices = self.note(Event::SecretLookEnded(id, presence.clone()));
                    self.watch.secret_look_ends(id, &presence, &notices);
                    self.look();
                }
                Doing::LookForRelease => {
                    self.dispatch(Event::ReleaseLookEnded(self.announced));
                }
                Doing::Send { id, server, sent, wish, end, touched } => {
                    if let Some(wish) = wish {
                        self.watch.asks_to_wait(server, self.elapsed() + wish.wait.as_secs());
                        self.note(Event::RetryAfter(wish));
                    }
                    let before = self.disk.state.clone();
                    let notices = self.note(Event::SendEnded(id, end.clone()));
                    self.watch.send_ends(id, &sent, &end, touched, self.elapsed(), &notices);
                    self.look();
                    let is_refused = matches!(end, SendEnd::Answered(Verdict::Halt(_)));
                    if is_refused && self.power_fails_at.remove(&PowerCut::NextRefusal) {
                        self.disk.state = before;
                        self.under_way.extend(due);
                        self.restart();
                        return true;
                    }
                }
            }
        }
        any
    }

    fn dispatch(&mut self, event: Event) -> Vec<Notice> {
        // A pause that is over by the clock stays over, however the clock is set later.
        self.pause = self.pause.filter(|pause| self.passed < pause.passed && self.now() < pause.until);
        let is_start = event == Event::Started;
        let is_quiet = match &event {
            Event::Tick | Event::LookUpStarted(_) | Event::DnsCheckStarted(_) => true,
            Event::LookUpEnded(source, seen) => self.state.observation(*source) == Some(seen),
            _ => false,
        };
        let notices = self.note(event);
        if !is_start {
            let is_an_answers = |notice: &&HostNotice| {
                let of_the_network = matches!(
                    notice.cause,
                    Cause::Elsewhere
                        | Cause::NewRouter
                        | Cause::Unrecognised
                        | Cause::ChangedElsewhere { .. }
                        | Cause::Live { .. }
                );
                !of_the_network
            };
            let untold = notices.iter().filter_map(Notice::host).find(is_an_answers);
            assert_eq!(untold, None, "only answers are told");
            if !is_quiet {
                self.look();
            }
        }
        notices
    }

    /// Records an event and saves the state; a crash may take ephemeral changes.
    fn note(&mut self, event: Event) -> Vec<Notice> {
        let now = self.now();
        self.events += 1;
        let before = self.events.is_multiple_of(self.assessed_every).then(|| Evidence::of(&self.state));
        let weighed = self.assessment.weighings();
        let other_settings = matches!(event, Event::SettingsChanged { .. });
        let (state, assessment) = (std::mem::take(&mut self.state), std::mem::take(&mut self.assessment));
        let recorded = record(state, assessment, &self.settings, event, now);
        self.state = recorded.state;
        self.assessment = recorded.assessment;
        if let Some(before) = before {
            self.is_assessed_once(&before, weighed, other_settings);
        }
        if !recorded.is_ephemeral {
            self.disk = Disk { refusals: Refusals::of(&self.state), state: Some(self.state.clone()) };
        }
        recorded.history.iter().for_each(is_explained);
        self.notices.extend(recorded.notices.iter().cloned());
        self.history.extend(recorded.history);
        recorded.notices
    }

    /// Asserts that the assessment belongs to the present state, and that each change of the evidence was weighed
    /// once.
    fn is_assessed_once(&mut self, before: &Evidence, weighed: u64, other_settings: bool) {
        let fresh = Assessment::of(&self.settings, &self.state);
        assert_eq!(self.assessment.home, fresh.home);
        for entry in &self.settings.entries {
            assert_eq!(self.assessment.kind(entry), fresh.kind(entry));
        }
        let after = Evidence::of(&self.state);
        let learnt_home = before.2 != after.2;
        let changes = u64::from(other_settings || *before != after) + u64::from(learnt_home);
        self.changes += changes;
        let more = self.assessment.weighings() - weighed;
        assert!(more <= changes * fresh.weighings(), "{more} weighings for {changes} changes");
    }

    /// Asserts that the snapshot is true.
    fn look(&mut self) {
        let seen = self.snapshot();
        for entry in &seen.entries {
            let is_enabled = entry.status != Status::Disabled;
            let is_halted = matches!(entry.status, Status::Halted { .. });
            assert_eq!(is_halted, is_enabled && self.watch.is_halted(entry.id), "{:?}", entry.status);
            if is_halted {
                assert_eq!((entry.mood, seen.mood), (Mood::NeedsYou, Mood::NeedsYou));
            }
            if entry.status == Status::Fine {
                let known = entry.families.iter().filter_map(|family| family.why.outcome.address());
                let known: Vec<IpAddr> = known.map(IpAddr::from).collect();
                assert!(!known.is_empty(), "fine without an address");
                let all_sure = known.iter().all(|address| self.watch.is_sure(entry.id, *address));
                assert!(all_sure, "said to be fine, and {known:?} isn't surely published");
                self.watch.is_fine(entry.id);
            }
        }
    }

    fn elapsed(&self) -> Elapsed {
        self.passed + self.set_forward
    }

    /// True when neither the clock nor the time that passed has reached the pause's end.
    fn is_surely_paused(&self) -> bool {
        self.pause.is_some_and(|pause| self.passed < pause.passed && self.now() < pause.until)
    }
}

/// A state, written and read as the program does.
fn read_back(state: &State) -> State {
    let text = serde_json::to_string(state).expect("state is written");
    let read: State = serde_json::from_str(&text).expect("state is read");
    // The entries are written apart, as rows of their own.
    let rows = serde_json::to_string(&state.entries).expect("the entries are written");
    State { entries: serde_json::from_str(&rows).expect("the entries are read"), ..read }
}

/// The part of the state that an assessment depends on.
#[derive(PartialEq)]
struct Evidence(
    BTreeMap<Source, (Option<SourceReading>, Option<Prefix>)>,
    NetworkReading,
    BTreeSet<NetworkId>,
    BTreeSet<PublicAddress>,
);

impl Evidence {
    fn of(state: &State) -> Self {
        let readings = state.sources.iter().map(|(source, at)| (*source, (at.last.clone(), at.prefix)));
        let network = state.network.network();
        let has_choice = |family| network.is_some_and(|network| has_choice(network, family));
        let ids = network.and_then(|network| network.gateway.as_ref()).map(|gateway| &gateway.ids);
        let is_home = |ids: &Vec<NetworkId>| ids.iter().any(|id| state.homes.contains(id));
        let is_elsewhere = !state.homes.is_empty() && !ids.is_some_and(is_home);
        let matters = is_elsewhere || Family::BOTH.into_iter().any(has_choice);
        let held = if matters { state.held_addresses() } else { BTreeSet::new() };
        Evidence(readings.collect(), state.network.clone(), state.homes.clone(), held)
    }
}

/// Asserts that every address that was sent is explained by the kept reasons.
fn is_explained(item: &HistoryItem) {
    let published: Vec<String> =
        item.why.iter().filter_map(|why| why.kept.or(why.outcome.address())).map(|a| a.to_string()).collect();
    let sent = item.addresses.split(',').filter(|address| !address.is_empty());
    for address in sent {
        assert!(published.iter().any(|told| told == address), "{address} isn't explained by {:?}", item.why);
    }
}

/// The authority of a server, `host:port`, as a network sees it.
fn authority(url: &str) -> String {
    let authority = url.split('/').nth(2).unwrap_or_default();
    authority.trim_end_matches(":443").to_owned()
}

fn whole_seconds(wait: SignedDuration) -> i64 {
    wait.as_secs() + i64::from(wait.subsec_nanos() > 0)
}

/// An address from its text.
pub fn ip(text: &str) -> IpAddr {
    text.parse().expect("a literal address")
}
