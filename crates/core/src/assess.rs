//! Assessment: the outcome of the sources' answers. It is an address to publish, none, or one that is held back, with
//! the reason.
//!
//! It is made once per change of settings or evidence, by [`mod@crate::record`], and handed to all parts that need
//! it. So the next step, the snapshot, the diagnoses and the history speak of the same outcomes.

mod agreement;
mod device;
pub mod due;
mod explain;
pub mod home;
mod kind;
mod outcome;
mod sources;

use std::collections::{BTreeMap, BTreeSet};

use self::agreement::has_stable_choice;
use self::explain::explain;
use self::home::{HomeStatus, home_status};
use self::kind::Kind;
use self::outcome::outcome;
use self::sources::wanted;
use crate::observe::finding::{Explanation, Outcome};
use crate::settings::{AddressFrom, Entry, Records, Settings};
use crate::state::source::SourceReading;
use crate::state::{NetworkReading, State};
use crate::types::address::{Addresses, Family, PerFamily, PublicAddress};
use crate::types::cow_arc::CowArc;
use crate::types::network::{NetworkId, Prefix};
use crate::types::source::Source;

/// The outcome of the sources' answers, for each kind of entry. The default belongs to no settings and no state.
#[derive(Clone, Debug, Default)]
pub struct Assessment {
    /// The place of this machine.
    pub home: HomeStatus,
    kinds: Vec<KindAssessment>,
    evidence: Evidence,
    weighings: u64,
}

/// The outcome of the sources' answers for entries of one kind: they have the same sources, keep the same records, and lead
/// to the same device.
#[derive(Clone, Debug, PartialEq)]
pub struct KindAssessment {
    kind: Kind,
    /// True where an entry of this kind is enabled.
    pub is_enabled: bool,
    /// The sources to ask for all its families, each family's most trusted first.
    pub sources: Vec<Source>,
    /// The addresses to be published.
    pub addresses: Addresses,
    /// The explanation for each family that it keeps.
    pub explanations: PerFamily<Option<CowArc<Explanation>>>,
}

/// The part of the state that an assessment depends on.
#[derive(Clone, Debug, Default, PartialEq)]
struct Evidence {
    readings: BTreeMap<Source, (Option<SourceReading>, Option<Prefix>)>,
    network: NetworkReading,
    homes: BTreeSet<NetworkId>,
    held: BTreeSet<PublicAddress>,
}

/// The assessment of an entry that the settings don't have: nothing is asked for it, and nothing sent.
static NO_KIND: KindAssessment = KindAssessment {
    kind: Kind { from: AddressFrom::Interface, records: Records::Both, device: None },
    is_enabled: false,
    sources: Vec::new(),
    addresses: Addresses { ipv4: None, ipv6: None },
    explanations: PerFamily { ipv4: None, ipv6: None },
};

impl Assessment {
    /// Weighs everything. [`mod@crate::record`] follows later changes.
    pub fn of(settings: &Settings, state: &State) -> Self {
        let home = home_status(settings, state);
        let mut enabled: BTreeMap<Kind, bool> = BTreeMap::new();
        for entry in &settings.entries {
            *enabled.entry(Kind::of(entry)).or_default() |= entry.enabled;
        }
        let kinds: Vec<KindAssessment> = enabled
            .into_iter()
            .map(|(kind, is_enabled)| KindAssessment::of(settings, state, home, kind, is_enabled))
            .collect();
        let weighings = kinds.iter().map(|kind| kind.explanations().count() as u64).sum();
        Assessment { home, kinds, evidence: Evidence::of(state, home), weighings }
    }

    /// Weighs anew if the evidence changed. The settings must be the same.
    pub(crate) fn follow(&mut self, settings: &Settings, state: &State) {
        if !self.evidence.is_of(state, self.home) {
            self.renew(settings, state);
        }
    }

    /// Weighs anew, for other settings.
    pub(crate) fn renew(&mut self, settings: &Settings, state: &State) {
        let before = self.weighings;
        *self = Assessment::of(settings, state);
        self.weighings += before;
    }

    /// The assessment of `entry`'s kind.
    pub fn kind(&self, entry: &Entry) -> &KindAssessment {
        let found = self.kinds.binary_search_by(|at| at.kind.cmp(&Kind::of(entry)));
        found.map_or(&NO_KIND, |at| &self.kinds[at])
    }

    /// The kinds of enabled entries.
    pub fn enabled_kinds(&self) -> impl Iterator<Item = &KindAssessment> {
        self.kinds.iter().filter(|kind| kind.is_enabled)
    }

    /// The number of times that the answers for one family were weighed since this assessment was first made: a
    /// measure for tests.
    pub fn weighings(&self) -> u64 {
        self.weighings
    }
}

impl KindAssessment {
    fn of(settings: &Settings, state: &State, home: HomeStatus, kind: Kind, is_enabled: bool) -> Self {
        let mut sources = Vec::new();
        let explanations = PerFamily::from_fn(|family| {
            kind.records.covers(family).then(|| {
                let asked = wanted(settings, state, kind.from, family);
                let (found, device) = outcome(settings, state, home, kind, family, &asked);
                let explanation = explain(settings, state, kind.from, family, &asked, found, device);
                sources.extend(asked);
                explanation.into()
            })
        });
        let address = |of: &Option<CowArc<Explanation>>| of.as_ref().and_then(|why| why.outcome.address());
        let addresses = Addresses::from_fn(|family| address(explanations.get(family)));
        KindAssessment { kind, is_enabled, sources, addresses, explanations }
    }

    /// The explanations of all families that it keeps, IPv4 first.
    pub fn explanations(&self) -> impl Iterator<Item = &CowArc<Explanation>> {
        Family::BOTH.into_iter().filter_map(|family| self.explanations.get(family).as_ref())
    }

    /// The outcome for `family`; none where it isn't kept.
    pub fn outcome(&self, family: Family) -> Option<&Outcome> {
        self.explanations.get(family).as_ref().map(|explanation| &explanation.outcome)
    }

    /// The outcomes of all families that it keeps, IPv4 first.
    pub fn outcomes(&self) -> impl Iterator<Item = &Outcome> {
        self.explanations().map(|explanation| &explanation.outcome)
    }
}

impl Evidence {
    fn of(state: &State, home: HomeStatus) -> Self {
        Evidence {
            readings: state
                .sources
                .iter()
                .map(|(source, at)| (*source, (at.last.clone(), at.prefix)))
                .collect(),
            network: state.network.clone(),
            homes: state.homes.clone(),
            held: held_that_matter(state, home),
        }
    }

    /// The same evidence leads to the same `home`.
    fn is_of(&self, state: &State, home: HomeStatus) -> bool {
        let is_same = |(source, at): (&Source, &crate::state::source::SourceState)| {
            self.readings.get(source).is_some_and(|(last, prefix)| (last, prefix) == (&at.last, &at.prefix))
        };
        self.readings.len() == state.sources.len()
            && state.sources.iter().all(is_same)
            && self.network == state.network
            && self.homes == state.homes
            && self.held == held_that_matter(state, home)
    }
}

/// The addresses that services hold, where an outcome depends on them: where this machine has several stable ones to
/// choose from, and away from home.
fn held_that_matter(state: &State, home: HomeStatus) -> BTreeSet<PublicAddress> {
    let matters = home == HomeStatus::Elsewhere || has_stable_choice(state);
    if matters { state.held_addresses() } else { BTreeSet::new() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::form::{EntryForm, Form, check};

    fn settings(protocols: &[Records]) -> Settings {
        let entry = |(id, protocol): (u32, &Records)| EntryForm {
            id: Some(crate::types::entry_id::EntryId(id)),
            hostname: format!("h{id}.spdns.de"),
            protocol: *protocol,
            ..EntryForm::default()
        };
        let entries = (1..).zip(protocols).map(entry).collect();
        check(&Form { entries, ..Form::default() }).expect("valid")
    }

    #[test]
    fn entries_of_one_kind_are_weighed_once() {
        let alike = Assessment::of(&settings(&[Records::Both; 50]), &State::default());
        assert_eq!(alike.weighings(), 2, "one kind, two families");
        let kinds = [Records::Both, Records::Ipv4, Records::Both, Records::Ipv6];
        assert_eq!(Assessment::of(&settings(&kinds), &State::default()).weighings(), 4);
    }

    #[test]
    fn an_entry_that_the_settings_do_not_have_has_no_address_and_no_source() {
        let other = settings(&[Records::Ipv4]);
        let kind = Assessment::of(&settings(&[]), &State::default());
        let kind = kind.kind(&other.entries[0]);
        assert!(kind.sources.is_empty() && kind.addresses.is_empty() && !kind.is_enabled);
    }

    #[test]
    fn what_is_no_evidence_leads_to_no_weighing() {
        let (settings, mut state) = (settings(&[Records::Both]), State::default());
        let mut assessment = Assessment::of(&settings, &state);
        let source = Source::web_resolver(Family::Ipv4);
        state.sources.entry(source).or_default();
        assessment.follow(&settings, &state);
        assert_eq!(assessment.weighings(), 4, "another source");
        state.sources.entry(source).or_default().failures = 3;
        state.drawn += 1;
        assessment.follow(&settings, &state);
        assert_eq!(assessment.weighings(), 4);
        state.homes.insert(NetworkId("home".into()));
        assessment.follow(&settings, &state);
        assert_eq!(assessment.weighings(), 6, "another home");
    }
}
