//! Files that are made for the packages: what the program tells of itself, and texts with the version and the day in
//! them.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use super::facts;
use crate::{Result, command, workspace};

pub const BASH: &str = "dyntray.bash";
pub const ZSH: &str = "_dyntray";
pub const FISH: &str = "dyntray.fish";
pub const MANUAL: &str = "dyntray.1";
pub const METAINFO: &str = "de.dyntray.dyntray.metainfo.xml";
pub const NOTICES: &str = "THIRD-PARTY.txt";
pub const COPYRIGHT: &str = "copyright";
pub const DEBIAN_CHANGELOG: &str = "changelog.Debian";

/// What the program prints about itself, if it knows how: the file, and how it is asked.
const TOLD: [(&str, &[&str]); 4] = [
    (BASH, &["completions", "bash"]),
    (ZSH, &["completions", "zsh"]),
    (FISH, &["completions", "fish"]),
    (MANUAL, &["man"]),
];

/// Where they lie.
pub fn folder() -> PathBuf {
    workspace::target().join("package/made")
}

/// Whether the packages do without it where it isn't there.
pub fn may_lack(name: &str) -> bool {
    TOLD.iter().any(|(file, _)| *file == name)
}

/// Has the program tell what it knows: completions for shells, and a manual page.
pub fn from_program(programs: &Path) -> Result<()> {
    let folder = prepared()?;
    for (name, question) in TOLD {
        let path = folder.join(name);
        let _ = fs::remove_file(&path);
        let mut program = Command::new(programs.join("dyntray"));
        match command::answer(program.args(question)).filter(|text| !text.is_empty()) {
            Some(text) => write(&path, &(text + "\n"))?,
            None => {
                println!("left out: {name}, as `dyntray {}` isn't known to this program", question.join(" "));
            }
        }
    }
    Ok(())
}

/// The licences of all parts, by the code that tells the window of them.
pub fn notices() -> Result<()> {
    let mut node = command::program("node");
    command::run(node.arg("packaging/notices/write.mjs").arg(prepared()?.join(NOTICES)))
}

/// Texts with the version and the day in them.
pub fn texts(epoch: &str) -> Result<()> {
    let folder = prepared()?;
    let moment = format!("--date=@{epoch}");
    let day = facts::date(&[&moment, "+%Y-%m-%d"])?;
    let metainfo = workspace::kept("packaging/linux/de.dyntray.dyntray.metainfo.xml")?;
    let metainfo = metainfo.replace("@VERSION@", facts::VERSION).replace("@DATE@", &day);
    write(&folder.join(METAINFO), &metainfo)?;
    write(&folder.join(COPYRIGHT), &copyright(&workspace::kept("LICENSE-MIT")?))?;
    let mail_day = facts::date(&[&moment, "--rfc-email"])?;
    write(&folder.join(DEBIAN_CHANGELOG), &debian_changelog(&mail_day))
}

fn debian_changelog(day: &str) -> String {
    let (version, revision, maintainer) = (facts::VERSION, facts::REVISION, facts::maintainer());
    format!(
        "dyntray ({version}-{revision}) unstable; urgency=medium\n\n  * Version {version}; see changelog.gz.\n\n -- {maintainer}  {day}\n"
    )
}

/// In the form that Debian's programs read. It keeps the Apache License's text once for everybody.
fn copyright(mit: &str) -> String {
    let holder = mit.lines().find_map(|line| line.strip_prefix("Copyright (c) ")).unwrap_or("The developers");
    let indented: String = mit.lines().skip(2).map(|line| debian_line(line) + "\n").collect();
    format!(
        "Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/\n\
         Upstream-Name: Dyntray\n\
         Comment: The parts of others, with their licences: /usr/share/doc/dyntray/THIRD-PARTY.txt.gz\n\n\
         Files: *\nCopyright: {holder}\nLicense: Expat or Apache-2.0\n\n\
         License: Expat\n{indented}\n\
         License: Apache-2.0\n On Debian systems, its text is in /usr/share/common-licenses/Apache-2.0.\n"
    )
}

/// A line of a longer text in a control file: moved by a space, and a dot where it is empty.
pub fn debian_line(line: &str) -> String {
    if line.trim().is_empty() { " .".into() } else { format!(" {line}") }
}

fn prepared() -> Result<PathBuf> {
    let folder = folder();
    fs::create_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    Ok(folder)
}

fn write(path: &Path, text: &str) -> Result<()> {
    fs::write(path, text).map_err(|error| format!("{}: {error}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_copyright_names_its_holder_and_carries_the_whole_licence() {
        let mit = workspace::kept("LICENSE-MIT").expect("the licence");
        let copyright = copyright(&mit);
        assert!(copyright.contains("\nLicense: Expat\n Permission is hereby granted"), "{copyright}");
        assert!(copyright.contains("SOFTWARE.\n"), "{copyright}");
        assert!(copyright.contains("The Dyntray developers"), "{copyright}");
        assert!(!copyright.contains("\n\n\n"), "{copyright}");
    }

    #[test]
    fn only_what_the_program_tells_may_be_lacking() {
        assert!(may_lack(MANUAL) && may_lack(FISH));
        assert!(!may_lack(NOTICES) && !may_lack(METAINFO));
    }
}
