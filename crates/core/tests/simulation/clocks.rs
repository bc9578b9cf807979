//! Random stories with a clock that is years ahead, and is set right while the program isn't running.

use dyntray_core::present::Status;
use dyntray_core::types::source::Origin;
use jiff::SignedDuration;
use proptest::prelude::*;
use proptest::test_runner::TestRunner;

use crate::any_order::{
    Happens, any_kind_of_start, any_start, anything, config, faults_end, perform, world_with,
};
use crate::world::{DAY, HOUR, MINUTE, Start, World, YEAR};

/// Anything but another clock: a start with one is a start.
fn with_the_same_clock(happens: Happens) -> Happens {
    match happens {
        Happens::ClockIsSet(seconds) => Happens::TimePasses(seconds.clamp(0, DAY)),
        Happens::StartsWithClock(_, start) => Happens::StartsWithClock(0, start),
        Happens::StartsWithoutHistory(_, start) => Happens::StartsWithoutHistory(0, start),
        other => other,
    }
}

#[test]
fn after_a_start_with_the_right_clock_everything_due_is_done_within_the_interval() {
    let happens = prop::collection::vec(anything().prop_map(with_the_same_clock), 1..30);
    let ahead = prop::sample::select(vec![400 * DAY, 20 * YEAR]);
    TestRunner::new(config(500))
        .run(&(any_start(), happens, ahead, any_kind_of_start()), |(entries, story, ahead, start)| {
            let mut world = world_with(entries);
            world.set_clock(ahead);
            for happens in story {
                perform(&mut world, happens);
            }
            faults_end(&mut world);
            is_put_right(&mut world, ahead, start);
            Ok(())
        })
        .unwrap_or_else(|failure| panic!("{failure}"));
}

/// The clock is set right while the program isn't running, and the program starts.
fn is_put_right(world: &mut World, ahead: i64, start: Start) {
    let right = world.now() - SignedDuration::from_secs(ahead);
    world.start_with_clock(-ahead, start);
    world.run(2 * MINUTE);
    world.is_of_the_present();
    for seen in world.snapshot().entries {
        if seen.status == Status::Disabled || world.is_halted(seen.id) {
            continue;
        }
        for said in seen.families.iter().flat_map(|family| &family.why.said) {
            let is_known = matches!(said.origin, Origin::Interface | Origin::Fixed);
            assert!(is_known || said.at >= right, "{:?} wasn't asked: {}", said.origin, said.at);
        }
    }
    world.run(world.interval());
    world.is_of_the_present();
    for seen in world.snapshot().entries {
        match seen.status {
            Status::Fine | Status::Disabled | Status::ChangedElsewhere => {}
            Status::Halted { .. } if world.is_halted(seen.id) => {}
            // A service that was reached keeps its wait, and so does a server that asked for one, for all its entries.
            Status::Failed { error, .. } if error.was_sent() => {}
            Status::Failed { .. } if world.is_left_alone(seen.id) => {}
            other => panic!("{}: {other:?}", seen.hostname),
        }
    }
}

/// An hour is no year: whatever waits, waits no longer than it would have.
#[test]
fn a_clock_that_was_hours_ahead_prolongs_no_wait_at_any_kind_of_start() {
    let happens = prop::collection::vec(anything().prop_map(with_the_same_clock), 1..30);
    let ahead = prop::sample::select(vec![HOUR, 2 * HOUR, 11 * HOUR]);
    TestRunner::new(config(250))
        .run(&(any_start(), happens, ahead, any_kind_of_start()), |(entries, story, ahead, start)| {
            let mut world = world_with(entries);
            world.set_clock(ahead);
            for happens in story {
                perform(&mut world, happens);
            }
            world.start_with_clock(-ahead, start);
            faults_end(&mut world);
            // The longest wait is six hours and a tenth.
            world.run(7 * HOUR);
            world.is_of_the_present();
            for seen in world.snapshot().entries {
                let is_done = matches!(
                    seen.status,
                    Status::Fine | Status::Disabled | Status::ChangedElsewhere | Status::Halted { .. }
                );
                assert!(is_done, "{}: {:?}", seen.hostname, seen.status);
            }
            Ok(())
        })
        .unwrap_or_else(|failure| panic!("{failure}"));
}
