//! The metadata of the packages.

use std::process::Command;

use crate::{Result, command, workspace};

/// The version of all crates of the workspace.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");
/// The number of the package among those of the same version.
pub const REVISION: &str = "1";
/// The variable that names the maintainer, as `Name <address>`.
const MAINTAINER_VARIABLE: &str = "DYNTRAY_MAINTAINER";
const NO_MAINTAINER: &str = "The Dyntray developers <dyntray@localhost.localdomain>";
/// The summary of the package.
pub const SUMMARY: &str = "Keeps a home's host name pointing at the right address";
pub const WINDOW_SUMMARY: &str = "Dyntray's window: the settings and the status pages";
/// The description of the package, in lines of less than 80 letters.
pub const DESCRIPTION: &str = "\
A home's internet address changes. Dyntray notices it, updates the dynamic
DNS service, shows the result, and notifies you when you need to act. It runs
in the tray or, on a server, as a service. It is made for SPDYN and its update
tokens, and speaks dyndns2.";
pub const WINDOW_DESCRIPTION: &str = "\
The settings form and the status pages of Dyntray, in a program of their own
that runs only while its window is open. A server doesn't need it.";
/// The page of the service that it is made for: the project has none of its own yet.
pub const HOMEPAGE: &str = "https://www.spdyn.de/";
/// The vendor, as rpm calls whoever makes a package's contents.
pub const VENDOR: &str = "The Dyntray developers";
/// An SPDX expression.
pub const LICENCE: &str = "MIT OR Apache-2.0";

/// The maintainer of the packages. Publishers set the variable for it.
pub fn maintainer() -> String {
    let maintainer = std::env::var(MAINTAINER_VARIABLE).ok().filter(|name| !name.is_empty());
    maintainer.unwrap_or_else(|| NO_MAINTAINER.to_owned())
}

/// True if no maintainer is named. Such packages must not be published.
pub fn lacks_maintainer() -> bool {
    maintainer() == NO_MAINTAINER
}

/// Debian's name for the architecture of this machine.
pub fn debian_architecture() -> &'static str {
    match std::env::consts::ARCH {
        "x86_64" => "amd64",
        "aarch64" => "arm64",
        "x86" => "i386",
        "arm" => "armhf",
        other => other,
    }
}

/// The time of the last change of the sources, in seconds since 1970. With it the same sources give the same packages at
/// any time.
pub fn epoch() -> Result<String> {
    if let Ok(given) = std::env::var("SOURCE_DATE_EPOCH") {
        return Ok(given);
    }
    let mut git = Command::new("git");
    git.current_dir(workspace::root()).args(["log", "-1", "--format=%ct"]);
    let time = command::output(&mut git).filter(|time| !time.is_empty());
    // Sources from an archive have no history: the time of their changelog.
    time.map_or_else(|| date(&["--reference=CHANGELOG.md", "+%s"]), Ok)
}

/// A date or time in a format of `date`.
pub fn date(arguments: &[&str]) -> Result<String> {
    let mut date = command::program("date");
    date.env("LC_ALL", "C").arg("--utc").args(arguments);
    command::output(&mut date).ok_or_else(|| format!("`{}` fails", command::command_line(&date)))
}
