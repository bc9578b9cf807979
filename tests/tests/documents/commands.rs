//! Every command in the documents for people runs.

use dyntray_stories::Story;

use super::markdown::{Block, Document};
use super::pages::{documents, root};
use super::stage::{Before, Stage};

/// Commands that aren't run here, by their first word or the whole line, and the reason.
static NOT_RUN: [(&str, &str); 9] = [
    ("cargo", "builds for minutes; the programs are built already"),
    ("docker", "there is none, and no images without a registry"),
    ("dyntray", "starts in the tray, as the desktop stories do"),
    ("dyntray export --with-secrets dyntray-backup.age", "asks at a terminal, as another test does"),
    ("dyntray open", "needs a desktop, as the desktop stories have"),
    ("dyntray restore dyntray-backup.age", "asks at a terminal, as another test does"),
    ("npm", "builds for minutes, and belongs to another step of the tests"),
    ("sed", "writes a unit into the system's folder"),
    ("sudo", "changes the system"),
];

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
