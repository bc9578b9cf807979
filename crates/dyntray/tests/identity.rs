//! What Windows shows and knows of the program, read from the program's file.
#![cfg(windows)]

mod programs;

use std::fs;
use std::path::Path;

use goblin::pe::PE;
use goblin::pe::resource::{RT_GROUP_ICON, RT_ICON, VersionField};
use goblin::pe::subsystem::{IMAGE_SUBSYSTEM_WINDOWS_CUI, IMAGE_SUBSYSTEM_WINDOWS_GUI};

/// What the manifest must say.
const MANIFEST: [&str; 5] = [
    "<requestedExecutionLevel level=\"asInvoker\" uiAccess=\"false\"/>",
    "<supportedOS Id=\"{8e0f7a12-bfb3-4fe8-b9a5-48fd50a15a9a}\"/>",
    ">PerMonitorV2</dpiAwareness>",
    ">true</longPathAware>",
    ">UTF-8</activeCodePage>",
];

/// Reads everything from the program at `path`, and gives its subsystem.
fn check(path: &Path) -> u16 {
    let bytes = fs::read(path).expect("the program's file");
    let program = PE::parse(&bytes).expect("a program");
    let resources = program.resource_data.expect("resources");
    for kind in [RT_ICON, RT_GROUP_ICON] {
        let found = resources.entries().find_by_id(kind).expect("a list of resources");
        assert!(found.is_some(), "{}: no resource of kind {kind}", path.display());
    }
    let manifest = resources.manifest_data.expect("a manifest");
    let manifest = String::from_utf8_lossy(manifest.data);
    for part in MANIFEST {
        assert!(manifest.contains(part), "{}: {part} isn't in {manifest}", path.display());
    }
    let version = resources.version_info.expect("a version");
    let fixed = version.fixed_info.expect("a version in numbers");
    // goblin's own reading takes the file's date for its version (its source, 0.10.7, November 2026).
    let numbers = VersionField::from_ms_ls(fixed.file_version_ms, fixed.file_version_ls);
    let numbers = format!("{}.{}.{}", numbers.major, numbers.minor, numbers.build);
    assert_eq!(numbers, env!("CARGO_PKG_VERSION"));
    let strings = version.string_info;
    assert_eq!(strings.product_name().as_deref(), Some("Dyntray"));
    // It is the name in the task manager.
    assert_eq!(strings.file_description().as_deref(), Some("Dyntray"));
    assert_eq!(strings.company_name().as_deref(), Some("The Dyntray developers"));
    assert_eq!(strings.product_version().as_deref(), Some(env!("CARGO_PKG_VERSION")));
    program.header.optional_header.expect("an optional header").windows_fields.subsystem
}

#[test]
fn icon_version_name_and_manifest_are_in_both_programs_and_only_one_has_a_console() {
    let tray = check(&programs::tray_program());
    let console = check(&programs::console_program());
    assert_eq!(console, IMAGE_SUBSYSTEM_WINDOWS_CUI);
    if programs::shipped("dyntray.exe").is_some() {
        assert_eq!(tray, IMAGE_SUBSYSTEM_WINDOWS_GUI);
    } else {
        println!("SKIPPED: DYNTRAY_BIN_DIR names no shipped programs; `cargo xtask cross` makes them");
    }
}
