//! The format of inadyn 1: options as on its command line, the first of each line with or without its dashes. Source:
//! inadyn 1.96 and 1.99, `parser_read_option` and the table of options.

use super::block::{Address, Block, File, Kind, Value};

/// The service that a file means without naming one.
const USUAL: &str = "default@dyndns.org";
/// The name for a service that the file describes.
const CUSTOM: &str = "custom@http_svr_basic_auth";
/// The page of FreeDNS that takes a record's own key.
const FREEDNS: (&str, &str) = ("freedns.afraid.org", "/dynamic/update.php?%p&address=%i");

/// An option that matters here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Name {
    System,
    Alias,
    User,
    Secret,
    Server,
    Path,
    WebPage,
    Interface,
    Wildcard,
    OtherFile,
}

const NAMES: [(&str, Name); 24] = [
    ("dyndns-system", Name::System),
    ("system", Name::System),
    ("S", Name::System),
    ("alias", Name::Alias),
    ("a", Name::Alias),
    ("username", Name::User),
    ("u", Name::User),
    ("password", Name::Secret),
    ("p", Name::Secret),
    ("dyndns-server-name", Name::Server),
    ("server-name", Name::Server),
    ("N", Name::Server),
    ("dyndns-server-url", Name::Path),
    ("server-url", Name::Path),
    ("U", Name::Path),
    ("ip-server-name", Name::WebPage),
    ("checkip-url", Name::WebPage),
    ("H", Name::WebPage),
    ("iface", Name::Interface),
    ("i", Name::Interface),
    ("wildcard", Name::Wildcard),
    ("input-file", Name::OtherFile),
    ("config", Name::OtherFile),
    ("F", Name::OtherFile),
];

/// A word of the file.
struct Word {
    line: u32,
    text: String,
    is_first: bool,
}

/// The blocks of a file in this format; none where it is in another one.
pub(super) fn blocks(text: &str) -> Option<File> {
    let words = words(text);
    let mut file = File::default();
    let mut block = Block::default();
    let mut seen: Vec<Name> = Vec::new();
    for (at, word) in words.iter().enumerate() {
        let Some(name) = option(word) else { continue };
        // So inadyn 2 writes it.
        if words.get(at + 1).is_some_and(|next| next.text.starts_with('=') || next.text == "+=") {
            continue;
        }
        seen.push(name);
        let value = words.get(at + 1).filter(|value| !value.is_first).map_or("", |value| value.text.as_str());
        match name {
            Name::System => {
                // Whatever stands before the first service is for that one.
                if !block.title.is_empty() && block.title != value {
                    file.blocks.push(std::mem::take(&mut block));
                }
                value.clone_into(&mut block.title);
            }
            // Without white space, a key of FreeDNS may follow.
            Name::Alias => block.hosts.push(Value { line: word.line, text: value.to_owned() }),
            Name::User => value.clone_into(&mut block.user),
            Name::Secret => value.clone_into(&mut block.secret),
            Name::Server => block.server = Some(value.strip_suffix(":80").unwrap_or(value).to_owned()),
            Name::Path => value.clone_into(&mut block.path),
            Name::WebPage => block.web_page = Some(value.to_owned()),
            Name::Interface => block.address = Address::Interface,
            Name::Wildcard => block.has_wildcard = true,
            Name::OtherFile => file.included.push(word.line),
        }
        if block.line == 0 {
            block.line = word.line;
        }
    }
    file.blocks.push(block);
    let has = |name| seen.contains(&name);
    let is_old = has(Name::Alias) && (has(Name::System) || has(Name::User) || has(Name::Secret));
    file.blocks = file.blocks.into_iter().flat_map(as_today).collect();
    is_old.then_some(file)
}

/// The option that a word names, where it names one: the first of a line, or one with dashes.
fn option(word: &Word) -> Option<Name> {
    let bare = word.text.trim_start_matches('-');
    let dashes = word.text.len() - bare.len();
    let name = bare.replace('_', "-");
    let is_long = dashes == 2 || (dashes == 0 && word.is_first);
    let is_its = |known: &str| if known.len() == 1 { dashes == 1 } else { is_long };
    NAMES.iter().find(|(known, _)| *known == name && is_its(known)).map(|(_, name)| *name)
}

/// The words of a file. A backslash takes the next character as it is, and a `#` begins a comment anywhere.
fn words(text: &str) -> Vec<Word> {
    let mut words = Vec::new();
    let mut is_continued = false;
    for (line, text) in (1u32..).zip(text.lines()) {
        let mut is_first = !std::mem::take(&mut is_continued);
        let mut open: Option<String> = None;
        let mut chars = text.chars();
        loop {
            let next = chars.next().filter(|c| *c != '#');
            match next {
                Some('\\') => match chars.next() {
                    Some(c) => open.get_or_insert_default().push(c),
                    None => is_continued = true,
                },
                Some(c) if !c.is_whitespace() => open.get_or_insert_default().push(c),
                _ => words.extend(open.take().map(|text| Word {
                    line,
                    text,
                    is_first: std::mem::take(&mut is_first),
                })),
            }
            if next.is_none() {
                break;
            }
        }
    }
    words
}

/// A block in the words of inadyn 2. Hosts with a key of their own become blocks of their own.
fn as_today(mut block: Block) -> Vec<Block> {
    let system = if block.title.is_empty() { USUAL.to_owned() } else { std::mem::take(&mut block.title) };
    // Of old, dyndns.org had three kinds of host names.
    let is_dyn = system.split_once('@').is_some_and(|(_, service)| service == "dyndns.org");
    let is_custom = system == CUSTOM;
    block.title = if is_dyn { USUAL.to_owned() } else { system };
    if is_custom {
        block.kind = Kind::Custom;
        block.path = path(&mut block);
    }
    let is_freedns = block.title == "default@freedns.afraid.org";
    let mut keyed = Vec::new();
    block.hosts.retain_mut(|host| {
        let Some((name, key)) = host.text.split_once(',') else { return true };
        let (name, key) = (name.to_owned(), key.to_owned());
        host.text.clone_from(&name);
        if !is_freedns || key.is_empty() {
            return true;
        }
        keyed.push(Block {
            line: host.line,
            kind: Kind::Custom,
            hosts: vec![Value { line: host.line, text: name }],
            secret: key,
            server: Some(FREEDNS.0.to_owned()),
            path: FREEDNS.1.to_owned(),
            address: block.address,
            web_page: block.web_page.clone(),
            ..Block::default()
        });
        false
    });
    let is_empty = block.hosts.is_empty() && !keyed.is_empty();
    keyed.extend((!is_empty).then_some(block));
    keyed.sort_by_key(|block| block.line);
    keyed
}

/// The path with inadyn 2's places: the host name follows it, and a login that is written out is the block's.
fn path(block: &mut Block) -> String {
    let escaped = block.path.replace('%', "%%");
    let Some((path, query)) = escaped.split_once('?') else { return format!("{escaped}%h") };
    let pairs = query.split('&').map(|pair| {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let place = match name.to_ascii_lowercase().as_str() {
            "pass" | "password" | "passwd" | "pwd" | "pw" | "token" | "key" => "%p",
            // Namecheap's domain stands where inadyn 2 has the user.
            "user" | "username" | "login" | "id" | "domain" => "%u",
            _ => "",
        };
        if place.is_empty() || value.is_empty() {
            return pair.to_owned();
        }
        let value = value.replace("%%", "%");
        if place == "%p" {
            block.secret = value;
        } else {
            block.user = value;
        }
        format!("{name}={place}")
    });
    let query: Vec<String> = pairs.collect();
    format!("{path}?{}%h", query.join("&"))
}
