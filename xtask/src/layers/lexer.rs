//! A lexer for the part of Rust that imports need: names, punctuation and strings with their lines. Comments, numbers,
//! characters and lifetimes are left out.

/// A token and its line, counted from one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    pub kind: Kind,
    pub line: usize,
}

/// The kind of a token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    /// An identifier or keyword. A raw identifier comes without `r#`.
    Name(String),
    /// The content of a string literal. Escapes stay as they are written.
    Text(String),
    /// `::`
    PathSeparator,
    /// Any other character.
    Mark(char),
}

/// The tokens of a source file.
pub fn tokens(source: &str) -> Vec<Token> {
    let mut lexer = Lexer { rest: source, line: 1 };
    std::iter::from_fn(|| lexer.next()).collect()
}

/// The length of the group in brackets that begins here, or one for a token that is no bracket.
pub fn group(tokens: &[Token]) -> usize {
    let mut depth = 0_usize;
    for (at, token) in tokens.iter().enumerate() {
        match token.kind {
            Kind::Mark('(' | '[' | '{') => depth += 1,
            Kind::Mark(')' | ']' | '}') => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth == 0 {
            return at + 1;
        }
    }
    tokens.len()
}

struct Lexer<'a> {
    rest: &'a str,
    line: usize,
}

impl<'a> Lexer<'a> {
    fn next(&mut self) -> Option<Token> {
        loop {
            let line = self.line;
            let first = self.rest.chars().next()?;
            let kind = if first.is_whitespace() || self.rest.starts_with("//") {
                let end = if first.is_whitespace() { first.len_utf8() } else { self.find("\n") };
                self.take(end);
                None
            } else if self.rest.starts_with("/*") {
                self.block_comment();
                None
            } else if let Some(text) = self.string() {
                Some(Kind::Text(text.to_owned()))
            } else if first == '\'' {
                self.character_or_lifetime();
                None
            } else if first.is_ascii_digit() {
                self.word();
                None
            } else if first.is_alphabetic() || first == '_' {
                let raw = if self.rest.starts_with("r#") { 2 } else { 0 };
                self.take(raw);
                Some(Kind::Name(self.word().to_owned()))
            } else if self.rest.starts_with("::") {
                self.take(2);
                Some(Kind::PathSeparator)
            } else {
                self.take(first.len_utf8());
                Some(Kind::Mark(first))
            };
            if let Some(kind) = kind {
                return Some(Token { kind, line });
            }
        }
    }

    /// Consumes a number of bytes.
    fn take(&mut self, bytes: usize) -> &'a str {
        let (taken, rest) = self.rest.split_at(bytes.min(self.rest.len()));
        self.line += taken.matches('\n').count();
        self.rest = rest;
        taken
    }

    /// The offset of `pattern`, or of the end.
    fn find(&self, pattern: &str) -> usize {
        self.rest.find(pattern).unwrap_or(self.rest.len())
    }

    fn word(&mut self) -> &'a str {
        let end = self.rest.find(|letter: char| !letter.is_alphanumeric() && letter != '_');
        self.take(end.unwrap_or(self.rest.len()))
    }

    /// Consumes a block comment with those inside.
    fn block_comment(&mut self) {
        let mut depth = 0;
        loop {
            let (open, close) = (self.find("/*"), self.find("*/"));
            depth = if open < close { depth + 1 } else { depth - 1 };
            self.take(open.min(close) + 2);
            if depth == 0 || self.rest.is_empty() {
                return;
            }
        }
    }

    /// Consumes a string literal of any kind, if one begins here.
    fn string(&mut self) -> Option<&'a str> {
        let prefix = ["br", "cr", "b", "c", "r", ""].into_iter().find(|prefix| {
            let behind = self.rest.strip_prefix(prefix).unwrap_or_default();
            let quote = if prefix.ends_with('r') { behind.trim_start_matches('#') } else { behind };
            quote.starts_with('"')
        })?;
        self.take(prefix.len());
        if prefix.ends_with('r') {
            let hashes = self.find("\"");
            self.take(hashes + 1);
            let end = format!("\"{}", "#".repeat(hashes));
            let text = self.take(self.find(&end));
            self.take(end.len());
            return Some(text);
        }
        self.take(1);
        let mut is_escaped = false;
        let end = self.rest.find(|letter| {
            let ends = letter == '"' && !is_escaped;
            is_escaped = letter == '\\' && !is_escaped;
            ends
        });
        let text = self.take(end.unwrap_or(self.rest.len()));
        self.take(1);
        Some(text)
    }

    /// Consumes a character like `'a'` and `'\''`, or a lifetime like `'a`.
    fn character_or_lifetime(&mut self) {
        self.take(1);
        let mut letters = self.rest.chars();
        let (first, second) = (letters.next().unwrap_or('\''), letters.next());
        if first == '\\' {
            self.take(2);
            self.take(self.find("'") + 1);
        } else if second == Some('\'') {
            self.take(first.len_utf8() + 1);
        } else {
            self.word();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn joined(source: &str) -> String {
        let words = tokens(source).into_iter().map(|token| match token.kind {
            Kind::Name(name) => name,
            Kind::Text(text) => format!("\"{text}\""),
            Kind::PathSeparator => "::".into(),
            Kind::Mark(mark) => mark.into(),
        });
        words.collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn comments_are_left_out_nested_ones_too() {
        assert_eq!(joined("a // use b;\n/* c /* d */ e */ f /** g */ //! h"), "a f");
        assert_eq!(joined("a /* never closed"), "a");
    }

    #[test]
    fn strings_of_every_kind_are_one_token() {
        assert_eq!(joined(r#"x("use a; \" {", y)"#), r#"x ( "use a; \" {" , y )"#);
        assert_eq!(joined("r#\"use a::b; \"quoted\" \"# z"), "\"use a::b; \"quoted\" \" z");
        assert_eq!(joined(r#"b"a" br"\" c"d" z"#), r#""a" "\" "d" z"#);
        assert_eq!(joined(r#""\\" z"#), r#""\\" z"#);
    }

    #[test]
    fn characters_are_distinguished_from_lifetimes() {
        assert_eq!(joined(r#"'"' a '\'' b 'x' c '\u{1b}' d"#), "a b c d");
        assert_eq!(joined("f<'a>(x: &'a str) -> &'static B"), "f < > ( x : & str ) - > & B");
    }

    #[test]
    fn raw_names_lose_their_mark_and_numbers_are_left_out() {
        assert_eq!(joined("r#type::x 1_000u32 0..5"), "type :: x . .");
    }

    #[test]
    fn lines_are_counted_through_strings_and_comments() {
        let lines: Vec<_> = tokens("a\n\"b\nc\" /*\n*/ d\n\ne").iter().map(|token| token.line).collect();
        assert_eq!(lines, [1, 2, 4, 6]);
    }
}
