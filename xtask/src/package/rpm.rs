//! The rpm packages, made by `rpmbuild`, which finds the libraries of the programs by itself.

use std::{
    collections::BTreeSet,
    fmt::Write as _,
    path::{Path, PathBuf},
};

use super::{
    contents::{self, Format, Item, Package},
    metadata, stage,
};
use crate::{Result, command, workspace};

/// The path of a package.
pub fn path(package: Package) -> PathBuf {
    let architecture = std::env::consts::ARCH;
    let name = format!("{}-{}-{}.{architecture}.rpm", package.name(), metadata::VERSION, metadata::REVISION);
    workspace::target().join("package").join(name)
}

/// Makes both packages.
pub fn build(programs: &Path, epoch: &str) -> Result<()> {
    Package::ALL.into_iter().try_for_each(|package| build_one(package, programs, epoch))
}

fn build_one(package: Package, programs: &Path, epoch: &str) -> Result<()> {
    let items = contents::items(package, Format::Rpm, programs);
    let layout = stage::folder(package, Format::Rpm);
    stage::fill(&layout, &items)?;
    let top = workspace::target().join("package/rpmbuild").join(package.name());
    let spec = top.join(format!("{}.spec", package.name()));
    let moment = format!("--date=@{epoch}");
    let day = metadata::date(&[&moment, "+%a %b %d %Y"])?;
    stage::write(&spec, &(self::spec(package, &items, &day) + &scripts(package)?), 0o644)?;
    let mut rpmbuild = command::program("rpmbuild");
    rpmbuild.arg("-bb").arg("--quiet").arg("--buildroot").arg(top.join("root"));
    for (name, value) in [
        ("_topdir", top.display().to_string()),
        ("_rpmdir", workspace::target().join("package").display().to_string()),
        ("_rpmfilename", "%{NAME}-%{VERSION}-%{RELEASE}.%{ARCH}.rpm".into()),
        ("layout", layout.display().to_string()),
    ] {
        rpmbuild.arg("--define").arg(format!("{name} {value}"));
    }
    command::run(rpmbuild.arg(&spec).env("SOURCE_DATE_EPOCH", epoch))
}

/// Macros that keep rpmbuild from changing files: the programs are stripped and the manual page compressed already.
const UNCHANGED_FILES: &str = "\
%global debug_package %{nil}
%global __os_install_post %{nil}
%global _build_id_links none
%global _buildhost localhost
%global use_source_date_epoch_as_buildtime 1
%global clamp_mtime_to_source_date_epoch 1
";

fn spec(package: Package, items: &[Item], day: &str) -> String {
    let (version, revision, licence) = (metadata::VERSION, metadata::REVISION, metadata::LICENCE);
    let (summary, description, tags) = match package {
        Package::Dyntray => (
            metadata::SUMMARY,
            metadata::DESCRIPTION,
            "Requires: ca-certificates\nRecommends: dyntray-window\n".to_owned(),
        ),
        Package::Window => (
            metadata::WINDOW_SUMMARY,
            metadata::WINDOW_DESCRIPTION,
            format!("Requires: dyntray = {version}-{revision}\n"),
        ),
    };
    let folders = folders(items).into_iter().map(|folder| format!("%dir %attr(0755,root,root) /{folder}\n"));
    let files: String = folders.chain(items.iter().map(|item| file(item) + "\n")).collect();
    format!(
        "{UNCHANGED_FILES}\nName: {name}\nVersion: {version}\nRelease: {revision}\nSummary: {summary}\nLicense: {licence}\n\
         Group: Applications/Internet\nURL: {homepage}\nVendor: {vendor}\nPackager: {maintainer}\n{tags}\n%description\n{description}\n\n\
         %install\nmkdir -p %{{buildroot}}\ncp -a %{{layout}}/. %{{buildroot}}/\n\n\
         %files\n{files}\n\
         %changelog\n* {day} {maintainer} - {version}-{revision}\n- Version {version}; see CHANGELOG.md.\n",
        name = package.name(),
        homepage = metadata::HOMEPAGE,
        vendor = metadata::VENDOR,
        maintainer = metadata::maintainer(),
    )
}

/// Folders that may have no owner, and would be left behind at removal. Several packages may own the same folder.
const OWNED: [&str; 7] = [
    "usr/share/bash-completion",
    "usr/share/doc/dyntray",
    "usr/share/fish",
    "usr/share/icons/hicolor",
    "usr/share/licenses/dyntray",
    "usr/share/metainfo",
    "usr/share/zsh",
];

fn folders(items: &[Item]) -> BTreeSet<&str> {
    let above = items.iter().flat_map(|item| Path::new(item.to).ancestors().skip(1));
    let owned = above.filter(|folder| OWNED.iter().any(|owned| folder.starts_with(owned)));
    owned.filter_map(Path::to_str).collect()
}

fn file(item: &Item) -> String {
    let mut line = format!("%attr({:04o},root,root) ", item.mode);
    let to = item.to;
    if to.starts_with("usr/share/licenses/") {
        line.push_str("%license ");
    } else if to.starts_with("usr/share/doc/") || to.starts_with("usr/share/man/") {
        line.push_str("%doc ");
    }
    line + "/" + to
}

/// The scripts that handle the service at installation and removal. The service is off until somebody enables it.
fn scripts(package: Package) -> Result<String> {
    let mut scripts = String::new();
    if package == Package::Dyntray {
        for name in ["post", "preun", "postun"] {
            let text = workspace::read(&format!("packaging/rpm/{name}"))?;
            // Writing to a string can't fail.
            let _ = write!(scripts, "\n%{name}\n{text}");
        }
    }
    Ok(scripts)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn specified(package: Package) -> String {
        let items = contents::items(package, Format::Rpm, Path::new("release"));
        spec(package, &items, "Mon Jan 01 2024")
    }

    #[test]
    fn every_file_is_listed_with_its_mode() {
        let spec = specified(Package::Dyntray);
        assert!(spec.contains("\n%attr(0755,root,root) /usr/bin/dyntray\n"), "{spec}");
        assert!(spec.contains("%license /usr/share/licenses/dyntray/LICENSE-MIT\n"), "{spec}");
        assert!(!spec.contains("dyntray-window\n%attr"), "{spec}");
    }

    #[test]
    fn folders_without_another_owner_go_with_the_package() {
        let spec = specified(Package::Dyntray);
        for folder in ["usr/share/icons/hicolor/16x16/apps", "usr/share/licenses/dyntray"] {
            assert!(spec.contains(&format!("%dir %attr(0755,root,root) /{folder}\n")), "{folder}");
        }
        assert!(!spec.contains(" /usr/share/applications\n") && !spec.contains(" /usr/bin\n"), "{spec}");
    }

    #[test]
    fn the_window_needs_the_very_same_version() {
        let wanted = format!("\nRequires: dyntray = {}-{}\n", metadata::VERSION, metadata::REVISION);
        assert!(specified(Package::Window).contains(&wanted));
        assert!(
            specified(Package::Dyntray).contains("\nRequires: ca-certificates\nRecommends: dyntray-window\n")
        );
    }
}
