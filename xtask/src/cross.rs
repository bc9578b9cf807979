//! `cargo xtask cross`: checks of the code for Windows and macOS on Linux. Both are compiled and linted; the build for
//! Windows runs under wine.

mod display;
mod installer;
mod macos;
mod proof;
mod shipped;
mod step;
mod toolchain;
mod tray;
mod under_wine;
mod wine;

use std::{cell::RefCell, fs, process::ExitCode};

use self::{
    step::{LINT_STEPS, STEPS, Step},
    toolchain::{PACKAGES, Target, cargo},
};
use crate::{
    Result, command,
    count::Counts,
    manager::Manager,
    packages::Goal,
    setup,
    steps::{self, Step as _, counted, uncounted},
};

/// The packages that are only compiled. The window can't be linked or run here, because its web engine is missing for
/// Windows and under wine; the tests of xtask start programs of this machine. All other packages are for Linux only.
const CHECKED: [&str; 2] = ["dyntray-window", "xtask"];

/// The description of a Linux system: os-release(5).
const OS_RELEASE: &str = "/etc/os-release";

/// The packages that conflict with Debian's newer Rust compiler.
const CONFLICTS: [&str; 2] = ["rustc", "rustup"];

impl Step {
    fn is_setup(self) -> bool {
        matches!(self, Self::System | Self::Library(_) | Self::Wine)
    }

    /// The reason to leave this step out, if there is one.
    fn left_out(self, obstacle: Option<&str>) -> Option<String> {
        let why = match self {
            Self::WindowRuns => Some("wine has no WebView2"),
            Self::MacOsRuns => Some("nothing here runs programs for macOS"),
            _ => obstacle,
        };
        let lacks_tools = || macos::obstacle().filter(|_| self == Self::MacOsLinks);
        why.map(str::to_owned).or_else(lacks_tools)
    }

    fn run(self) -> (Counts, Result<()>) {
        match self {
            Self::System => uncounted(setup::prepare(&[Goal::Cross])),
            Self::Library(target) => uncounted(toolchain::prepare(target).inspect(|()| {
                if target == Target::MacOs {
                    macos::prepare_where_possible();
                }
            })),
            Self::Build => counted(compile(Target::Windows, "build", &PACKAGES)),
            Self::Shipped => counted(shipped::build()),
            Self::Checked => counted(compile(Target::Windows, "check", &CHECKED)),
            Self::Lint(target) => {
                let packages: Vec<_> = PACKAGES.into_iter().chain(CHECKED).collect();
                counted(compile(target, "check", &packages))
            }
            Self::MacOsLinks => counted(macos::link()),
            Self::Wine => uncounted(setup::prepare(&[Goal::Wine]).and_then(|()| wine::prepare())),
            Self::Tests => under_wine::without_display(),
            Self::MainJob => under_wine::main_job(),
            Self::Tray => counted(tray::check()),
            Self::Installer => counted(installer::check()),
            // Both are always left out.
            Self::WindowRuns | Self::MacOsRuns => uncounted(Ok(())),
        }
    }
}

/// The part of the steps that is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Extent {
    /// All.
    Everything,
    /// Clippy for both systems: nothing is linked or run.
    Lint,
}

impl Extent {
    fn steps(self) -> &'static [Step] {
        match self {
            Self::Everything => &STEPS,
            Self::Lint => &LINT_STEPS,
        }
    }
}

/// The consequence of a set-up that fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SetUp {
    /// The command fails.
    Needed,
    /// The steps that need it are left out with the reason, for machines that may lack the tools.
    WherePossible,
}

/// Runs the command with its flags.
pub fn command(flags: &[String]) -> Result<ExitCode> {
    let (mut extent, mut set_up) = (Extent::Everything, SetUp::Needed);
    for flag in flags {
        match flag.as_str() {
            "--lint" => extent = Extent::Lint,
            "--where-possible" => set_up = SetUp::WherePossible,
            _ => return Err(format!("cross has no {flag}: it has --lint and --where-possible")),
        }
    }
    Ok(cross(extent, set_up))
}

fn cross(extent: Extent, set_up: SetUp) -> ExitCode {
    let obstacle = RefCell::new(no_compiler());
    let left_out = |step: Step| step.left_out(obstacle.borrow().as_deref());
    let passed = RefCell::new(Vec::new());
    let run = |step: Step| match step.run() {
        (_, Err(problem)) if set_up == SetUp::WherePossible && step.is_setup() => {
            println!("{problem}");
            *obstacle.borrow_mut() = Some(format!("\"{}\" can't be done here", step.title()));
            (Counts::of(0, 0, 1), Ok(()))
        }
        (counts, Ok(())) => {
            passed.borrow_mut().push(step);
            (counts, Ok(()))
        }
        failed => failed,
    };
    let code = steps::run(extent.steps(), left_out, run);
    if extent == Extent::Everything {
        wine::kill();
        proof::print(&passed.borrow());
    }
    code
}

/// The reason why Debian's newer compiler can't be installed, if there is one.
fn no_compiler() -> Option<String> {
    if !fs::read_to_string(OS_RELEASE).is_ok_and(|release| has_compiler(&release)) {
        return Some(
            "only Debian 12 has a second, newer Rust compiler with the source of its library".to_owned(),
        );
    }
    let conflict = CONFLICTS.into_iter().find(|name| Manager::Apt.has(name))?;
    Some(format!("the package {conflict} is installed, which apt-get would remove for rustc-web"))
}

/// Tells from os-release whether the system has the packages rustc-web and rust-web-src.
fn has_compiler(release: &str) -> bool {
    let has = |line: &str| release.lines().any(|it| it.replace('"', "") == line);
    has("ID=debian") && has("VERSION_ID=12")
}

/// Compiles and lints all targets of some packages.
fn compile(target: Target, verb: &str, packages: &[&str]) -> Result<()> {
    command::run(cargo(target, verb, packages).args(["--all-targets", "--keep-going"]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_step_comes_after_those_it_needs() {
        steps::assert_in_order(&STEPS);
        steps::assert_in_order(&LINT_STEPS);
    }

    #[test]
    fn debian_12_is_distinguished_from_other_systems() {
        assert!(has_compiler(
            "PRETTY_NAME=\"Debian GNU/Linux 12 (bookworm)\"\nVERSION_ID=\"12\"\nID=debian\n"
        ));
        assert!(!has_compiler("VERSION_ID=\"13\"\nID=debian\n"));
        assert!(!has_compiler("ID=ubuntu\nID_LIKE=debian\nVERSION_ID=\"12\"\n"));
    }

    #[test]
    fn steps_that_cannot_run_here_are_left_out_with_their_reason() {
        assert!(Step::WindowRuns.left_out(None).is_some());
        assert!(Step::MacOsRuns.left_out(None).is_some());
        assert_eq!(Step::Tests.left_out(None), None);
        assert_eq!(Step::Tests.left_out(Some("none")).as_deref(), Some("none"));
        assert_eq!(Step::MacOsLinks.left_out(Some("none")).as_deref(), Some("none"));
    }
}
