//! Programs from PyPI, each in a virtual environment below `target`.

use std::{
    fs,
    path::{Path, PathBuf},
};

use crate::{Result, command, workspace};

/// A program, with everything that it needs.
#[derive(Debug)]
pub struct Environment {
    /// The folder's name below `target`, where its story looks for it.
    name: &'static str,
    /// The file of pinned versions.
    versions: &'static str,
}

/// The server of nsupdate.info.
pub const NSUPDATE: Environment = Environment { name: "nsupdate", versions: "tests/nsupdate.txt" };

/// A C compiler for macOS, and the names of macOS' system library.
pub const ZIG: Environment = Environment { name: "zig", versions: "xtask/cross/zig.txt" };

impl Environment {
    /// The environment's folder.
    pub fn folder(&self) -> PathBuf {
        workspace::target().join(self.name)
    }

    /// True if it was made to its end.
    pub fn is_there(&self) -> bool {
        workspace::read(self.versions).is_ok_and(|versions| is_made(&self.folder(), &versions))
    }
}

/// Makes an environment, unless it is there with the same versions. Where that isn't possible, says so and what it means
/// to be `without` it.
pub fn prepare_where_possible(environment: &Environment, without: &str) {
    let folder = environment.folder();
    let prepared = workspace::read(environment.versions).and_then(|versions| {
        if is_made(&folder, &versions) {
            println!("{} is up to date.", folder.display());
            return Ok(());
        }
        make(&folder, environment.versions, &versions)
    });
    if let Err(problem) = prepared {
        // A half-made one would only fail its story.
        let _ = fs::remove_dir_all(&folder);
        println!("{problem}\n{} of PyPI is left out: {without}", environment.name);
    }
}

/// The copy of the versions, which is written last.
const MADE_OF: &str = "versions.txt";

fn is_made(folder: &Path, versions: &str) -> bool {
    fs::read_to_string(folder.join(MADE_OF)).is_ok_and(|made_of| made_of == versions)
}

fn make(folder: &Path, file: &str, versions: &str) -> Result<()> {
    let mut python = command::program("python3");
    command::run(python.args(["-m", "venv", "--clear"]).arg(folder))?;
    let mut pip = command::program(folder.join("bin/pip"));
    pip.args(["install", "--quiet", "--no-input", "--disable-pip-version-check", "--no-deps"]);
    // One that can't be reached won't be there a minute later.
    command::run(pip.args(["--retries=1", "--requirement", file]))?;
    let made_of = folder.join(MADE_OF);
    fs::write(&made_of, versions).map_err(|error| format!("{}: {error}", made_of.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_version_is_pinned() {
        for (environment, program) in [(NSUPDATE, "nsupdate"), (ZIG, "ziglang")] {
            let versions = workspace::read(environment.versions).expect("the file");
            let mut lines = versions.lines().filter(|line| !line.starts_with('#'));
            assert!(versions.contains(&format!("\n{program}==")));
            assert!(lines.all(|line| line.split_once("==").is_some_and(|(name, version)| {
                !name.is_empty() && version.starts_with(|letter: char| letter.is_ascii_digit())
            })));
        }
    }

    #[test]
    fn an_environment_of_other_versions_is_made_anew() {
        let folder = std::env::temp_dir().join(format!("xtask-pypi-{}", std::process::id()));
        fs::create_dir_all(&folder).expect("a folder");
        assert!(!is_made(&folder, "a==1\n"), "not made to its end");
        fs::write(folder.join(MADE_OF), "a==1\n").expect("written");
        assert!(is_made(&folder, "a==1\n") && !is_made(&folder, "a==2\n"));
        fs::remove_dir_all(&folder).expect("removed");
    }
}
