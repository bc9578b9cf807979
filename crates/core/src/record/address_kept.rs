//! A router that keeps its address for itself: two causes are possible, and only the person can tell which. It is asked once.

use super::home::here;
use super::recorded::Recorded;
use crate::assess::KindAssessment;
use crate::observe::second_nat::SecondNat;
use crate::state::notice::{Notice, ProgramNotice};

/// Asks whether the address is to be published nevertheless, once in each network in which it is held back.
pub(super) fn ask(done: &mut Recorded) {
    let mut found = done.assessment.enabled_kinds().flat_map(KindAssessment::explanations);
    if !found.any(|of| SecondNat::is_asked_about(&of.outcome)) {
        return;
    }
    let here = here(&done.state);
    if done.state.told_address_kept.as_ref().is_none_or(|told| !here.contains(told)) {
        done.state.told_address_kept = here.into_iter().next();
        done.notices.push(Notice::Program(ProgramNotice::AddressKept));
    }
}
