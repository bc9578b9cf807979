//! `cargo xtask sbom`: software bills of materials of both programs and of the pages, in CycloneDX format.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, ExitCode},
};

use crate::{
    Result, command,
    count::Counts,
    files::{self, path_error},
    node,
    report::{self, Report},
    steps::uncounted,
    tool, workspace,
};

/// The version of CycloneDX.
const SPECIFICATION: &str = "1.5";
/// The name of the files that cargo-cyclonedx writes into the folder of every member.
const MEMBER_FILE: &str = "dyntray-sbom-of-a-member";
/// The list of each program, and its member's folder.
const PROGRAMS: [(&str, &str); 2] =
    [("dyntray.cdx.json", "crates/dyntray"), ("dyntray-window.cdx.json", "src-tauri")];
/// The list of the window's pages.
const PAGES: &str = "dyntray-window-pages.cdx.json";

/// The folder of the lists.
fn folder() -> PathBuf {
    workspace::target().join("sbom")
}

/// Writes all lists and checks them.
pub fn write() -> Result<ExitCode> {
    report::section("Set-up: npm packages", node::prepare)?;
    let mut cyclonedx = tool::CYCLONEDX.command()?;
    let mut report = Report::new(3);
    report.step("The programs' crates", || uncounted(crates(&mut cyclonedx)));
    report.step("The pages' npm packages", || uncounted(npm_packages()));
    report.step("Checks: each list holds what it should", check);
    println!("\nSee {}", folder().display());
    Ok(report.finish())
}

/// Lists the crates of both programs. The tool writes a file beside every member's manifest; all of them are removed.
fn crates(cyclonedx: &mut Command) -> Result<()> {
    cyclonedx.args([
        "--format",
        "json",
        "--spec-version",
        SPECIFICATION,
        "--override-filename",
        MEMBER_FILE,
        "--quiet",
    ]);
    let result = command::run(cyclonedx).and_then(|()| PROGRAMS.into_iter().try_for_each(collect));
    for file in member_files(&workspace::root(), 3) {
        let _ = fs::remove_file(file);
    }
    result
}

fn collect((name, member): (&str, &str)) -> Result<()> {
    let root = workspace::root();
    let written = root.join(member).join(format!("{MEMBER_FILE}.json"));
    let list = fs::read_to_string(&written).map_err(|error| path_error(&written, &error))?;
    // The path of the sources isn't published.
    let list = list.replace(&root.display().to_string(), "");
    files::write(&folder().join(name), list)
}

fn member_files(folder: &Path, depth: usize) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for path in fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()) {
        let is_searched = !path.ends_with("target") && !path.ends_with("node_modules");
        if path.is_dir() && is_searched && depth > 0 {
            found.extend(member_files(&path, depth - 1));
        } else if path.file_stem().is_some_and(|name| name == MEMBER_FILE) {
            found.push(path);
        }
    }
    found
}

/// Lists all npm packages. Those that only build the pages are included, because some of them, like Svelte, end up in the
/// pages.
fn npm_packages() -> Result<()> {
    let mut npm = command::npm();
    npm.args(["sbom", "--sbom-format", "cyclonedx"]);
    println!("$ {}", command::command_line(&npm));
    let list = command::output(&mut npm).ok_or("`npm sbom` failed; it needs npm 10 or newer")?;
    files::write(&folder().join(PAGES), list + "\n")
}

fn check() -> (Counts, Result<()>) {
    let mut counts = Counts::default();
    let mut node = command::program("node");
    let result = command::run_and_listen(node.arg("packaging/sbom/check.mjs").arg(folder()), |line| {
        if line.starts_with("ok ") {
            counts += Counts::PASSED;
        } else if line.starts_with("FAILED ") {
            counts += Counts::FAILED;
        }
    });
    (counts, result)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_of_the_tool_are_found_beside_manifests_and_not_in_build_folders() {
        let root = workspace::target().join(format!("sbom-left-{}", std::process::id()));
        for folder in ["crates/core", "target/deep", "ui/node_modules/deep", "xtask"] {
            let folder = root.join(folder);
            fs::create_dir_all(&folder).expect("made");
            fs::write(folder.join(format!("{MEMBER_FILE}.json")), "").expect("written");
        }
        let mut found = member_files(&root, 3);
        fs::remove_dir_all(&root).expect("removed");
        found.sort();
        let name = format!("{MEMBER_FILE}.json");
        assert_eq!(found, [root.join("crates/core").join(&name), root.join("xtask").join(&name)]);
    }
}
