//! The documents for people.

use std::path::{Path, PathBuf};

use dyntray_stories::Story;

use super::markdown::Document;

/// The project's folder.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// The documents for people in one language, by name.
pub fn documents(language: &str) -> Story<Vec<Document>> {
    let folder = root().join("docs").join(language);
    let mut names = Vec::new();
    for entry in std::fs::read_dir(&folder)? {
        names.push(entry?.file_name().to_string_lossy().into_owned());
    }
    names.sort();
    let mut all = Vec::new();
    for name in &names {
        all.push(Document::read(&folder.join(name), &format!("docs/{language}/{name}"))?);
    }
    Ok(all)
}
