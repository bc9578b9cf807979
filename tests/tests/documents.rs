//! What the documents claim is true of the code beside them.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

type Story = Result<(), Box<dyn std::error::Error>>;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// Everything that is called a function in the project's Rust sources.
fn functions(folder: &Path, found: &mut BTreeSet<String>) -> std::io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if path.is_dir() && !["target", "node_modules", ".git"].contains(&name.as_ref()) {
            functions(&path, found)?;
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let source = std::fs::read_to_string(&path)?;
            let names = source.split("fn ").skip(1);
            found.extend(names.filter_map(|rest| Some(rest.split_once('(')?.0.to_owned())));
        }
    }
    Ok(())
}

/// The words between backticks that can only be the names of tests.
fn named_tests(text: &str) -> Vec<&str> {
    let is_sentence = |word: &&str| {
        word.matches('_').count() >= 3
            && word.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
    };
    text.split('`').skip(1).step_by(2).filter(is_sentence).collect()
}

#[test]
fn every_claim_names_a_test_that_is_there() -> Story {
    let mut known = BTreeSet::new();
    functions(&root(), &mut known)?;
    for document in ["docs/security.md", "ARCHITECTURE.md"] {
        let text = std::fs::read_to_string(root().join(document))?;
        let named = named_tests(&text);
        assert!(named.len() > 20, "{document} names {} tests", named.len());
        let missing: Vec<&&str> = named.iter().filter(|name| !known.contains(**name)).collect();
        assert!(missing.is_empty(), "{document} names what isn't there: {missing:?}");
    }
    Ok(())
}
