//! Both languages have the same documents, in the words of the program.

use dyntray_stories::Story;

use super::markdown::{Block, Document};
use super::pages::{documents, root};

/// Blocks of these kinds are in the documents for people, and no others.
const KINDS: [&str; 6] = ["sh", "sh no-run", "console", "ini", "toml", "text"];

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
fn catalogue(language: &str) -> Story<Vec<String>> {
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

/// Tells whether a text is these words, or begins with them.
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
