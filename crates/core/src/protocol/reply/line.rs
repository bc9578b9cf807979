//! The line of an answer that people are shown.

use super::text::Text;
use crate::types::redact::without_secret;

/// The first line of an answer, cleaned for people: printable, at most 80 characters.
pub fn first_line(body: &[u8]) -> String {
    cleaned(Text::of(beginning(body)).as_str())
}

/// The first line of an answer to a request with `secret`, which it may repeat: without the secret, whatever it is
/// disguised as.
pub fn first_line_without(body: &[u8], secret: &str) -> String {
    cleaned(&without_secret(Text::of(beginning(body)).as_str(), secret))
}

fn beginning(body: &[u8]) -> &[u8] {
    &body[..body.len().min(4096)]
}

fn cleaned(text: &str) -> String {
    let line = text.lines().map(str::trim).find(|line| !line.is_empty()).unwrap_or_default();
    line.chars().map(|c| if c.is_control() { ' ' } else { c }).take(80).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shown_line_is_short_and_printable() {
        let long = "x".repeat(500);
        assert_eq!(first_line(long.as_bytes()).len(), 80);
        assert_eq!(first_line(b"\n  <!DOCTYPE html>\x1b[31m\n"), "<!DOCTYPE html> [31m");
    }

    #[test]
    fn the_shown_line_has_no_secret_that_the_answer_repeats_or_breaks_off_in() {
        let shown = |body: &[u8]| first_line_without(body, "abcd-efgh-ijkl");
        assert_eq!(shown(b"\n no: abcd%2Defgh%2Dijkl\n"), "no: ***");
        assert_eq!(shown(b"no: abcd-efg"), "no: ***");
        // Of a longer line, nothing is left of a secret at its end.
        let long = ["x".repeat(70), "abcd-efgh-ijkl".to_owned()].concat();
        assert_eq!(shown(long.as_bytes()), "x".repeat(70) + "***");
    }
}
