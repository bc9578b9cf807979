//! One Dyntray: the real core, and a line, a web resolver and a server that always answer.

use std::net::{IpAddr, Ipv4Addr};

use dyntray_core::assess::Assessment;
use dyntray_core::observe::dns::DnsAnswer;
use dyntray_core::observe::observation::Observation;
use dyntray_core::protocol::reply::{Accepted, Verdict};
use dyntray_core::record::SendEnd;
use dyntray_core::settings::form::{AddressChoice, EntryForm, Form, check, number_new_entries};
use dyntray_core::settings::{Records, Settings};
use dyntray_core::state::State;
use dyntray_core::types::address::PerFamily;
use dyntray_core::types::entry_id::EntryId;
use dyntray_core::types::source::{Origin, Source};
use dyntray_core::{Event, Step, decide, record};
use jiff::{SignedDuration, Timestamp};

/// A web resolver or router answers within this time, a server within a little more.
const LOOK_UP: SignedDuration = SignedDuration::from_millis(50);
const UPDATE: SignedDuration = SignedDuration::from_millis(200);
/// The wait of a client that has nothing to wait for.
const A_WHILE: SignedDuration = SignedDuration::from_hours(1);

/// The sources that clients ask for their address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ask {
    /// Web resolver and router, the default.
    Everyone,
    /// The web resolvers alone.
    Web,
}

/// The settings of a home with that many host names.
pub fn settings(hosts: usize, ask: Ask) -> Settings {
    let address_from = if ask == Ask::Web { AddressChoice::Web } else { AddressChoice::Webresolver };
    let entry = |number| EntryForm {
        hostname: format!("host{number}.spdns.de"),
        protocol: Records::Ipv4,
        address_from,
        ..EntryForm::default()
    };
    let mut form = Form { home_lock: false, entries: (0..hosts).map(entry).collect(), ..Form::default() };
    number_new_entries(&mut form, EntryId(0));
    check(&form).expect("the settings are valid")
}

/// A request to a service.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sent {
    /// The update server.
    Update,
    /// The web resolver.
    LookUp,
}

/// The result of one advance.
pub struct Advanced {
    /// The requests of this moment.
    pub sent: Vec<Sent>,
    /// The next moment with something to do.
    pub next: Timestamp,
    /// The number of steps that the core named.
    pub steps: u64,
}

enum Doing {
    LookUp(Source),
    Update(EntryId),
    DnsCheck(EntryId),
}

/// One client.
pub struct Client<'a> {
    settings: &'a Settings,
    state: State,
    assessment: Assessment,
    address: u32,
    under_way: Vec<(Timestamp, Doing)>,
}

impl<'a> Client<'a> {
    /// Starts a client with its own seed.
    pub fn new(settings: &'a Settings, seed: u64, now: Timestamp) -> Self {
        let state = State { seed, ..State::default() };
        let assessment = Assessment::of(settings, &state);
        let mut client = Client { settings, state, assessment, address: 0x5400_0000, under_way: Vec::new() };
        client.happen(Event::Started, now);
        client.happen(Event::NetworkSeen(None), now);
        client
    }

    /// The line gets another address, without a word of the router.
    pub fn reconnect(&mut self) {
        self.address += 1;
    }

    /// The router reports another address of the line.
    pub fn router_tells(&mut self, now: Timestamp) {
        self.happen(Event::ChangeReported, now);
    }

    /// Ends everything that has ended by `now`, and performs every step that is due.
    pub fn advance(&mut self, now: Timestamp) -> Advanced {
        let (mut sent, mut steps) = (Vec::new(), 0);
        let ended = self.under_way.extract_if(.., |(ends, _)| *ends <= now).collect::<Vec<_>>();
        if ended.is_empty() {
            self.happen(Event::Tick, now);
        }
        for (_, doing) in ended {
            let event = self.end_of(&doing);
            self.happen(event, now);
        }
        let waits_until = loop {
            steps += 1;
            match decide(self.settings, &self.state, &self.assessment, now) {
                Step::LookUp(source) => {
                    if source.origin != Origin::Router {
                        sent.push(Sent::LookUp);
                    }
                    self.begin(Event::LookUpStarted(source), Doing::LookUp(source), LOOK_UP, now);
                }
                Step::Send(request) => {
                    sent.push(Sent::Update);
                    let doing = Doing::Update(request.entry);
                    self.begin(Event::SendStarted(request), doing, UPDATE, now);
                }
                Step::CheckDns(id) => {
                    self.begin(Event::DnsCheckStarted(id), Doing::DnsCheck(id), LOOK_UP, now);
                }
                // Every secret is there.
                Step::LookForSecret(_) | Step::LookForRelease | Step::WaitForEvent => break now + A_WHILE,
                Step::WaitUntil(at) => break at,
            }
        };
        let ends = self.under_way.iter().map(|(ends, _)| *ends).min();
        let next = ends.map_or(waits_until, |ends| ends.min(waits_until));
        Advanced { sent, next: next.max(now + SignedDuration::from_millis(1)), steps }
    }

    fn end_of(&self, doing: &Doing) -> Event {
        let address = IpAddr::V4(Ipv4Addr::from(self.address));
        match *doing {
            Doing::LookUp(source) => {
                let address = address.try_into().expect("84.0.0.0/8 is public");
                Event::LookUpEnded(source, Observation::Known { address })
            }
            Doing::Update(id) => Event::SendEnded(id, SendEnd::Answered(Verdict::Accepted(Accepted::Good))),
            Doing::DnsCheck(id) => {
                let records = PerFamily { ipv4: vec![address], ipv6: Vec::new() };
                Event::DnsCheckEnded(id, DnsAnswer::Records(records))
            }
        }
    }

    fn begin(&mut self, event: Event, doing: Doing, takes: SignedDuration, now: Timestamp) {
        self.happen(event, now);
        self.under_way.push((now + takes, doing));
    }

    fn happen(&mut self, event: Event, now: Timestamp) {
        let (state, assessment) = (std::mem::take(&mut self.state), std::mem::take(&mut self.assessment));
        let recorded = record(state, assessment, self.settings, event, now);
        (self.state, self.assessment) = (recorded.state, recorded.assessment);
    }
}
