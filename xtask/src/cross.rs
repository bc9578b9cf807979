//! `cargo xtask cross`: what can be known on Linux of the code for Windows and macOS. Both are type-checked and linted;
//! what is built for Windows runs under wine.

mod installer;
mod screen;
mod toolchain;
mod tray;
mod under_wine;
mod wine;

use std::{cell::RefCell, fs, process::ExitCode};

use self::toolchain::{Target, cargo};
use crate::{
    Result, command,
    count::Counts,
    manager::Manager,
    packages::Goal,
    setup,
    steps::{self, Step as _, check, work},
};

/// What runs on every system, and has tests that make sense under wine. Always named together, so that they are built
/// with one set of features; the sandbox comes along.
const PACKAGES: [&str; 6] =
    ["dyntray-core", "dyntray-agent", "dyntray-control", "dyntray-texts", "dyntray-icons", "dyntray"];

/// What is only checked. The window's web engine isn't here, neither to be linked for Windows nor under wine; xtask's
/// tests start programs of this machine. All others are for Linux alone.
const CHECKED: [&str; 2] = ["dyntray-window", "xtask"];

/// How a Linux system describes itself: os-release(5).
const OS_RELEASE: &str = "/etc/os-release";

/// Debian's packages that its Rust compiler can't be installed beside.
const RIVALS: [&str; 2] = ["rustc", "rustup"];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    System,
    Library(Target),
    Build,
    Checked,
    MacOs,
    Wine,
    Tests,
    MainJob,
    Tray,
    Installer,
    WindowRuns,
    MacOsRuns,
}

const STEPS: [Step; 13] = [
    Step::System,
    Step::Library(Target::Windows),
    Step::Library(Target::MacOs),
    Step::Build,
    Step::Wine,
    Step::Tests,
    Step::MainJob,
    Step::Tray,
    Step::Installer,
    Step::Checked,
    Step::MacOs,
    Step::WindowRuns,
    Step::MacOsRuns,
];

impl steps::Step for Step {
    fn title(self) -> &'static str {
        match self {
            Self::System => "Set-up: system packages",
            Self::Library(Target::Windows) => "Set-up: Rust's library for Windows",
            Self::Library(Target::MacOs) => "Set-up: Rust's library for macOS",
            Self::Build => "Windows: clippy, dyntray.exe and its tests built",
            Self::Checked => "Windows: clippy of the window and xtask",
            Self::MacOs => "macOS: clippy",
            Self::Wine => "Set-up: wine",
            Self::Tests => "Windows: tests under wine",
            Self::MainJob => "Windows: the main job under wine",
            Self::Tray => "Windows: the icon in wine's tray",
            Self::Installer => "Windows: what the installer does to a program that runs, and to the registry",
            Self::WindowRuns => "Windows: the window",
            Self::MacOsRuns => "macOS: programs and tests",
        }
    }

    fn needs(self) -> &'static [Step] {
        match self {
            Self::System | Self::WindowRuns | Self::MacOsRuns => &[],
            Self::Library(_) | Self::Wine => &[Self::System],
            Self::Build | Self::Checked => &[Self::Library(Target::Windows)],
            Self::MacOs => &[Self::Library(Target::MacOs)],
            Self::Tests | Self::MainJob | Self::Tray | Self::Installer => &[Self::Build, Self::Wine],
        }
    }
}

impl Step {
    fn is_set_up(self) -> bool {
        matches!(self, Self::System | Self::Library(_) | Self::Wine)
    }

    /// Why this step isn't taken.
    fn left_out(self, no_compiler: Option<&str>) -> Option<String> {
        let why = match self {
            Self::WindowRuns => Some("wine has no WebView2"),
            Self::MacOsRuns => Some("there is no linker and no SDK for macOS here"),
            _ => no_compiler,
        };
        why.map(str::to_owned)
    }

    fn perform(self) -> (Counts, Result<()>) {
        match self {
            Self::System => work(setup::prepare(&[Goal::Cross])),
            Self::Library(target) => work(toolchain::prepare(target)),
            Self::Build => check(compile(Target::Windows, "build", &PACKAGES)),
            Self::Checked => check(compile(Target::Windows, "check", &CHECKED)),
            Self::MacOs => {
                let packages: Vec<_> = PACKAGES.into_iter().chain(CHECKED).collect();
                check(compile(Target::MacOs, "check", &packages))
            }
            Self::Wine => work(wine::prepare()),
            Self::Tests => under_wine::without_display(),
            Self::MainJob => under_wine::main_job(),
            Self::Tray => check(tray::picture()),
            Self::Installer => check(installer::check()),
            // They are always left out.
            Self::WindowRuns | Self::MacOsRuns => work(Ok(())),
        }
    }
}

/// What becomes of a set-up that fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SetUp {
    /// So does all of it.
    Needed,
    /// What it was for is left out, with the reason: part of every check, on machines that may not have the tools.
    WherePossible,
}

/// Takes all steps.
pub fn cross(set_up: SetUp) -> ExitCode {
    let cannot = RefCell::new(no_compiler());
    let left_out = |step: Step| step.left_out(cannot.borrow().as_deref());
    let perform = |step: Step| match step.perform() {
        (_, Err(problem)) if set_up == SetUp::WherePossible && step.is_set_up() => {
            println!("{problem}");
            *cannot.borrow_mut() = Some(format!("\"{}\" can't be done here", step.title()));
            (Counts::of(0, 0, 1), Ok(()))
        }
        end => end,
    };
    let code = steps::take(&STEPS, left_out, perform);
    wine::end();
    code
}

/// Why Debian's compiler can't be had, if so.
fn no_compiler() -> Option<String> {
    if !fs::read_to_string(OS_RELEASE).is_ok_and(|release| has_compiler(&release)) {
        return Some(
            "only Debian 12 has a second, newer Rust compiler with the source of its library".to_owned(),
        );
    }
    let rival = RIVALS.into_iter().find(|name| Manager::Apt.has(name))?;
    Some(format!("the package {rival} is installed, which apt-get would take away for rustc-web"))
}

/// Whether the system that describes itself so has the packages rustc-web and rust-web-src.
fn has_compiler(release: &str) -> bool {
    let says = |line: &str| release.lines().any(|it| it.replace('"', "") == line);
    says("ID=debian") && says("VERSION_ID=12")
}

/// Compiles all of some packages, and lints them by the way.
fn compile(target: Target, verb: &str, packages: &[&str]) -> Result<()> {
    command::run(cargo(target, verb, packages).args(["--all-targets", "--keep-going"]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_step_comes_after_those_it_needs() {
        steps::assert_in_order(&STEPS);
    }

    #[test]
    fn debian_12_is_told_from_others() {
        assert!(has_compiler(
            "PRETTY_NAME=\"Debian GNU/Linux 12 (bookworm)\"\nVERSION_ID=\"12\"\nID=debian\n"
        ));
        assert!(!has_compiler("VERSION_ID=\"13\"\nID=debian\n"));
        assert!(!has_compiler("ID=ubuntu\nID_LIKE=debian\nVERSION_ID=\"12\"\n"));
    }

    #[test]
    fn what_cannot_run_here_is_left_out_with_its_reason() {
        assert!(Step::WindowRuns.left_out(None).is_some());
        assert!(Step::MacOsRuns.left_out(None).is_some());
        assert_eq!(Step::Tests.left_out(None), None);
        assert_eq!(Step::Tests.left_out(Some("none")).as_deref(), Some("none"));
    }
}
