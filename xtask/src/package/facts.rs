//! What the packages say of themselves.

use std::process::Command;

use crate::{Result, command, workspace};

/// The version, which all members of the workspace share.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");
/// Counts packages of the same version.
pub const REVISION: &str = "1";
/// Who answers for the packages, as `Name <address>`, unless it is said here.
const MAINTAINER_SAID: &str = "DYNTRAY_MAINTAINER";
const NO_MAINTAINER: &str = "The Dyntray developers <dyntray@localhost.localdomain>";
/// One line about each package.
pub const SUMMARY: &str = "Keeps a home's host name pointing at the right address";
pub const WINDOW_SUMMARY: &str = "Dyntray's window: the settings and the status pages";
/// More about each, in lines of less than 80 letters.
pub const DESCRIPTION: &str = "\
A home's internet address changes. Dyntray sees it, tells the dynamic-DNS
service, says what came of it, and speaks up when something needs a person.
It lives in the tray or, on a server, as a service. It is made for SPDYN and
its update tokens, and speaks dyndns2.";
pub const WINDOW_DESCRIPTION: &str = "\
The settings form and the status pages of Dyntray, in a program of their own
that is there only while somebody looks. A server doesn't need it.";
/// An SPDX expression.
pub const LICENCE: &str = "MIT OR Apache-2.0";

/// Who answers for the packages: whoever publishes them says so in the environment.
pub fn maintainer() -> String {
    let said = std::env::var(MAINTAINER_SAID).ok().filter(|said| !said.is_empty());
    said.unwrap_or_else(|| NO_MAINTAINER.to_owned())
}

/// Whether nobody said who answers for the packages. They aren't to be published then.
pub fn lacks_maintainer() -> bool {
    maintainer() == NO_MAINTAINER
}

/// This machine's architecture, as Debian calls it.
pub fn debian_architecture() -> &'static str {
    match std::env::consts::ARCH {
        "x86_64" => "amd64",
        "aarch64" => "arm64",
        "x86" => "i386",
        "arm" => "armhf",
        other => other,
    }
}

/// When the sources were last changed, in seconds since 1970: packages of the same sources are the same, whenever
/// they are made.
pub fn epoch() -> Result<String> {
    if let Ok(given) = std::env::var("SOURCE_DATE_EPOCH") {
        return Ok(given);
    }
    let mut git = Command::new("git");
    git.current_dir(workspace::root()).args(["log", "-1", "--format=%ct"]);
    let told = command::answer(&mut git).filter(|told| !told.is_empty());
    // Sources without a history, as in an archive: the day when they were written down.
    told.map_or_else(|| date(&["--reference=CHANGELOG.md", "+%s"]), Ok)
}

/// A day or time, as `date` writes it.
pub fn date(arguments: &[&str]) -> Result<String> {
    let mut date = command::program("date");
    date.env("LC_ALL", "C").arg("--utc").args(arguments);
    command::answer(&mut date).ok_or_else(|| format!("`{}` doesn't say", command::spelled(&date)))
}
