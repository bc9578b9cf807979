//! `cargo xtask test`: all checks and tests, in the order in which they need each other.

use std::{fs, path::Path, process::ExitCode};

use crate::{
    Result, bindings, command,
    count::Counts,
    layers, node,
    packages::Goal,
    pages, programs, pypi,
    runner::{self, Tests},
    setup,
    steps::{self, counted, uncounted},
    workspace,
};

/// The extent of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Extent {
    Everything,
    /// Everything except the desktop stories, the pictures and the documentation.
    Quick,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    System,
    NodePackages,
    Format,
    Layers,
    Pages,
    Build,
    Lints,
    RustTests,
    Bindings,
    Examples,
    Documentation,
    PageTypes,
    PageTests,
    Pictures,
    Stories,
}

const STEPS: [Step; 15] = [
    Step::System,
    Step::NodePackages,
    Step::Format,
    Step::Layers,
    Step::Pages,
    Step::Build,
    Step::Lints,
    Step::RustTests,
    Step::Bindings,
    Step::Examples,
    Step::Documentation,
    Step::PageTypes,
    Step::PageTests,
    Step::Pictures,
    Step::Stories,
];

impl steps::Step for Step {
    fn title(self) -> &'static str {
        match self {
            Self::System => "Set-up: system packages",
            Self::NodePackages => "Set-up: npm packages",
            Self::Format => "Format",
            Self::Layers => "Layers",
            Self::Pages => "Build: the window's pages",
            Self::Build => "Build: programs and tests",
            Self::Lints => "Clippy",
            Self::RustTests => "Rust tests",
            Self::Bindings => "TypeScript bindings",
            Self::Examples => "Documentation examples",
            Self::Documentation => "Documentation",
            Self::PageTypes => "Window: svelte-check",
            Self::PageTests => "Window: tests",
            Self::Pictures => "Window: every page in Chromium, with axe",
            Self::Stories => "Desktop stories",
        }
    }

    fn needs(self) -> &'static [Step] {
        match self {
            Self::System | Self::NodePackages | Self::Format | Self::Layers | Self::Bindings => &[],
            Self::Documentation => &[Self::System],
            Self::Pages | Self::PageTypes | Self::PageTests => &[Self::NodePackages],
            Self::Build | Self::Pictures => &[Self::System, Self::Pages],
            Self::Lints | Self::RustTests | Self::Examples | Self::Stories => &[Self::Build],
        }
    }
}

impl Step {
    /// The reason to leave this step out, if there is one.
    fn left_out(self, extent: Extent) -> Option<&'static str> {
        match self {
            Self::Documentation | Self::Pictures | Self::Stories if extent == Extent::Quick => {
                Some("--quick")
            }
            Self::Pictures if !cfg!(target_os = "linux") => Some("its browser is installed on Linux only"),
            Self::Stories if !cfg!(target_os = "linux") => Some("the stage is a Linux desktop"),
            Self::Examples if !has_examples(&workspace::root()) => Some("there are none"),
            _ => None,
        }
    }

    fn run(self, extent: Extent) -> (Counts, Result<()>) {
        match self {
            Self::System => uncounted(prepare_system(extent)),
            Self::NodePackages => uncounted(node::prepare()),
            Self::Format => counted(cargo(&["fmt", "--all", "--check"])),
            Self::Layers => counted(layers::check()),
            Self::Pages => uncounted(pages::build()),
            Self::Build => uncounted(programs::build_with_tests()),
            Self::Lints => counted(programs::lint()),
            Self::RustTests => runner::run(Tests::Crates),
            Self::Bindings => counted(bindings::check()),
            Self::Examples => runner::doc_tests(),
            Self::Documentation => counted(documentation()),
            Self::PageTypes => counted(command::run(command::npm().args(["run", "check"]))),
            Self::PageTests => runner::window_tests(),
            Self::Pictures => runner::pictures(),
            Self::Stories => runner::run(Tests::Stories),
        }
    }
}

/// Runs all steps.
pub fn test(extent: Extent) -> ExitCode {
    steps::run(&STEPS, |step| step.left_out(extent).map(str::to_owned), |step| step.run(extent))
}

fn cargo(arguments: &[&str]) -> Result<()> {
    command::run(command::cargo().args(arguments))
}

fn prepare_system(extent: Extent) -> Result<()> {
    match extent {
        Extent::Quick => setup::prepare(&[Goal::Build]),
        Extent::Everything => {
            setup::prepare(&[Goal::Build, Goal::Desktop, Goal::World, Goal::Pictures]).map_err(
                |problem| format!("{problem}\n(`cargo xtask test --quick` needs no desktop packages.)"),
            )?;
            let beyond = [Goal::Gnome, Goal::Plasma, Goal::Lxqt, Goal::Servers];
            setup::prepare_where_possible(&beyond, "its stories are skipped");
            pypi::prepare_where_possible(&pypi::NSUPDATE, "its story is skipped");
            Ok(())
        }
    }
}

fn documentation() -> Result<()> {
    let mut doc = command::cargo();
    doc.args(["doc", "--workspace", "--no-deps"]).env("RUSTDOCFLAGS", "-D warnings");
    command::run(&mut doc)
}

/// Looks for an example to test in the documentation of all crates.
fn has_examples(folder: &Path) -> bool {
    ["crates", "icons", "src-tauri", "tests", "xtask"]
        .iter()
        .any(|member| has_example_below(&folder.join(member)))
}

fn has_example_below(path: &Path) -> bool {
    if path.is_dir() {
        let entries = fs::read_dir(path).into_iter().flatten().flatten();
        return entries.into_iter().any(|entry| has_example_below(&entry.path()));
    }
    let is_rust = path.extension().is_some_and(|extension| extension == "rs");
    is_rust && fs::read_to_string(path).is_ok_and(|source| source.lines().any(opens_example))
}

fn opens_example(line: &str) -> bool {
    let line = line.trim_start();
    let comment = line.strip_prefix("///").or_else(|| line.strip_prefix("//!"));
    comment.is_some_and(|text| {
        let fence = text.trim_start().strip_prefix("```");
        fence.is_some_and(|language| !language.trim().eq("text"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_step_comes_after_those_it_needs() {
        steps::assert_in_order(&STEPS);
    }

    #[test]
    fn the_quick_extent_leaves_out_the_desktop_and_says_so() {
        assert_eq!(Step::Stories.left_out(Extent::Quick), Some("--quick"));
        assert_eq!(Step::Pictures.left_out(Extent::Quick), Some("--quick"));
        assert_eq!(Step::RustTests.left_out(Extent::Quick), None);
    }

    #[test]
    fn examples_are_distinguished_from_diagrams() {
        assert!(opens_example("    /// ```no_run"));
        assert!(opens_example("//! ```"));
        assert!(!opens_example("/// ```text"));
        assert!(!opens_example("let fence = \"```\";"));
    }
}
