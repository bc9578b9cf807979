//! The core's functions, each with a fresh assessment.

use dyntray_core::assess::Assessment;
use dyntray_core::observe::finding::{Explanation, Outcome};
use dyntray_core::present::Snapshot;
use dyntray_core::present::diagnose::Diagnosis;
use dyntray_core::settings::{Entry, Settings};
use dyntray_core::state::State;
use dyntray_core::state::health_issue::HealthIssue;
use dyntray_core::types::address::Family;
use dyntray_core::types::source::Source;
use dyntray_core::{Event, Recorded, Step};
use jiff::Timestamp;

pub fn record(state: State, settings: &Settings, event: Event, now: Timestamp) -> Recorded {
    let assessment = Assessment::of(settings, &state);
    dyntray_core::record(state, assessment, settings, event, now)
}

pub fn decide(settings: &Settings, state: &State, now: Timestamp) -> Step {
    dyntray_core::decide(settings, state, &Assessment::of(settings, state), now)
}

pub fn present(settings: &Settings, state: &State, issues: &[HealthIssue], now: Timestamp) -> Snapshot {
    dyntray_core::present(settings, state, &Assessment::of(settings, state), issues, now)
}

pub fn diagnose(settings: &Settings, state: &State) -> Vec<Diagnosis> {
    dyntray_core::present::diagnose::diagnose(state, &Assessment::of(settings, state))
}

pub fn why(settings: &Settings, state: &State, entry: &Entry, family: Family) -> Explanation {
    let assessment = Assessment::of(settings, state);
    let why = assessment.kind(entry).explanations.get(family).as_deref();
    why.expect("a family that it keeps").clone()
}

pub fn outcome(settings: &Settings, state: &State, entry: &Entry, family: Family) -> Outcome {
    why(settings, state, entry, family).outcome
}

pub fn sources(settings: &Settings, state: &State, entry: &Entry) -> Vec<Source> {
    Assessment::of(settings, state).kind(entry).sources.clone()
}
