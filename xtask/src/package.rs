//! `cargo xtask package`: packages for Debian's and for RPM's systems, and proof that they come and go cleanly.

mod check;
mod contents;
mod deb;
mod facts;
pub mod made;
mod rpm;
mod stage;
mod throwaway;

use std::{
    fs,
    path::{Path, PathBuf},
    process::ExitCode,
};

use crate::{
    Result,
    count::Counts,
    node,
    packages::Goal,
    pages,
    report::{self, Report},
    setup, shipped,
    workspace::named,
};

/// What is asked for.
#[derive(Debug, Default, PartialEq, Eq)]
struct Wishes {
    /// Programs that are built already lie here.
    programs: Option<PathBuf>,
    /// Whether the packages are put to the test.
    checks: Checks,
}

#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
enum Checks {
    /// What they are made from.
    #[default]
    Sources,
    /// The packages as well.
    Everything,
}

impl Wishes {
    fn of(arguments: &[String]) -> Result<Self> {
        let mut wishes = Self::default();
        let mut arguments = arguments.iter();
        while let Some(argument) = arguments.next() {
            match argument.as_str() {
                "--check" => wishes.checks = Checks::Everything,
                "--programs" => wishes.programs = Some(arguments.next().ok_or("--programs FOLDER")?.into()),
                other => return Err(format!("\"{other}\" isn't known to `package`")),
            }
        }
        Ok(wishes)
    }
}

/// Makes the packages, and with `--check` puts them to the test.
pub fn package(arguments: &[String]) -> Result<ExitCode> {
    if !cfg!(target_os = "linux") {
        return Err("these packages are Linux'; `cargo xtask bundle` makes the others".into());
    }
    // By the program that makes a throwaway system, from inside of it.
    if let [flag, root] = arguments
        && flag == throwaway::INSIDE
    {
        return Ok(throwaway::inside(Path::new(root)));
    }
    let wishes = Wishes::of(arguments)?;
    prepare(&wishes)?;
    let programs = match &wishes.programs {
        Some(folder) => fs::canonicalize(folder).map_err(|error| named(folder, &error))?,
        None => build()?,
    };
    let mut report = Report::new(if wishes.checks == Checks::Everything { 8 } else { 5 });
    let epoch = facts::epoch()?;
    report.step("What the program tells of itself", || work(made::from_program(&programs)));
    report.step("Licences of all parts, and other texts", || {
        work(made::notices().and_then(|()| made::texts(&epoch)))
    });
    report.step("Checks: desktop file, metainfo, unit", check::sources);
    report.step("Packages: deb", || work(deb::build(&programs, &epoch)));
    report.step("Packages: rpm", || work(rpm::build(&programs, &epoch)));
    if wishes.checks == Checks::Everything {
        if report.counts().failed == 0 {
            report.step("Checks: lintian", check::lintian);
            report.step("Checks: rpmlint", check::rpmlint);
            report.step("Come and go on a throwaway system", throwaway::come_and_go);
        } else {
            for title in ["Checks: lintian", "Checks: rpmlint", "Come and go on a throwaway system"] {
                report.leave_out(title, "a step before failed");
            }
        }
    }
    Ok(closed(&report))
}

fn prepare(wishes: &Wishes) -> Result<()> {
    let mut goals = vec![Goal::Packages];
    if wishes.checks == Checks::Everything {
        goals.push(Goal::PackageChecks);
    }
    if wishes.programs.is_none() {
        goals.extend(shipped::goals());
    }
    report::headed("Set-up: system packages", || setup::prepare(&goals))?;
    // The licences are told by the window's own tools.
    report::headed("Set-up: npm packages", node::prepare)
}

/// Builds the programs as they are shipped; where they lie then.
pub fn build() -> Result<PathBuf> {
    report::headed("Build: the window's pages", pages::build)?;
    report::headed("Build: the programs as they are shipped (some minutes)", || shipped::build(&[]))?;
    Ok(shipped::folder())
}

/// The last words: the table, and the sum of all single tests.
pub fn closed(report: &Report) -> ExitCode {
    println!("\n== All steps, {:.0} s\n{}", report.took().as_secs_f64(), report.table());
    println!("{}", report.counts().line());
    if report.counts().failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// A step that only others need: it counts when it fails.
fn work(end: Result<()>) -> (Counts, Result<()>) {
    (Counts::default(), end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wishes_are_understood_and_others_are_named() {
        let words = |words: &[&str]| -> Vec<String> { words.iter().map(|&word| word.to_owned()).collect() };
        let all = Wishes::of(&words(&["--programs", "target/release", "--check"])).expect("understood");
        assert_eq!(all.programs.as_deref(), Some(Path::new("target/release")));
        assert_eq!(all.checks, Checks::Everything);
        assert_eq!(Wishes::of(&[]), Ok(Wishes::default()));
        assert!(Wishes::of(&words(&["--programs"])).is_err());
        assert!(Wishes::of(&words(&["--chekc"])).is_err_and(|problem| problem.contains("--chekc")));
    }
}
