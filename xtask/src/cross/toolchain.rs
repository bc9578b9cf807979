//! Debian's Rust compiler, and the standard library for other systems. The library is compiled from the source in Debian's
//! packages, so nothing has to be downloaded from elsewhere.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
};

use crate::{
    Result, command,
    files::{self, path_error},
    pypi, workspace,
};

/// The packages that run on every system, and have tests that make sense under wine. They are always named together, so
/// that they are built with one set of features; the sandbox is built with them.
pub const PACKAGES: [&str; 6] =
    ["dyntray-core", "dyntray-agent", "dyntray-control", "dyntray-texts", "dyntray-icons", "dyntray"];

/// The variable with the oldest macOS that programs are built for, from `.cargo/config.toml`.
pub const MINIMUM: &str = "MACOSX_DEPLOYMENT_TARGET";

/// The folder of Debian's programs, as opposed to a compiler of rustup's.
const PROGRAMS: &str = "/usr/bin";

/// The variables by which rustup and cargo select another compiler than Debian's.
const OVERRIDES: [&str; 8] = [
    "CARGO",
    "CARGO_ENCODED_RUSTFLAGS",
    "RUSTC",
    "RUSTC_BOOTSTRAP",
    "RUSTC_WRAPPER",
    "RUSTDOC",
    "RUSTFLAGS",
    "RUSTUP_TOOLCHAIN",
];

/// The parts of the standard library that programs and tests need.
const LIBRARY: &str = "-Zbuild-std=std,panic_abort,panic_unwind,test,proc_macro";

/// The manifest of an empty package to compile the library for.
const PACKAGE: &str = "[package]\nname = \"empty\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[workspace]\n\n\
    [profile.dev]\ndebug = 0\n\n[profile.release]\nopt-level = 1\ndebug = 0\n";

/// A system to compile for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    /// Programs are built, and run under wine.
    Windows,
    /// Code is checked. `dyntray` is linked with stubs of the libraries, because there is no SDK.
    MacOs,
}

impl Target {
    /// The target triple.
    pub fn triple(self) -> &'static str {
        match self {
            Self::Windows => "x86_64-pc-windows-gnu",
            Self::MacOs => "aarch64-apple-darwin",
        }
    }

    /// The profile of the standard library: the quickest one where code is only checked.
    fn profile(self) -> (&'static [&'static str], &'static str) {
        match self {
            Self::Windows => (&["--release"], "release"),
            Self::MacOs => (&[], "debug"),
        }
    }

    /// The compiler's flags that choose a linker.
    fn linker(self) -> String {
        match self {
            Self::Windows => "-Clink-arg=-fuse-ld=lld".to_owned(),
            Self::MacOs => format!("-Clinker={} -Clinker-flavor=ld64.lld", macos_linker().display()),
        }
    }

    fn variable(self, suffix: &str) -> String {
        format!("CARGO_TARGET_{}_{suffix}", self.triple().to_uppercase().replace('-', "_"))
    }

    /// The folder where rustc looks for the standard library.
    fn library(self) -> PathBuf {
        sysroot().join("lib/rustlib").join(self.triple()).join("lib")
    }
}

/// The folder of everything that `cargo xtask cross` makes.
pub fn folder() -> PathBuf {
    workspace::target().join("cross")
}

/// The folder of programs that are built for a system.
pub fn built(target: Target) -> PathBuf {
    folder().join("build").join(target.triple()).join("debug")
}

fn sysroot() -> PathBuf {
    folder().join("sysroot")
}

/// The linker for macOS, which is there where rustup is.
pub fn macos_linker() -> PathBuf {
    folder().join("macos/ld64.lld")
}

/// The folder of stubs that stands for macOS' SDK.
pub fn macos_sdk() -> PathBuf {
    folder().join("macos/sdk")
}

/// The C compiler for macOS, or a stub where there is none, with which code can be checked.
fn macos_compiler() -> PathBuf {
    source(if pypi::ZIG.is_there() { "macos-cc" } else { "cc-stub" })
}

/// A file in `xtask/cross`.
pub fn source(name: &str) -> PathBuf {
    workspace::root().join("xtask/cross").join(name)
}

fn debian_program(program: &str) -> Command {
    let mut command = command::program(Path::new(PROGRAMS).join(program));
    for name in OVERRIDES {
        command.env_remove(name);
    }
    let path = env::var_os("PATH").unwrap_or_default();
    let first = std::iter::once(PathBuf::from(PROGRAMS)).chain(env::split_paths(&path));
    // Cargo must find Debian's compiler first. A `PATH` that can't be joined stays as it is.
    command.env("PATH", env::join_paths(first).unwrap_or(path));
    command
}

/// Debian's cargo, for code of another system. Each of our own crates is linted whenever it is compiled, so that it needn't
/// be compiled twice.
pub fn cargo(target: Target, verb: &str, packages: &[&str]) -> Command {
    let mut cargo = debian_program("cargo");
    cargo.args(verb.split(' ')).args(["--locked", "--target", target.triple()]);
    for package in packages {
        cargo.args(["-p", package]);
    }
    let folder = folder();
    let compiler = macos_compiler();
    let denied = "-D__CLIPPY_HACKERY__warnings__CLIPPY_HACKERY__";
    command::with_clippy(&mut cargo, &Path::new(PROGRAMS).join(command::CLIPPY), denied);
    cargo
        .env("CARGO_TARGET_DIR", folder.join("build"))
        .env(target.variable("RUSTFLAGS"), format!("--sysroot={} {}", sysroot().display(), target.linker()))
        .env("CARGO_PROFILE_DEV_DEBUG", "0")
        .env("CARGO_INCREMENTAL", "0")
        // Build scripts of C code look for an SDK.
        .env("SDKROOT", macos_sdk())
        .env("DYNTRAY_ZIG", pypi::ZIG.folder())
        .env("CC_aarch64_apple_darwin", &compiler)
        .env("CXX_aarch64_apple_darwin", &compiler);
    cargo
}

/// Compiles the standard library for a target, unless this compiler has done so before.
pub fn prepare(target: Target) -> Result<()> {
    let version =
        command::output(debian_program("rustc").arg("-vV")).ok_or("Debian's rustc can't be started")?;
    let library = target.library();
    let stamp = library.join("made-by");
    let made_by = format!("{version}\n{PACKAGE}");
    if fs::read_to_string(&stamp).is_ok_and(|before| before == made_by) {
        println!("{} is up to date.", library.display());
        return Ok(());
    }
    let package = folder().join("library");
    files::write(&package.join("src/lib.rs"), "#![no_std]\n")?;
    files::write(&package.join("Cargo.toml"), PACKAGE)?;
    let (arguments, profile) = target.profile();
    let mut cargo = debian_program("cargo");
    cargo.args(["build", "--quiet", LIBRARY, "--target", target.triple()]).args(arguments);
    // The library's source uses unstable features, which our own code may not.
    cargo.current_dir(&package).env("RUSTC_BOOTSTRAP", "1").env("CARGO_TARGET_DIR", package.join("target"));
    command::run(&mut cargo)?;
    let compiled = package.join("target").join(target.triple()).join(profile).join("deps");
    copy_library(&compiled, &library).map_err(|error| path_error(&library, &error))?;
    files::write(&stamp, &made_by)?;
    // The intermediate files take some hundred megabytes.
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variables_are_spelt_as_cargo_spells_them() {
        assert_eq!(Target::Windows.variable("RUNNER"), "CARGO_TARGET_X86_64_PC_WINDOWS_GNU_RUNNER");
        assert_eq!(Target::MacOs.variable("RUSTFLAGS"), "CARGO_TARGET_AARCH64_APPLE_DARWIN_RUSTFLAGS");
    }

    #[test]
    fn a_copied_library_is_whole_and_nothing_else() {
        let folder = env::temp_dir().join(format!("xtask-library-{}", std::process::id()));
        for name in ["libstd-1.rlib", "libstd-1.rmeta", "libempty-2.rlib", "std-1.d"] {
            files::write(&folder.join("from").join(name), "").expect("written");
        }
        copy_library(&folder.join("from"), &folder.join("to")).expect("copied");
        let names: Vec<_> = fs::read_dir(folder.join("to")).expect("a folder").flatten().collect();
        assert_eq!(names.len(), 1);
        assert_eq!(names[0].file_name(), "libstd-1.rlib");
        let _ = fs::remove_dir_all(&folder);
    }
}
