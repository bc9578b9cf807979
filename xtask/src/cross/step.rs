//! The steps of `cargo xtask cross`, and what each needs.

use super::toolchain::Target;
use crate::steps;

/// A step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    System,
    Library(Target),
    Build,
    Shipped,
    /// Clippy of everything.
    Lint(Target),
    /// Clippy of what [`Step::Build`] leaves out.
    Checked,
    MacOsLinks,
    Wine,
    Tests,
    MainJob,
    Tray,
    Installer,
    WindowRuns,
    MacOsRuns,
}

/// All of them, in their order.
pub(super) const STEPS: [Step; 15] = [
    Step::System,
    Step::Library(Target::Windows),
    Step::Library(Target::MacOs),
    Step::Build,
    Step::Shipped,
    Step::Wine,
    Step::Tests,
    Step::MainJob,
    Step::Tray,
    Step::Installer,
    Step::Checked,
    Step::Lint(Target::MacOs),
    Step::MacOsLinks,
    Step::WindowRuns,
    Step::MacOsRuns,
];

/// Those that neither link nor run anything.
pub(super) const LINT_STEPS: [Step; 5] = [
    Step::System,
    Step::Library(Target::Windows),
    Step::Library(Target::MacOs),
    Step::Lint(Target::Windows),
    Step::Lint(Target::MacOs),
];

impl steps::Step for Step {
    fn title(self) -> &'static str {
        match self {
            Self::System => "Set-up: system packages",
            Self::Library(Target::Windows) => "Set-up: Rust's library for Windows",
            Self::Library(Target::MacOs) => "Set-up: Rust's library for macOS",
            Self::Build => "Windows: clippy, dyntray.exe and its tests built",
            Self::Shipped => "Windows: dyntray.exe and dyntray.com built as they are shipped",
            Self::Checked => "Windows: clippy of the window and xtask",
            Self::Lint(Target::Windows) => "Windows: clippy",
            Self::Lint(Target::MacOs) => "macOS: clippy",
            Self::MacOsLinks => "macOS: dyntray linked for Apple silicon",
            Self::Wine => "Set-up: wine",
            Self::Tests => "Windows: tests under wine",
            Self::MainJob => {
                "Windows: the main job and the console under wine, with the programs as they are shipped"
            }
            Self::Tray => "Windows: the icon in wine's tray",
            Self::Installer => "Windows: the installer over a running program, and the registry",
            Self::WindowRuns => "Windows: the window",
            Self::MacOsRuns => "macOS: programs and tests",
        }
    }

    fn needs(self) -> &'static [Step] {
        match self {
            Self::System | Self::WindowRuns | Self::MacOsRuns => &[],
            Self::Library(_) | Self::Wine => &[Self::System],
            Self::Build | Self::Shipped | Self::Checked | Self::Lint(Target::Windows) => {
                &[Self::Library(Target::Windows)]
            }
            Self::Lint(Target::MacOs) | Self::MacOsLinks => &[Self::Library(Target::MacOs)],
            Self::Tests => &[Self::Build, Self::Wine],
            Self::MainJob => &[Self::Build, Self::Shipped, Self::Wine],
            Self::Tray | Self::Installer => &[Self::Shipped, Self::Wine],
        }
    }
}
