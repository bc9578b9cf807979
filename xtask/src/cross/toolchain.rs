//! Debian's Rust compiler, which comes with the source of its standard library: that is compiled for other systems
//! here, since no other way to it is needed than Debian's own packages.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
};

use crate::{Result, command, workspace};

/// Where Debian puts programs. A rustup's own compiler, wherever it lies, isn't meant.
const PROGRAMS: &str = "/usr/bin";

/// What rustup and cargo tell the programs that they start about another compiler than Debian's.
const FOREIGN: [&str; 8] = [
    "CARGO",
    "CARGO_ENCODED_RUSTFLAGS",
    "RUSTC",
    "RUSTC_BOOTSTRAP",
    "RUSTC_WRAPPER",
    "RUSTDOC",
    "RUSTFLAGS",
    "RUSTUP_TOOLCHAIN",
];

/// The parts of the standard library that programs and tests are made of.
const LIBRARY: &str = "-Zbuild-std=std,panic_abort,panic_unwind,test,proc_macro";

/// A package to compile the library for.
const PACKAGE: &str = "[package]\nname = \"empty\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[workspace]\n\n\
    [profile.dev]\ndebug = 0\n\n[profile.release]\nopt-level = 1\ndebug = 0\n";

/// Another system.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    /// Programs for it are built, and run under wine.
    Windows,
    /// Code for it is checked: there is no linker for it here, and no SDK.
    MacOs,
}

impl Target {
    /// Its name in Rust.
    pub fn triple(self) -> &'static str {
        match self {
            Self::Windows => "x86_64-pc-windows-gnu",
            Self::MacOs => "aarch64-apple-darwin",
        }
    }

    /// How its library is compiled. For checking, whatever is quickest.
    fn profile(self) -> (&'static [&'static str], &'static str) {
        match self {
            Self::Windows => (&["--release"], "release"),
            Self::MacOs => (&[], "debug"),
        }
    }

    fn variable(self, last: &str) -> String {
        format!("CARGO_TARGET_{}_{last}", self.triple().to_uppercase().replace('-', "_"))
    }

    /// Where its library lies, as rustc looks for it.
    fn library(self) -> PathBuf {
        sysroot().join("lib/rustlib").join(self.triple()).join("lib")
    }
}

/// Everything of `cargo xtask cross`.
pub fn folder() -> PathBuf {
    workspace::target().join("cross")
}

/// Where what is built for another system lies.
pub fn built(target: Target) -> PathBuf {
    folder().join("build").join(target.triple()).join("debug")
}

fn sysroot() -> PathBuf {
    folder().join("sysroot")
}

/// What is used of this repository.
fn parts() -> PathBuf {
    workspace::root().join("xtask/cross")
}

/// A C source that is used here.
pub fn source(name: &str) -> PathBuf {
    parts().join(name)
}

fn debians(program: &str) -> Command {
    let mut command = command::program(Path::new(PROGRAMS).join(program));
    for name in FOREIGN {
        command.env_remove(name);
    }
    let path = env::var_os("PATH").unwrap_or_default();
    let first = std::iter::once(PathBuf::from(PROGRAMS)).chain(env::split_paths(&path));
    // Without it cargo would find another compiler first. A path that can't be joined stays as it is.
    command.env("PATH", env::join_paths(first).unwrap_or(path));
    command
}

/// Debian's cargo, for code of another system. Each of our own crates is linted whenever it is compiled, so that it needn't
/// be compiled twice.
pub fn cargo(target: Target, verb: &str, packages: &[&str]) -> Command {
    let mut cargo = debians("cargo");
    cargo.args(verb.split(' ')).args(["--locked", "--target", target.triple()]);
    for package in packages {
        cargo.args(["-p", package]);
    }
    let folder = folder();
    let stub = source("cc-stub");
    cargo
        .env("CARGO_TARGET_DIR", folder.join("build"))
        .env(
            target.variable("RUSTFLAGS"),
            format!("--sysroot={} -Clink-arg=-fuse-ld=lld", sysroot().display()),
        )
        .env("RUSTC_WORKSPACE_WRAPPER", Path::new(PROGRAMS).join("clippy-driver"))
        .env("CLIPPY_ARGS", "-D__CLIPPY_HACKERY__warnings__CLIPPY_HACKERY__")
        .env("CARGO_PROFILE_DEV_DEBUG", "0")
        .env("CARGO_INCREMENTAL", "0")
        // Build scripts of C code look for an SDK; any folder will do, as the stub reads nothing.
        .env("SDKROOT", &folder)
        .env("CC_aarch64_apple_darwin", &stub)
        .env("CXX_aarch64_apple_darwin", &stub);
    cargo
}

/// Compiles the standard library for a target, unless this compiler's is there.
pub fn prepare(target: Target) -> Result<()> {
    let version = command::answer(debians("rustc").arg("-vV")).ok_or("Debian's rustc doesn't answer")?;
    let library = target.library();
    let mark = library.join("made-by");
    let made_by = format!("{version}\n{PACKAGE}");
    if fs::read_to_string(&mark).is_ok_and(|before| before == made_by) {
        println!("It is here, in {}", library.display());
        return Ok(());
    }
    let package = folder().join("library");
    write(&package.join("src/lib.rs"), "#![no_std]\n")?;
    write(&package.join("Cargo.toml"), PACKAGE)?;
    let (arguments, profile) = target.profile();
    let mut cargo = debians("cargo");
    cargo.args(["build", "--quiet", LIBRARY, "--target", target.triple()]).args(arguments);
    // The library's source needs what is not stable yet; our own code doesn't get it.
    cargo.current_dir(&package).env("RUSTC_BOOTSTRAP", "1").env("CARGO_TARGET_DIR", package.join("target"));
    command::run(&mut cargo)?;
    let compiled = package.join("target").join(target.triple()).join(profile).join("deps");
    copy_library(&compiled, &library).map_err(|error| format!("{}: {error}", library.display()))?;
    write(&mark, &made_by)?;
    // Some hundred megabytes of steps in between.
    let _ = fs::remove_dir_all(&package);
    Ok(())
}

fn copy_library(from: &Path, to: &Path) -> std::io::Result<()> {
    if to.exists() {
        fs::remove_dir_all(to)?;
    }
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let path = entry?.path();
        let Some(name) = path.file_name().and_then(|name| name.to_str()) else { continue };
        let is_library = path.extension().is_some_and(|extension| extension == "rlib");
        if is_library && !name.starts_with("libempty-") {
            fs::copy(&path, to.join(name))?;
        }
    }
    Ok(())
}

/// Writes a file, and makes the folders above it.
pub fn write(path: &Path, text: &str) -> Result<()> {
    let made = path.parent().map_or(Ok(()), fs::create_dir_all);
    made.and_then(|()| fs::write(path, text)).map_err(|error| format!("{}: {error}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cargos_variables_are_spelt_as_cargo_spells_them() {
        assert_eq!(Target::Windows.variable("RUNNER"), "CARGO_TARGET_X86_64_PC_WINDOWS_GNU_RUNNER");
        assert_eq!(Target::MacOs.variable("RUSTFLAGS"), "CARGO_TARGET_AARCH64_APPLE_DARWIN_RUSTFLAGS");
    }

    #[test]
    fn a_copied_library_is_whole_and_nothing_else() {
        let place = env::temp_dir().join(format!("xtask-library-{}", std::process::id()));
        for name in ["libstd-1.rlib", "libstd-1.rmeta", "libempty-2.rlib", "std-1.d"] {
            write(&place.join("from").join(name), "").expect("written");
        }
        copy_library(&place.join("from"), &place.join("to")).expect("copied");
        let names: Vec<_> = fs::read_dir(place.join("to")).expect("a folder").flatten().collect();
        assert_eq!(names.len(), 1);
        assert_eq!(names[0].file_name(), "libstd-1.rlib");
        let _ = fs::remove_dir_all(&place);
    }
}
