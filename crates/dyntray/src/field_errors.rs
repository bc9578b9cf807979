//! Mistakes in the form or the settings file, in the window's words.

use dyntray_core::settings::form::FieldError;
use dyntray_texts::Texts;
use serde_json::Value;

/// A mistake in words, with the host name of its entry, or the entry's number where the name isn't known.
pub fn text(texts: &Texts, error: &FieldError, hostnames: &[String]) -> String {
    let what = problem(texts, error);
    let Some(entry) = error.entry else { return what };
    let name =
        usize::try_from(entry).ok().and_then(|entry| hostnames.get(entry)).filter(|name| !name.is_empty());
    match name {
        Some(name) => format!("{name}: {what}"),
        None => format!("{}: {what}", entry + 1),
    }
}

/// The mistake itself in words. The text's id is made from the mistake's code, as in the window.
fn problem(texts: &Texts, error: &FieldError) -> String {
    let Ok(Value::Object(code)) = serde_json::to_value(&error.problem) else {
        return texts.say("refusal-fields");
    };
    let data: Vec<(String, String)> = code
        .iter()
        .map(|(name, value)| (name.clone(), value.as_str().map_or_else(|| value.to_string(), str::to_owned)))
        .collect();
    let data: Vec<(&str, &str)> = data.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let kind = code.get("kind").and_then(Value::as_str).unwrap_or_default();
    texts.say_with(&format!("problem-{}", kebab(kind)), &data)
}

/// Turns `hostnameNotFull` into `hostname-not-full`.
fn kebab(name: &str) -> String {
    name.chars().fold(String::new(), |mut text, letter| {
        if letter.is_ascii_uppercase() {
            text.push('-');
        }
        text.push(letter.to_ascii_lowercase());
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use dyntray_core::settings::form::{Field, Problem};
    use dyntray_texts::Language;

    #[test]
    fn a_mistake_is_said_in_the_words_of_the_window() {
        let error = |problem| FieldError { entry: Some(0), field: Field::Hostname, problem };
        let texts = Texts::of(Language::En);
        let said = problem(&texts, &error(Problem::HostnameNotFull));
        assert_eq!(said, texts.say("problem-hostname-not-full"));
        assert!(!said.starts_with("problem-"), "{said}");
        let said = problem(&texts, &error(Problem::HostnameCharacter { character: "ß".to_owned() }));
        assert!(said.contains('ß'), "{said}");
    }
}
