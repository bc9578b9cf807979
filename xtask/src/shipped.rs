//! The programs as they are shipped, with `dyntray` laid out by use.
//!
//! A program's code comes into memory in pieces of 64 KiB and more, so each function that is used brings its neighbours
//! along. In the linker's own order what Dyntray uses from one look-up to the next lies all over its code, and brings
//! nearly all of it. So the program is built with names and watched through its usual days
//! (`tests/src/bin/usual.rs`), and then linked with all that was used in front. It does the same, in less memory.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
    process::Command,
    time::SystemTime,
};

use crate::{
    Result, command, demo,
    packages::Goal,
    workspace::{self, named},
};

/// Each function notes where its caller's frame is, so the tables by which a panic is unwound needn't follow every push:
/// a quarter of them less. There the program is measured.
const FRAMES: &str = "target.'cfg(all(target_os = \"linux\", target_arch = \"x86_64\"))'.rustflags=['-Cforce-frame-pointers=yes']";

/// What `crates/dyntray/build.rs` reads.
const LAYOUT: &str = "DYNTRAY_LAYOUT";

/// What has to be there from the system.
pub fn goals() -> &'static [Goal] {
    if why_not().is_none() { &[Goal::Build, Goal::Desktop, Goal::Layout] } else { &[Goal::Build] }
}

/// Where the programs lie once they are built.
pub fn folder() -> PathBuf {
    workspace::target().join("release")
}

/// Builds the programs, and `also` what cargo is told to build of the window's package.
///
/// Each is built by itself: together, the small program would get whatever the large one needs of their common
/// dependencies, and other names for its functions.
pub fn build(also: &[&str]) -> Result<()> {
    let mut window = cargo("build");
    command::run(window.args(["-p", "dyntray-window", "--bins"]).args(also))?;
    if let Some(why) = why_not() {
        println!("dyntray isn't laid out by use: {why}");
        return link(None);
    }
    let list = workspace::target().join("layout/used");
    if list.exists() {
        let before = linked_at();
        link(Some(&list))?;
        if before.is_some() && linked_at() == before {
            return Ok(());
        }
    }
    with_names()?;
    if !is_linked_by_lld()? {
        println!("dyntray isn't laid out by use: the linker isn't LLVM's, which can be told an order");
        return link(None);
    }
    let used = used()?;
    fs::write(&list, used.join("\n") + "\n").map_err(|error| named(&list, &error))?;
    println!("{} functions are in use; dyntray is linked with them in front", used.len());
    link(Some(&list))
}

/// Why the order stays as it comes.
fn why_not() -> Option<&'static str> {
    // There Rust brings LLVM's linker and links by it.
    (!cfg!(all(target_os = "linux", target_arch = "x86_64")))
        .then_some("that is done on Linux on x86-64 alone")
}

fn link(list: Option<&Path>) -> Result<()> {
    let mut cargo = cargo("build");
    cargo.args(["-p", "dyntray", "--bin", "dyntray"]);
    command::run(cargo.envs(list.map(|list| (LAYOUT, list))))
}

/// Cargo, about to do something with the profile that is shipped.
fn cargo(what: &str) -> Command {
    let mut cargo = command::cargo();
    cargo.args([what, "--release", "--locked", "--config", FRAMES]).env_remove(LAYOUT);
    cargo
}

fn linked_at() -> Option<SystemTime> {
    fs::metadata(folder().join("dyntray")).and_then(|file| file.modified()).ok()
}

/// Builds it with its functions' names, in the order in which they come.
fn with_names() -> Result<()> {
    command::run(cargo("rustc").args(["-p", "dyntray", "--bin", "dyntray", "--", "-C", "strip=none"]))
}

/// A distribution's own Rust may link by another.
fn is_linked_by_lld() -> Result<bool> {
    const SAYS: &[u8] = b"Linker: LLD";
    let path = folder().join("dyntray");
    let program = fs::read(&path).map_err(|error| named(&path, &error))?;
    Ok(program.windows(SAYS.len()).any(|bytes| bytes == SAYS))
}

/// The names of the functions that usual days need, of the program that was built with names.
fn used() -> Result<Vec<String>> {
    demo::build_programs()?;
    let layout = workspace::target().join("layout");
    let (watched, seen) = (layout.join("watched"), layout.join("seen"));
    prepare(&watched, &seen).map_err(|error| named(&layout, &error))?;
    command::run(command::program(workspace::program("usual")).env("DYNTRAY_BIN_DIR", &watched))?;
    let mut users: BTreeMap<String, usize> = BTreeMap::new();
    for file in fs::read_dir(&seen).map_err(|error| named(&seen, &error))?.flatten() {
        let told = fs::read(file.path()).map_err(|error| named(&file.path(), &error))?;
        let told = String::from_utf8_lossy(&told);
        for name in told.lines().filter_map(name).collect::<BTreeSet<_>>() {
            *users.entry(name.to_owned()).or_default() += 1;
        }
    }
    // A program of some thousands of functions has used more.
    if users.len() < 1000 {
        return Err(format!("only {} functions were seen in use", users.len()));
    }
    Ok(by_use(users))
}

/// What more of the runs use comes first: a service doesn't need what only a desktop does.
fn by_use(users: BTreeMap<String, usize>) -> Vec<String> {
    let mut names: Vec<(String, usize)> = users.into_iter().collect();
    names.sort_by_key(|(_, users)| Reverse(*users));
    names.into_iter().map(|(name, _)| name).collect()
}

/// Puts a program in `watched` that starts Dyntray under valgrind's eyes, which writes to `seen`.
#[cfg(unix)]
fn prepare(watched: &Path, seen: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    for folder in [watched, seen] {
        if folder.exists() {
            fs::remove_dir_all(folder)?;
        }
        fs::create_dir_all(folder)?;
    }
    fs::copy(folder().join("dyntray"), watched.join("named"))?;
    // It lies beside the program that opens it.
    fs::copy(folder().join("dyntray-window"), watched.join("dyntray-window"))?;
    let script = format!(
        "#!/bin/sh\nexec valgrind --tool=callgrind --demangle=no --compress-strings=no \
         --callgrind-out-file='{}/%p' '{}/named' \"$@\"\n",
        seen.display(),
        watched.display()
    );
    let path = watched.join("dyntray");
    fs::write(&path, script)?;
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755))
}

#[cfg(not(unix))]
fn prepare(_: &Path, _: &Path) -> std::io::Result<()> {
    Err(std::io::ErrorKind::Unsupported.into())
}

/// The function that a line of callgrind's begins to tell of; a call within itself is marked behind the name.
fn name(line: &str) -> Option<&str> {
    let name = line.strip_prefix("fn=")?;
    let name = name.split_once('\'').map_or(name, |(name, _)| name);
    let is_plain = name.chars().all(|letter| letter.is_ascii_alphanumeric() || "_.$".contains(letter));
    (is_plain && !name.starts_with("0x") && !name.is_empty()).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_more_of_the_runs_use_comes_first() {
        let users = [("desktop", 1), ("all", 3), ("both", 2), ("another", 3)];
        let users = users.map(|(name, users)| (name.to_owned(), users));
        assert_eq!(by_use(users.into()), ["all", "another", "both", "desktop"]);
    }

    #[test]
    fn a_function_is_named_as_the_linker_knows_it() {
        let of = |line| name(line);
        assert_eq!(of("fn=_RNvCs1234_7dyntray4main"), Some("_RNvCs1234_7dyntray4main"));
        assert_eq!(of("fn=_ZN4core3ptr17h0123E'2"), Some("_ZN4core3ptr17h0123E"));
        assert_eq!(of("fn=sqlite3Update.constprop.0"), Some("sqlite3Update.constprop.0"));
        for other in
            ["fn=0x0000000000026f80", "fn=(below main)", "fn=???", "cfn=malloc", "calls=1 0", "fn=", ""]
        {
            assert_eq!(of(other), None, "{other}");
        }
    }
}
