//! What the documents claim is true of the code beside them, and what they tell people to type works.

mod markdown;
mod stage;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use markdown::{Block, Document};
use stage::{Before, Stage};

type Told<T> = Result<T, Box<dyn std::error::Error>>;
type Story = Told<()>;

/// Blocks of these kinds are in the documents for people, and no others.
const KINDS: [&str; 6] = ["sh", "sh no-run", "console", "ini", "toml", "text"];

/// Why commands aren't run here: the first word, or the whole line.
static NOT_RUN: [(&str, &str); 6] = [
    ("cargo", "builds for minutes; the programs are built already"),
    ("docker", "there is none, and no images without a registry"),
    ("dyntray", "starts in the tray, as the desktop stories do"),
    ("dyntray open", "needs a desktop, as the desktop stories have"),
    ("npm", "builds for minutes, and belongs to another step of the tests"),
    ("sudo", "changes the system"),
];

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

/// The documents for people in one language, by name.
fn documents(language: &str) -> Told<Vec<Document>> {
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

/// Runs all commands of a document, where it has any; says which ones aren't run.
async fn play(document: &Document, locale: &'static str) -> Story {
    for block in document.blocks.iter().filter(|block| block.info == "sh no-run") {
        for line in block.text.lines().filter(|line| !line.is_empty()) {
            let is_it = |(what, _): &&(&str, &str)| {
                *what == line || (*what != "dyntray" && line.split(' ').next() == Some(*what))
            };
            let (_, why) =
                NOT_RUN.iter().find(is_it).ok_or(format!("{}: why isn't {line} run?", document.name))?;
            println!("not run: {line}   ({}: {why})", document.name);
        }
    }
    if !document.blocks.iter().any(Block::is_run) {
        return Ok(());
    }
    let before = match document.name.rsplit('/').next() {
        Some("nas-and-servers.md") => Before::NewWithoutKeyring,
        Some("moving-from-ddclient-and-inadyn.md") => Before::New,
        _ => Before::Running,
    };
    Stage::prepare(locale, before).await?.play(document).await
}

#[tokio::test]
async fn every_command_in_the_english_documents_runs() -> Story {
    for document in documents("en")? {
        play(&document, "en_US.UTF-8").await?;
    }
    Ok(())
}

#[tokio::test]
async fn every_command_in_the_german_documents_runs() -> Story {
    for document in documents("de")? {
        play(&document, "de_DE.UTF-8").await?;
    }
    Ok(())
}

#[tokio::test]
async fn every_command_in_a_block_of_the_readme_runs() -> Story {
    play(&Document::read(&root().join("README.md"), "README.md")?, "en_US.UTF-8").await
}

#[test]
fn both_languages_have_the_same_documents_headings_and_code() -> Story {
    let (english, german) = (documents("en")?, documents("de")?);
    let files = |of: &[Document]| -> Vec<String> { of.iter().map(|d| d.name[8..].to_owned()).collect() };
    assert_eq!(files(&english), files(&german));
    assert!(english.len() >= 7, "{}", english.len());
    for (one, other) in english.iter().zip(&german) {
        assert_eq!(one.headings, other.headings, "headings of {} and {}", one.name, other.name);
        let code = |of: &Document| -> Vec<(String, Vec<String>)> {
            let lines = |block: &Block| block.code().into_iter().map(str::to_owned).collect();
            of.blocks.iter().map(|block| (block.info.clone(), lines(block))).collect()
        };
        assert_eq!(code(one), code(other), "blocks of {} and {}", one.name, other.name);
        for block in &one.blocks {
            assert!(
                KINDS.contains(&block.info.as_str()),
                "{}, line {}: {}",
                one.name,
                block.line,
                block.info
            );
        }
    }
    Ok(())
}

/// All texts of the catalogue in one language.
fn catalogue(language: &str) -> Told<Vec<String>> {
    let mut texts = Vec::new();
    for file in ["tray.ftl", "window.ftl", "words.ftl"] {
        let path = root().join("crates/texts/locales").join(language).join(file);
        for line in std::fs::read_to_string(path)?.lines().filter(|line| !line.starts_with('#')) {
            let text = match line.split_once(" = ") {
                Some((name, text)) if !name.contains(' ') => Some(text),
                _ => line.split_once("] ").map(|(_, text)| text),
            };
            texts.extend(text.map(str::to_owned));
        }
    }
    Ok(texts)
}

/// Whether a text is these words, or begins with them.
fn begins_with(text: &str, words: &str) -> bool {
    text.strip_prefix(words).is_some_and(|rest| !rest.starts_with(char::is_alphanumeric))
}

#[test]
fn every_word_in_italics_stands_in_the_catalogue_of_its_language() -> Story {
    for language in ["en", "de"] {
        let texts = catalogue(language)?;
        assert!(texts.len() > 500, "{} texts", texts.len());
        let mut unknown = Vec::new();
        let mut count = 0;
        for document in documents(language)? {
            for words in document.italics() {
                count += 1;
                if !texts.iter().any(|text| begins_with(text, &words)) {
                    unknown.push(format!("{}: {words}", document.name));
                }
            }
        }
        assert!(unknown.is_empty(), "not in the catalogue:\n{}", unknown.join("\n"));
        assert!(count > 50, "{language}: {count} words");
    }
    Ok(())
}

#[test]
fn every_link_in_the_documents_for_people_leads_somewhere() -> Story {
    let docs = root().join("docs");
    let index = Document::read(&docs.join("README.md"), "docs/README.md")?;
    let mut all = vec![(docs.clone(), index)];
    for language in ["en", "de"] {
        all.extend(documents(language)?.into_iter().map(|document| (docs.join(language), document)));
    }
    for (folder, document) in &all {
        for link in document.links() {
            assert!(folder.join(link).exists(), "{} leads to {link}", document.name);
        }
    }
    let (_, index) = &all[0];
    for (_, document) in &all[1..] {
        assert!(
            index.links().iter().any(|link| document.name.ends_with(link)),
            "{} is in no list",
            document.name
        );
    }
    Ok(())
}
