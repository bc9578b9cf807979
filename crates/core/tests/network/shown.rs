//! What is shown of what was told: the next step, and the program's own troubles.

use dyntray_core::form::AddressChoice;
use dyntray_core::observation::LookUpProblem;
use dyntray_core::present::{Ailment, Mood, NextWhy, present};
use dyntray_core::settings::Protocol;
use jiff::SignedDuration;

use crate::told::{NOW, WEB4, fails, home, known, read, settings, state, told};

#[test]
fn the_next_look_up_is_named_with_its_reason() {
    let settings = settings(AddressChoice::Web, Protocol::Ipv4, |_| {});
    for (failures, what, why) in [
        (0, known("84.160.12.7"), NextWhy::Round),
        (1, fails(LookUpProblem::Unreachable), NextWhy::NotReached),
        (2, fails(LookUpProblem::Unreachable), NextWhy::NotReached),
    ] {
        let mut at = state(vec![told(WEB4, what)], read(home()));
        let next = NOW + SignedDuration::from_mins(10);
        let source = at.sources.get_mut(&WEB4).expect("it was asked");
        (source.failures, source.next) = (failures, Some(next));
        let shown = present(&settings, &at, &[], NOW).entries.remove(0).next.expect("a next step");
        assert_eq!((shown.at, shown.why), (next, why), "{failures} failures");
    }
}

#[test]
fn a_person_is_needed_for_grave_ailments_alone() {
    let settings = settings(AddressChoice::Web, Protocol::Ipv4, |form| form.entries.clear());
    let at = state(vec![], read(home()));
    let kept = String::new;
    for (ailment, mood) in [
        (Ailment::NoTray, Mood::Empty),
        (Ailment::NoNotices, Mood::Empty),
        (Ailment::CannotRemember { why: kept() }, Mood::NeedsYou),
        (Ailment::SettingsDamaged { kept: kept() }, Mood::NeedsYou),
        (Ailment::HistoryDamaged { kept: kept() }, Mood::NeedsYou),
    ] {
        assert_eq!(present(&settings, &at, std::slice::from_ref(&ailment), NOW).mood, mood, "{ailment:?}");
    }
}
