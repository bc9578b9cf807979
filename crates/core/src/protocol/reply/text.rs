//! The text of an answer. A refusal is read from whatever can be read of it; success needs plain text from end to end.

use std::borrow::Cow;

use crate::types::token::is_invisible;

/// The text of an answer, as far as it can be read.
#[derive(Clone, Debug)]
pub(super) struct Text<'a> {
    text: Cow<'a, str>,
    /// True for UTF-8 from end to end.
    is_sound: bool,
}

impl<'a> Text<'a> {
    /// Reads UTF-8, and whatever else is a refusal too: UTF-16, and single bytes of other encodings among ASCII.
    pub(super) fn of(body: &'a [u8]) -> Self {
        let text = match body {
            [0xff, 0xfe, rest @ ..] => utf16(rest, u16::from_le_bytes).into(),
            [0xfe, 0xff, rest @ ..] => utf16(rest, u16::from_be_bytes).into(),
            [1..=0xff, 0, ..] => utf16(body, u16::from_le_bytes).into(),
            [0, 1..=0xff, ..] => utf16(body, u16::from_be_bytes).into(),
            _ => String::from_utf8_lossy(body),
        };
        // Valid UTF-8 is borrowed; everything else had to be made.
        let is_sound = matches!(text, Cow::Borrowed(_));
        Text { text, is_sound }
    }

    /// The whole text.
    pub(super) fn as_str(&self) -> &str {
        &self.text
    }

    /// The lines of plain text; none of a page, and none of bytes that are no text. Only ASCII's own white space around
    /// them is forgiven: a service that puts something else there answers in a way that nobody knows.
    pub(super) fn plain_lines(&self) -> Vec<&str> {
        let text = self.text.trim_start_matches('\u{feff}');
        if !self.is_sound || text.contains('<') {
            return Vec::new();
        }
        text.lines().map(str::trim_ascii).filter(|line| !line.is_empty()).collect()
    }

    /// The lines from the first word on, each from its first word on, whatever stands before: white space, marks,
    /// quotes, and the tags of a page.
    pub(super) fn wordy_lines(&self) -> impl Iterator<Item = &str> {
        from_first_word(&self.text).lines().map(from_first_word).filter(|line| !line.is_empty())
    }
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> String {
    let (pairs, _) = bytes.as_chunks::<2>();
    char::decode_utf16(pairs.iter().map(|pair| unit(*pair)))
        .map(|read| read.unwrap_or(char::REPLACEMENT_CHARACTER))
        .collect()
}

/// `text` from its first word on. An exclamation mark may be a part of it.
fn from_first_word(mut text: &str) -> &str {
    loop {
        text = text.trim_start_matches(|c: char| !c.is_alphanumeric() && !matches!(c, '!' | '<'));
        if !text.starts_with('<') {
            return text;
        }
        text = text.split_once('>').map_or("", |(_tag, after)| after);
    }
}

/// `text` after `word`, if it begins with it as a whole word.
pub(super) fn after_word<'t>(text: &'t str, word: &str) -> Option<&'t str> {
    let rest = text.strip_prefix(word)?;
    let mut following = rest.chars().filter(|c| !is_invisible(*c));
    let goes_on = match following.next() {
        None => false,
        // A dot at the end of a sentence, or a name that only begins like the word.
        Some('.') => following.next().is_some_and(char::is_alphanumeric),
        Some(c) => c.is_alphanumeric() || matches!(c, '-' | '_' | '@'),
    };
    (!goes_on).then_some(rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wordy(body: &[u8]) -> Vec<String> {
        Text::of(body).wordy_lines().map(str::to_owned).collect()
    }

    #[test]
    fn the_first_word_is_found_whatever_stands_before_it() {
        for body in [
            "badauth no",
            "\u{feff}badauth no",
            "\r\n \t badauth no",
            "\u{a0}\u{200b}badauth no",
            "<html>\n<body>\n<p class=\"x\">badauth no",
            "<!DOCTYPE html>badauth no",
            "\"badauth no",
        ] {
            assert_eq!(wordy(body.as_bytes()), ["badauth no"], "{body:?}");
        }
        assert_eq!(wordy(b"\xff\xfeb\0a\0d\0"), ["bad"]);
        assert_eq!(wordy(b"\0b\0a\0d"), ["bad"]);
        assert_eq!(wordy(b"bad\xa0word"), ["bad\u{fffd}word"]);
        assert_eq!(wordy(b"!yours"), ["!yours"]);
        assert_eq!(wordy(b"<html badauth"), <[&str; 0]>::default());
    }

    #[test]
    fn a_word_ends_where_no_name_goes_on() {
        for text in ["fatal", "fatal.", "fatal. So", "fatal: x", "fatal<br>", "fatal\u{fffd}", "fatal\u{a0}x"]
        {
            assert!(after_word(text, "fatal").is_some(), "{text:?}");
        }
        for text in
            ["fatality", "fatal-x", "fatal_x", "fatal@x", "fatal.example.org", "Fatal", "fatal\u{ad}ly"]
        {
            assert!(after_word(text, "fatal").is_none(), "{text:?}");
        }
    }

    #[test]
    fn plain_text_is_of_one_piece() {
        assert_eq!(Text::of(b"\xef\xbb\xbfgood\r\n\n\tOK \n").plain_lines(), ["good", "OK"]);
        for body in [&b"good <b>"[..], b"good \xff", b"g\0o\0o\0d\0", b""] {
            assert_eq!(Text::of(body).plain_lines(), <[&str; 0]>::default(), "{body:?}");
        }
        assert_eq!(Text::of("\u{a0}good\u{a0}".as_bytes()).plain_lines(), ["\u{a0}good\u{a0}"]);
    }
}
