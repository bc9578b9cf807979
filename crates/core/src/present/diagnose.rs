//! Diagnoses of the network: the reasons why an address is missing, held back or unreachable.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::assess::home::HomeStatus;
use crate::assess::{Assessment, KindAssessment};
use crate::observe::finding::{Explanation, HoldReason};
use crate::observe::observation::{LookUpProblem, Observation};
use crate::observe::second_nat::SecondNat;
use crate::state::State;
use crate::types::address::{Family, PublicAddress};
use crate::types::cow_arc::CowArc;
use crate::types::source::Source;

/// A state of the network that people should know of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase", tag = "kind")]
pub enum Diagnosis {
    /// There is no way to the internet.
    NoInternet,
    /// A sign-in page stands before the internet.
    SignInPage,
    /// This computer's clock looks wrong, so that no certificate is valid.
    WrongClock {
        /// The date that it shows.
        #[cfg_attr(feature = "bindings", ts(type = "string"))]
        shows: Date,
    },
    /// Names aren't resolved although the line is up.
    DnsBlocked,
    /// This network isn't home: nothing is published.
    Elsewhere,
    /// The same, but it is at home's provider: the router may be new.
    NewRouter,
    /// It can't be told whether this network is home: nothing is published.
    Unrecognised,
    /// Traffic leaves through a VPN, or something else is between web resolver and router.
    Vpn,
    /// The provider shares the IPv4 address between customers: others can't reach it.
    SharedAddress {
        /// True where IPv6 works.
        ipv6: bool,
    },
    /// The router is itself behind a router.
    DoubleNat,
    /// The router keeps its own address for itself: it is behind a router, or the provider shares the address.
    AddressKept,
    /// Only IPv6 reaches the internet.
    Ipv6Only,
}

impl Diagnosis {
    /// True where the person can say that this network is home.
    pub fn is_about_home(&self) -> bool {
        matches!(self, Diagnosis::Elsewhere | Diagnosis::NewRouter | Diagnosis::Unrecognised)
    }
}

/// The diagnoses of the network, the gravest first.
pub fn diagnose(state: &State, assessment: &Assessment) -> Vec<Diagnosis> {
    let view = View { state, assessment };
    if view.is_empty() {
        return Vec::new();
    }
    let mut found = Vec::new();
    let mut say = |is_so: bool, diagnosis: Diagnosis| found.extend(is_so.then_some(diagnosis));
    say(view.is_offline(), Diagnosis::NoInternet);
    say(view.any_problem(|why| matches!(why, LookUpProblem::SignInPage)), Diagnosis::SignInPage);
    if let Some(shows) = view.wrong_clock() {
        say(true, Diagnosis::WrongClock { shows });
    }
    say(!view.is_offline() && view.resolves_no_name(), Diagnosis::DnsBlocked);
    let is_new_router = view.is_held(|hold| hold == HoldReason::NewRouter);
    say(is_new_router, Diagnosis::NewRouter);
    say(!is_new_router && assessment.home == HomeStatus::Elsewhere, Diagnosis::Elsewhere);
    say(assessment.home == HomeStatus::Unrecognised, Diagnosis::Unrecognised);
    say(view.is_held(|hold| matches!(hold, HoldReason::Vpn | HoldReason::Conflict)), Diagnosis::Vpn);
    let second_nat = view.second_nat().map(|nat| match nat {
        SecondNat::Home => Diagnosis::DoubleNat,
        SecondNat::Provider => Diagnosis::SharedAddress { ipv6: view.has(Family::Ipv6) },
        SecondNat::EitherOfThem => Diagnosis::AddressKept,
    });
    if let Some(diagnosis) = second_nat {
        say(true, diagnosis);
    }
    say(view.is_ipv6_only(), Diagnosis::Ipv6Only);
    found
}

/// The sources of all enabled entries together.
struct View<'a> {
    state: &'a State,
    assessment: &'a Assessment,
}

impl View<'_> {
    fn is_empty(&self) -> bool {
        self.assessment.enabled_kinds().next().is_none()
    }

    fn explanations(&self) -> impl Iterator<Item = &CowArc<Explanation>> {
        self.assessment.enabled_kinds().flat_map(KindAssessment::explanations)
    }

    fn sources(&self) -> impl Iterator<Item = &Source> {
        self.assessment.enabled_kinds().flat_map(|kind| &kind.sources)
    }

    /// The last answers of the web resolvers.
    fn web(&self) -> impl Iterator<Item = &Observation> {
        self.sources()
            .filter(|source| source.origin.is_web_resolver())
            .filter_map(|source| self.state.observation(*source))
    }

    /// True when no web resolver reports an address, and one of them fails for such a reason.
    fn any_problem(&self, is_it: impl Fn(&LookUpProblem) -> bool) -> bool {
        let tells = |seen: &Observation| matches!(seen, Observation::Known { .. });
        let is_such = |seen: &Observation| matches!(seen, Observation::Unavailable { why } if is_it(why));
        !self.web().any(tells) && self.web().any(is_such)
    }

    /// The date of a clock that keeps every web resolver from being believed.
    fn wrong_clock(&self) -> Option<Date> {
        let tells = |seen: &Observation| matches!(seen, Observation::Known { .. });
        let shown = |seen: &Observation| match seen {
            Observation::Unavailable { why: LookUpProblem::WrongClock { shows } } => Some(*shows),
            _ => None,
        };
        if self.web().any(tells) { None } else { self.web().find_map(shown) }
    }

    fn resolves_no_name(&self) -> bool {
        self.any_problem(|why| matches!(why, LookUpProblem::NameNotFound))
    }

    fn has(&self, family: Family) -> bool {
        self.explanations().any(|of| of.family == family && of.outcome.address().is_some())
    }

    fn is_held(&self, is_it: impl Fn(HoldReason) -> bool) -> bool {
        self.explanations().filter_map(|of| of.outcome.hold()).any(is_it)
    }

    /// The router's last answer about IPv4, where an entry wants it.
    fn router(&self) -> Option<&Observation> {
        let router = Source::router(Family::Ipv4);
        self.sources().any(|source| *source == router).then(|| self.state.observation(router)).flatten()
    }

    /// The second address translation, where the internet is reached through it.
    fn second_nat(&self) -> Option<SecondNat> {
        let web = self.web_tells_ipv4()?;
        SecondNat::told_by(self.router()?, Some(web))
    }

    /// The IPv4 address that the most trusted web resolver reports of those that report one.
    fn web_tells_ipv4(&self) -> Option<PublicAddress> {
        let of_ipv4 = |source: &&Source| source.origin.is_web_resolver() && source.family == Family::Ipv4;
        self.sources().filter(of_ipv4).find_map(|source| match self.state.observation(*source)? {
            Observation::Known { address } => Some(*address),
            _ => None,
        })
    }

    /// True when the system has no route to the internet, or no web resolver could be reached. Unresolved names mean
    /// the same, unless the router says that the line is up.
    fn is_offline(&self) -> bool {
        let network = self.state.network.network();
        let no_way_out =
            network.is_some_and(|network| network.outgoing.ipv4.is_none() && network.outgoing.ipv6.is_none());
        let is_unreachable = |seen: &Observation| {
            let unreachable = Observation::Unavailable { why: LookUpProblem::Unreachable };
            *seen == unreachable || *seen == Observation::NoAddress
        };
        let line_is_up = matches!(self.router(), Some(Observation::Known { .. }));
        let mut web = self.web().peekable();
        let was_asked = web.peek().is_some();
        was_asked && (no_way_out || web.all(is_unreachable) || (self.resolves_no_name() && !line_is_up))
    }

    fn is_ipv6_only(&self) -> bool {
        let network = self.state.network.network();
        let keeps_ipv4 = self.explanations().any(|of| of.family == Family::Ipv4);
        keeps_ipv4
            && self.has(Family::Ipv6)
            && self.web_tells_ipv4().is_none()
            && network.is_some_and(|network| network.outgoing.ipv4.is_none())
    }
}
