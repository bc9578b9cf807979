//! System packages: those that are missing are named with their purpose, then installed.

use std::{
    collections::BTreeSet,
    io::{IsTerminal, Write as _},
    process::Command,
};

use crate::{
    Result, command,
    manager::{Manager, Privileges},
    packages::{self, Goal, Need, Probe},
};

/// The person's consent to an installation.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub enum Consent {
    /// Given on the command line.
    Given,
    /// Not given yet: the person is asked.
    #[default]
    Asked,
}

/// Installs what the goals need and the system lacks.
pub fn prepare(goals: &[Goal]) -> Result<()> {
    prepare_asking(goals, Consent::Given)
}

/// The same, once the person has agreed to what is missing.
pub fn prepare_asking(goals: &[Goal], consent: Consent) -> Result<()> {
    let manager = Manager::of_this_system();
    let needs = packages::needs(goals);
    let lacking = missing(&needs, manager);
    if lacking.is_empty() {
        println!("All {} system requirements are met.", needs.len());
        return Ok(());
    }
    println!("Missing on this system:");
    for need in &lacking {
        println!("  - {}{}", need.what, because(need.goal));
    }
    let Some(manager) = manager else {
        return Err("no known package manager (apt-get, dnf, pacman, brew); please install the above".into());
    };
    let names = package_names(manager, &lacking);
    if consent == Consent::Asked && manager.privileges() != Privileges::None {
        agree(&names)?;
    }
    install(manager, &names)?;
    let lacking = missing(&lacking, Some(manager));
    if lacking.is_empty() {
        return Ok(());
    }
    let still: Vec<_> = lacking.iter().map(|need| need.what).collect();
    Err(format!("still missing after the installation: {}", still.join("; ")))
}

/// The reason of a need that most people wouldn't expect.
fn because(goal: Goal) -> &'static str {
    match goal {
        Goal::Layout | Goal::Desktop => " (to watch the program in use: tests, bench, --layout)",
        _ => "",
    }
}

/// Asks at the terminal whether packages may be installed.
fn agree(names: &[&str]) -> Result<()> {
    let unasked = "nothing was installed; --yes installs without a question";
    if !std::io::stdin().is_terminal() {
        return Err(format!("missing here: {}; {unasked}", names.join(" ")));
    }
    print!("Install {}? [y/N] ", names.join(" "));
    let mut reply = String::new();
    let asked = std::io::stdout().flush().and_then(|()| std::io::stdin().read_line(&mut reply));
    let is_yes = asked.is_ok() && matches!(reply.trim().to_lowercase().as_str(), "y" | "yes");
    if is_yes { Ok(()) } else { Err(unasked.into()) }
}

/// Installs what each goal needs. A goal that this system has no packages for is left out, and so is named with what it
/// means to be `without` it.
pub fn prepare_where_possible(goals: &[Goal], without: &str) {
    for goal in goals {
        if let Err(problem) = prepare(&[*goal]) {
            println!("{problem}\n{goal:?} is left out: {without}");
        }
    }
}

fn missing<'a>(needs: &[&'a Need], manager: Option<Manager>) -> Vec<&'a Need> {
    needs.iter().copied().filter(|need| !is_there(need, manager)).collect()
}

fn is_there(need: &Need, manager: Option<Manager>) -> bool {
    match need.probe {
        Probe::Program(name) => command::is_on_path(name),
        Probe::Library(name) => command::succeeds(Command::new("pkg-config").args(["--exists", name])),
        // It can't be checked without a manager; a story that lacks it says so.
        Probe::Installed => {
            manager.is_none_or(|manager| manager.package_names(need).iter().all(|name| manager.has(name)))
        }
    }
}

/// The packages of all needs, each once.
fn package_names(manager: Manager, needs: &[&Need]) -> Vec<&'static str> {
    let unique: BTreeSet<_> = needs.iter().flat_map(|need| manager.package_names(need)).copied().collect();
    unique.into_iter().collect()
}

fn install(manager: Manager, names: &[&str]) -> Result<()> {
    let privileges = manager.privileges();
    let lines = manager.install_commands(names, privileges);
    let typed: Vec<_> = lines.iter().map(|line| line.join(" ")).collect();
    if privileges == Privileges::None {
        return Err(format!(
            "installing needs root, and there is no sudo. Please run this as root, then start again:\n  {}",
            typed.join("\n  ")
        ));
    }
    println!("Installing them:\n  {}\n", typed.join("\n  "));
    for line in &lines {
        run(line).map_err(|problem| {
            format!("{problem}\nPlease run this yourself, then start again:\n  {}", typed.join("\n  "))
        })?;
    }
    Ok(())
}

/// Runs one command of an installation. It keeps standard input, because sudo may ask for a password at a terminal.
fn run(line: &[String]) -> Result<()> {
    let Some((program, arguments)) = line.split_first() else {
        return Ok(());
    };
    let mut command = Command::new(program);
    if program == "sudo" && !std::io::stdin().is_terminal() {
        command.arg("--non-interactive");
    }
    let typed = line.join(" ");
    match command.args(arguments).status() {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(format!("`{typed}` ended with {status}")),
        Err(error) => Err(format!("`{typed}` can't be started: {error}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn need(probe: Probe, apt: &'static [&'static str]) -> Need {
        Need { goal: Goal::Build, what: "something", probe, apt, dnf: &[], pacman: &[], brew: &[] }
    }

    #[test]
    fn an_existing_program_is_not_missing_whoever_installed_it() {
        let cargo = need(Probe::Program("cargo"), &["no-such-package"]);
        let absent = need(Probe::Program("dyntray-no-such-program"), &["no-such-package"]);
        let lacking = missing(&[&cargo, &absent], Some(Manager::Apt));
        assert_eq!(lacking.len(), 1);
        assert_eq!(lacking[0].probe, absent.probe);
    }

    #[test]
    fn a_package_needed_for_two_things_is_asked_for_once() {
        let first = need(Probe::Program("xprop"), &["x11-utils"]);
        let second = need(Probe::Program("xwininfo"), &["x11-utils", "another"]);
        assert_eq!(package_names(Manager::Apt, &[&first, &second]), ["another", "x11-utils"]);
    }

    #[test]
    fn without_a_manager_only_programs_and_libraries_can_be_missing() {
        let unseen = need(Probe::Installed, &["something"]);
        assert!(is_there(&unseen, None));
    }
}
