//! The life of the deb on a booted Debian: installed, switched on, refused, upgraded, removed, installed again, purged.
//!
//! `mmdebstrap` makes each Debian once, and systemd-nspawn boots it with a layer over it that is thrown away. The network is
//! this machine's, where nobody but the trial's own server is asked.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use super::{
    contents::Package,
    deb, stage,
    throwaway::{FAILED, PASSED},
};
use crate::{
    Result, command,
    count::Counts,
    files::{self, path_error},
    workspace,
};

/// The releases of Debian, by their code names: 12 and 13.
const RELEASES: [&str; 2] = ["bookworm", "trixie"];

/// What a release needs to boot, and what the package depends on.
const INCLUDED: &str = "systemd,systemd-sysv,dbus,ca-certificates";

/// The line that ends a trial. Without it the trial has broken off.
const THE_END: &str = "the end";

/// Boots each release and counts the tests on it. Where that isn't possible, each counts as skipped.
pub fn check() -> (Counts, Result<()>) {
    if let Some(why) = impossible() {
        println!("left out: Debian 12 and 13 aren't booted, because {why}");
        return (Counts::of(0, 0, RELEASES.len()), Ok(()));
    }
    let (mut counts, mut problems) = (Counts::default(), Vec::new());
    for release in RELEASES {
        match tree(release).and_then(|tree| boot(release, &tree)) {
            Ok(said) => counts += counted(&said),
            Err(problem) => {
                counts += Counts::FAILED;
                problems.push(format!("{release}: {problem}"));
            }
        }
    }
    let failed =
        (counts.failed > 0 && problems.is_empty()).then(|| "a test on a booted Debian failed".to_owned());
    problems.extend(failed);
    (counts, if problems.is_empty() { Ok(()) } else { Err(problems.join("\n")) })
}

/// The reason why nothing can be booted here.
fn impossible() -> Option<&'static str> {
    let is_root = command::output(Command::new("id").arg("--user")).is_some_and(|user| user == "0");
    match () {
        () if !is_root => Some("systemd-nspawn needs root"),
        () if !command::is_on_path("systemd-nspawn") => Some("systemd-nspawn isn't installed"),
        () if !command::is_on_path("mmdebstrap") => Some("mmdebstrap isn't installed"),
        () => None,
    }
}

/// The folder of a release, which is made once.
fn tree(release: &str) -> Result<PathBuf> {
    let folder = workspace::target().join("package/debian");
    let (tree, begun) = (folder.join(release), folder.join(format!("{release}.begun")));
    if tree.exists() {
        return Ok(tree);
    }
    files::create_folder(&folder)?;
    // What an earlier run left half made.
    if begun.exists() {
        fs::remove_dir_all(&begun).map_err(|error| path_error(&begun, &error))?;
    }
    let mut maker = command::program("mmdebstrap");
    maker.args(["--variant=minbase", &format!("--include={INCLUDED}"), release]).arg(&begun);
    command::run(&mut maker)?;
    fs::rename(&begun, &tree).map_err(|error| path_error(&tree, &error))?;
    Ok(tree)
}

/// Boots a release, and returns what the trial said.
fn boot(release: &str, tree: &Path) -> Result<String> {
    let trial = std::env::temp_dir().join(format!("dyntray-booted-{release}-{}", std::process::id()));
    // It fails if somebody else has made the folder before.
    fs::create_dir(&trial).map_err(|error| path_error(&trial, &error))?;
    let said = fill(&trial).and_then(|()| {
        let mut nspawn = command::program("systemd-nspawn");
        // Without this, Debian 12 and older machines boot with cgroups of two kinds.
        nspawn.env("UNIFIED_CGROUP_HIERARCHY", "1");
        nspawn.args(["--quiet", "--register=no", "--keep-unit", "--volatile=overlay", "--boot"]);
        nspawn.args(["--console=pipe", &format!("--machine=dyntray-{release}-{}", std::process::id())]);
        nspawn.arg("--directory").arg(tree);
        nspawn.arg(format!("--bind={}:/trial", trial.display())).arg("systemd.run=/trial/run");
        let ended = command::run(&mut nspawn);
        let path = trial.join("said");
        let said = fs::read_to_string(&path).map_err(|error| path_error(&path, &error))?;
        ended.map(|()| said.clone()).or(Ok(said))
    });
    let _ = fs::remove_dir_all(&trial);
    let said = said?;
    for line in said.lines() {
        println!("{release}: {line}");
    }
    Ok(said)
}

/// Puts the package and the steps into the trial's folder.
fn fill(trial: &Path) -> Result<()> {
    stage::copy(&deb::path(Package::Dyntray), &trial.join("dyntray.deb"), 0o644)?;
    stage::write(&trial.join("run"), include_str!("booted/cycle.sh"), 0o755)
}

/// The tests in what a trial said. One that broke off has failed.
fn counted(said: &str) -> Counts {
    let mut counts = Counts::default();
    for line in said.lines() {
        if line.starts_with(PASSED) {
            counts += Counts::PASSED;
        } else if line.starts_with(FAILED) {
            counts += Counts::FAILED;
        }
    }
    if said.lines().last() != Some(THE_END) {
        counts += Counts::FAILED;
    }
    counts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_trial_that_breaks_off_has_failed() {
        assert_eq!(counted("ok      one\nok      two\nthe end\n"), Counts::of(2, 0, 0));
        assert_eq!(counted("ok      one\nFAILED  two\nthe end\n"), Counts::of(1, 1, 0));
        assert_eq!(counted("ok      one\n"), Counts::of(1, 1, 0));
        assert_eq!(counted(""), Counts::FAILED);
    }
}
