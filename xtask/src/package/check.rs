//! What other programs say of the packages and their parts.

use std::{path::Path, process::Command};

use super::{contents::Package, deb, facts, made, rpm, stage};
use crate::{
    Result, command,
    count::Counts,
    workspace::{self, named},
};

/// How much of the system the service may reach at most, as `systemd-analyze security` counts (0 to 100).
const EXPOSURE: &str = "15";

/// The desktop file, the metainfo and the unit.
pub fn sources() -> (Counts, Result<()>) {
    let root = workspace::root();
    let mut checks = Checks::default();
    checks.run(Command::new("desktop-file-validate").arg(root.join("packaging/linux/dyntray.desktop")));
    let metainfo = made::folder().join(made::METAINFO);
    checks.run(Command::new("appstreamcli").args(["validate", "--no-net"]).arg(metainfo));
    unit(&mut checks);
    checks.end()
}

/// The unit, as it lies on a system that has nothing else.
fn unit(checks: &mut Checks) {
    if !command::is_on_path("systemd-analyze") {
        println!("left out: the unit, as `systemd-analyze` isn't installed");
        return;
    }
    let kept = workspace::root().join("packaging/systemd/dyntray.service");
    let system = workspace::target().join("package/unit");
    let laid_out = std::fs::read_to_string(&kept)
        .map_err(|error| named(&kept, &error))
        .and_then(|unit| stage::write(&system.join("usr/lib/systemd/system/dyntray.service"), &unit, 0o644))
        // It only has to be there and be called a program.
        .and_then(|()| stage::write(&system.join("usr/bin/dyntray"), "", 0o755));
    if let Err(problem) = laid_out {
        checks.fail(&problem);
        return;
    }
    let root = format!("--root={}", system.display());
    let mut verify = Command::new("systemd-analyze");
    checks.run(verify.args(["verify", "--man=no", "--recursive-errors=no", &root, "dyntray.service"]));
    if !command::answer(Command::new("systemd-analyze").arg("--help"))
        .is_some_and(|help| help.contains("--offline"))
    {
        println!(
            "left out: how much of the system the service may reach, as this `systemd-analyze` can't tell"
        );
        return;
    }
    let threshold = format!("--threshold={EXPOSURE}");
    let mut security = Command::new("systemd-analyze");
    security.args(["security", "--no-pager", "--offline=yes", &threshold, &root, "dyntray.service"]);
    checks.run_briefly(&mut security);
}

/// Debian's rules.
pub fn lintian() -> (Counts, Result<()>) {
    let mut checks = Checks::default();
    for package in Package::ALL {
        // A profile of its own, for other systems have other rules for who may be the maintainer, and what is new.
        let mut lintian = command::program("lintian");
        lintian.args(["--profile", "debian", "--no-cfg", "--fail-on", "error", "--info"]);
        lintian.arg("--allow-root");
        if facts::lacks_maintainer() {
            println!(
                "Nobody said who answers for the packages (DYNTRAY_MAINTAINER): lintian isn't asked about it."
            );
            lintian.args(["--suppress-tags", "bogus-mail-host,bogus-mail-host-in-debian-changelog"]);
        }
        checks.run(lintian.arg(deb::path(package)));
    }
    checks.end()
}

/// RPM's rules.
pub fn rpmlint() -> (Counts, Result<()>) {
    // Before 2 it had other options.
    let version = command::answer(Command::new("rpmlint").arg("--version"));
    if !version.as_deref().is_some_and(|version| version.starts_with('2')) {
        println!("left out: `rpmlint` 2 isn't installed");
        return (Counts::of(0, 0, 1), Ok(()));
    }
    let mut checks = Checks::default();
    let mut rpmlint = command::program("rpmlint");
    rpmlint.arg("--rpmlintrc").arg(Path::new("packaging/rpm/rpmlintrc"));
    // Together: it minds what is meant so in one of them only.
    checks.run(rpmlint.args(Package::ALL.map(rpm::path)));
    checks.end()
}

/// Programs that say whether something is right, each a test.
#[derive(Default)]
struct Checks {
    counts: Counts,
    problems: Vec<String>,
}

impl Checks {
    fn run(&mut self, command: &mut Command) {
        match command::run(command) {
            Ok(()) => self.counts += Counts::PASSED,
            Err(problem) => self.fail(&problem),
        }
    }

    /// Shows the last line only, where it ended well.
    fn run_briefly(&mut self, command: &mut Command) {
        match command::answer(command) {
            Some(said) => {
                println!("$ {}\n{}", command::spelled(command), said.lines().last().unwrap_or_default());
                self.counts += Counts::PASSED;
            }
            None => self.run(command),
        }
    }

    fn fail(&mut self, problem: &str) {
        self.counts += Counts::FAILED;
        self.problems.push(problem.to_owned());
    }

    fn end(self) -> (Counts, Result<()>) {
        let end = if self.problems.is_empty() { Ok(()) } else { Err(self.problems.join("\n")) };
        (self.counts, end)
    }
}
