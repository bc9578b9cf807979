//! `dyntray` linked for macOS, without a Mac and without Apple's SDK: zig compiles the C code, rustup's linker links with
//! stubs of the libraries. The stubs have only names that Apple documents, so one that isn't there would be noticed.

mod mach_o;
mod stubs;

use std::{
    env, fs,
    hash::{DefaultHasher, Hash as _, Hasher as _},
    path::{Path, PathBuf},
};

use self::mach_o::Processor;
use super::toolchain::{self, Target, cargo};
use crate::{
    Result, bundle, command,
    files::{self, path_error},
    pypi,
};

/// The list of documented names.
const NAMES: &str = "macos-names.txt";
/// The system library, whose names ziglang brings.
const SYSTEM: &str = "/usr/lib/libSystem.B.dylib";
/// The names under which it is linked.
const SYSTEM_STUBS: [&str; 3] = ["libSystem", "libc", "libm"];

/// Gets compiler and linker, and writes the stubs. Where that isn't possible, says so.
pub fn prepare_where_possible() {
    pypi::prepare_where_possible(&pypi::ZIG, "nothing is linked for macOS");
    if let Err(problem) = prepare_linker().and_then(|()| write_stubs()) {
        println!("{problem}\nNothing is linked for macOS.");
    }
}

/// The reason why nothing can be linked for macOS here, if there is one.
pub fn obstacle() -> Option<String> {
    if !pypi::ZIG.is_there() {
        return Some("ziglang of PyPI, which compiles C for macOS, can't be had here".to_owned());
    }
    let linker = toolchain::macos_linker();
    (!linker.exists())
        .then(|| "the linker rust-lld can't be had here: it is part of rustup's compilers".to_owned())
}

/// Links the program, and checks what came of it.
pub fn link() -> Result<()> {
    let mut rustc = cargo(Target::MacOs, "rustc", &["dyntray"]);
    // Symbols stay, because the tool that removes them isn't part of Debian's compiler. Cargo doesn't know the stubs, and
    // would take a program for new that was linked with others.
    let stubs = format!("-Cmetadata={}", fingerprint(&names()?));
    command::run(rustc.args(["--bin", "dyntray", "--", "-Cstrip=none", &stubs]))?;
    let path = toolchain::built(Target::MacOs).join("dyntray");
    let program = mach_o::read(&path)?;
    println!("{}: {program:#?}", path.display());
    let minimum = env::var(toolchain::MINIMUM).map_err(|_| format!("{} isn't set", toolchain::MINIMUM))?;
    if program.processor != Processor::Arm64 {
        return Err(format!("it is for {:?}", program.processor));
    }
    if program.minimum.as_deref() != Some(minimum.as_str()) {
        return Err(format!("it wants macOS {:?} and not {minimum}", program.minimum));
    }
    // An arm64 program without one isn't started at all.
    if !program.is_signed {
        return Err("it has no ad-hoc signature".to_owned());
    }
    Ok(())
}

/// Gives the linker of the compiler that built this program the name by which it links for macOS.
fn prepare_linker() -> Result<()> {
    let link = toolchain::macos_linker();
    let sysroot = command::output(command::program("rustc").args(["--print", "sysroot"]));
    let sysroot = PathBuf::from(sysroot.ok_or("`rustc --print sysroot` fails")?);
    let linker = sysroot.join("lib/rustlib").join(bundle::host()?).join("bin/rust-lld");
    if !linker.is_file() {
        return Err(format!("{} isn't there", linker.display()));
    }
    link.parent().map_or(Ok(()), files::create_folder)?;
    command::run(command::program("ln").args(["-sfn"]).arg(linker).arg(link))
}

/// The text of the list.
fn names() -> Result<String> {
    let list = toolchain::source(NAMES);
    fs::read_to_string(&list).map_err(|error| path_error(&list, &error))
}

fn fingerprint(text: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    hasher.finish()
}

fn write_stubs() -> Result<()> {
    let sdk = toolchain::macos_sdk();
    let _ = fs::remove_dir_all(&sdk);
    for (library, names) in stubs::libraries(&names()?)? {
        files::write(&sdk.join(stubs::place(library)?), stubs::stub(library, &names))?;
    }
    let mut python = command::program(pypi::ZIG.folder().join("bin/python"));
    python.args(["-c", "import ziglang; print(ziglang.__path__[0])"]);
    let zig = command::output(&mut python).ok_or("ziglang can't be imported")?;
    let system = Path::new(&zig).join("lib/libc/darwin/libSystem.tbd");
    let system = fs::read_to_string(&system).map_err(|error| path_error(&system, &error))?;
    if !system.contains(SYSTEM) {
        return Err(format!("ziglang's stub isn't that of {SYSTEM}"));
    }
    let system = stubs::readable(&system);
    SYSTEM_STUBS
        .into_iter()
        .try_for_each(|name| files::write(&sdk.join("usr/lib").join(name).with_extension("tbd"), &system))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workspace;

    #[test]
    fn the_oldest_macos_is_the_same_in_the_bundle_and_in_the_programs() {
        let build = workspace::read(".cargo/config.toml").expect("it is in the repository");
        let bundle = workspace::read("src-tauri/tauri.conf.json").expect("it is in the repository");
        let (_, version) = build.split_once("MACOSX_DEPLOYMENT_TARGET = \"").expect("the version");
        let version = version.split('"').next().expect("it ends");
        assert!(bundle.contains(&format!("\"minimumSystemVersion\": \"{version}\"")), "{version}");
    }

    #[test]
    fn the_bundle_says_in_both_languages_why_it_wants_the_local_network() {
        const KEY: &str = "NSLocalNetworkUsageDescription";
        let plist = workspace::read("packaging/macos/Info.plist").expect("it is in the repository");
        assert!(plist.contains(&format!("<key>{KEY}</key>")), "{plist}");
        assert!(plist.contains("<key>LSUIElement</key>"), "{plist}");
        let bundle = workspace::read("src-tauri/tauri.conf.json").expect("it is in the repository");
        for language in ["de", "en"] {
            let file = format!("{language}.lproj/InfoPlist.strings");
            let place = format!("\"Resources/{file}\": \"../packaging/macos/{file}\"");
            assert!(bundle.contains(&place), "{place}");
            let strings = workspace::read(&format!("packaging/macos/{file}")).expect("in the repository");
            assert!(
                strings
                    .lines()
                    .any(|line| line.starts_with(&format!("\"{KEY}\" = \"")) && line.ends_with("\";"))
            );
        }
    }

    #[test]
    fn the_bundle_is_sealed_by_default_and_a_release_is_notarized() {
        let bundle = workspace::read("src-tauri/tauri.conf.json").expect("it is in the repository");
        assert!(bundle.contains("\"signingIdentity\": \"-\""), "{bundle}");
        let release = workspace::read(".github/workflows/release.yml").expect("it is in the repository");
        assert!(release.contains("notarized: true"), "{release}");
    }

    #[test]
    fn the_list_of_names_can_be_read() {
        let list = workspace::read("xtask/cross/macos-names.txt").expect("it is in the repository");
        let libraries = stubs::libraries(&list).expect("a list");
        assert!(libraries.iter().all(|(_, names)| names.iter().all(|name| name.starts_with('_'))));
    }
}
