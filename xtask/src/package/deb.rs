//! Debian's packages, made by `dpkg-deb`.

use std::{
    fs,
    path::{Path, PathBuf},
};

use super::{
    contents::{self, Format, Item, Package},
    facts, made, stage,
};
use crate::{
    Result, command,
    workspace::{self, named},
};

/// Where a package is.
pub fn path(package: Package) -> PathBuf {
    let architecture = facts::debian_architecture();
    let name = format!("{}_{}-{}_{architecture}.deb", package.name(), facts::VERSION, facts::REVISION);
    workspace::target().join("package").join(name)
}

/// Makes both packages.
pub fn build(programs: &Path, epoch: &str) -> Result<()> {
    Package::ALL.into_iter().try_for_each(|package| build_one(package, programs, epoch))
}

fn build_one(package: Package, programs: &Path, epoch: &str) -> Result<()> {
    let items = contents::items(package, Format::Deb, programs);
    let stage = stage::folder(package, Format::Deb);
    stage::lay_out(&stage, &items)?;
    let libraries = libraries(&programs.join(package.name()))?;
    let size = stage::size(&stage);
    let about = stage.join("DEBIAN");
    stage::write(&about.join("control"), &control(package, &libraries, size), 0o644)?;
    stage::write(&about.join("md5sums"), &sums(&stage, &items)?, 0o644)?;
    if package == Package::Dyntray {
        for script in ["postinst", "prerm", "postrm"] {
            let kept = workspace::root().join("packaging/deb").join(script);
            let text = fs::read_to_string(&kept).map_err(|error| named(&kept, &error))?;
            stage::write(&about.join(script), &text, 0o755)?;
        }
    }
    let mut dpkg = command::program("dpkg-deb");
    dpkg.args(["--root-owner-group", "-Zxz", "--build"]).arg(&stage).arg(path(package));
    command::run(dpkg.env("SOURCE_DATE_EPOCH", epoch))
}

/// The packages of the libraries that a program is linked with, as Debian's own tool finds them.
fn libraries(program: &Path) -> Result<String> {
    // It reads a source package's description, whatever it says.
    let place = workspace::target().join("package/libraries");
    stage::write(
        &place.join("debian/control"),
        "Source: dyntray\n\nPackage: dyntray\nArchitecture: any\n",
        0o644,
    )?;
    let mut tool = command::program("dpkg-shlibdeps");
    tool.current_dir(&place).arg("-O").arg(program);
    let told = command::answer(&mut tool)
        .ok_or_else(|| format!("`dpkg-shlibdeps` can't tell what {} is linked with", program.display()))?;
    let dependencies = told.lines().find_map(|line| line.strip_prefix("shlibs:Depends="));
    dependencies.map(str::to_owned).ok_or_else(|| format!("`dpkg-shlibdeps` said {told:?}"))
}

fn control(package: Package, libraries: &str, size: u64) -> String {
    let (version, maintainer) = (format!("{}-{}", facts::VERSION, facts::REVISION), facts::maintainer());
    let (section, depends, others, summary, description) = match package {
        Package::Dyntray => (
            "net",
            libraries.to_owned(),
            "Recommends: dyntray-window, ca-certificates\nSuggests: gnome-keyring\n",
            facts::SUMMARY,
            facts::DESCRIPTION,
        ),
        // Both speak a language of their own, which may change with any version.
        Package::Window => (
            "net",
            format!("dyntray (= {version}), {libraries}"),
            "",
            facts::WINDOW_SUMMARY,
            facts::WINDOW_DESCRIPTION,
        ),
    };
    let description: String = description.lines().map(|line| made::debian_line(line) + "\n").collect();
    format!(
        "Package: {name}\nSource: dyntray\nVersion: {version}\nArchitecture: {architecture}\nMaintainer: {maintainer}\n\
         Installed-Size: {size}\nDepends: {depends}\n{others}Section: {section}\nPriority: optional\n\
         Description: {summary}\n{description}",
        name = package.name(),
        architecture = facts::debian_architecture(),
    )
}

/// What `dpkg --verify` compares with later.
fn sums(stage: &Path, items: &[Item]) -> Result<String> {
    let mut tool = command::program("md5sum");
    tool.current_dir(stage);
    tool.args(items.iter().map(|item| item.to));
    command::answer(&mut tool).map(|sums| sums + "\n").ok_or_else(|| "`md5sum` failed".into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_always_on_program_only_recommends_its_window_and_the_window_needs_the_very_same_version() {
        let always_on = control(Package::Dyntray, "libc6 (>= 2.34)", 10);
        assert!(always_on.contains("\nDepends: libc6 (>= 2.34)\nRecommends: dyntray-window"), "{always_on}");
        let window = control(Package::Window, "libwebkit2gtk-4.1-0", 10);
        let wanted = format!("\nDepends: dyntray (= {}-1), libwebkit2gtk-4.1-0\n", facts::VERSION);
        assert!(window.contains(&wanted), "{window}");
    }

    #[test]
    fn a_description_follows_its_summary_line_by_line() {
        let control = control(Package::Dyntray, "libc6", 10);
        let (_, description) = control.split_once("\nDescription: ").expect("a description");
        assert!(description.lines().skip(1).all(|line| line.starts_with(' ') && line.len() <= 80));
        assert!(control.ends_with('\n') && !control.contains("\n\n"));
    }
}
