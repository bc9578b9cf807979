//! `cargo xtask bindings`: the window's TypeScript types, which ts-rs generates from the Rust types.

use std::{
    collections::BTreeMap,
    fs, io,
    path::{Path, PathBuf},
};

use crate::{
    Result, command,
    files::{self, path_error},
    workspace,
};

type Files = BTreeMap<PathBuf, Vec<u8>>;

/// The folder of the committed bindings.
fn committed() -> PathBuf {
    workspace::root().join("ui/src/bindings")
}

/// Replaces the committed bindings.
pub fn write() -> Result<()> {
    let generated = generate()?;
    let committed = committed();
    files::remove_folder(&committed)?;
    for (name, content) in &generated {
        let path = committed.join(name);
        files::write(&path, content)?;
    }
    println!("{} files written to ui/src/bindings.", generated.len());
    Ok(())
}

/// Fails if the committed bindings differ from the Rust types.
pub fn check() -> Result<()> {
    let generated = generate()?;
    let committed = read(&committed())?;
    let differences = differences(&committed, &generated);
    if differences.is_empty() {
        println!("ui/src/bindings: all {} files match the Rust types.", committed.len());
        return Ok(());
    }
    Err(format!("ui/src/bindings is stale: {}\nRun `cargo xtask bindings`.", differences.join(", ")))
}

fn generate() -> Result<Files> {
    let folder = workspace::target().join("bindings");
    files::remove_folder(&folder)?;
    let mut test = command::cargo();
    // ts-rs exports in tests of this name. The variable overrides the folder in .cargo/config.toml.
    test.args(["test", "--quiet", "-p", "dyntray-core", "-p", "dyntray-control", "--lib"])
        .args(["--features", "dyntray-control/bindings", "export_bindings"])
        // It is compiled for these few tests alone.
        .args(["--config", "profile.dev.package.dyntray-core.opt-level=0"])
        .env("TS_RS_EXPORT_DIR", &folder);
    command::run(&mut test)?;
    let files = read(&folder)?;
    if files.is_empty() {
        return Err("no Rust type exports a binding any more".into());
    }
    Ok(files)
}

fn differences(committed: &Files, generated: &Files) -> Vec<String> {
    let new = generated.iter().filter_map(|(name, content)| match committed.get(name) {
        None => Some(format!("{} is missing", name.display())),
        Some(old) if old != content => Some(format!("{} differs", name.display())),
        Some(_) => None,
    });
    let gone = committed
        .keys()
        .filter(|name| !generated.contains_key(*name))
        .map(|name| format!("{} is no longer generated", name.display()));
    new.chain(gone).collect()
}

/// All files in a folder, by their path there. A missing folder has none.
fn read(folder: &Path) -> Result<Files> {
    let mut files = Files::new();
    let mut open = vec![folder.to_owned()];
    while let Some(subfolder) = open.pop() {
        let entries = match fs::read_dir(&subfolder) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
            entries => entries.map_err(|error| path_error(&subfolder, &error))?,
        };
        for entry in entries {
            let path = entry.map_err(|error| path_error(&subfolder, &error))?.path();
            if path.is_dir() {
                open.push(path);
            } else if let Ok(name) = path.strip_prefix(folder) {
                let content = fs::read(&path).map_err(|error| path_error(&path, &error))?;
                files.insert(name.to_owned(), content);
            }
        }
    }
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn listed(list: &[(&str, &str)]) -> Files {
        let pairs = list.iter();
        pairs.map(|(name, content)| (PathBuf::from(name), content.as_bytes().to_vec())).collect()
    }

    #[test]
    fn every_difference_is_named() {
        let committed = listed(&[("Same.ts", "1"), ("Old.ts", "1"), ("Changed.ts", "1")]);
        let generated = listed(&[("Same.ts", "1"), ("New.ts", "1"), ("Changed.ts", "2")]);
        assert_eq!(
            differences(&committed, &generated),
            ["Changed.ts differs", "New.ts is missing", "Old.ts is no longer generated"]
        );
        assert!(differences(&committed, &committed).is_empty());
    }
}
