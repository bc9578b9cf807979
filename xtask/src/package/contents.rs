//! What is in the packages: one list for both formats.

use std::path::PathBuf;

use super::made;
use crate::workspace;

/// The two packages. A server needs the first one only.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Package {
    /// The always-on program and everything about it: no GTK.
    Dyntray,
    /// The window alone.
    Window,
}

impl Package {
    pub const ALL: [Self; 2] = [Self::Dyntray, Self::Window];

    /// Its name in both formats, which is its program's too.
    pub fn name(self) -> &'static str {
        match self {
            Self::Dyntray => "dyntray",
            Self::Window => "dyntray-window",
        }
    }
}

/// The formats.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    Deb,
    Rpm,
}

impl Format {
    /// What its files end with.
    pub fn ending(self) -> &'static str {
        match self {
            Self::Deb => "deb",
            Self::Rpm => "rpm",
        }
    }
}

/// Where a file comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Source {
    /// A built program.
    Built(&'static str),
    /// A file of the repository.
    Kept(&'static str),
    /// A file that was made for the packages. Those that a program may not know how to make yet are left out then.
    Made(&'static str),
}

/// A line of the list. Where a format has no place for it, it has it elsewhere or not at all.
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

use Source::{Built, Kept, Made};

/// What ends in `.gz` is compressed on its way.
#[rustfmt::skip]
static LINES: [Line; 25] = [
    both(Built("dyntray"), "usr/bin/dyntray"),
    // Beside `dyntray`, which looks for it there.
    window(Built("dyntray-window"), Some("usr/bin/dyntray-window"), Some("usr/bin/dyntray-window")),

    both(Kept("packaging/linux/dyntray.desktop"), "usr/share/applications/dyntray.desktop"),
    both(Made(made::METAINFO), "usr/share/metainfo/de.dyntray.dyntray.metainfo.xml"),
    both(Kept("icons/app/16.png"), "usr/share/icons/hicolor/16x16/apps/dyntray.png"),
    both(Kept("icons/app/24.png"), "usr/share/icons/hicolor/24x24/apps/dyntray.png"),
    both(Kept("icons/app/32.png"), "usr/share/icons/hicolor/32x32/apps/dyntray.png"),
    both(Kept("icons/app/48.png"), "usr/share/icons/hicolor/48x48/apps/dyntray.png"),
    both(Kept("icons/app/64.png"), "usr/share/icons/hicolor/64x64/apps/dyntray.png"),
    both(Kept("icons/app/128.png"), "usr/share/icons/hicolor/128x128/apps/dyntray.png"),
    both(Kept("icons/app/256.png"), "usr/share/icons/hicolor/256x256/apps/dyntray.png"),
    both(Kept("icons/app/512.png"), "usr/share/icons/hicolor/512x512/apps/dyntray.png"),

    both(Kept("packaging/systemd/dyntray.service"), "usr/lib/systemd/system/dyntray.service"),

    both(Made(made::BASH), "usr/share/bash-completion/completions/dyntray"),
    each(Made(made::ZSH), Some("usr/share/zsh/vendor-completions/_dyntray"), Some("usr/share/zsh/site-functions/_dyntray")),
    both(Made(made::FISH), "usr/share/fish/vendor_completions.d/dyntray.fish"),
    both(Made(made::MANUAL), "usr/share/man/man1/dyntray.1.gz"),

    each(Kept("CHANGELOG.md"), Some("usr/share/doc/dyntray/changelog.gz"), Some("usr/share/doc/dyntray/CHANGELOG.md")),
    each(Made(made::DEBIAN_CHANGELOG), Some("usr/share/doc/dyntray/changelog.Debian.gz"), None),
    each(Made(made::COPYRIGHT), Some("usr/share/doc/dyntray/copyright"), None),
    window(Made(made::DEBIAN_CHANGELOG), Some("usr/share/doc/dyntray-window/changelog.Debian.gz"), None),
    window(Made(made::COPYRIGHT), Some("usr/share/doc/dyntray-window/copyright"), None),
    each(Made(made::NOTICES), Some("usr/share/doc/dyntray/THIRD-PARTY.txt.gz"), Some("usr/share/licenses/dyntray/THIRD-PARTY.txt")),
    each(Kept("LICENSE-APACHE"), None, Some("usr/share/licenses/dyntray/LICENSE-APACHE")),
    each(Kept("LICENSE-MIT"), None, Some("usr/share/licenses/dyntray/LICENSE-MIT")),
];

/// Something on its way into a package.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// The file.
    pub from: PathBuf,
    /// Where it goes, from the top of the system and without a leading slash.
    pub to: &'static str,
    pub mode: u32,
}

/// What goes into a package. `programs` is where the built programs lie, `made` where the made files do.
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
        Kept(path) => (workspace::root().join(path), 0o644),
        Made(name) => (made::folder().join(name), 0o644),
    };
    let is_left_out = matches!(line.from, Made(name) if made::may_lack(name)) && !from.exists();
    (!is_left_out).then_some(Item { from, to, mode })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn everything_that_is_kept_is_there() {
        for line in &LINES {
            if let Kept(path) = line.from {
                assert!(workspace::root().join(path).is_file(), "{path}");
            }
        }
    }

    #[test]
    fn no_place_is_taken_twice_and_none_is_outside_of_the_system() {
        for places in [|line: &Line| line.deb, |line: &Line| line.rpm] {
            let places: Vec<_> = LINES.iter().filter_map(places).collect();
            let unique: BTreeSet<_> = places.iter().collect();
            assert_eq!(unique.len(), places.len());
            for place in places {
                assert!(place.starts_with("usr/"), "{place}");
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
    fn both_formats_tell_the_licences_and_what_changed() {
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
