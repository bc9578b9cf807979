//! The grammar of `ddclient.conf`. A line has settings, then host names, then perhaps a login and a password:
//! `name=value, … host,host login password`. Source: ddclient 3.10 and 3.11, `parse_assignments` and `_read_config`,
//! and what they make of files.
//!
//! Passwords have rules of their own: without quotation marks everything up to white space, comma and all; between
//! quotation marks everything up to the last one that can close them.

use std::collections::BTreeMap;

/// The settings of a line, by their names in small letters.
pub(super) type Settings = BTreeMap<String, String>;

/// Names that are settings wherever they stand, and with white space around their sign. Others are one only where
/// ddclient looks for settings: before the host names.
const KNOWN: [&str; 47] = [
    "protocol",
    "server",
    "login",
    "password",
    "host",
    "script",
    "zone",
    "use",
    "usev4",
    "usev6",
    "if",
    "ifv4",
    "ifv6",
    "ip",
    "ipv4",
    "ipv6",
    "web",
    "webv4",
    "webv6",
    "web-skip",
    "webv4-skip",
    "webv6-skip",
    "cmd",
    "cmdv4",
    "cmdv6",
    "fw",
    "fwv4",
    "fwv6",
    "fw-skip",
    "fw-login",
    "ssl",
    "wildcard",
    "mx",
    "backupmx",
    "static",
    "custom",
    "ttl",
    "daemon",
    "syslog",
    "mail",
    "mail-failure",
    "pid",
    "cache",
    "proxy",
    "timeout",
    "max-interval",
    "min-interval",
];
/// Secrets under other names than password.
const SECRETS: [&str; 4] = ["apikey", "secretapikey", "secret", "dynurl"];

/// A line with all lines that continue it.
#[derive(Debug, Default)]
pub(super) struct Statement {
    /// Its first line, from 1.
    pub(super) line: u32,
    /// Its settings.
    pub(super) settings: Settings,
    /// The words behind them: host names with commas, a login, a password.
    pub(super) words: Vec<Word>,
    is_open: bool,
}

/// A word that is no setting.
#[derive(Debug)]
pub(super) struct Word {
    /// The word.
    pub(super) text: String,
    /// True behind a password without quotation marks, on the same line: it may belong to that.
    pub(super) may_be_secret: bool,
}

/// The statements of a file.
pub(super) fn statements(text: &str) -> Vec<Statement> {
    let mut statements = Vec::new();
    let mut open: Option<Statement> = None;
    for (line, text) in (1u32..).zip(text.lines()) {
        let mut statement = open.take().unwrap_or(Statement { line, ..Statement::default() });
        if statement.read_line(text) {
            open = Some(statement);
        } else {
            statements.push(statement);
        }
    }
    statements.extend(open);
    statements
}

impl Statement {
    /// Reads one line of the file. True when the next one continues it.
    fn read_line(&mut self, line: &str) -> bool {
        let (mut rest, mut may_be_secret) = (line, false);
        loop {
            rest = rest.trim_start();
            if rest.is_empty() || rest.starts_with('#') {
                return false;
            } else if is_continued(rest) {
                return true;
            } else if let Some(behind) = rest.strip_prefix(',') {
                self.is_open = !self.words.is_empty();
                rest = behind;
            } else if let Some((name, value)) = assignment(rest, self.words.is_empty()) {
                let read = if is_secret(&name) { secret_value(value) } else { plain_value(value) };
                may_be_secret |= is_secret(&name) && read.quotes == Quotes::None;
                self.settings.insert(name, read.text);
                self.is_open = false;
                rest = read.rest;
            } else {
                let end = rest.find(|c: char| c.is_whitespace() || c == '#').unwrap_or(rest.len());
                let (word, behind) = rest.split_at(end);
                let is_last = is_end(behind) && word.ends_with('\\');
                self.add_word(if is_last { word.trim_end_matches('\\') } else { word }, may_be_secret);
                if is_last {
                    return true;
                }
                rest = behind;
            }
        }
    }

    /// Adds a word. One that begins with a comma, or follows one that ends with a comma, belongs to the word before.
    fn add_word(&mut self, text: &str, may_be_secret: bool) {
        let is_more = self.is_open || text.starts_with(',');
        self.is_open = text.ends_with(',');
        let text = text.trim_matches(',');
        match self.words.last_mut().filter(|_| is_more) {
            Some(word) => {
                word.text.push(',');
                word.text.push_str(text);
                word.may_be_secret |= may_be_secret;
            }
            None => self.words.push(Word { text: text.to_owned(), may_be_secret }),
        }
    }
}

/// True for the end of a line: nothing, or a comment.
fn is_end(text: &str) -> bool {
    let text = text.trim_start();
    text.is_empty() || text.starts_with('#')
}

/// True for a backslash at the end of a line. ddclient wants nothing behind it, and its own sample has comments there.
fn is_continued(text: &str) -> bool {
    text.strip_prefix('\\').is_some_and(is_end)
}

/// The name of a setting, and the text behind its sign.
fn assignment(text: &str, is_before_hosts: bool) -> Option<(String, &str)> {
    let is_part = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    let end = text.find(|c| !is_part(c)).unwrap_or(text.len());
    let name = text[..end].to_ascii_lowercase();
    let behind = &text[end..];
    let is_known = KNOWN.contains(&name.as_str()) || is_secret(&name);
    if let Some(value) = behind.strip_prefix('=').filter(|_| is_known || is_before_hosts) {
        let is_name = name.starts_with(|c: char| c.is_ascii_alphabetic());
        return is_name.then_some((name, value));
    }
    let value = behind.trim_start().strip_prefix('=')?;
    is_known.then_some((name, value))
}

fn is_secret(name: &str) -> bool {
    name.contains("password") || SECRETS.contains(&name)
}

/// The quotation marks around a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Quotes {
    /// There are none, so it is unclear where the value ends.
    None,
    /// It stands between them.
    Around,
}

/// A value, and the text behind it.
struct Value<'a> {
    text: String,
    quotes: Quotes,
    rest: &'a str,
}

fn secret_value(text: &str) -> Value<'_> {
    let text = text.trim_start();
    if is_continued(text)
        || text.is_empty()
        || (text.starts_with('#') && text[1..].starts_with(char::is_whitespace))
    {
        return Value { text: String::new(), quotes: Quotes::None, rest: text };
    }
    for quote in ['\'', '"'] {
        if let Some(inside) = text.strip_prefix(quote)
            && let Some(end) = closing_quote(inside, quote)
        {
            return Value {
                text: inside[..end].to_owned(),
                quotes: Quotes::Around,
                rest: &inside[end + 1..],
            };
        }
    }
    let (value, rest) = text.split_at(text.find(char::is_whitespace).unwrap_or(text.len()));
    Value { text: value.to_owned(), quotes: Quotes::None, rest }
}

/// The position of the quotation mark that closes a password: the last one before white space, a
/// comma, a comment, a backslash or the end.
/// Those in a later setting or in a comment don't count.
fn closing_quote(inside: &str, quote: char) -> Option<usize> {
    let closes = |(at, _): &(usize, &str)| {
        inside[at + 1..].chars().next().is_none_or(|next| next.is_whitespace() || ",#\\".contains(next))
    };
    let mut closing: Option<usize> = None;
    for (at, _) in inside.match_indices(quote).filter(closes) {
        let is_later = closing.is_some_and(|before| {
            let between = &inside[before + 1..at];
            begins_setting(between) || has_comment(between)
        });
        if is_later {
            break;
        }
        closing = Some(at);
    }
    closing
}

fn begins_setting(text: &str) -> bool {
    assignment(text.trim_start_matches(|c: char| c == ',' || c.is_whitespace()), true).is_some()
}

fn has_comment(text: &str) -> bool {
    text.match_indices('#').any(|(at, _)| text[..at].ends_with(char::is_whitespace))
}

/// A value that isn't secret: quotation marks may begin and end within it, and a backslash takes the next character as
/// it is.
fn plain_value(text: &str) -> Value<'_> {
    let text = text.trim_start();
    let (mut value, mut rest) = (String::new(), text);
    while let Some(c) = rest.chars().next() {
        let behind = &rest[c.len_utf8()..];
        if c == ',' || c == '#' || c.is_whitespace() || is_continued(rest) {
            break;
        }
        let quoted = ['\'', '"'].contains(&c).then(|| behind.split_once(c)).flatten();
        if let Some((inside, after)) = quoted.filter(|(inside, _)| !holds_setting(inside)) {
            value.push_str(inside);
            rest = after;
        } else if c == '\\' {
            let next = behind.chars().next().unwrap_or('\\');
            value.push(next);
            rest = behind.strip_prefix(next).unwrap_or(behind);
        } else {
            value.push(c);
            rest = behind;
        }
    }
    Value { text: value, quotes: Quotes::None, rest }
}

/// True when a quotation mark was an apostrophe: there is another setting before the next one.
fn holds_setting(text: &str) -> bool {
    text.match_indices([' ', ',', '\t']).any(|(at, _)| begins_setting(&text[at..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A file's statements: line, settings, and words; `?` marks what may be secret.
    fn taken(text: &str) -> Vec<String> {
        let shown = |statement: Statement| {
            let settings = statement.settings.iter().map(|(name, value)| format!("{name}=[{value}]"));
            let words = statement
                .words
                .iter()
                .map(|word| format!("{}{}", word.text, if word.may_be_secret { "?" } else { "" }));
            let parts: Vec<String> = settings.chain(words).collect();
            format!("{}: {}", statement.line, parts.join(" "))
        };
        let all = statements(text).into_iter();
        all.filter(|statement| !statement.settings.is_empty() || !statement.words.is_empty())
            .map(shown)
            .collect()
    }

    #[test]
    fn a_password_goes_on_to_white_space_or_to_its_last_quotation_mark() {
        for (line, expected) in [
            ("password=Qx7,zz.top9 a.example.org", "1: password=[Qx7,zz.top9] a.example.org?"),
            ("password=s3cret, \\\na.example.org", "1: password=[s3cret,] a.example.org"),
            ("password=a#b a.example.org", "1: password=[a#b] a.example.org?"),
            ("password=a\\b'c\"d a.example.org", "1: password=[a\\b'c\"d] a.example.org?"),
            ("password='a#b' a.example.org#x", "1: password=[a#b] a.example.org"),
            ("password='it's #1' a.example.org # it's", "1: password=[it's #1] a.example.org"),
            ("password='a#b'#c", "1: password=[a#b]"),
            ("password='a'#b' a.example.org", "1: password=[a'#b] a.example.org"),
            ("password='a b'\\\na.example.org", "1: password=[a b] a.example.org"),
            ("password='a'b' a.example.org", "1: password=[a'b] a.example.org"),
            ("password='a b', a.example.org", "1: password=[a b] a.example.org"),
            ("password='a' b' a.example.org", "1: password=[a' b] a.example.org"),
            ("password='a', login='b' c.example.org", "1: login=[b] password=[a] c.example.org"),
            ("password='a' c.example.org # the 'old' one", "1: password=[a] c.example.org"),
            ("password=\"it's #1\" a.example.org", "1: password=[it's #1] a.example.org"),
            ("password='open a.example.org", "1: password=['open] a.example.org?"),
            ("login=anna,password=x a.example.org", "1: login=[anna] password=[x] a.example.org?"),
            ("password = x", "1: password=[x]"),
            ("password=", "1: password=[]"),
            ("password= # none yet", "1: password=[]"),
            ("password= \\\nx", "1: password=[] x"),
            ("fw-password=a,b login=anna", "1: fw-password=[a,b] login=[anna]"),
            ("password=abc\\", "1: password=[abc\\]"),
        ] {
            assert_eq!(taken(line), [expected], "{line}");
        }
    }

    #[test]
    fn a_setting_may_be_quoted_in_part_and_a_comment_ends_it() {
        for (line, expected) in [
            ("server=dyn.example.org#mine", "1: server=[dyn.example.org]"),
            ("login='a b', server=\"c#d\"", "1: login=[a b] server=[c#d]"),
            ("login=an' n'a", "1: login=[an na]"),
            ("login=o'brien password='x'", "1: login=[o'brien] password=[x]"),
            ("login=a\\ b", "1: login=[a b]"),
            ("Protocol=DynDNS2,server=x", "1: protocol=[DynDNS2] server=[x]"),
            ("protocol = nfsn, zone=a", "1: protocol=[nfsn] zone=[a]"),
            ("mine=1 a.example.org", "1: mine=[1] a.example.org"),
            ("login=", "1: login=[]"),
        ] {
            assert_eq!(taken(line), [expected], "{line}");
        }
    }

    #[test]
    fn host_names_are_parted_by_commas_and_the_rest_by_white_space() {
        for (line, expected) in [
            ("a.example.org anna s3cret,word", "1: a.example.org anna s3cret,word"),
            (
                "a.example.org , b.example.org,c.example.org anna x",
                "1: a.example.org,b.example.org,c.example.org anna x",
            ),
            ("a.example.org, \\\n b.example.org", "1: a.example.org,b.example.org"),
            ("login=x, \\\n, a.example.org", "1: login=[x] a.example.org"),
            ("a.example.org login=anna, password=x", "1: login=[anna] password=[x] a.example.org"),
            ("a.example.org anna k=v", "1: a.example.org anna k=v"),
            ("a.example.org#the house", "1: a.example.org"),
        ] {
            assert_eq!(taken(line), [expected], "{line}");
        }
    }

    #[test]
    fn a_line_goes_on_behind_a_backslash() {
        assert_eq!(
            taken("login=a, \\\npassword=b \\\nc.example.org"),
            ["1: login=[a] password=[b] c.example.org"]
        );
        assert_eq!(taken("login=a, \\ # who\nc.example.org \\  \n"), ["1: login=[a] c.example.org"]);
        assert_eq!(taken("login=a,\\\nc.example.org\\\nd"), ["1: login=[a] c.example.org d"]);
        // A comment ends it.
        assert_eq!(taken("login=a, \\\n# who\nc.example.org"), ["1: login=[a]", "3: c.example.org"]);
        assert_eq!(taken("# login=a \\\nc.example.org"), ["2: c.example.org"]);
        assert_eq!(taken("c.example.org \\"), ["1: c.example.org"]);
    }
}
