//! What is known of Dyntray on Windows and macOS, and from where. README's "Not yet" says the same.

use super::{step::Step, toolchain::Target};

/// The reason to believe a claim.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Proof {
    /// This step, on this machine.
    Here(Step),
    /// A workflow on the system itself. None of them has run yet.
    InWorkflow(&'static str),
    /// None yet.
    Missing,
}

const TEST: Proof = Proof::InWorkflow("test.yml");
const PACKAGES: Proof = Proof::InWorkflow("packages.yml");

/// Each claim with its proof.
const CLAIMS: [(&str, Proof); 24] = [
    ("Windows: the tests of the tray program and of everything below it pass", Proof::Here(Step::Tests)),
    ("Windows: the main job, the console and exit codes, as they are shipped", Proof::Here(Step::MainJob)),
    ("Windows: icon, version and manifest of the shipped program", Proof::Here(Step::MainJob)),
    ("Windows: the icon in the tray and its menu", Proof::Here(Step::Tray)),
    ("Windows: installing over a running program, updating, removing", Proof::Here(Step::Installer)),
    ("Windows: the window's code compiles", Proof::Here(Step::Checked)),
    ("Windows: the window is built", TEST),
    ("Windows: the tests pass on a real system, on Intel and on ARM", TEST),
    ("Windows: the whole installer, for Intel and for ARM", PACKAGES),
    ("Windows: the window is seen and used", Proof::Missing),
    ("Windows: a notification is seen and pressed", Proof::Missing),
    ("Windows: pressing an old notification after the program has ended", Proof::Missing),
    (
        "Windows: a shell that reads the output of `dyntray` without a command by a pipe goes on at once",
        Proof::Missing,
    ),
    ("Windows: an elevated terminal reaches the program", Proof::Missing),
    ("Windows: the icon comes back after Explorer's restart", Proof::Missing),
    ("macOS: all code compiles", Proof::Here(Step::Lint(Target::MacOs))),
    (
        "macOS: the tray program links for Apple silicon, with its oldest macOS, libraries and seal",
        Proof::Here(Step::MacOsLinks),
    ),
    ("macOS: the tests pass on a real system, and the window is built", TEST),
    ("macOS: the bundle and its seal, both processors in one file", PACKAGES),
    ("macOS: Developer ID and notarization", PACKAGES),
    ("macOS: the icon in the menu bar, and the window", Proof::Missing),
    ("macOS: a notification is seen and pressed", Proof::Missing),
    ("macOS: the keychain's questions", Proof::Missing),
    ("macOS: autostart, and the question about the local network", Proof::Missing),
];

/// Prints all claims, the best proven first. A step that isn't among `passed` proves nothing in this run.
pub fn print(passed: &[Step]) {
    let (here, not_now): (Vec<_>, Vec<_>) = claims(|proof| matches!(proof, Proof::Here(_)))
        .into_iter()
        .partition(|(_, proof)| matches!(proof, Proof::Here(step) if passed.contains(step)));
    let groups = [
        ("Proven here", here),
        ("Proven by a step that didn't pass in this run", not_now),
        ("In a workflow, which hasn't run yet", claims(|proof| matches!(proof, Proof::InWorkflow(_)))),
        ("Not proven", claims(|proof| proof == Proof::Missing)),
    ];
    for (title, group) in groups {
        if !group.is_empty() {
            println!("\n== {title}");
        }
        for (claim, _) in group {
            println!("{claim}");
        }
    }
}

fn claims(is_one: impl Fn(Proof) -> bool) -> Vec<(&'static str, Proof)> {
    CLAIMS.into_iter().filter(|(_, proof)| is_one(*proof)).collect()
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::workspace;

    fn file(path: &str) -> String {
        fs::read_to_string(workspace::root().join(path)).expect("a file")
    }

    #[test]
    fn the_readme_says_of_every_claim_without_a_proof_that_it_has_none() {
        let readme = file("README.md");
        let not_yet = readme.split_once("\n## Not yet\n").expect("the section").1;
        let not_yet = not_yet.split_once("\n## ").expect("another section").0;
        let words = not_yet.split_whitespace().collect::<Vec<_>>().join(" ");
        for (claim, proof) in CLAIMS {
            let is_named = words.contains(claim.split_once(": ").expect("a system").1);
            assert_eq!(is_named, !matches!(proof, Proof::Here(_)), "{claim}");
        }
    }

    #[test]
    fn the_workflows_that_prove_something_are_there() {
        for (claim, proof) in CLAIMS {
            if let Proof::InWorkflow(name) = proof {
                let workflow = file(&format!(".github/workflows/{name}"));
                let system = if claim.starts_with("Windows") { "windows-11-arm" } else { "macos-15" };
                assert!(workflow.contains(system), "{claim}");
            }
        }
    }
}
