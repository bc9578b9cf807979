//! The words of inadyn's configuration language. Source: the scanner of libConfuse 3.3, which inadyn reads its file with.

/// A word or sign.
#[derive(Debug)]
pub(super) struct Word {
    /// Its line, from 1.
    pub(super) line: u32,
    /// Its text, without quotes. A variable stays as it is written: `${NAME}`.
    pub(super) text: String,
    /// True where a variable of inadyn's environment belongs into it, whose value nobody knows here.
    pub(super) is_open: bool,
    kind: Kind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Name,
    Quoted,
    Sign,
}

impl Word {
    /// True for this bare word.
    pub(super) fn is_name(&self, name: &str) -> bool {
        self.kind == Kind::Name && self.text == name
    }

    /// True for this sign: `{`, `}`, `(`, `)`, `=`, `+=` or `,`.
    pub(super) fn is_sign(&self, sign: &str) -> bool {
        self.kind == Kind::Sign && self.text == sign
    }
}

/// What was read, and its length.
struct Read {
    kind: Option<Kind>,
    text: String,
    is_open: bool,
    length: usize,
}

/// Splits a file into words and signs. Comments are dropped.
pub(super) fn words(text: &str) -> Vec<Word> {
    let (mut words, mut line, mut rest) = (Vec::new(), 1u32, text);
    while let Some(c) = rest.chars().next() {
        let begin = line;
        let Read { kind, text, is_open, length } = read(rest, c);
        let (passed, after) = rest.split_at(length);
        line = line.saturating_add(u32::try_from(passed.matches('\n').count()).unwrap_or(u32::MAX));
        rest = after;
        words.extend(kind.map(|kind| Word { line: begin, text, is_open, kind }));
    }
    words
}

fn read(rest: &str, first: char) -> Read {
    let skipped = |length| Read { kind: None, text: String::new(), is_open: false, length };
    let sign = |text: &str| Read {
        kind: Some(Kind::Sign),
        text: text.to_owned(),
        is_open: false,
        length: text.len(),
    };
    match first {
        '#' => skipped(line_end(rest)),
        '/' if rest.starts_with("//") => skipped(line_end(rest)),
        '/' if rest.starts_with("/*") => skipped(rest.find("*/").map_or(rest.len(), |at| at + 2)),
        '+' if rest.starts_with("+=") => sign("+="),
        '{' | '}' | '(' | ')' | '=' | ',' => sign(&rest[..1]),
        '"' => in_double_quotes(rest),
        '\'' => in_single_quotes(rest),
        c if c.is_whitespace() => skipped(c.len_utf8()),
        _ => bare(rest),
    }
}

fn line_end(text: &str) -> usize {
    text.find('\n').unwrap_or(text.len())
}

/// A word without quotes. It may hold variables.
fn bare(text: &str) -> Read {
    let ends = |c: char| c.is_whitespace() || "{}()=,\"'#".contains(c);
    let (mut length, mut is_open) = (0, false);
    while let Some(c) = text[length..].chars().next() {
        if let Some(variable) = variable(&text[length..]) {
            is_open = true;
            length += variable;
        } else if ends(c) || text[length..].starts_with("+=") {
            break;
        } else {
            length += c.len_utf8();
        }
    }
    Read { kind: Some(Kind::Name), text: text[..length].to_owned(), is_open, length }
}

/// The length of the variable at the beginning, such as `${NAME}` or `${NAME:-value}`.
fn variable(text: &str) -> Option<usize> {
    text.strip_prefix("${").and_then(|inside| inside.find('}')).map(|end| end + "${}".len())
}

/// A word in double quotes: with variables, and with the escapes of C.
fn in_double_quotes(text: &str) -> Read {
    let (mut said, mut is_open, mut at) = (String::new(), false, 1);
    while let Some(c) = text[at..].chars().next() {
        let rest = &text[at..];
        if let Some(length) = variable(rest) {
            is_open = true;
            said.push_str(&rest[..length]);
            at += length;
        } else if c == '\\' {
            at += escape(&rest[1..], &mut said) + 1;
        } else {
            at += c.len_utf8();
            if c == '"' {
                break;
            }
            said.push(c);
        }
    }
    Read { kind: Some(Kind::Quoted), text: said, is_open, length: at }
}

/// Reads what follows a backslash, and returns its length.
fn escape(text: &str, said: &mut String) -> usize {
    let Some(c) = text.chars().next() else { return 0 };
    let number = |from: usize, most: usize, base: u32| {
        let digits = text[from..].chars().take(most).take_while(|c| c.is_digit(base)).count();
        u8::from_str_radix(&text[from..from + digits], base)
            .ok()
            .map(|byte| (char::from(byte), from + digits))
    };
    let (plain, length) = match c {
        '\n' => return 1,
        'x' => number(1, 2, 16).unwrap_or(('x', 1)),
        '0'..='7' => number(0, 3, 8).unwrap_or((c, 1)),
        'n' => ('\n', 1),
        'r' => ('\r', 1),
        't' => ('\t', 1),
        'b' => ('\u{8}', 1),
        'f' => ('\u{c}', 1),
        'a' => ('\u{7}', 1),
        'e' => ('\u{1b}', 1),
        'v' => ('\u{b}', 1),
        other => (other, other.len_utf8()),
    };
    said.push(plain);
    length
}

/// A word in single quotes: only a quote, a backslash and the end of a line can be escaped, and a dollar sign is one.
fn in_single_quotes(text: &str) -> Read {
    let mut said = String::new();
    let mut chars = text.char_indices().skip(1).peekable();
    let mut length = text.len();
    while let Some((at, c)) = chars.next() {
        match c {
            '\'' => {
                length = at + 1;
                break;
            }
            '\\' => match chars.next_if(|(_, next)| ['\\', '\'', '\n'].contains(next)) {
                Some((_, '\n')) => {}
                Some((_, next)) => said.push(next),
                None => said.push('\\'),
            },
            c => said.push(c),
        }
    }
    Read { kind: Some(Kind::Quoted), text: said, is_open: false, length }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The words with their lines; signs stand in brackets, quoted ones in quotes, open ones before a question mark.
    fn taken(text: &str) -> String {
        let shown = words(text).into_iter().map(|word| {
            let open = if word.is_open { "?" } else { "" };
            match word.kind {
                Kind::Name => format!("{}:{}{open}", word.line, word.text),
                Kind::Quoted => format!("{}:\"{}\"{open}", word.line, word.text),
                Kind::Sign => format!("{}:[{}]", word.line, word.text),
            }
        });
        shown.collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn a_file_falls_into_names_signs_and_quoted_words() {
        for (text, expected) in [
            ("", ""),
            ("a = b", "1:a 1:[=] 1:b"),
            ("a={b,c}d", "1:a 1:[=] 1:[{] 1:b 1:[,] 1:c 1:[}] 1:d"),
            ("a += b", "1:a 1:[+=] 1:b"),
            ("a+=b", "1:a 1:[+=] 1:b"),
            ("include('b')", "1:include 1:[(] 1:\"b\" 1:[)]"),
            ("a + b", "1:a 1:+ 1:b"),
            ("a #b = c\nd", "1:a 2:d"),
            ("a // b\nc", "1:a 2:c"),
            ("http://a /b", "1:http://a 1:/b"),
            ("a /* b\nc */ d", "1:a 2:d"),
            ("a /* b", "1:a"),
            ("/**/a", "1:a"),
            ("'it''s' \"a\\\"b\"c", "1:\"it\" 1:\"s\" 1:\"a\"b\" 1:c"),
            ("'a\\'b\\\\c\\d' e", "1:\"a'b\\c\\d\" 1:e"),
            ("'a\\\nb' c", "1:\"ab\" 2:c"),
            ("\"a\\\nb\" c", "1:\"ab\" 2:c"),
            ("\"\\x41\\102\\$\\t\\q\"", "1:\"AB$\tq\""),
            ("\"\\x\\8\"", "1:\"x8\""),
            ("${A} \"b${C:-d}\" '${E}' f${G}h", "1:${A}? 1:\"b${C:-d}\"? 1:\"${E}\" 1:f${G}h?"),
            ("$a ${b", "1:$a 1:$ 1:[{] 1:b"),
            ("\"a\nb\" c", "1:\"a\nb\" 2:c"),
            ("\"a = b", "1:\"a = b\""),
        ] {
            assert_eq!(taken(text), expected, "{text}");
        }
    }
}
