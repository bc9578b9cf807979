//! What is to be masked, found in every disguise: percent-encoded, escaped for HTML or JSON, as Base64 or hexadecimal
//! digits, and one in the other.

use std::ops::Range;

/// The number of disguises that one text may wear, one over the other.
const DEPTH: usize = 3;

/// Finds what is to be masked among characters.
pub(super) type Find<'f> = &'f dyn Fn(&[char]) -> Vec<Range<usize>>;

/// The places in `text`, as bytes, where `find` finds something in any disguise. They are in order and don't overlap.
/// What is to be found has at least so many bytes.
pub(super) fn places(text: &str, least: usize, find: Find<'_>) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut readings = vec![Reading::of(text)];
    for depth in 0..=DEPTH {
        found.extend(readings.iter().flat_map(|reading| reading.places(find)));
        if depth < DEPTH {
            readings = readings.iter().flat_map(|reading| reading.undisguised(least)).collect();
        }
    }
    merged(found)
}

/// `text` with `mask` in each of these places, which are in order and don't overlap.
pub(super) fn masked(text: &str, places: &[Range<usize>], mask: &str) -> String {
    let mut told = String::with_capacity(text.len());
    let mut from = 0;
    for place in places {
        told.push_str(&text[from..place.start]);
        told.push_str(mask);
        from = place.end;
    }
    told.push_str(&text[from..]);
    told
}

/// The places in order, with those that overlap made one.
pub(super) fn merged(mut places: Vec<Range<usize>>) -> Vec<Range<usize>> {
    places.sort_by_key(|place| place.start);
    let mut merged: Vec<Range<usize>> = Vec::with_capacity(places.len());
    for place in places {
        match merged.last_mut() {
            Some(last) if place.start < last.end => last.end = last.end.max(place.end),
            _ => merged.push(place),
        }
    }
    merged
}

/// A text, or what a part of it stands for: characters, each with its place in the text.
struct Reading {
    chars: Vec<char>,
    at: Vec<Range<usize>>,
}

/// What the beginning of some characters stands for, and their number.
enum Unit {
    Char(char, usize),
    Byte(u8, usize),
}

/// One way to escape characters.
struct Escape {
    /// Reads one escape at the beginning of some characters.
    read: fn(&[char]) -> Option<Unit>,
    /// True if the characters may be the beginning of one that the text ends within.
    is_begun: fn(&[char]) -> bool,
}

const ESCAPES: [Escape; 4] = [
    Escape { read: percent, is_begun: is_percent_begun },
    Escape { read: form, is_begun: is_percent_begun },
    Escape { read: entity, is_begun: is_entity_begun },
    Escape { read: backslash, is_begun: is_backslash_begun },
];

/// The longest beginning of an escape.
const LONGEST_BEGUN: usize = 8;

impl Reading {
    fn of(text: &str) -> Self {
        let (at, chars) = text.char_indices().map(|(at, c)| (at..at + c.len_utf8(), c)).unzip();
        Reading { chars, at }
    }

    /// UTF-8, or other bytes, of which each is a replacement character.
    fn of_bytes(bytes: &[(u8, Range<usize>)]) -> Self {
        let mut reading = Reading { chars: Vec::new(), at: Vec::new() };
        reading.push_bytes(bytes);
        reading
    }

    fn push_bytes(&mut self, bytes: &[(u8, Range<usize>)]) {
        let plain: Vec<u8> = bytes.iter().map(|(byte, _)| *byte).collect();
        let mut places = bytes.iter().map(|(_, at)| at);
        let mut push = |c: char, count: usize| {
            let (Some(first), rest) = (places.next(), places.by_ref().take(count - 1)) else { return };
            let end = rest.last().map_or(first.end, |last| last.end);
            self.chars.push(c);
            self.at.push(first.start..end);
        };
        for chunk in plain.utf8_chunks() {
            chunk.valid().chars().for_each(|c| push(c, c.len_utf8()));
            chunk.invalid().iter().for_each(|_| push(char::REPLACEMENT_CHARACTER, 1));
        }
    }

    fn places(&self, find: Find<'_>) -> Vec<Range<usize>> {
        find(&self.chars).into_iter().filter_map(|found| self.place(found)).collect()
    }

    fn place(&self, found: Range<usize>) -> Option<Range<usize>> {
        let places = self.at.get(found)?;
        Some(places.first()?.start..places.last()?.end)
    }

    /// Everything that this may stand for, if it has at least so many bytes.
    fn undisguised(&self, least: usize) -> Vec<Reading> {
        let mut all = Vec::new();
        for escape in &ESCAPES {
            // What looks like the beginning of an escape may be plain text, too.
            all.extend(self.unescaped(escape, self.chars.len()));
            all.extend(self.begun(escape).and_then(|end| self.unescaped(escape, end)));
        }
        self.unpack(6, base64_value, least, &mut all);
        self.unpack(4, |c| c.to_digit(16), least, &mut all);
        all
    }

    /// The place of an escape that the text ends within.
    fn begun(&self, escape: &Escape) -> Option<usize> {
        let length = self.chars.len();
        (length.saturating_sub(LONGEST_BEGUN)..length).find(|from| (escape.is_begun)(&self.chars[*from..]))
    }

    /// The text up to `end` without escapes of one kind; none where that is the text.
    fn unescaped(&self, escape: &Escape, end: usize) -> Option<Reading> {
        let chars = self.chars.get(..end)?;
        let mut plain = Reading { chars: Vec::with_capacity(self.chars.len()), at: Vec::new() };
        let mut bytes = Vec::new();
        let mut is_escaped = end < self.chars.len();
        let mut from = 0;
        while from < chars.len() {
            let (unit, count) = match (escape.read)(&chars[from..]) {
                Some(Unit::Char(c, count)) => (Ok(c), count),
                Some(Unit::Byte(byte, count)) => (Err(byte), count),
                None => (Ok(chars[from]), 1),
            };
            is_escaped |= count > 1 || unit != Ok(chars[from]);
            let place = self.place(from..from + count)?;
            match unit {
                Err(byte) => bytes.push((byte, place)),
                Ok(c) => {
                    plain.push_bytes(&std::mem::take(&mut bytes));
                    plain.chars.push(c);
                    plain.at.push(place);
                }
            }
            from += count;
        }
        plain.push_bytes(&bytes);
        is_escaped.then_some(plain)
    }

    /// Adds what every run of digits stands for, of which each has so many `bits`. A run may begin anywhere in what was
    /// packed, and have line breaks.
    fn unpack(&self, bits: usize, value: fn(char) -> Option<u32>, least: usize, all: &mut Vec<Reading>) {
        let mut run: Vec<(u32, usize)> = Vec::new();
        for (index, c) in self.chars.iter().copied().chain([' ']).enumerate() {
            if let Some(value) = value(c) {
                run.push((value, index));
            } else if run.is_empty() || !matches!(c, '\r' | '\n') {
                let run = std::mem::take(&mut run);
                // As many digits as have whole bytes between them: four of Base64, two of hexadecimal.
                for skipped in 0..(if bits == 6 { 4 } else { 2 }) {
                    all.extend(run.get(skipped..).and_then(|run| self.unpacked(run, bits, least)));
                }
            }
        }
    }

    /// The bytes of these digits; none where they are too few.
    fn unpacked(&self, run: &[(u32, usize)], bits: usize, least: usize) -> Option<Reading> {
        let count = run.len() * bits / 8;
        if count < least {
            return None;
        }
        let byte = |number: usize| {
            let (first, end) = (number * 8 / bits, (number * 8 + 7) / bits + 1);
            let digits = run.get(first..end)?;
            let all = digits.iter().fold(0u32, |all, (digit, _)| all << bits | digit);
            let surplus = end * bits - (number + 1) * 8;
            let byte = u8::try_from(all >> surplus & 0xff).ok()?;
            Some((byte, self.place(digits.first()?.1..digits.last()?.1 + 1)?))
        };
        let bytes: Option<Vec<_>> = (0..count).map(byte).collect();
        bytes.map(|bytes| Reading::of_bytes(&bytes))
    }
}

fn is_percent_begun(rest: &[char]) -> bool {
    matches!(rest, ['%', digits @ ..] if digits.len() < 2 && hex(digits).is_some())
}

fn is_entity_begun(rest: &[char]) -> bool {
    matches!(rest, ['&', name @ ..] if name.iter().all(|c| c.is_ascii_alphanumeric() || *c == '#'))
}

fn is_backslash_begun(rest: &[char]) -> bool {
    match rest {
        ['\\'] => true,
        ['\\', 'x', digits @ ..] => digits.len() < 2 && hex(digits).is_some(),
        ['\\', 'u', digits @ ..] => digits.len() < 4 && hex(digits).is_some(),
        _ => false,
    }
}

/// Base64 of both alphabets (RFC 4648, 4 and 5).
fn base64_value(c: char) -> Option<u32> {
    let c = u32::from(u8::try_from(c).ok()?);
    Some(match char::from_u32(c)? {
        'A'..='Z' => c - 65,
        'a'..='z' => c - 97 + 26,
        '0'..='9' => c - 48 + 52,
        '+' | '-' => 62,
        '/' | '_' => 63,
        _ => return None,
    })
}

/// Two to six hexadecimal digits.
fn hex(chars: &[char]) -> Option<u32> {
    chars.iter().try_fold(0, |all, c| Some(all << 4 | c.to_digit(16)?))
}

/// `%C3%bc` (RFC 3986, 2.1).
fn percent(chars: &[char]) -> Option<Unit> {
    let ['%', digits @ ..] = chars else { return None };
    Some(Unit::Byte(u8::try_from(hex(digits.get(..2)?)?).ok()?, 3))
}

/// The same in a form, where a plus is a space.
fn form(chars: &[char]) -> Option<Unit> {
    if chars.first() == Some(&'+') { Some(Unit::Char(' ', 1)) } else { percent(chars) }
}

/// `&amp;`, `&#38;`, `&#x26;`.
fn entity(chars: &[char]) -> Option<Unit> {
    let ['&', rest @ ..] = chars else { return None };
    let length = rest.iter().take(10).position(|c| *c == ';')?;
    let name: String = rest[..length].iter().collect();
    let c = if let Some(number) = name.strip_prefix('#') {
        let number = match number.strip_prefix(['x', 'X']) {
            Some(digits) => u32::from_str_radix(digits, 16),
            None => number.parse(),
        };
        char::from_u32(number.ok()?)?
    } else {
        const NAMES: [(&str, char); 16] = [
            ("amp", '&'),
            ("lt", '<'),
            ("gt", '>'),
            ("quot", '"'),
            ("apos", '\''),
            ("nbsp", '\u{a0}'),
            ("sect", '§'),
            ("deg", '°'),
            ("euro", '€'),
            ("auml", 'ä'),
            ("ouml", 'ö'),
            ("uuml", 'ü'),
            ("Auml", 'Ä'),
            ("Ouml", 'Ö'),
            ("Uuml", 'Ü'),
            ("szlig", 'ß'),
        ];
        NAMES.iter().find(|(known, _)| *known == name)?.1
    };
    Some(Unit::Char(c, length + 2))
}

/// `\u0026`, `\x26`, `\/`.
fn backslash(chars: &[char]) -> Option<Unit> {
    let ['\\', kind, digits @ ..] = chars else { return None };
    match kind {
        'u' => Some(Unit::Char(char::from_u32(hex(digits.get(..4)?)?)?, 6)),
        'x' => Some(Unit::Byte(u8::try_from(hex(digits.get(..2)?)?).ok()?, 4)),
        c if c.is_ascii_punctuation() => Some(Unit::Char(*c, 2)),
        _ => None,
    }
}
