//! The tests that run under wine, and those that can't.

use std::process::Command;

use super::{
    PACKAGES,
    screen::Screen,
    toolchain::{Target, cargo},
    wine,
};
use crate::{Result, command, count::Counts, runner};

/// Tests that need wine to have a display are in modules of this name.
const ON_A_DESKTOP: &str = "on_a_desktop";

/// The random stories of the core are told in full by `cargo xtask test`; the core is the same everywhere.
const STORIES: &str = "200";

const ORDERLY: &str = "wine ends a connection in order that its program breaks off";
const ONE_LOOPBACK: &str = "to wine the addresses of loopback are one: nobody else speaks from 127.0.0.2";
const SLOW_FLOOD: &str = "a connection that is flooded takes wine seconds, and more on a busy machine";
const NOT_REFUSED: &str = "wine doesn't tell that nobody listens at a UDP port";

/// Tests of what wine does otherwise than Windows, and why each is left out.
const OTHERWISE: [(&str, &str); 8] = [
    ("a_connection_that_broke_before_an_answer_is_unconfirmed_and_nothing_is_sent_twice", ORDERLY),
    ("an_answer_that_breaks_off_is_no_answer", ORDERLY),
    ("a_forged_packet_does_not_hide_the_gateways_own", ONE_LOOPBACK),
    ("an_announcement_of_the_gateway_is_heard_once_and_nobody_elses", ONE_LOOPBACK),
    ("nat_pmp_packets_that_are_forged_short_or_odd_tell_nothing", ONE_LOOPBACK),
    ("of_several_routers_that_answer_only_the_gateway_is_asked", ONE_LOOPBACK),
    ("an_endless_answer_is_left_after_a_while_and_is_never_success", SLOW_FLOOD),
    ("a_port_at_which_nobody_listens_is_no_answer_at_once", NOT_REFUSED),
];

/// Runs all that need no display, by nextest where it is installed.
pub fn without_display() -> (Counts, Result<()>) {
    for (name, why) in OTHERWISE {
        println!("left out: {name}: {why}");
    }
    let names = OTHERWISE.map(|(name, _)| name);
    let mut run = if command::is_on_path("cargo-nextest") {
        let each = names.map(|name| format!("test(={name})")).join(" | ");
        let mut nextest = cargo(Target::Windows, "nextest run", &PACKAGES);
        // Most of them wait. wine's own services stumble now and then when several programs ask them at once.
        nextest.args(["--no-fail-fast", "--test-threads", "4", "--retries", "2", "-E"]);
        nextest.arg(format!("not (test(/\\b{ON_A_DESKTOP}::/) | {each})"));
        nextest
    } else {
        let mut libtest = cargo(Target::Windows, "test", &PACKAGES);
        libtest.args(["--no-fail-fast", "--all-targets", "--", "--skip", ON_A_DESKTOP]);
        libtest.args(names.iter().flat_map(|name| ["--skip", name]));
        libtest
    };
    if let Err(problem) = wine::begin() {
        return (Counts::FAILED, Err(problem));
    }
    let (mut counts, end) = count(&mut run, None);
    counts.skipped += names.len();
    // What comes next has a display, which what was started without one wouldn't find.
    wine::end();
    (counts, end)
}

/// Runs the main job, on a display of its own.
pub fn main_job() -> (Counts, Result<()>) {
    Screen::start().map_or_else(
        |problem| (Counts::FAILED, Err(problem)),
        |screen| {
            let mut libtest = cargo(Target::Windows, "test", &PACKAGES);
            count(libtest.args(["--test", "on_windows"]), Some(&screen))
        },
    )
}

fn count(run: &mut Command, screen: Option<&Screen>) -> (Counts, Result<()>) {
    run.env("CARGO_TARGET_X86_64_PC_WINDOWS_GNU_RUNNER", wine::program()).env("PROPTEST_CASES", STORIES);
    wine::settle(run);
    if let Some(screen) = screen {
        screen.show(run);
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
        for (name, _) in OTHERWISE {
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
