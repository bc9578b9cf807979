//! `cargo xtask package`: deb and rpm packages, and a check that they install and uninstall cleanly.

mod booted;
mod check;
mod contents;
mod deb;
pub mod generated;
pub mod metadata;
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
    files::path_error,
    node,
    packages::Goal,
    pages,
    report::{self, Report},
    setup::{self, Consent},
    shipped::{self, Order},
    steps::uncounted,
};

/// The options of the command.
#[derive(Debug, Default, PartialEq, Eq)]
struct Options {
    /// The folder of built programs; they are built if there is none.
    programs: Option<PathBuf>,
    checks: Checks,
    order: Order,
    consent: Consent,
}

/// The extent of the checks.

#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
enum Checks {
    /// The sources of the packages.
    #[default]
    Sources,
    /// The sources and the packages.
    Everything,
}

impl Options {
    fn parse(arguments: &[String]) -> Result<Self> {
        let mut options = Self::default();
        let mut arguments = arguments.iter();
        while let Some(argument) = arguments.next() {
            match argument.as_str() {
                "--check" => options.checks = Checks::Everything,
                "--layout" => options.order = Order::ByUse,
                "--yes" => options.consent = Consent::Given,
                "--programs" => options.programs = Some(arguments.next().ok_or("--programs FOLDER")?.into()),
                other => return Err(format!("\"{other}\" isn't known to `package`")),
            }
        }
        Ok(options)
    }
}

/// Makes the packages; with `--check` tests them as well.
pub fn package(arguments: &[String]) -> Result<ExitCode> {
    if !cfg!(target_os = "linux") {
        return Err(
            "deb and rpm packages are made on Linux; `cargo xtask bundle` makes installers for other systems"
                .into(),
        );
    }
    // The maker of the throwaway system calls this program back.
    if let [flag, root] = arguments
        && flag == throwaway::INSIDE
    {
        return Ok(throwaway::inside(Path::new(root)));
    }
    let options = Options::parse(arguments)?;
    prepare(&options)?;
    let programs = match &options.programs {
        Some(folder) => fs::canonicalize(folder).map_err(|error| path_error(folder, &error))?,
        None => build(options.order)?,
    };
    let mut report = Report::new(if options.checks == Checks::Everything { 9 } else { 5 });
    let epoch = metadata::epoch()?;
    report.step("Completions and manual page", || uncounted(generated::from_program(&programs)));
    report.step("Third-party licences and other texts", || {
        uncounted(generated::notices().and_then(|()| generated::texts(&epoch)))
    });
    report.step("Checks: desktop file, metainfo, unit", check::sources);
    report.step("Packages: deb", || uncounted(deb::build(&programs, &epoch)));
    report.step("Packages: rpm", || uncounted(rpm::build(&programs, &epoch)));
    if options.checks == Checks::Everything {
        if report.counts().failed == 0 {
            report.step("Checks: lintian", check::lintian);
            report.step("Checks: rpmlint", check::rpmlint);
            report.step("Installation and removal on a throwaway system", throwaway::check);
            report.step("The service on booted Debian 12 and 13", booted::check);
        } else {
            for title in [
                "Checks: lintian",
                "Checks: rpmlint",
                "Installation and removal on a throwaway system",
                "The service on booted Debian 12 and 13",
            ] {
                report.leave_out(title, "an earlier step failed");
            }
        }
    }
    Ok(report.finish())
}

fn prepare(options: &Options) -> Result<()> {
    let mut goals = vec![Goal::Packages];
    if options.checks == Checks::Everything {
        goals.push(Goal::PackageChecks);
    }
    if options.programs.is_none() {
        goals.extend(shipped::goals(options.order));
    }
    report::section("Set-up: system packages", || setup::prepare_asking(&goals, options.consent))?;
    // The window's tools collect the licences.
    report::section("Set-up: npm packages", node::prepare)
}

/// Builds the programs as they are shipped, and returns their folder.
pub fn build(order: Order) -> Result<PathBuf> {
    report::section("Build: the window's pages", pages::build)?;
    report::section("Build: the release programs (some minutes)", || shipped::build(order, &[]))?;
    Ok(shipped::folder())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_are_understood_and_others_are_named() {
        let words = |words: &[&str]| -> Vec<String> { words.iter().map(|&word| word.to_owned()).collect() };
        let all = Options::parse(&words(&["--programs", "target/release", "--check"])).expect("understood");
        assert_eq!(all.programs.as_deref(), Some(Path::new("target/release")));
        assert_eq!(all.checks, Checks::Everything);
        assert_eq!((all.order, all.consent), (Order::Linker, Consent::Asked));
        let small = Options::parse(&words(&["--layout", "--yes"])).expect("understood");
        assert_eq!((small.order, small.consent), (Order::ByUse, Consent::Given));
        assert_eq!(Options::parse(&[]), Ok(Options::default()));
        assert!(Options::parse(&words(&["--programs"])).is_err());
        assert!(Options::parse(&words(&["--chekc"])).is_err_and(|problem| problem.contains("--chekc")));
    }
}
