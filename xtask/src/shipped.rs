//! The programs as they are shipped, with the functions of `dyntray` ordered by use.
//!
//! Code is loaded into memory in pieces of 64 KiB and more, so each function that is used brings its neighbours along. In
//! the linker's order the functions that Dyntray uses from one look-up to the next are scattered, and nearly all of the
//! code gets loaded. So the program is built with symbols, profiled on usual days (`tests/src/bin/usual.rs`), and linked
//! again with the used functions in front. It does the same in less memory.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
    process::Command,
    time::SystemTime,
};

use crate::{
    Result, command,
    files::{self, path_error},
    packages::Goal,
    programs, workspace,
};

/// Frame pointers: with them the unwinding tables needn't follow every push, which makes them a quarter smaller. Set for
/// the system where that was measured.
const FRAMES: &str = "target.'cfg(all(target_os = \"linux\", target_arch = \"x86_64\"))'.rustflags=['-Cforce-frame-pointers=yes']";

/// The variable that `crates/dyntray/build.rs` reads.
const LAYOUT: &str = "DYNTRAY_LAYOUT";

/// The order of the functions of `dyntray` in its file.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// The linker's. It needs nothing but a compiler.
    #[default]
    Linker,
    /// That of their use. The program is watched at a desktop first.
    ByUse,
}

/// The system requirements of the build.
pub fn goals(order: Order) -> &'static [Goal] {
    match order {
        Order::ByUse if unsupported().is_none() => &[Goal::Build, Goal::Desktop, Goal::Layout],
        Order::ByUse | Order::Linker => &[Goal::Build],
    }
}

/// The folder of the built programs.
pub fn folder() -> PathBuf {
    workspace::target().join("release")
}

/// Builds the programs. `more` are further arguments for the window's package.
///
/// Each program is built by itself: built together, the small one would get all features of common dependencies that the
/// large one needs, and other symbols for its functions.
pub fn build(order: Order, more: &[&str]) -> Result<()> {
    let mut window = cargo("build");
    command::run(window.args(["-p", "dyntray-window", "--bins"]).args(more))?;
    if order == Order::Linker {
        return link(None);
    }
    if let Some(why) = unsupported() {
        println!("The functions of dyntray aren't ordered by use: {why}");
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
    build_with_symbols()?;
    if !is_linked_by_lld()? {
        println!("The functions of dyntray aren't ordered by use: only LLVM's linker takes an order");
        return link(None);
    }
    let used = used_functions()?;
    files::write(&list, used.join("\n") + "\n")?;
    println!("{} functions are in use; linking dyntray with them in front", used.len());
    link(Some(&list))
}

/// The reason why functions can't be ordered on this system.
fn unsupported() -> Option<&'static str> {
    // There Rust brings LLVM's linker and uses it.
    (!cfg!(all(target_os = "linux", target_arch = "x86_64")))
        .then_some("that is done on Linux on x86-64 only")
}

fn link(list: Option<&Path>) -> Result<()> {
    let mut cargo = cargo("build");
    cargo.args(["-p", "dyntray", "--bin", "dyntray"]);
    command::run(cargo.envs(list.map(|list| (LAYOUT, list))))
}

/// A command of cargo for the release profile.
fn cargo(subcommand: &str) -> Command {
    let mut cargo = command::cargo();
    cargo.args([subcommand, "--release", "--locked", "--config", FRAMES]).env_remove(LAYOUT);
    cargo
}

fn linked_at() -> Option<SystemTime> {
    fs::metadata(folder().join("dyntray")).and_then(|file| file.modified()).ok()
}

/// Builds the program with symbols, in the linker's order.
fn build_with_symbols() -> Result<()> {
    command::run(cargo("rustc").args(["-p", "dyntray", "--bin", "dyntray", "--", "-C", "strip=none"]))
}

/// Reads from the program which linker made it: a distribution's Rust may use another one.
fn is_linked_by_lld() -> Result<bool> {
    const COMMENT: &[u8] = b"Linker: LLD";
    let path = folder().join("dyntray");
    let program = fs::read(&path).map_err(|error| path_error(&path, &error))?;
    Ok(program.windows(COMMENT.len()).any(|bytes| bytes == COMMENT))
}

/// The symbols of the functions that the program with symbols uses on usual days.
fn used_functions() -> Result<Vec<String>> {
    programs::build()?;
    let layout = workspace::target().join("layout");
    let (bin_dir, profiles) = (layout.join("programs"), layout.join("profiles"));
    prepare(&bin_dir, &profiles).map_err(|error| path_error(&layout, &error))?;
    command::run(command::program(workspace::program("usual")).env("DYNTRAY_BIN_DIR", &bin_dir))?;
    let mut users: BTreeMap<String, usize> = BTreeMap::new();
    for file in fs::read_dir(&profiles).map_err(|error| path_error(&profiles, &error))?.flatten() {
        let profile = fs::read(file.path()).map_err(|error| path_error(&file.path(), &error))?;
        let profile = String::from_utf8_lossy(&profile);
        for name in profile.lines().filter_map(name).collect::<BTreeSet<_>>() {
            *users.entry(name.to_owned()).or_default() += 1;
        }
    }
    // A program of some thousands of functions uses more.
    if users.len() < 1000 {
        return Err(format!("the profiles name only {} functions", users.len()));
    }
    Ok(by_use(users))
}

/// Orders functions by the number of runs that use them: a service doesn't need those of a desktop.
fn by_use(users: BTreeMap<String, usize>) -> Vec<String> {
    let mut names: Vec<(String, usize)> = users.into_iter().collect();
    names.sort_by_key(|(_, users)| Reverse(*users));
    names.into_iter().map(|(name, _)| name).collect()
}

/// Writes a script to `bin_dir` that runs Dyntray under valgrind, which writes its profiles to `profiles`.
#[cfg(unix)]
fn prepare(bin_dir: &Path, profiles: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    for folder in [bin_dir, profiles] {
        if folder.exists() {
            fs::remove_dir_all(folder)?;
        }
        fs::create_dir_all(folder)?;
    }
    fs::copy(folder().join("dyntray"), bin_dir.join("with-symbols"))?;
    // The window program is looked for beside the program that opens it.
    fs::copy(folder().join("dyntray-window"), bin_dir.join("dyntray-window"))?;
    let script = format!(
        "#!/bin/sh\nexec valgrind --tool=callgrind --demangle=no --compress-strings=no \
         --callgrind-out-file='{}/%p' '{}/with-symbols' \"$@\"\n",
        profiles.display(),
        bin_dir.display()
    );
    let path = bin_dir.join("dyntray");
    fs::write(&path, script)?;
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755))
}

#[cfg(not(unix))]
fn prepare(_: &Path, _: &Path) -> std::io::Result<()> {
    Err(std::io::ErrorKind::Unsupported.into())
}

/// The symbol in a line that begins a function in callgrind's output. A recursion level behind the name is cut off.
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
    fn functions_that_more_runs_use_come_first() {
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
