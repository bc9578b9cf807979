//! The system's package manager: its names for packages, its list of installed ones, and its commands to install more.

use std::process::Command;

use crate::{command, packages::Need};

/// A package manager.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Manager {
    Apt,
    Dnf,
    Pacman,
    Brew,
}

/// The privileges of this process.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Privileges {
    /// Those of root, or none where Homebrew needs none.
    Enough,
    /// Root's by sudo.
    Sudo,
    /// A normal user's, without sudo.
    None,
}

impl Manager {
    /// The package manager of this system.
    pub fn of_this_system() -> Option<Self> {
        let candidates: &[_] = if cfg!(target_os = "macos") {
            &[(Self::Brew, "brew")]
        } else {
            &[(Self::Apt, "apt-get"), (Self::Dnf, "dnf"), (Self::Pacman, "pacman")]
        };
        let found = candidates.iter().find(|(_, program)| command::is_on_path(program));
        found.map(|(manager, _)| *manager)
    }

    /// The names of the packages that meet a need.
    pub fn package_names(self, need: &Need) -> &'static [&'static str] {
        match self {
            Self::Apt => need.apt,
            Self::Dnf => need.dnf,
            Self::Pacman => need.pacman,
            Self::Brew => need.brew,
        }
    }

    /// Looks whether a package is installed.
    pub fn has(self, name: &str) -> bool {
        match self {
            Self::Apt => {
                let mut query = Command::new("dpkg-query");
                query.args(["--show", "--showformat", "${db:Status-Status}", name]);
                command::output(&mut query).is_some_and(|status| status == "installed")
            }
            Self::Dnf => command::succeeds(Command::new("rpm").args(["--query", "--whatprovides", name])),
            Self::Pacman => command::succeeds(Command::new("pacman").args(["--deptest", name])),
            Self::Brew => command::succeeds(Command::new("brew").args(["list", "--versions", name])),
        }
    }

    /// The commands that install packages, in order. Without privileges they are written as for root.
    pub fn install_commands(self, names: &[&str], privileges: Privileges) -> Vec<Vec<String>> {
        let lines: &[&[&str]] = match self {
            Self::Apt => {
                &[&["apt-get", "update"], &["apt-get", "install", "--yes", "--no-install-recommends"]]
            }
            Self::Dnf => &[&["dnf", "install", "--assumeyes", "--setopt=install_weak_deps=False"]],
            // Arch calls an installation without a full upgrade a partial upgrade, which breaks systems.
            Self::Pacman => &[&["pacman", "--sync", "--refresh", "--sysupgrade", "--needed", "--noconfirm"]],
            Self::Brew => &[&["brew", "install"]],
        };
        let last = lines.len().saturating_sub(1);
        lines
            .iter()
            .enumerate()
            .map(|(index, line)| {
                let more: &[&str] = if index == last { names } else { &[] };
                let words = self.prefix(privileges).iter().chain(*line).chain(more);
                words.map(|word| (*word).to_owned()).collect()
            })
            .collect()
    }

    fn prefix(self, privileges: Privileges) -> &'static [&'static str] {
        match (self, privileges) {
            (Self::Apt, Privileges::Enough | Privileges::None) => &["env", "DEBIAN_FRONTEND=noninteractive"],
            (Self::Apt, Privileges::Sudo) => &["sudo", "env", "DEBIAN_FRONTEND=noninteractive"],
            (Self::Dnf | Self::Pacman, Privileges::Sudo) => &["sudo"],
            _ => &[],
        }
    }

    /// The privileges that this process can install with.
    pub fn privileges(self) -> Privileges {
        let root = || command::output(Command::new("id").arg("-u")).is_some_and(|id| id == "0");
        if self == Self::Brew || root() {
            Privileges::Enough
        } else if command::is_on_path("sudo") {
            Privileges::Sudo
        } else {
            Privileges::None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::packages::{Goal, needs};

    fn typed(manager: Manager, privileges: Privileges) -> Vec<String> {
        let lines = manager.install_commands(&["one", "two"], privileges);
        lines.iter().map(|line| line.join(" ")).collect()
    }

    #[test]
    fn apt_reads_its_lists_once_and_asks_nothing() {
        assert_eq!(
            typed(Manager::Apt, Privileges::Enough),
            [
                "env DEBIAN_FRONTEND=noninteractive apt-get update",
                "env DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends one two",
            ]
        );
        for line in typed(Manager::Apt, Privileges::Sudo) {
            assert!(line.starts_with("sudo env DEBIAN_FRONTEND=noninteractive apt-get"), "{line}");
        }
    }

    #[test]
    fn the_others_have_one_line_each() {
        assert_eq!(
            typed(Manager::Dnf, Privileges::Sudo),
            ["sudo dnf install --assumeyes --setopt=install_weak_deps=False one two"]
        );
        assert_eq!(
            typed(Manager::Pacman, Privileges::Enough),
            ["pacman --sync --refresh --sysupgrade --needed --noconfirm one two"]
        );
        assert_eq!(typed(Manager::Brew, Privileges::Enough), ["brew install one two"]);
    }

    #[test]
    fn every_manager_has_its_own_names() {
        let needs = needs(&[Goal::Build]);
        let node = needs.first().expect("Node");
        assert_eq!(Manager::Apt.package_names(node), ["nodejs", "npm"]);
        assert_eq!(Manager::Brew.package_names(node), ["node"]);
        assert_eq!(Manager::Dnf.package_names(node), ["/usr/bin/node", "/usr/bin/npm"]);
    }
}
