//! The blocks of `inadyn.conf`, and the settings of each.

use super::words::Word;

/// A kind of block.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Kind {
    /// A service that inadyn knows.
    #[default]
    Provider,
    /// A service that the block describes.
    Custom,
}

/// What is put behind a path without its own places.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Appended {
    /// The host name.
    #[default]
    Host,
    /// The address.
    Address,
}

/// The place where the address is seen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Address {
    /// At a server, unless the file says otherwise.
    #[default]
    Unsaid,
    /// At an interface.
    Interface,
    /// In what a command prints.
    Command,
}

/// A value with its line.
#[derive(Clone, Debug)]
pub(super) struct Value {
    pub(super) line: u32,
    pub(super) text: String,
}

/// The settings of a block, or those of the whole file.
#[derive(Debug, Default)]
pub(super) struct Block {
    pub(super) line: u32,
    pub(super) kind: Kind,
    pub(super) title: String,
    pub(super) hosts: Vec<Value>,
    pub(super) user: String,
    pub(super) secret: String,
    pub(super) server: Option<String>,
    pub(super) path: String,
    pub(super) appends: Appended,
    pub(super) address: Address,
    pub(super) allows_ipv6: bool,
    /// The page that tells the address, where the file names one.
    pub(super) web_page: Option<String>,
    pub(super) has_wildcard: bool,
    /// The lines that include another file.
    pub(super) included: Vec<u32>,
}

/// A file: its own settings, and its blocks.
#[derive(Debug, Default)]
pub(super) struct File {
    pub(super) shared: Block,
    pub(super) included: Vec<u32>,
    pub(super) blocks: Vec<Block>,
}

/// Reads all blocks.
pub(super) fn blocks(words: &[Word]) -> File {
    let mut file = File::default();
    let mut rest = words;
    while let Some((word, after)) = rest.split_first() {
        let kind = match () {
            () if word.is_name("provider") => Some(Kind::Provider),
            () if word.is_name("custom") => Some(Kind::Custom),
            () => None,
        };
        if let Some(kind) = kind.filter(|_| !is_assigned(after)) {
            let (block, behind) = block(word.line, kind, after);
            file.blocks.push(block);
            rest = behind;
        } else {
            rest = file.shared.read(word, after);
        }
    }
    file.included = std::mem::take(&mut file.shared.included);
    file
}

fn is_assigned(rest: &[Word]) -> bool {
    rest.first().is_some_and(|sign| sign.is_sign("=") || sign.is_sign("+="))
}

/// Reads a block from its title on, and returns the words after it.
fn block(line: u32, kind: Kind, words: &[Word]) -> (Block, &[Word]) {
    let mut block = Block { line, kind, ..Block::default() };
    let mut rest = words;
    if let Some((title, after)) = rest.split_first().filter(|(title, _)| !title.is_sign("{")) {
        block.title.clone_from(&title.text);
        rest = after;
    }
    if let Some((_, after)) = rest.split_first().filter(|(brace, _)| brace.is_sign("{")) {
        rest = after;
    }
    while let Some((word, after)) = rest.split_first() {
        if word.is_sign("}") {
            rest = after;
            break;
        }
        rest = block.read(word, after);
    }
    (block, rest)
}

impl Block {
    /// Reads one setting, and returns the words after it.
    fn read<'a>(&mut self, name: &Word, after: &'a [Word]) -> &'a [Word] {
        if name.is_name("include") && after.first().is_some_and(|sign| sign.is_sign("(")) {
            self.included.push(name.line);
            let end = after.iter().position(|word| word.is_sign(")")).unwrap_or(0);
            return after.get(end + 1..).unwrap_or_default();
        }
        if !is_assigned(after) {
            return after;
        }
        let adds = after[0].is_sign("+=");
        let (values, behind) = values(&after[1..]);
        self.set(&name.text, &values, adds);
        behind
    }

    fn set(&mut self, name: &str, values: &[&Word], adds: bool) {
        let first = values.first();
        // A variable has a value only where inadyn runs.
        let text = || {
            first.map_or_else(String::new, |word| if word.is_open { "${}".into() } else { word.text.clone() })
        };
        let is_set = || first.is_some_and(|word| !word.text.is_empty());
        match name {
            "hostname" | "alias" => {
                if !adds {
                    self.hosts.clear();
                }
                self.hosts.extend(values.iter().flat_map(|word| hosts(word)));
            }
            "username" => self.user = text(),
            "password" => self.secret = text(),
            "ddns-server" => self.server = Some(text()),
            "ddns-path" => self.path = text(),
            "append-myip" if text_is_true(&text()) => self.appends = Appended::Address,
            "append-myip" => self.appends = Appended::Host,
            "allow-ipv6" => self.allows_ipv6 = text_is_true(&text()),
            "checkip-server" if is_set() => self.web_page = Some(text()),
            "wildcard" => self.has_wildcard = text_is_true(&text()),
            // A command counts more than an interface.
            "iface" if is_set() && self.address == Address::Unsaid => self.address = Address::Interface,
            "checkip-command" if is_set() => self.address = Address::Command,
            _ => {}
        }
    }
}

/// libConfuse's words for true, in any case.
fn text_is_true(text: &str) -> bool {
    ["true", "yes", "on"].iter().any(|word| text.eq_ignore_ascii_case(word))
}

/// The host names in one word: usually one, but some write a list between quotation marks.
fn hosts(word: &Word) -> Vec<Value> {
    if word.is_open {
        return vec![Value { line: word.line, text: "${}".to_owned() }];
    }
    let names = word.text.split(|c: char| c == ',' || c.is_whitespace()).filter(|name| !name.is_empty());
    let names: Vec<Value> = names.map(|name| Value { line: word.line, text: name.to_owned() }).collect();
    if names.is_empty() { vec![Value { line: word.line, text: String::new() }] } else { names }
}

/// Reads a value, or a list with or without its braces, and returns the words after it.
fn values(words: &[Word]) -> (Vec<&Word>, &[Word]) {
    match words.split_first() {
        Some((brace, after)) if brace.is_sign("{") => {
            let end = after.iter().position(|word| word.is_sign("}")).unwrap_or(after.len());
            let list = after[..end].iter().filter(|word| !word.is_sign(",")).collect();
            (list, after.get(end + 1..).unwrap_or_default())
        }
        Some((value, mut after)) if !value.is_sign("}") => {
            let mut list = vec![value];
            while let [comma, next, behind @ ..] = after
                && comma.is_sign(",")
                && !next.is_sign("}")
            {
                list.push(next);
                after = behind;
            }
            (list, after)
        }
        _ => (Vec::new(), words),
    }
}
