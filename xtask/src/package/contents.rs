//! The contents of the packages: one list for both formats.

use std::path::PathBuf;

use super::generated;
use crate::workspace;

/// A package. A server needs the first one only.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Package {
    /// The always-on program and its files, without GTK.
    Dyntray,
    /// The window program.
    Window,
}

impl Package {
    pub const ALL: [Self; 2] = [Self::Dyntray, Self::Window];

    /// The package's name in both formats, which is also its program's.
    pub fn name(self) -> &'static str {
        match self {
            Self::Dyntray => "dyntray",
            Self::Window => "dyntray-window",
        }
    }
}

/// A format of packages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    Deb,
    Rpm,
}

impl Format {
    /// The extension of package files.
    pub fn extension(self) -> &'static str {
        match self {
            Self::Deb => "deb",
            Self::Rpm => "rpm",
        }
    }
}

/// The origin of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Source {
    /// A built program.
    Built(&'static str),
    /// A file of the repository.
    Repository(&'static str),
    /// A file that is generated for the packages. Optional ones are left out if the program can't generate them.
    Generated(&'static str),
}

/// A line of the list: a file and its path in each format, or none where a format doesn't have it.
#[derive(Debug)]
struct Line {
    package: Package,
    from: Source,
    deb: Option<&'static str>,
    rpm: Option<&'static str>,
}

const fn both(from: Source, to: &'static str) -> Line {
    Line { package: Package::Dyntray, from, deb: Some(to), rpm: Some(to) }
}

const fn each(from: Source, deb: Option<&'static str>, rpm: Option<&'static str>) -> Line {
    Line { package: Package::Dyntray, from, deb, rpm }
}

const fn window(from: Source, deb: Option<&'static str>, rpm: Option<&'static str>) -> Line {
    Line { package: Package::Window, from, deb, rpm }
}

use Source::{Built, Generated, Repository};

/// Files whose path ends in `.gz` are compressed.
#[rustfmt::skip]
static LINES: [Line; 25] = [
    both(Built("dyntray"), "usr/bin/dyntray"),
    // Beside `dyntray`, which looks for it there.
    window(Built("dyntray-window"), Some("usr/bin/dyntray-window"), Some("usr/bin/dyntray-window")),

    both(Repository("packaging/linux/dyntray.desktop"), "usr/share/applications/dyntray.desktop"),
    both(Generated(generated::METAINFO), "usr/share/metainfo/de.dyntray.dyntray.metainfo.xml"),
    both(Repository("icons/app/16.png"), "usr/share/icons/hicolor/16x16/apps/dyntray.png"),
    both(Repository("icons/app/24.png"), "usr/share/icons/hicolor/24x24/apps/dyntray.png"),
    both(Repository("icons/app/32.png"), "usr/share/icons/hicolor/32x32/apps/dyntray.png"),
    both(Repository("icons/app/48.png"), "usr/share/icons/hicolor/48x48/apps/dyntray.png"),
    both(Repository("icons/app/64.png"), "usr/share/icons/hicolor/64x64/apps/dyntray.png"),
    both(Repository("icons/app/128.png"), "usr/share/icons/hicolor/128x128/apps/dyntray.png"),
    both(Repository("icons/app/256.png"), "usr/share/icons/hicolor/256x256/apps/dyntray.png"),
    both(Repository("icons/app/512.png"), "usr/share/icons/hicolor/512x512/apps/dyntray.png"),

    both(Repository("packaging/systemd/dyntray.service"), "usr/lib/systemd/system/dyntray.service"),

    both(Generated(generated::BASH), "usr/share/bash-completion/completions/dyntray"),
    each(Generated(generated::ZSH), Some("usr/share/zsh/vendor-completions/_dyntray"), Some("usr/share/zsh/site-functions/_dyntray")),
    both(Generated(generated::FISH), "usr/share/fish/vendor_completions.d/dyntray.fish"),
    both(Generated(generated::MANUAL), "usr/share/man/man1/dyntray.1.gz"),

    each(Repository("CHANGELOG.md"), Some("usr/share/doc/dyntray/changelog.gz"), Some("usr/share/doc/dyntray/CHANGELOG.md")),
    each(Generated(generated::DEBIAN_CHANGELOG), Some("usr/share/doc/dyntray/changelog.Debian.gz"), None),
    each(Generated(generated::COPYRIGHT), Some("usr/share/doc/dyntray/copyright"), None),
    window(Generated(generated::DEBIAN_CHANGELOG), Some("usr/share/doc/dyntray-window/changelog.Debian.gz"), None),
    window(Generated(generated::COPYRIGHT), Some("usr/share/doc/dyntray-window/copyright"), None),
    each(Generated(generated::NOTICES), Some("usr/share/doc/dyntray/THIRD-PARTY.txt.gz"), Some("usr/share/licenses/dyntray/THIRD-PARTY.txt")),
    each(Repository("LICENSE-APACHE"), None, Some("usr/share/licenses/dyntray/LICENSE-APACHE")),
    each(Repository("LICENSE-MIT"), None, Some("usr/share/licenses/dyntray/LICENSE-MIT")),
];

/// A file of a package.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// The file to copy.
    pub from: PathBuf,
    /// The path on the system, without its leading slash.
    pub to: &'static str,
    pub mode: u32,
}

/// The files of a package. `programs` is the folder of the built programs.
pub fn items(package: Package, format: Format, programs: &std::path::Path) -> Vec<Item> {
    let lines = LINES.iter().filter(|line| line.package == package);
    lines.filter_map(|line| item(line, format, programs)).collect()
}

fn item(line: &Line, format: Format, programs: &std::path::Path) -> Option<Item> {
    let to = match format {
        Format::Deb => line.deb,
        Format::Rpm => line.rpm,
    }?;
    let (from, mode) = match line.from {
        Built(name) => (programs.join(name), 0o755),
        Repository(path) => (workspace::root().join(path), 0o644),
        Generated(name) => (generated::folder().join(name), 0o644),
    };
    let is_left_out = matches!(line.from, Generated(name) if generated::is_optional(name)) && !from.exists();
    (!is_left_out).then_some(Item { from, to, mode })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_file_of_the_repository_is_there() {
        for line in &LINES {
            if let Repository(path) = line.from {
                assert!(workspace::root().join(path).is_file(), "{path}");
            }
        }
    }

    #[test]
    fn no_path_is_taken_twice_and_none_is_outside_of_usr() {
        for paths in [|line: &Line| line.deb, |line: &Line| line.rpm] {
            let paths: Vec<_> = LINES.iter().filter_map(paths).collect();
            let unique: BTreeSet<_> = paths.iter().collect();
            assert_eq!(unique.len(), paths.len());
            for path in paths {
                assert!(path.starts_with("usr/"), "{path}");
            }
        }
    }

    #[test]
    fn the_window_is_in_its_own_package_beside_the_program_that_looks_for_it() {
        let programs = std::path::Path::new("release");
        for format in [Format::Deb, Format::Rpm] {
            let program = |package| items(package, format, programs)[0].to;
            assert_eq!(program(Package::Dyntray), "usr/bin/dyntray");
            assert_eq!(program(Package::Window), "usr/bin/dyntray-window");
        }
    }

    #[test]
    fn both_formats_have_the_licences_and_the_changelog() {
        let names = |format| -> Vec<&str> {
            let items = items(Package::Dyntray, format, std::path::Path::new("release"));
            items.iter().map(|item| item.to).collect()
        };
        for wanted in ["copyright", "changelog.gz", "THIRD-PARTY.txt.gz"] {
            assert!(names(Format::Deb).iter().any(|name| name.ends_with(wanted)), "{wanted}");
        }
        for wanted in ["LICENSE-APACHE", "LICENSE-MIT", "CHANGELOG.md", "THIRD-PARTY.txt"] {
            assert!(names(Format::Rpm).iter().any(|name| name.ends_with(wanted)), "{wanted}");
        }
    }
}
