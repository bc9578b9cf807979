//! Diagnoses of the network: the reasons why an address is missing, held back or unreachable.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::assess::home::HomeStatus;
use crate::assess::{Assessment, KindAssessment, is_double_nat, is_shared};
use crate::observe::finding::{Explanation, HoldReason};
use crate::observe::observation::{LookUpProblem, Observation};
use crate::state::State;
use crate::types::address::Family;
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
    /// Traffic leaves through a VPN, or something else is between web resolver and router.
    Vpn,
    /// The provider shares the IPv4 address between customers: others can't reach it.
    SharedAddress {
        /// True where IPv6 works.
        ipv6: bool,
    },
    /// The router is itself behind a router.
    DoubleNat,
    /// Only IPv6 reaches the internet.
    Ipv6Only,
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
    say(assessment.home == HomeStatus::Elsewhere, Diagnosis::Elsewhere);
    say(view.is_held(|hold| matches!(hold, HoldReason::Vpn | HoldReason::Conflict)), Diagnosis::Vpn);
    let shared = Diagnosis::SharedAddress { ipv6: view.has(Family::Ipv6) };
    say(view.router_says(is_shared) && view.web_tells(Family::Ipv4), shared);
    say(view.router_says(is_double_nat) && view.web_tells(Family::Ipv4), Diagnosis::DoubleNat);
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

    fn explanations(&self) -> impl Iterator<Item = &Explanation> {
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

    fn router_says(&self, is_it: impl Fn(&Observation) -> bool) -> bool {
        let router = Source::router(Family::Ipv4);
        self.sources().any(|source| *source == router) && self.state.observation(router).is_some_and(is_it)
    }

    fn web_tells(&self, family: Family) -> bool {
        let seen = self.state.observation(Source::web_resolver(family));
        matches!(seen, Some(Observation::Known { .. }))
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
        let line_is_up = self.router_says(|seen| matches!(seen, Observation::Known { .. }));
        let mut web = self.web().peekable();
        let was_asked = web.peek().is_some();
        was_asked && (no_way_out || web.all(is_unreachable) || (self.resolves_no_name() && !line_is_up))
    }

    fn is_ipv6_only(&self) -> bool {
        let network = self.state.network.network();
        let keeps_ipv4 = self.explanations().any(|of| of.family == Family::Ipv4);
        keeps_ipv4
            && self.has(Family::Ipv6)
            && !self.web_tells(Family::Ipv4)
            && network.is_some_and(|network| network.outgoing.ipv4.is_none())
    }
}
