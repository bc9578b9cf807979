//! The deb packages, made by `dpkg-deb`.

use std::path::{Path, PathBuf};

use super::{
    contents::{self, Format, Item, Package},
    generated, metadata, stage,
};
use crate::{Result, command, workspace};

/// The path of a package.
pub fn path(package: Package) -> PathBuf {
    let architecture = metadata::debian_architecture();
    let name = format!("{}_{}-{}_{architecture}.deb", package.name(), metadata::VERSION, metadata::REVISION);
    workspace::target().join("package").join(name)
}

/// Makes both packages.
pub fn build(programs: &Path, epoch: &str) -> Result<()> {
    Package::ALL.into_iter().try_for_each(|package| build_one(package, programs, epoch))
}

fn build_one(package: Package, programs: &Path, epoch: &str) -> Result<()> {
    let items = contents::items(package, Format::Deb, programs);
    let stage = stage::folder(package, Format::Deb);
    stage::fill(&stage, &items)?;
    let libraries = libraries(&programs.join(package.name()))?;
    let size = stage::size(&stage);
    let control_folder = stage.join("DEBIAN");
    stage::write(&control_folder.join("control"), &control(package, &libraries, size), 0o644)?;
    stage::write(&control_folder.join("md5sums"), &checksums(&stage, &items)?, 0o644)?;
    if package == Package::Dyntray {
        for script in ["postinst", "prerm", "postrm"] {
            let text = workspace::read(&format!("packaging/deb/{script}"))?;
            stage::write(&control_folder.join(script), &text, 0o755)?;
        }
    }
    let mut dpkg = command::program("dpkg-deb");
    dpkg.args(["--root-owner-group", "-Zxz", "--build"]).arg(&stage).arg(path(package));
    command::run(dpkg.env("SOURCE_DATE_EPOCH", epoch))
}

/// The packages of the libraries that a program is linked with, as found by Debian's own tool.
fn libraries(program: &Path) -> Result<String> {
    // The tool needs the description of some source package.
    let folder = workspace::target().join("package/libraries");
    stage::write(
        &folder.join("debian/control"),
        "Source: dyntray\n\nPackage: dyntray\nArchitecture: any\n",
        0o644,
    )?;
    let mut tool = command::program("dpkg-shlibdeps");
    tool.current_dir(&folder).arg("-O").arg(program);
    let output = command::output(&mut tool)
        .ok_or_else(|| format!("`dpkg-shlibdeps` can't find the libraries of {}", program.display()))?;
    let dependencies = output.lines().find_map(|line| line.strip_prefix("shlibs:Depends="));
    dependencies
        .map(str::to_owned)
        .ok_or_else(|| format!("`dpkg-shlibdeps` names no dependencies: {output:?}"))
}

fn control(package: Package, libraries: &str, size: u64) -> String {
    let (version, maintainer) =
        (format!("{}-{}", metadata::VERSION, metadata::REVISION), metadata::maintainer());
    let (section, depends, others, summary, description) = match package {
        Package::Dyntray => (
            "net",
            format!("{libraries}, ca-certificates"),
            "Recommends: dyntray-window\nSuggests: gnome-keyring\n",
            metadata::SUMMARY,
            metadata::DESCRIPTION,
        ),
        // The protocol between both programs may change with any version.
        Package::Window => (
            "net",
            format!("dyntray (= {version}), {libraries}"),
            "",
            metadata::WINDOW_SUMMARY,
            metadata::WINDOW_DESCRIPTION,
        ),
    };
    let description: String = description.lines().map(|line| generated::debian_line(line) + "\n").collect();
    format!(
        "Package: {name}\nSource: dyntray\nVersion: {version}\nArchitecture: {architecture}\nMaintainer: {maintainer}\n\
         Installed-Size: {size}\nDepends: {depends}\n{others}Section: {section}\nPriority: optional\n\
         Description: {summary}\n{description}",
        name = package.name(),
        architecture = metadata::debian_architecture(),
    )
}

/// The checksums that `dpkg --verify` uses.
fn checksums(stage: &Path, items: &[Item]) -> Result<String> {
    let mut tool = command::program("md5sum");
    tool.current_dir(stage);
    tool.args(items.iter().map(|item| item.to));
    command::output(&mut tool).map(|checksums| checksums + "\n").ok_or_else(|| "`md5sum` failed".into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_always_on_program_only_recommends_its_window_and_the_window_needs_the_very_same_version() {
        let always_on = control(Package::Dyntray, "libc6 (>= 2.34)", 10);
        assert!(
            always_on.contains("\nDepends: libc6 (>= 2.34), ca-certificates\nRecommends: dyntray-window"),
            "{always_on}"
        );
        let window = control(Package::Window, "libwebkit2gtk-4.1-0", 10);
        let wanted = format!("\nDepends: dyntray (= {}-1), libwebkit2gtk-4.1-0\n", metadata::VERSION);
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
