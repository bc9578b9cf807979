//! Tests under wine.

use std::process::Command;

use super::{
    display::Display,
    shipped,
    toolchain::{PACKAGES, Target, cargo},
    wine,
};
use crate::{Result, command, count::Counts, runner};

/// The name of modules whose tests need a display.
const ON_A_DESKTOP: &str = "on_a_desktop";

/// The tests of the programs as they are shipped.
const SHIPPED_TESTS: [&str; 3] = ["on_windows", "console", "identity"];

/// The number of random stories. `cargo xtask test` runs all of them, and the core is the same on every system.
const STORIES: &str = "200";

const ORDERLY: &str = "wine closes a connection properly that its program aborts";
const ONE_LOOPBACK: &str = "wine treats all loopback addresses as one: nothing can be sent from 127.0.0.2";
const SLOW_FLOOD: &str = "wine takes seconds for a flooded connection, and more on a busy machine";
const NOT_REFUSED: &str = "wine doesn't report that nothing listens on a UDP port";

/// Tests that are left out because wine differs from Windows, with the reason.
const LEFT_OUT: [(&str, &str); 8] = [
    ("a_connection_that_broke_before_an_answer_is_unconfirmed_and_nothing_is_sent_twice", ORDERLY),
    ("an_answer_that_breaks_off_is_no_answer", ORDERLY),
    ("a_forged_packet_does_not_hide_the_gateways_own", ONE_LOOPBACK),
    ("an_announcement_of_the_gateway_is_heard_once_and_nobody_elses", ONE_LOOPBACK),
    ("nat_pmp_packets_that_are_forged_short_or_odd_tell_nothing", ONE_LOOPBACK),
    ("of_several_routers_that_answer_only_the_gateway_is_asked", ONE_LOOPBACK),
    ("an_endless_answer_is_left_after_a_while_and_is_never_success", SLOW_FLOOD),
    ("a_port_at_which_nobody_listens_is_no_answer_at_once", NOT_REFUSED),
];

/// Runs the tests that need no display, by nextest where it is installed.
pub fn without_display() -> (Counts, Result<()>) {
    for (name, why) in LEFT_OUT {
        println!("left out: {name}: {why}");
    }
    let names = LEFT_OUT.map(|(name, _)| name);
    let mut run = if command::is_on_path("cargo-nextest") {
        let each = names.map(|name| format!("test(={name})")).join(" | ");
        let mut nextest = cargo(Target::Windows, "nextest run", &PACKAGES);
        // Most tests wait. wine's services sometimes fail when several programs call them at once.
        nextest.args(["--no-fail-fast", "--test-threads", "4", "--retries", "2", "-E"]);
        nextest.arg(format!("not (test(/\\b{ON_A_DESKTOP}::/) | {each})"));
        nextest
    } else {
        let mut libtest = cargo(Target::Windows, "test", &PACKAGES);
        libtest.args(["--no-fail-fast", "--all-targets", "--", "--skip", ON_A_DESKTOP]);
        libtest.args(names.iter().flat_map(|name| ["--skip", name]));
        libtest
    };
    if let Err(problem) = wine::start_services() {
        return (Counts::FAILED, Err(problem));
    }
    let (mut counts, result) = count(&mut run, None);
    counts.skipped += names.len();
    // Later steps have a display, which services that were started without one wouldn't find.
    wine::kill();
    (counts, result)
}

/// Runs the main job and the tests of the console on a display of their own, with the programs as they are shipped.
pub fn main_job() -> (Counts, Result<()>) {
    Display::start().map_or_else(
        |problem| (Counts::FAILED, Err(problem)),
        |display| {
            let mut libtest = cargo(Target::Windows, "test", &PACKAGES);
            libtest.args(SHIPPED_TESTS.into_iter().flat_map(|name| ["--test", name]));
            libtest.env("DYNTRAY_BIN_DIR", wine::path(&shipped::folder()));
            count(&mut libtest, Some(&display))
        },
    )
}

fn count(run: &mut Command, display: Option<&Display>) -> (Counts, Result<()>) {
    run.env("CARGO_TARGET_X86_64_PC_WINDOWS_GNU_RUNNER", wine::program()).env("PROPTEST_CASES", STORIES);
    // The same ones in each run.
    run.env("PROPTEST_RNG_SEED", "2026");
    wine::set_prefix(run);
    if let Some(display) = display {
        display.assign(run);
    }
    runner::count_tests(|listen| command::run_and_listen(run, listen))
}

#[cfg(test)]
mod tests {
    use std::{fs, path::Path};

    use super::*;
    use crate::workspace;

    #[test]
    fn every_test_that_is_left_out_under_wine_is_there() {
        let mut sources = String::new();
        read_all(&workspace::root().join("crates"), &mut sources);
        for (name, _) in LEFT_OUT {
            assert!(sources.contains(&format!("fn {name}(")), "{name}");
        }
    }

    fn read_all(folder: &Path, into: &mut String) {
        for entry in fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                read_all(&path, into);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                into.push_str(&fs::read_to_string(&path).expect("a source"));
            }
        }
    }
}
