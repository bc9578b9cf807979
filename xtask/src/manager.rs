//! The system's package manager: what it calls things, what it has, and its command for more.

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

/// Who this program may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rights {
    /// Root, or (Homebrew) no special rights needed.
    Enough,
    /// Somebody who can become root by sudo.
    Sudo,
    /// Somebody who can't.
    None,
}

impl Manager {
    /// The one of this system.
    pub fn of_this_system() -> Option<Self> {
        let candidates: &[_] = if cfg!(target_os = "macos") {
            &[(Self::Brew, "brew")]
        } else {
            &[(Self::Apt, "apt-get"), (Self::Dnf, "dnf"), (Self::Pacman, "pacman")]
        };
        let found = candidates.iter().find(|(_, program)| command::is_on_path(program));
        found.map(|(manager, _)| *manager)
    }

    /// What it calls something.
    pub fn names(self, need: &Need) -> &'static [&'static str] {
        match self {
            Self::Apt => need.apt,
            Self::Dnf => need.dnf,
            Self::Pacman => need.pacman,
            Self::Brew => need.brew,
        }
    }

    /// Whether a package is installed.
    pub fn has(self, name: &str) -> bool {
        match self {
            Self::Apt => {
                let mut query = Command::new("dpkg-query");
                query.args(["--show", "--showformat", "${db:Status-Status}", name]);
                command::answer(&mut query).is_some_and(|status| status == "installed")
            }
            Self::Dnf => command::succeeds(Command::new("rpm").args(["--query", "--whatprovides", name])),
            Self::Pacman => command::succeeds(Command::new("pacman").args(["--deptest", name])),
            Self::Brew => command::succeeds(Command::new("brew").args(["list", "--versions", name])),
        }
    }

    /// The command lines that install `names`, in order. Without any rights: as root would type them.
    pub fn installing(self, names: &[&str], rights: Rights) -> Vec<Vec<String>> {
        let lines: &[&[&str]] = match self {
            Self::Apt => {
                &[&["apt-get", "update"], &["apt-get", "install", "--yes", "--no-install-recommends"]]
            }
            Self::Dnf => &[&["dnf", "install", "--assumeyes", "--setopt=install_weak_deps=False"]],
            // Installing after only refreshing the lists is what Arch calls a partial upgrade, and breaks systems.
            Self::Pacman => &[&["pacman", "--sync", "--refresh", "--sysupgrade", "--needed", "--noconfirm"]],
            Self::Brew => &[&["brew", "install"]],
        };
        let last = lines.len().saturating_sub(1);
        lines
            .iter()
            .enumerate()
            .map(|(place, line)| {
                let more: &[&str] = if place == last { names } else { &[] };
                let words = self.before(rights).iter().chain(*line).chain(more);
                words.map(|word| (*word).to_owned()).collect()
            })
            .collect()
    }

    fn before(self, rights: Rights) -> &'static [&'static str] {
        match (self, rights) {
            (Self::Apt, Rights::Enough | Rights::None) => &["env", "DEBIAN_FRONTEND=noninteractive"],
            (Self::Apt, Rights::Sudo) => &["sudo", "env", "DEBIAN_FRONTEND=noninteractive"],
            (Self::Dnf | Self::Pacman, Rights::Sudo) => &["sudo"],
            _ => &[],
        }
    }

    /// What the person who started this may do.
    pub fn rights(self) -> Rights {
        let root = || command::answer(Command::new("id").arg("-u")).is_some_and(|id| id == "0");
        if self == Self::Brew || root() {
            Rights::Enough
        } else if command::is_on_path("sudo") {
            Rights::Sudo
        } else {
            Rights::None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::packages::{Goal, needs};

    fn typed(manager: Manager, rights: Rights) -> Vec<String> {
        let lines = manager.installing(&["one", "two"], rights);
        lines.iter().map(|line| line.join(" ")).collect()
    }

    #[test]
    fn apt_reads_its_lists_once_and_asks_nothing() {
        assert_eq!(
            typed(Manager::Apt, Rights::Enough),
            [
                "env DEBIAN_FRONTEND=noninteractive apt-get update",
                "env DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends one two",
            ]
        );
        for line in typed(Manager::Apt, Rights::Sudo) {
            assert!(line.starts_with("sudo env DEBIAN_FRONTEND=noninteractive apt-get"), "{line}");
        }
    }

    #[test]
    fn the_others_have_one_line_each() {
        assert_eq!(
            typed(Manager::Dnf, Rights::Sudo),
            ["sudo dnf install --assumeyes --setopt=install_weak_deps=False one two"]
        );
        assert_eq!(
            typed(Manager::Pacman, Rights::Enough),
            ["pacman --sync --refresh --sysupgrade --needed --noconfirm one two"]
        );
        assert_eq!(typed(Manager::Brew, Rights::Enough), ["brew install one two"]);
    }

    #[test]
    fn every_manager_has_its_own_names() {
        let needs = needs(&[Goal::Build]);
        let node = needs.first().expect("Node");
        assert_eq!(Manager::Apt.names(node), ["nodejs", "npm"]);
        assert_eq!(Manager::Brew.names(node), ["node"]);
        assert_eq!(Manager::Dnf.names(node), ["/usr/bin/node", "/usr/bin/npm"]);
    }
}
