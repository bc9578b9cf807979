//! The words of inadyn's configuration language.

/// A word or sign.
#[derive(Debug)]
pub(super) struct Word {
    /// Its line, from 1.
    pub(super) line: u32,
    /// Its text, without quotes.
    pub(super) text: String,
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

    /// True for this sign: `{`, `}`, `=` or `,`.
    pub(super) fn is_sign(&self, sign: &str) -> bool {
        self.kind == Kind::Sign && self.text == sign
    }
}

/// Splits a file into words and signs. Comments are dropped, and `+=` becomes `=`.
pub(super) fn words(text: &str) -> Vec<Word> {
    let (mut words, mut line, mut rest) = (Vec::new(), 1u32, text);
    while let Some(c) = rest.chars().next() {
        let begin = line;
        let (kind, found, length) = match c {
            '#' => (None, String::new(), line_end(rest)),
            '/' if rest.starts_with("//") => (None, String::new(), line_end(rest)),
            '/' if rest.starts_with("/*") => {
                (None, String::new(), rest.find("*/").map_or(rest.len(), |at| at + 2))
            }
            '+' if rest.starts_with("+=") => (Some(Kind::Sign), "=".to_owned(), 2),
            '{' | '}' | '=' | ',' => (Some(Kind::Sign), c.to_string(), 1),
            '"' | '\'' => {
                let (found, length) = quoted(rest, c);
                (Some(Kind::Quoted), found, length)
            }
            c if c.is_whitespace() => (None, String::new(), c.len_utf8()),
            _ => {
                let ends = |c: char| c.is_whitespace() || "{}=,\"'#".contains(c);
                let length = rest.find(ends).unwrap_or(rest.len());
                (Some(Kind::Name), rest[..length].to_owned(), length)
            }
        };
        let (passed, after) = rest.split_at(length);
        line = line.saturating_add(u32::try_from(passed.matches('\n').count()).unwrap_or(u32::MAX));
        rest = after;
        words.extend(kind.map(|kind| Word { line: begin, text: found, kind }));
    }
    words
}

fn line_end(text: &str) -> usize {
    text.find('\n').unwrap_or(text.len())
}

/// The text of a quoted word, and its length with the quotes.
fn quoted(text: &str, quote: char) -> (String, usize) {
    let mut said = String::new();
    let mut chars = text.char_indices().skip(1);
    while let Some((at, c)) = chars.next() {
        match c {
            c if c == quote => return (said, at + 1),
            '\\' if quote == '"' => said.extend(chars.next().map(|(_, c)| c)),
            c => said.push(c),
        }
    }
    (said, text.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The words with their lines; signs stand in brackets, quoted ones in quotes.
    fn taken(text: &str) -> String {
        let shown = words(text).into_iter().map(|word| match word.kind {
            Kind::Name => format!("{}:{}", word.line, word.text),
            Kind::Quoted => format!("{}:\"{}\"", word.line, word.text),
            Kind::Sign => format!("{}:[{}]", word.line, word.text),
        });
        shown.collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn a_file_falls_into_names_signs_and_quoted_words() {
        for (text, expected) in [
            ("", ""),
            ("a = b", "1:a 1:[=] 1:b"),
            ("a={b,c}d", "1:a 1:[=] 1:[{] 1:b 1:[,] 1:c 1:[}] 1:d"),
            ("a += b", "1:a 1:[=] 1:b"),
            ("a + b", "1:a 1:+ 1:b"),
            ("a #b = c\nd", "1:a 2:d"),
            ("a // b\nc", "1:a 2:c"),
            ("http://a /b", "1:http://a 1:/b"),
            ("a /* b\nc */ d", "1:a 2:d"),
            ("a /* b", "1:a"),
            ("/**/a", "1:a"),
            ("'it''s' \"a\\\"b\"c", "1:\"it\" 1:\"s\" 1:\"a\"b\" 1:c"),
            ("'a\\' b", "1:\"a\\\" 1:b"),
            ("\"a\nb\" c", "1:\"a\nb\" 2:c"),
            ("\"a = b", "1:\"a = b\""),
        ] {
            assert_eq!(taken(text), expected, "{text}");
        }
    }
}
