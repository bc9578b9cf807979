//! Mistakes in the form or the settings file, in the window's words.

use dyntray_core::settings::form::FieldError;
use dyntray_texts::Texts;

/// A mistake in words, with the host name of its entry, or the entry's number where the name isn't known.
pub fn text(texts: &Texts, error: &FieldError, hostnames: &[String]) -> String {
    let what = texts.field_error(error);
    let Some(entry) = error.entry else { return what };
    let name =
        usize::try_from(entry).ok().and_then(|entry| hostnames.get(entry)).filter(|name| !name.is_empty());
    match name {
        Some(name) => format!("{name}: {what}"),
        None => format!("{}: {what}", entry + 1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use dyntray_core::settings::form::Field;
    use dyntray_core::types::hostname::HostnameError;
    use dyntray_texts::Language;

    #[test]
    fn a_mistake_is_said_in_the_words_of_the_window_behind_its_entrys_name_or_number() {
        let at = |entry| FieldError { entry, field: Field::Hostname, problem: HostnameError::NotFull.into() };
        let texts = Texts::of(Language::En);
        let words = texts.say("problem-hostname-not-full");
        assert!(!words.starts_with("problem-"), "{words}");
        let hostnames = ["home".to_owned(), String::new()];
        for (entry, said) in [
            (None, words.clone()),
            (Some(0), format!("home: {words}")),
            (Some(1), format!("2: {words}")),
            (Some(2), format!("3: {words}")),
        ] {
            assert_eq!(text(&texts, &at(entry), &hostnames), said);
        }
    }
}
