//! Stubs of macOS' libraries, which say what a library has without having it. Programs can be linked with them, and the
//! real libraries are found when they start.

use std::{collections::BTreeSet, fmt::Write as _, path::PathBuf};

use crate::Result;

/// The stub's file name below an SDK's folder, from the path that programs find the library by.
pub fn place(library: &str) -> Result<PathBuf> {
    let (folder, name) = library.rsplit_once('/').ok_or_else(|| format!("{library} is no path"))?;
    let place = match folder.split_once(".framework") {
        Some((framework, _)) => format!("{framework}.framework/{name}.tbd"),
        // "libobjc.A.dylib" is linked as "objc".
        None => format!("{folder}/{}.tbd", name.split('.').next().unwrap_or(name)),
    };
    Ok(place.trim_start_matches('/').into())
}

/// The libraries of a list, each with its names. A line in brackets begins a library.
pub fn libraries(list: &str) -> Result<Vec<(&str, BTreeSet<&str>)>> {
    let mut libraries: Vec<(&str, BTreeSet<&str>)> = Vec::new();
    let lines = list.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
    for line in lines {
        if let Some(library) = line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            libraries.push((library, BTreeSet::new()));
        } else {
            let (library, names) =
                libraries.last_mut().ok_or_else(|| format!("{line} stands before any library"))?;
            if !names.insert(line) {
                return Err(format!("{line} stands twice in {library}"));
            }
        }
    }
    Ok(libraries)
}

/// The stub of a library that has these names.
pub fn stub(library: &str, names: &BTreeSet<&str>) -> String {
    let targets = "[ arm64-macos, x86_64-macos ]";
    let mut stub = format!(
        "--- !tapi-tbd\ntbd-version: 4\ntargets: {targets}\ninstall-name: '{library}'\nexports:\n  - targets: {targets}\n    \
         symbols: [ "
    );
    for name in names {
        // Writing to a string can't fail.
        let _ = write!(stub, "'{name}', ");
    }
    stub + "]\n...\n"
}

/// The system library's stub in the words that the linker knows: it refuses a file with a target that it has never heard
/// of, and takes arm64e for a processor of its own.
pub fn readable(stub: &str) -> String {
    let mut readable = String::with_capacity(stub.len());
    let mut pieces = stub.split("targets:");
    readable.push_str(pieces.next().unwrap_or_default());
    for piece in pieces {
        readable.push_str("targets:");
        match piece.split_once('[').and_then(|(_, rest)| rest.split_once(']')) {
            Some((targets, rest)) => {
                let known: BTreeSet<_> = targets.split(',').filter_map(known_target).collect();
                let known: Vec<_> = known.into_iter().collect();
                let _ = write!(readable, " [ {} ]", known.join(", "));
                readable.push_str(rest);
            }
            None => readable.push_str(piece),
        }
    }
    readable
}

fn known_target(target: &str) -> Option<&'static str> {
    match target.trim() {
        "arm64-macos" | "arm64e-macos" => Some("arm64-macos"),
        "x86_64-macos" => Some("x86_64-macos"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stubs_lie_where_the_linker_looks() {
        let appkit = "/System/Library/Frameworks/AppKit.framework/Versions/C/AppKit";
        let place = |library| place(library).expect("a path");
        assert_eq!(place(appkit), PathBuf::from("System/Library/Frameworks/AppKit.framework/AppKit.tbd"));
        assert_eq!(place("/usr/lib/libobjc.A.dylib"), PathBuf::from("usr/lib/libobjc.tbd"));
    }

    #[test]
    fn a_list_has_libraries_with_names_and_each_name_once() {
        let list = "# names\n[/usr/lib/liba.dylib]\n_one\n_two\n\n[/usr/lib/libb.dylib]\n_one\n";
        let read = libraries(list).expect("a list");
        assert_eq!(read.len(), 2);
        assert_eq!(read[0], ("/usr/lib/liba.dylib", BTreeSet::from(["_one", "_two"])));
        assert!(stub(read[0].0, &read[0].1).contains("symbols: [ '_one', '_two', ]"));
        assert!(libraries("_one\n").is_err());
        assert!(libraries("[/usr/lib/liba.dylib]\n_one\n_one\n").is_err());
    }

    #[test]
    fn targets_that_the_linker_does_not_know_are_left_out_and_the_rest_stays() {
        let stub = "targets:  [ x86_64-macos, arm64e-macos,\n  arm64e.x1-macos, x86_64-maccatalyst ]\nsymbols: [ _a ]\n";
        assert_eq!(readable(stub), "targets: [ arm64-macos, x86_64-macos ]\nsymbols: [ _a ]\n");
        assert_eq!(readable("nothing"), "nothing");
    }
}
