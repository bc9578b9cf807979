//! Files that are generated for the packages: completions and a manual page by the program itself, and texts that contain
//! the version and the date.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use super::metadata;
use crate::{Result, command, files, workspace};

pub const BASH: &str = "dyntray.bash";
pub const ZSH: &str = "_dyntray";
pub const FISH: &str = "dyntray.fish";
pub const MANUAL: &str = "dyntray.1";
pub const METAINFO: &str = "de.dyntray.dyntray.metainfo.xml";
pub const NOTICES: &str = "THIRD-PARTY.txt";
pub const COPYRIGHT: &str = "copyright";
pub const DEBIAN_CHANGELOG: &str = "changelog.Debian";

/// The files that the program prints, and the arguments that make it do so.
const PRINTED: [(&str, &[&str]); 4] = [
    (BASH, &["completions", "bash"]),
    (ZSH, &["completions", "zsh"]),
    (FISH, &["completions", "fish"]),
    (MANUAL, &["man"]),
];

/// The folder of generated files.
pub fn folder() -> PathBuf {
    workspace::target().join("package/generated")
}

/// Files that packages may lack: those that an older program can't print.
pub fn is_optional(name: &str) -> bool {
    PRINTED.iter().any(|(file, _)| *file == name)
}

/// Writes the files that the program prints: completions for shells, and a manual page.
pub fn from_program(programs: &Path) -> Result<()> {
    let folder = folder();
    for (name, arguments) in PRINTED {
        let path = folder.join(name);
        let _ = fs::remove_file(&path);
        let mut program = Command::new(programs.join("dyntray"));
        match command::output(program.args(arguments)).filter(|text| !text.is_empty()) {
            Some(text) => files::write(&path, text + "\n")?,
            None => {
                println!(
                    "left out: {name}, because this program doesn't know `dyntray {}`",
                    arguments.join(" ")
                );
            }
        }
    }
    Ok(())
}

/// Writes the licences of all dependencies, by the code that collects them for the window.
pub fn notices() -> Result<()> {
    files::create_folder(&folder())?;
    let mut node = command::program("node");
    command::run(node.arg("packaging/notices/write.mjs").arg(folder().join(NOTICES)))
}

/// Writes the texts that contain the version and the date.
pub fn texts(epoch: &str) -> Result<()> {
    let folder = folder();
    let moment = format!("--date=@{epoch}");
    let day = metadata::date(&[&moment, "+%Y-%m-%d"])?;
    let metainfo = workspace::read("packaging/linux/de.dyntray.dyntray.metainfo.xml")?;
    let metainfo = metainfo.replace("@VERSION@", metadata::VERSION).replace("@DATE@", &day);
    files::write(&folder.join(METAINFO), &metainfo)?;
    files::write(&folder.join(COPYRIGHT), copyright(&workspace::read("LICENSE-MIT")?))?;
    let mail_day = metadata::date(&[&moment, "--rfc-email"])?;
    files::write(&folder.join(DEBIAN_CHANGELOG), debian_changelog(&mail_day))
}

fn debian_changelog(day: &str) -> String {
    let (version, revision, maintainer) = (metadata::VERSION, metadata::REVISION, metadata::maintainer());
    format!(
        "dyntray ({version}-{revision}) unstable; urgency=medium\n\n  * Version {version}; see changelog.gz.\n\n -- {maintainer}  {day}\n"
    )
}

/// The copyright file in Debian's machine-readable format. Debian systems have the text of the Apache License.
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

/// A line of a multi-line field in a control file: indented by a space, with a dot for an empty line.
pub fn debian_line(line: &str) -> String {
    if line.trim().is_empty() { " .".into() } else { format!(" {line}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_copyright_names_its_holder_and_carries_the_whole_licence() {
        let mit = workspace::read("LICENSE-MIT").expect("the licence");
        let copyright = copyright(&mit);
        assert!(copyright.contains("\nLicense: Expat\n Permission is hereby granted"), "{copyright}");
        assert!(copyright.contains("SOFTWARE.\n"), "{copyright}");
        assert!(copyright.contains("The Dyntray developers"), "{copyright}");
        assert!(!copyright.contains("\n\n\n"), "{copyright}");
    }

    #[test]
    fn only_what_the_program_prints_is_optional() {
        assert!(is_optional(MANUAL) && is_optional(FISH));
        assert!(!is_optional(NOTICES) && !is_optional(METAINFO));
    }
}
