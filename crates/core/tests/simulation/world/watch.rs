//! The rules, checked from beside the program: from everything that was sent, answered and asked, and never from the
//! core's own state.

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;

use dyntray_core::observe::dns::DnsAnswer;
use dyntray_core::observe::observation::Observation;
use dyntray_core::protocol::dialect::Batching;
use dyntray_core::protocol::reply::{HaltReason, Verdict};
use dyntray_core::protocol::request::UpdateRequest;
use dyntray_core::protocol::retryable::RetryableError;
use dyntray_core::record::{SecretPresence, SendEnd};
use dyntray_core::settings::{AddressFrom, Entry, Records, Settings};
use dyntray_core::state::notice::{Cause, Notice};
use dyntray_core::types::address::{Family, PerFamily};
use dyntray_core::types::entry_id::EntryId;
use dyntray_core::types::network::{InterfaceKind, Network, Prefix, SHARED_BITS};
use dyntray_core::types::source::{Origin, Source};

/// Seconds that passed by the clock, without those by which it was set back.
pub type Elapsed = i64;

/// The most requests for one host name within an hour, unless a person asks for more.
pub const MOST_AN_HOUR: usize = 20;

const MINUTE: i64 = 60;
const HOUR: i64 = 60 * MINUTE;

/// A person's changes to an entry while its request was under way, in order of their effect on the answer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Touched {
    #[default]
    No,
    Login,
    Host,
}

#[derive(Clone, Default)]
pub struct Watch {
    entries: BTreeMap<EntryId, Ledger>,
    sources: BTreeMap<Source, Asked>,
    /// The end of the wait that each server asked for last.
    servers: BTreeMap<String, Elapsed>,
    interval: i64,
    own: BTreeSet<IpAddr>,
    /// Those of them that last, and aren't a tunnel's.
    lasting: BTreeSet<IpAddr>,
    /// The web resolvers that were asked at one instant before their own round, to be asked together with another one.
    early: Vec<Source>,
    /// The seconds by which the clock was ever set back.
    set_back: i64,
}

/// An entry's claim to a turn at its server.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Turn {
    /// Nothing was sent for it yet.
    #[default]
    Untried,
    /// Something was.
    Tried,
    /// A person has changed or hurried it: then its turn is the person's doing.
    ThePersons,
}

/// Everything that was seen of one entry.
#[derive(Clone, Default)]
struct Ledger {
    accepted: PerFamily<Option<IpAddr>>,
    /// Another address, sent since, of which it is unknown whether it was published.
    doubtful: PerFamily<Option<IpAddr>>,
    halted: bool,
    /// True when it is halted because its secret is missing.
    lacks_secret: bool,
    /// True when there was a reason to look for the missing secret, and nobody has looked yet.
    secret_is_to_be_looked_for: bool,
    /// The families whose record isn't the accepted address.
    foreign: BTreeSet<Family>,
    /// The families whose record was repaired once.
    repaired: BTreeSet<Family>,
    failure: Option<(Elapsed, RetryableError)>,
    /// The seconds by which the clock had been set back when it failed.
    set_back_before: i64,
    failing_since: Option<Elapsed>,
    not_before: Elapsed,
    turn: Turn,
    told: BTreeSet<&'static str>,
    told_of_another_updater: Option<Elapsed>,
    /// The times of requests that reached the server since a person last acted.
    requests: Vec<Elapsed>,
}

#[derive(Clone, Default)]
struct Asked {
    last: Option<Observation>,
    looks: u32,
    /// All addresses that it ever reported.
    told: BTreeSet<IpAddr>,
    /// True when the program was restarted since, and may have forgotten the last report: to it, an older one is the
    /// last.
    is_unsure: bool,
    since: Elapsed,
    not_before: Elapsed,
}

impl Ledger {
    fn is_sure(&self, address: IpAddr) -> bool {
        let family = Family::of(address);
        *self.accepted.get(family) == Some(address) && self.doubtful.get(family).is_none()
    }

    fn may_hold(&self, address: IpAddr) -> bool {
        let family = Family::of(address);
        [self.accepted.get(family), self.doubtful.get(family)].contains(&&Some(address))
    }

    /// Notes a reason to look for a missing secret.
    fn keyring_may_differ(&mut self) {
        self.secret_is_to_be_looked_for = self.halted && self.lacks_secret;
    }

    fn halt_ends(&mut self) {
        self.halted = false;
        self.secret_is_to_be_looked_for = false;
    }

    fn acted_on(&mut self) {
        self.halt_ends();
        self.forget_failure();
    }

    /// Notes a request that reached the server.
    fn has_sent(&mut self, now: Elapsed) {
        self.requests.retain(|then| now - then < HOUR);
        self.requests.push(now);
        assert!(self.requests.len() <= MOST_AN_HOUR, "{} requests within an hour", self.requests.len());
    }

    fn forget_failure(&mut self) {
        self.failure = None;
        self.failing_since = None;
        self.not_before = Elapsed::MIN;
        self.told.clear();
    }

    /// Notes that the failure may lie in the future since the clock was set back by `seconds` in all.
    fn is_of_the_future(&mut self, now: Elapsed, seconds: i64, is_over: impl Fn(&RetryableError) -> bool) {
        if let Some((at, error)) = &self.failure {
            let is_ahead = at - self.set_back_before > now - seconds;
            if is_ahead && is_over(error) {
                self.not_before = Elapsed::MIN;
            }
        }
    }

    fn shorten_backoff(&mut self) {
        self.requests.clear();
        self.repaired.clear();
        if let Some((at, error)) = &self.failure {
            let least = if was_sent(error) { MINUTE } else { 0 };
            self.not_before = self.not_before.min(at + least);
        }
    }
}

impl Watch {
    /// True when an entry got a halting answer, and nobody has acted on it since.
    pub fn is_halted(&self, id: EntryId) -> bool {
        self.entries.get(&id).is_some_and(|ledger| ledger.halted)
    }

    /// True when the service holds `address` for the entry, as far as anybody can know.
    pub fn is_sure(&self, id: EntryId, address: IpAddr) -> bool {
        self.entries.get(&id).is_some_and(|ledger| ledger.is_sure(address))
    }

    pub fn look_up_starts(&mut self, source: Source, settings: &Settings, now: Elapsed) {
        let asked = self.sources.entry(source).or_default();
        if now < asked.not_before {
            // Together with another one, and not sooner than half a round.
            let half = settings.interval.as_secs() / 2;
            let may_go_along = source.origin.is_web_resolver() && now >= asked.since + half;
            assert!(may_go_along, "{source:?} is asked too early: {now} < {}", asked.not_before);
            self.early.push(source);
        }
        asked.since = now;
        asked.not_before = now + settings.interval.as_secs();
        self.interval = settings.interval.as_secs();
    }

    /// Asserts that no source was asked before its round for itself alone.
    pub fn all_were_asked(&mut self, now: Elapsed) {
        let early = std::mem::take(&mut self.early);
        let is_due = |(source, asked): (&Source, &Asked)| {
            source.origin.is_web_resolver() && asked.since == now && !early.contains(source)
        };
        assert!(early.is_empty() || self.sources.iter().any(is_due), "{early:?} asked alone and too early");
    }

    /// Follows a change of the settings: only a source that is another one now may be asked, and rounds may be shorter.
    pub fn settings_change(&mut self, before: &Settings, after: &Settings) {
        for (source, asked) in &mut self.sources {
            let rounds = asked.since + after.interval.as_secs();
            let is_another = before.resolver(*source) != after.resolver(*source);
            asked.not_before = if is_another { Elapsed::MIN } else { asked.not_before.min(rounds) };
        }
    }

    /// Notes a change of the network: all may be asked, and what was never sent may be sent again.
    pub fn network_may_differ(&mut self) {
        self.sources_may_be_asked();
        self.unsent_may_be_sent();
    }

    fn unsent_may_be_sent(&mut self) {
        for ledger in self.entries.values_mut() {
            if matches!(&ledger.failure, Some((_, error)) if !was_sent(error)) {
                ledger.not_before = Elapsed::MIN;
            }
        }
    }

    /// Notes an answer that may count although the network changed meanwhile.
    pub fn look_up_may_count(&mut self, source: Source, seen: &Observation, now: Elapsed) {
        let asked = self.sources.entry(source).or_default();
        asked.is_unsure = true;
        asked.looks += 1;
        asked.last.get_or_insert_with(|| seen.clone());
        if let Observation::Known { address } = seen {
            asked.told.insert(address.ip());
            self.unsent_may_be_sent();
        }
        for other in self.sources.values_mut() {
            other.not_before = other.not_before.min(now);
        }
    }

    pub fn look_up_ends(&mut self, source: Source, seen: &Observation, now: Elapsed) {
        let was_away =
            |seen: &Observation| matches!(seen, Observation::Unavailable { why } if why.was_not_asked());
        let asked = self.sources.entry(source).or_default();
        if asked.last.as_ref().is_some_and(was_away) && !was_away(seen) {
            let others = self.sources.values_mut();
            others
                .filter(|other| other.last.as_ref().is_some_and(was_away))
                .for_each(|other| other.not_before = now);
        }
        let asked = self.sources.entry(source).or_default();
        asked.not_before = asked.since + self.interval;
        let is_known = matches!(seen, Observation::Known { .. });
        let was_unsure = std::mem::take(&mut asked.is_unsure);
        let is_new = was_unsure || asked.last.as_ref() != Some(seen);
        let is_of_the_house = source.origin == Origin::Router;
        if was_away(seen) && !is_of_the_house {
            asked.not_before = now + 1;
        } else if is_new && is_known && (is_of_the_house || matches!(source.origin, Origin::FallBack { .. }))
        {
            asked.not_before = now + 5;
        } else if is_of_the_house {
            asked.not_before = asked.since + MINUTE;
        }
        // To a program that forgot the last report, this one may be the same as the one before.
        let may_be_the_same = was_unsure
            && matches!(seen, Observation::Known { address } if asked.told.contains(&address.ip()));
        let is_same = asked.last.as_ref() == Some(seen) || may_be_the_same;
        asked.looks = if is_same { asked.looks + 1 } else { 1 };
        let tells_of_a_change = is_known || (is_of_the_house && !was_away(seen));
        let differs = is_new && tells_of_a_change && asked.last.is_some();
        asked.last = Some(seen.clone());
        if let Observation::Known { address } = seen {
            asked.told.insert(address.ip());
        }
        if is_known && is_new {
            self.unsent_may_be_sent();
        }
        if differs {
            let others = self
                .sources
                .iter_mut()
                .filter(|(other, _)| other.family == source.family && **other != source);
            others.for_each(|(_, other)| other.not_before = now);
        }
    }

    /// Notes this machine's own addresses, as the operating system reports them.
    pub fn network_is(&mut self, network: Option<&Network>) {
        let own = network.into_iter().flat_map(|network| &network.interfaces);
        self.own = own.flat_map(|i| &i.addresses).map(|a| a.address).collect();
        let here = network.into_iter().flat_map(|network| &network.interfaces);
        let here = here.filter(|interface| interface.kind != InterfaceKind::Tunnel);
        let lasting = here.flat_map(|i| &i.addresses).filter(|at| at.is_stable());
        self.lasting = lasting.map(|at| at.address).collect();
    }

    /// The sources that reported `address` last, and the number of times each did.
    fn reporters(&self, address: IpAddr) -> Vec<(Source, u32)> {
        let tells = |asked: &Asked| {
            let last =
                matches!(asked.last, Some(Observation::Known { address: told }) if told.ip() == address);
            last || (asked.is_unsure && asked.told.contains(&address))
        };
        self.sources
            .iter()
            .filter(|(_, asked)| tells(asked))
            .map(|(source, asked)| (*source, asked.looks))
            .collect()
    }

    /// True when a request of the entry may have put `address` there.
    pub fn may_be_there(&self, id: EntryId, address: IpAddr) -> bool {
        self.entries.get(&id).is_some_and(|ledger| ledger.may_hold(address))
    }

    /// The reason why `address` wasn't reported by a source that may be believed.
    fn disbelief(&self, address: IpAddr) -> Option<String> {
        let reporters = self.reporters(address);
        let first = Source::web_resolver(Family::of(address));
        let is_own = address.is_ipv6() && self.own.contains(&address);
        let alone_and_once = reporters.len() == 1 && reporters[0].0 != first && reporters[0].1 < 2;
        if reporters.is_empty() && !self.own.contains(&address) {
            return Some(format!("{address} was told by nobody"));
        }
        let is_doubtful = alone_and_once && !is_own && !self.own.contains(&address);
        is_doubtful.then(|| format!("{address} by {reporters:?} alone"))
    }

    /// The same of the address of another device: the line's, of which it has the prefix, decides.
    fn disbelief_in(&self, address: IpAddr, entry: &Entry) -> Option<String> {
        let (IpAddr::V6(of_device), Some(_)) = (address, entry.device) else {
            return self.disbelief(address);
        };
        let prefix = Prefix::of(of_device, SHARED_BITS);
        let told = self.sources.values().flat_map(|asked| &asked.told);
        let of_line = self
            .own
            .iter()
            .chain(told)
            .filter(|line| matches!(line, IpAddr::V6(line) if prefix.contains(*line)));
        let disbelief: Vec<Option<String>> = of_line.map(|line| self.disbelief(*line)).collect();
        if disbelief.iter().any(Option::is_none) { None } else { Some(format!("{address}: {disbelief:?}")) }
    }

    /// Asserts that the addresses are worth a request: one that is reported by a source that may be believed, and that
    /// the service may lack. Others may go along, as they are there, where the service deletes what isn't named.
    fn are_believed(&self, request: &UpdateRequest, entry: &Entry, addresses: &[IpAddr]) {
        let takes_both = request.dialect.batching == Batching::AlwaysBoth;
        let ledgers = [Some(entry.id), entry.companion].into_iter().flatten();
        let is_there = |address: IpAddr| ledgers.clone().any(|id| self.may_be_there(id, address));
        let disbelief: Vec<Option<String>> =
            addresses.iter().map(|address| self.disbelief_in(*address, entry)).collect();
        for (address, why) in addresses.iter().zip(&disbelief) {
            let goes_along = takes_both && addresses.len() > 1 && is_there(*address);
            assert!(why.is_none() || goes_along, "{why:?}");
        }
        assert!(disbelief.iter().any(Option::is_none), "{disbelief:?}");
    }

    pub fn dns_told(&mut self, id: EntryId, answer: &DnsAnswer) {
        if let (Some(ledger), DnsAnswer::Records(records)) = (self.entries.get_mut(&id), answer) {
            let (accepted, doubtful) = (ledger.accepted, ledger.doubtful);
            // A record that an unanswered request may have changed is nobody else's.
            let is_ours = |family: Family| {
                let there = records.get(family).as_slice();
                [accepted.get(family), doubtful.get(family)]
                    .into_iter()
                    .flatten()
                    .any(|ours| there == [*ours])
            };
            let is_foreign = |family: &Family| accepted.get(*family).is_some() && !is_ours(*family);
            ledger.foreign = Family::BOTH.into_iter().filter(is_foreign).collect();
            if !ledger.foreign.is_empty() {
                self.sources_may_be_asked();
            }
        }
    }

    /// Notes a start. What was never sent, and failed in a time to come, may be sent at once.
    pub fn restarted(&mut self, now: Elapsed) {
        self.sources_may_be_asked();
        self.sources.values_mut().for_each(|asked| asked.is_unsure = true);
        for ledger in self.entries.values_mut() {
            ledger.keyring_may_differ();
            ledger.is_of_the_future(now, self.set_back, |error| !was_sent(error));
        }
    }

    /// Notes that the history was lost, and all that it knew. The refusals of services are kept elsewhere.
    pub fn history_is_lost(&mut self) {
        self.sources.clear();
        self.servers.clear();
        for ledger in self.entries.values_mut() {
            let is_refused = ledger.halted && !ledger.lacks_secret;
            *ledger = Ledger { halted: is_refused, not_before: Elapsed::MIN, ..Ledger::default() };
        }
    }

    /// Notes that the clock was set back. What failed because of the clock may be sent at once, and changes that are now in
    /// the future damp nothing any more.
    pub fn clock_is_set_back(&mut self, seconds: i64, now: Elapsed) {
        self.set_back += seconds;
        for ledger in self.entries.values_mut() {
            ledger.requests.clear();
            ledger.is_of_the_future(now, self.set_back, RetryableError::is_of_the_clock);
        }
    }

    pub fn sources_may_be_asked(&mut self) {
        for asked in self.sources.values_mut() {
            asked.not_before = Elapsed::MIN;
        }
    }

    pub fn secret_look_starts(&mut self, id: EntryId, was_seen_before: bool) {
        let ledger = self.entries.entry(id).or_default();
        if !was_seen_before && !ledger.halted {
            return;
        }
        assert!(ledger.halted && ledger.lacks_secret, "looks for a secret that isn't missing");
        let had_a_reason = std::mem::take(&mut ledger.secret_is_to_be_looked_for);
        assert!(had_a_reason, "looks for a missing secret by itself");
    }

    pub fn secret_look_ends(&mut self, id: EntryId, presence: &SecretPresence, notices: &[Notice]) {
        let ledger = self.entries.entry(id).or_default();
        match presence {
            SecretPresence::Found if ledger.halted && ledger.lacks_secret => ledger.halt_ends(),
            SecretPresence::Missing { .. } if !notices.is_empty() => {
                assert!(!ledger.halted && notices.len() == 1, "a halt is told once");
                ledger.forget_failure();
                ledger.halted = true;
                ledger.lacks_secret = true;
            }
            _ => assert_eq!(notices, [], "nothing new is told"),
        }
    }

    /// True when a missing secret should have been looked for.
    pub fn owes_a_look(&self, id: EntryId) -> bool {
        self.entries.get(&id).is_some_and(|ledger| ledger.secret_is_to_be_looked_for)
    }

    pub fn send_starts(&self, request: &UpdateRequest, entry: &Entry, settings: &Settings, now: Elapsed) {
        let addresses: Vec<IpAddr> = request.addresses.iter().map(Into::into).collect();
        assert!(entry.enabled, "a disabled entry sends");
        assert!(!addresses.is_empty(), "an empty request");
        let is_own = |address: &IpAddr| entry.records.covers(Family::of(*address));
        let is_the_companions =
            |address: &IpAddr| entry.companion.is_some_and(|id| self.may_be_there(id, *address));
        assert!(addresses.iter().all(|address| is_own(address) || is_the_companions(address)));
        match entry.from {
            // A service may take one address per request.
            AddressFrom::Fixed(fixed) => {
                let is_one = |address: &IpAddr| fixed.iter().any(|fixed| fixed.ip() == *address);
                assert!(
                    addresses.iter().filter(|a| is_own(a)).all(is_one),
                    "not the fixed ones: {addresses:?}"
                );
            }
            _ => self.are_believed(request, entry, &addresses),
        }
        let Some(ledger) = self.entries.get(&request.entry) else {
            return;
        };
        self.is_its_turn(entry, ledger, settings);
        if !matches!(entry.from, AddressFrom::Fixed(_)) {
            for address in &addresses {
                self.is_no_whim(request.entry, *address);
            }
        }
        assert!(!ledger.halted, "sends after a halt");
        let again = addresses.iter().filter(|a| is_own(a)).all(|address| ledger.is_sure(*address));
        let repairs = |family: Family| ledger.foreign.contains(&family) && !ledger.repaired.contains(&family);
        let repairs = addresses.iter().any(|address| repairs(Family::of(*address)));
        assert!(!again || repairs, "{addresses:?} again");
        assert!(
            now >= ledger.not_before,
            "sends {} s too early after {:?}",
            ledger.not_before - now,
            ledger.failure
        );
    }

    /// Asserts that nobody is tried again while another entry of the same server, with the same addresses to send, never
    /// was. Where both families are kept, one may have to wait for the other.
    fn is_its_turn(&self, entry: &Entry, ledger: &Ledger, settings: &Settings) {
        let is_alike = |other: &&Entry| {
            other.enabled
                && other.server.authority() == entry.server.authority()
                && (other.from, other.records, other.device) == (entry.from, entry.records, entry.device)
                && other.dialect.pace == entry.dialect.pace
        };
        if ledger.turn != Turn::Tried || entry.records == Records::Both {
            return;
        }
        let never_tried = settings.entries.iter().filter(is_alike).find(|other| {
            let of_other = self.entries.get(&other.id);
            of_other.is_none_or(|other| other.turn == Turn::Untried && !other.halted)
        });
        assert!(never_tried.is_none(), "{} goes before {never_tried:?}", entry.hostname);
    }

    /// Asserts that an IPv6 address doesn't take the place of another one of its prefix that this machine still has.
    fn is_no_whim(&self, id: EntryId, address: IpAddr) {
        let accepted =
            |ledger: &Ledger| ledger.accepted.get(Family::Ipv6).filter(|at| self.lasting.contains(at));
        let (Some(ledger), IpAddr::V6(new)) = (self.entries.get(&id), address) else { return };
        let (Some(IpAddr::V6(old)), None) = (accepted(ledger), ledger.doubtful.get(Family::Ipv6)) else {
            return;
        };
        let is_alone = self.entries.values().all(|other| {
            let held = [*other.accepted.get(Family::Ipv6), *other.doubtful.get(Family::Ipv6)];
            held.into_iter().flatten().all(|held| held == IpAddr::V6(old) || !self.lasting.contains(&held))
        });
        let is_of_one_prefix = Prefix::of(old, 64).contains(new) && self.lasting.contains(&address);
        assert!(old == new || !is_alone || !is_of_one_prefix, "{new} instead of {old}");
    }

    /// Notes that a server asks to be left alone until then.
    pub fn asks_to_wait(&mut self, server: String, until: Elapsed) {
        self.servers.insert(server, until);
    }

    /// True while a server has asked to be left alone.
    pub fn is_left_alone(&self, server: &str, now: Elapsed) -> bool {
        self.servers.get(server).is_some_and(|until| now < *until)
    }

    /// Asserts that a server isn't sent anything before the time that it asked for, whoever wants it.
    pub fn may_be_sent_to(&self, server: &str, now: Elapsed) {
        let until = self.servers.get(server).copied().unwrap_or(Elapsed::MIN);
        assert!(now >= until, "{server} asked to be left alone for {} s more", until - now);
    }

    pub fn send_ends(
        &mut self,
        id: EntryId,
        sent: &[IpAddr],
        end: &SendEnd,
        touched: Touched,
        now: Elapsed,
        notices: &[Notice],
    ) {
        let ledger = self.entries.entry(id).or_default();
        let told = notices.iter().filter_map(Notice::host).filter(|notice| notice.entry == id);
        let told: Vec<&Cause> = told.map(|notice| &notice.cause).collect();
        if reaches_the_server(end) {
            ledger.has_sent(now);
        }
        if ledger.turn == Turn::Untried {
            ledger.turn = Turn::Tried;
        }
        let halts = told.iter().filter(|cause| matches!(cause, Cause::Halted { .. })).count();
        if touched == Touched::Host || (touched == Touched::Login && is_about_login(end)) {
            assert!(told.is_empty(), "tells of an answer that is superseded: {told:?}");
            return;
        }
        let doubt = match end {
            SendEnd::Answered(Verdict::Accepted(_)) => {
                for address in sent {
                    let family = Family::of(*address);
                    if ledger.foreign.remove(&family) {
                        ledger.repaired.insert(family);
                    }
                    if *ledger.accepted.get(family) != Some(*address) {
                        ledger.repaired.remove(&family);
                    }
                }
                for address in sent {
                    *ledger.accepted.get_mut(Family::of(*address)) = Some(*address);
                    *ledger.doubtful.get_mut(Family::of(*address)) = None;
                }
                ledger.acted_on();
                assert_eq!(halts, 0);
                false
            }
            SendEnd::Answered(Verdict::Halt(_)) | SendEnd::NoSecret { .. } => {
                ledger.forget_failure();
                ledger.halt_ends();
                ledger.halted = true;
                ledger.lacks_secret = matches!(end, SendEnd::NoSecret { .. });
                assert_eq!(halts, 1, "a halt is told once");
                matches!(end, SendEnd::Answered(Verdict::Halt(HaltReason::OtherAddress { .. })))
            }
            SendEnd::Answered(Verdict::Retry(error)) | SendEnd::Failed(error) => {
                ledger.not_before = now + first_delay(error);
                ledger.failure = Some((now, error.clone()));
                ledger.set_back_before = self.set_back;
                ledger.failing_since.get_or_insert(now);
                assert_eq!(halts, 0);
                was_sent(error)
            }
        };
        if doubt {
            for address in sent {
                if *ledger.accepted.get(Family::of(*address)) != Some(*address) {
                    *ledger.doubtful.get_mut(Family::of(*address)) = Some(*address);
                }
            }
        }
        for cause in told {
            ledger.is_told(cause, now);
        }
    }

    /// Starts over for another host or server, or after an entry was removed.
    pub fn is_another(&mut self, id: EntryId) {
        self.entries
            .insert(id, Ledger { not_before: Elapsed::MIN, turn: Turn::ThePersons, ..Ledger::default() });
    }

    pub fn acted_on(&mut self, id: EntryId) {
        if let Some(ledger) = self.entries.get_mut(&id) {
            ledger.repaired.clear();
            ledger.requests.clear();
            ledger.turn = Turn::ThePersons;
            ledger.acted_on();
        }
    }

    pub fn tried_again(&mut self, id: EntryId) {
        self.sources_may_be_asked();
        if let Some(ledger) = self.entries.get_mut(&id) {
            ledger.halt_ends();
            ledger.shorten_backoff();
        }
    }

    pub fn asked_to_update(&mut self) {
        self.sources_may_be_asked();
        self.entries.values_mut().for_each(Ledger::shorten_backoff);
        self.entries.values_mut().for_each(Ledger::keyring_may_differ);
    }

    /// A timer hurries no server that was reached.
    pub fn timer_asked_to_update(&mut self) {
        self.sources_may_be_asked();
        for ledger in self.entries.values_mut() {
            let planned = ledger.not_before;
            ledger.shorten_backoff();
            if ledger.failure.as_ref().is_some_and(|(_, error)| was_sent(error)) {
                ledger.not_before = planned;
            }
            ledger.keyring_may_differ();
        }
    }

    pub fn keyring_is_back(&mut self) {
        for ledger in self.entries.values_mut() {
            ledger.keyring_may_differ();
            if matches!(&ledger.failure, Some((_, error)) if error.is_keyring()) {
                ledger.not_before = Elapsed::MIN;
            }
        }
    }

    /// Notes that the entry is shown as fine: the next failure is a new cause.
    pub fn is_fine(&mut self, id: EntryId) {
        if let Some(ledger) = self.entries.get_mut(&id) {
            ledger.told.clear();
        }
    }
}

impl Ledger {
    fn is_told(&mut self, cause: &Cause, now: Elapsed) {
        match cause {
            Cause::Published { .. } | Cause::Halted { .. } => {}
            Cause::Failed { .. } => assert!(self.failure.is_some(), "no failure"),
            Cause::Lasting { .. } => {
                assert!(self.told.insert("lasting"), "a lasting failure is told twice");
                assert!(self.failing_since.is_some_and(|since| now - since >= HOUR), "not lasting yet");
            }
            Cause::Keyring { .. } => assert!(self.told.insert("keyring"), "the keyring is told twice"),
            Cause::ChangedElsewhere { .. }
            | Cause::Elsewhere
            | Cause::NewRouter
            | Cause::Unrecognised
            | Cause::Live { .. } => panic!("no answer tells {cause:?}"),
            Cause::AnotherUpdater => {
                let before = self.told_of_another_updater.replace(now);
                assert!(before.is_none_or(|before| now - before >= 24 * HOUR), "told twice a day");
            }
        }
    }
}

/// The shortest wait after each error, as the documents state it.
fn first_delay(error: &RetryableError) -> i64 {
    match error {
        RetryableError::Unreachable => 15,
        RetryableError::KeyringLocked
        | RetryableError::KeyringAbsent
        | RetryableError::SecretsUnusable { .. }
        | RetryableError::NoCertificates => 30,
        RetryableError::Unconfirmed => 5 * MINUTE,
        RetryableError::NotTrusted
        | RetryableError::WrongClock { .. }
        | RetryableError::CertificateExpired
        | RetryableError::CertificateNotYetValid
        | RetryableError::Unreadable { .. } => 10 * MINUTE,
        RetryableError::Server { .. } => 30 * MINUTE,
    }
}

fn was_sent(error: &RetryableError) -> bool {
    matches!(
        error,
        RetryableError::Unconfirmed | RetryableError::Unreadable { .. } | RetryableError::Server { .. }
    )
}

fn reaches_the_server(end: &SendEnd) -> bool {
    match end {
        SendEnd::Answered(_) => true,
        SendEnd::Failed(error) => was_sent(error),
        SendEnd::NoSecret { .. } => false,
    }
}

fn is_about_login(end: &SendEnd) -> bool {
    let SendEnd::Answered(Verdict::Halt(reason)) = end else {
        return matches!(end, SendEnd::NoSecret { .. });
    };
    matches!(
        reason,
        HaltReason::BadAuth | HaltReason::NotYours | HaltReason::NotDonator | HaltReason::NotActive
    )
}
