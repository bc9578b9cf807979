//! The documents for developers name tests and files that are there.

use std::collections::BTreeSet;
use std::path::Path;

use dyntray_stories::Story;

use super::pages::root;

/// The documents whose claims are tests.
const CLAIMS: [&str; 2] = ["docs/security.md", "ARCHITECTURE.md"];

/// The documents that name files of the project.
const MAPS: [&str; 7] = [
    "ARCHITECTURE.md",
    "CONTRIBUTING.md",
    "docs/README.md",
    "docs/load.md",
    "docs/measuring.md",
    "docs/providers.md",
    "docs/security.md",
];

/// Endings by which a word is the name of a file.
const ENDINGS: [&str; 10] = ["ftl", "json", "md", "mjs", "nsh", "rs", "svelte", "toml", "ts", "txt"];

/// Files that the documents name and that aren't part of the project.
const ELSEWHERE: [&str; 2] = ["latest.json", "refusals.json"];

/// Folders that aren't part of the project.
const NOT_OURS: [&str; 3] = [".git", "node_modules", "target"];

/// Everything in the project.
#[derive(Default)]
struct Tree {
    /// Files and folders, by their paths from the project's folder.
    paths: BTreeSet<String>,
    /// The names of all folders.
    folders: BTreeSet<String>,
    /// The names of all Rust functions.
    functions: BTreeSet<String>,
}

impl Tree {
    fn read() -> std::io::Result<Self> {
        let mut tree = Tree::default();
        tree.read_folder(&root(), "")?;
        Ok(tree)
    }

    fn read_folder(&mut self, folder: &Path, prefix: &str) -> std::io::Result<()> {
        for entry in std::fs::read_dir(folder)? {
            let path = entry?.path();
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            if path.is_dir() && NOT_OURS.contains(&name.as_str()) {
                continue;
            }
            let place = format!("{prefix}{name}");
            if path.is_dir() {
                self.read_folder(&path, &format!("{place}/"))?;
                self.folders.insert(name);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let source = std::fs::read_to_string(&path)?;
                let names = source.split("fn ").skip(1);
                self.functions.extend(names.filter_map(|rest| Some(rest.split_once('(')?.0.to_owned())));
            }
            self.paths.insert(place);
        }
        Ok(())
    }

    /// Tells whether a test has this name, or begins like it where it ends with `…`.
    fn has_test(&self, name: &str) -> bool {
        match name.strip_suffix('…') {
            Some(beginning) => self.functions.iter().any(|known| known.starts_with(beginning)),
            None => self.functions.contains(name),
        }
    }

    /// Tells whether a word can only be a path: it ends like a file, or begins with a folder's name.
    fn is_path(&self, word: &str) -> bool {
        let file = word.rsplit('/').next().unwrap_or_default();
        let is_file = file.rsplit_once('.').is_some_and(|(stem, ending)| {
            !stem.is_empty() && ENDINGS.contains(&ending) && !ELSEWHERE.contains(&file)
        });
        let is_below = word.split_once('/').is_some_and(|(first, _)| self.folders.contains(first));
        let is_outside = word.starts_with(['/', '~']) || word.split('/').any(|part| NOT_OURS.contains(&part));
        let letters = |c: char| c.is_ascii_alphanumeric() || "._-/*".contains(c);
        (is_file || is_below) && !is_outside && word.chars().all(letters)
    }

    /// Tells whether a path is the end of the path of a file or folder. A pattern stands for its folder.
    fn has_path(&self, path: &str) -> bool {
        let folder = path.split_once('*').map_or(path, |(before, _)| before);
        let end = folder.trim_end_matches('/');
        self.paths.iter().any(|known| {
            known.strip_suffix(end).is_some_and(|before| before.is_empty() || before.ends_with('/'))
        })
    }
}

/// The words between backticks, in fenced blocks as well, without punctuation around them.
fn code_words(text: &str) -> impl Iterator<Item = &str> {
    let code = text.split('`').skip(1).step_by(2);
    code.flat_map(str::split_whitespace)
        .map(|word| word.trim_start_matches('(').trim_end_matches([',', ';', ':', ')', '.']))
}

/// Tells whether a word can only be the name of a test.
fn is_sentence(word: &str) -> bool {
    let name = word.strip_suffix('…').unwrap_or(word);
    name.matches('_').count() >= 3
        && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
}

#[test]
fn every_claim_names_a_test_that_is_there() -> Story {
    let tree = Tree::read()?;
    for document in CLAIMS {
        let text = std::fs::read_to_string(root().join(document))?;
        let named: Vec<&str> = code_words(&text).filter(|word| is_sentence(word)).collect();
        assert!(named.len() > 20, "{document} names {} tests", named.len());
        let missing: Vec<&&str> = named.iter().filter(|name| !tree.has_test(name)).collect();
        assert!(missing.is_empty(), "{document} names tests that aren't there: {missing:#?}");
    }
    Ok(())
}

#[test]
fn every_path_in_the_documents_for_developers_leads_to_a_file() -> Story {
    let tree = Tree::read()?;
    let mut missing = Vec::new();
    let mut count = 0;
    for document in MAPS {
        let text = std::fs::read_to_string(root().join(document))?;
        for path in code_words(&text).filter(|word| tree.is_path(word)) {
            count += 1;
            if !tree.has_path(path) {
                missing.push(format!("{document}: {path}"));
            }
        }
    }
    assert!(missing.is_empty(), "these paths lead to nothing:\n{}", missing.join("\n"));
    assert!(count > 60, "{count} paths");
    Ok(())
}
