//! Checks of the packages and their sources by other programs.

use std::{path::Path, process::Command};

use super::{contents::Package, deb, generated, metadata, rpm, stage};
use crate::{Result, command, count::Counts, workspace};

/// The highest exposure of the service that is allowed, as `systemd-analyze security` counts it (0 to 100).
const EXPOSURE: &str = "15";

/// Checks the desktop file, the metainfo and the unit.
pub fn sources() -> (Counts, Result<()>) {
    let root = workspace::root();
    let mut checks = Checks::default();
    checks.run(Command::new("desktop-file-validate").arg(root.join("packaging/linux/dyntray.desktop")));
    let metainfo = generated::folder().join(generated::METAINFO);
    checks.run(Command::new("appstreamcli").args(["validate", "--no-net"]).arg(metainfo));
    unit(&mut checks);
    checks.finish()
}

/// Checks the unit on a system that has nothing else.
fn unit(checks: &mut Checks) {
    if !command::is_on_path("systemd-analyze") {
        println!("left out: the unit, as `systemd-analyze` isn't installed");
        return;
    }
    let system = workspace::target().join("package/unit");
    let staged = workspace::read("packaging/systemd/dyntray.service")
        .and_then(|unit| stage::write(&system.join("usr/lib/systemd/system/dyntray.service"), &unit, 0o644))
        // These programs only have to exist and be executable.
        .and_then(|()| stage::write(&system.join("usr/bin/dyntray"), "", 0o755))
        .and_then(|()| stage::write(&system.join("bin/sh"), "", 0o755));
    if let Err(problem) = staged {
        checks.fail(&problem);
        return;
    }
    let root = format!("--root={}", system.display());
    let mut verify = Command::new("systemd-analyze");
    checks.run(verify.args(["verify", "--man=no", "--recursive-errors=no", &root, "dyntray.service"]));
    if !command::output(Command::new("systemd-analyze").arg("--help"))
        .is_some_and(|help| help.contains("--offline"))
    {
        println!("left out: the exposure of the service, which this `systemd-analyze` can't tell");
        return;
    }
    let threshold = format!("--threshold={EXPOSURE}");
    let mut security = Command::new("systemd-analyze");
    security.args(["security", "--no-pager", "--offline=yes", &threshold, &root, "dyntray.service"]);
    checks.run_briefly(&mut security);
}

/// Checks the deb packages.
pub fn lintian() -> (Counts, Result<()>) {
    let mut checks = Checks::default();
    for package in Package::ALL {
        // Debian's profile: other distributions have other rules for maintainers and for new packages.
        let mut lintian = command::program("lintian");
        lintian.args(["--profile", "debian", "--no-cfg", "--fail-on", "error", "--info"]);
        lintian.arg("--allow-root");
        if metadata::lacks_maintainer() {
            println!("DYNTRAY_MAINTAINER isn't set: lintian's rules about maintainers are left out.");
            lintian.args(["--suppress-tags", "bogus-mail-host,bogus-mail-host-in-debian-changelog"]);
        }
        checks.run(lintian.arg(deb::path(package)));
    }
    checks.finish()
}

/// Checks the rpm packages.
pub fn rpmlint() -> (Counts, Result<()>) {
    // Version 1 has other options.
    let version = command::output(Command::new("rpmlint").arg("--version"));
    if !version.as_deref().is_some_and(|version| version.starts_with('2')) {
        println!("left out: `rpmlint` 2 isn't installed");
        return (Counts::of(0, 0, 1), Ok(()));
    }
    let mut checks = Checks::default();
    let mut rpmlint = command::program("rpmlint");
    rpmlint.arg("--rpmlintrc").arg(Path::new("packaging/rpm/rpmlintrc"));
    // Both at once: some deliberate findings are in one of them only.
    checks.run(rpmlint.args(Package::ALL.map(rpm::path)));
    checks.finish()
}

/// The results of programs, each of which is a test.
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

    /// Shows only the last line if it succeeds.
    fn run_briefly(&mut self, command: &mut Command) {
        match command::output(command) {
            Some(output) => {
                println!(
                    "$ {}\n{}",
                    command::command_line(command),
                    output.lines().last().unwrap_or_default()
                );
                self.counts += Counts::PASSED;
            }
            None => self.run(command),
        }
    }

    fn fail(&mut self, problem: &str) {
        self.counts += Counts::FAILED;
        self.problems.push(problem.to_owned());
    }

    fn finish(self) -> (Counts, Result<()>) {
        let result = if self.problems.is_empty() { Ok(()) } else { Err(self.problems.join("\n")) };
        (self.counts, result)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn documents_install_the_packaged_unit_and_show_none_of_their_own() {
        let read = |path: &str| workspace::read(path).expect("it is there");
        for document in ["README.md", "docs/en/nas-and-servers.md", "docs/de/nas-and-servers.md"] {
            assert!(!read(document).contains("ExecStart="), "{document}");
        }
        for language in ["en", "de"] {
            assert!(
                read(&format!("docs/{language}/nas-and-servers.md"))
                    .contains("packaging/systemd/dyntray.service")
            );
        }
        let unit = read("packaging/systemd/dyntray.service");
        assert_eq!(unit.matches("/usr/bin/").count(), 1, "the documents change this path and no other");
    }
}
