//! Lays the program out by use, where `cargo xtask` has seen what is used: `DYNTRAY_LAYOUT` names the list. Without it
//! the linker's own order stays. The program for Windows gets its icon, version and manifest.

use std::env;
use std::path::Path;

/// The manifest for Windows, and the icon that Windows shows.
const MANIFEST: &str = "../../packaging/windows/dyntray.manifest";
const ICON: &str = "../../icons/app/icon.ico";

/// The language of the program's description: English (United States).
const ENGLISH: u16 = 0x0409;

fn main() {
    println!("cargo::rerun-if-env-changed=DYNTRAY_LAYOUT");
    println!("cargo::rerun-if-changed=build.rs");
    if let Ok(list) = env::var("DYNTRAY_LAYOUT") {
        println!("cargo::rerun-if-changed={list}");
        println!("cargo::rustc-link-arg-bins=-Wl,--symbol-ordering-file={list}");
        // What was seen elsewhere, in the C library, isn't in the program.
        println!("cargo::rustc-link-arg-bins=-Wl,--no-warn-symbol-ordering");
    }
    for file in [MANIFEST, ICON] {
        println!("cargo::rerun-if-changed={file}");
    }
    if env::var("CARGO_CFG_TARGET_OS").is_ok_and(|system| system == "windows") {
        describe_to_windows();
    }
}

/// Puts icon, version, name and manifest into the program.
fn describe_to_windows() {
    let folder = env::var("CARGO_MANIFEST_DIR").expect("cargo names the folder");
    let icon = Path::new(&folder).join(ICON);
    let manifest = std::fs::read_to_string(MANIFEST).expect("the manifest is in the repository");
    let mut resource = tauri_winres::WindowsResource::new();
    resource
        .set_icon(icon.to_str().expect("cargo's own paths are text"))
        .set_manifest(&manifest)
        .set_language(ENGLISH)
        .set("ProductName", "Dyntray")
        .set("FileDescription", "Dyntray")
        .set("CompanyName", "The Dyntray developers")
        .set("LegalCopyright", "Copyright (c) 2026 The Dyntray developers")
        .set("InternalName", "dyntray")
        .set("OriginalFilename", "dyntray.exe");
    resource.compile().expect("the resource compiler is there and takes what it is given");
}
