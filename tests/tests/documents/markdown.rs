//! The parts of a document that are checked: headings, fenced blocks, words in italics, links.

use std::path::Path;

/// One document.
pub struct Document {
    /// Its name in the words of a test.
    pub name: String,
    /// The level of each heading, in order.
    pub headings: Vec<usize>,
    /// The fenced blocks, in order.
    pub blocks: Vec<Block>,
    /// Everything outside of the blocks.
    prose: String,
}

/// One fenced block.
pub struct Block {
    /// Its first line in the document, from 1.
    pub line: usize,
    /// The words behind its opening fence.
    pub info: String,
    /// Its content.
    pub text: String,
}

impl Document {
    /// Reads `path`, which is called `name`.
    pub fn read(path: &Path, name: &str) -> std::io::Result<Self> {
        let text = std::fs::read_to_string(path)?;
        let mut document = Document {
            name: name.to_owned(),
            headings: Vec::new(),
            blocks: Vec::new(),
            prose: String::new(),
        };
        let mut open: Option<Block> = None;
        for (number, line) in (1..).zip(text.lines()) {
            match (line.strip_prefix("```"), open.as_mut()) {
                (Some(_), Some(_)) => document.blocks.extend(open.take()),
                (Some(info), None) => {
                    let info = info.trim().to_owned();
                    open = Some(Block { line: number + 1, info, text: String::new() });
                }
                (None, Some(block)) => push_line(&mut block.text, line),
                (None, None) => document.take_prose(line),
            }
        }
        assert!(open.is_none(), "{name} has a block without an end");
        Ok(document)
    }

    fn take_prose(&mut self, line: &str) {
        let level = line.bytes().take_while(|byte| *byte == b'#').count();
        if level > 0 {
            self.headings.push(level);
        }
        push_line(&mut self.prose, line);
    }

    /// The words in italics, which are the program's own.
    pub fn italics(&self) -> Vec<String> {
        // Code isn't checked, and bold isn't italics.
        let plain: String = self.prose.split('`').step_by(2).collect();
        let parts: Vec<String> = plain.replace("**", "").split('*').map(words).collect();
        assert!(parts.len() % 2 == 1, "{}: a star without its other one", self.name);
        parts.into_iter().skip(1).step_by(2).collect()
    }

    /// The targets of its links and pictures, within the project.
    pub fn links(&self) -> Vec<&str> {
        let targets = self.prose.split("](").skip(1).filter_map(|rest| rest.split(')').next());
        let inside = targets.filter(|target| !target.contains("://"));
        inside.filter_map(|target| target.split('#').next()).filter(|target| !target.is_empty()).collect()
    }
}

impl Block {
    /// Tells whether its commands are run here.
    pub fn is_run(&self) -> bool {
        matches!(self.info.as_str(), "sh" | "console")
    }

    /// The lines that are the same in every language: no comments, and of a terminal the commands alone.
    pub fn code(&self) -> Vec<&str> {
        let lines = self.text.lines();
        if self.info == "console" {
            lines.filter(|line| line.starts_with("$ ")).collect()
        } else {
            lines.filter(|line| !line.trim_start().starts_with('#')).collect()
        }
    }
}

fn push_line(text: &mut String, line: &str) {
    text.push_str(line);
    text.push('\n');
}

/// The same without line breaks.
fn words(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
