//! The catalogue: one Fluent bundle for each language. A program that runs all day needs few of its messages, so each is
//! read when it is first wanted.

use std::sync::{Mutex, PoisonError};

use dyntray_core::settings::LanguageChoice;
use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use unic_langid::langid;

/// A language that the catalogue has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    /// German.
    De,
    /// English.
    En,
}

impl Language {
    /// The chosen language. `System` follows the system, and falls back to English where the catalogue lacks its language.
    pub fn chosen(choice: LanguageChoice) -> Self {
        match choice {
            LanguageChoice::De => Language::De,
            LanguageChoice::En => Language::En,
            LanguageChoice::System => {
                let locale = sys_locale::get_locale().unwrap_or_default();
                if locale.to_ascii_lowercase().starts_with("de") { Language::De } else { Language::En }
            }
        }
    }

    /// A bundle without messages.
    fn bundle(self) -> FluentBundle<FluentResource> {
        let id = match self {
            Language::De => langid!("de"),
            Language::En => langid!("en"),
        };
        let mut bundle = FluentBundle::new_concurrent(vec![id]);
        // The bidirectional isolation marks would end up in menus and notifications as boxes.
        bundle.set_use_isolating(false);
        bundle
    }

    fn sources(self) -> [&'static str; 2] {
        match self {
            Language::De => [include_str!("../locales/de/words.ftl"), include_str!("../locales/de/tray.ftl")],
            Language::En => [include_str!("../locales/en/words.ftl"), include_str!("../locales/en/tray.ftl")],
        }
    }
}

/// All texts in one language.
pub struct Texts {
    language: Language,
    /// The program as the reader types it, who has no window.
    pub(crate) program: Option<&'static str>,
    /// The messages that were wanted so far.
    bundle: Mutex<FluentBundle<FluentResource>>,
}

impl Texts {
    /// The texts in the system's language, for use before the person's choice is known.
    pub fn of_system() -> Self {
        Self::of(Language::chosen(LanguageChoice::System))
    }

    /// The texts in `language`.
    pub fn of(language: Language) -> Self {
        Texts { language, program: None, bundle: Mutex::new(language.bundle()) }
    }

    /// The same for a reader who has no window, and types `program` before each command.
    #[must_use]
    pub fn for_commands(self, program: &'static str) -> Self {
        Texts { program: Some(program), ..self }
    }

    /// The language of these texts.
    pub fn language(&self) -> Language {
        self.language
    }

    /// The text of `id`.
    pub fn say(&self, id: &str) -> String {
        self.format(id, None)
    }

    /// The text of `id`, with `values` filled in.
    pub fn say_with(&self, id: &str, values: &[(&str, &str)]) -> String {
        let args: FluentArgs<'_> =
            values.iter().map(|(name, value)| (*name, FluentValue::from(*value))).collect();
        self.format(id, Some(&args))
    }

    /// The text of `id` for `count` things.
    pub fn say_count(&self, id: &str, count: usize) -> String {
        let args: FluentArgs<'_> = [("count", FluentValue::from(count))].into_iter().collect();
        self.format(id, Some(&args))
    }

    fn format(&self, id: &str, args: Option<&FluentArgs<'_>>) -> String {
        let mut bundle = self.bundle.lock().unwrap_or_else(PoisonError::into_inner);
        if !bundle.has_message(id) {
            let source = self.language.sources().into_iter().find_map(|source| message(source, id));
            // Tests find mistakes in the catalogue.
            if let Some(Ok(resource)) = source.map(|source| FluentResource::try_new(source.to_owned())) {
                bundle.add_resource_overriding(resource);
            }
        }
        let Some(pattern) = bundle.get_message(id).and_then(|message| message.value()) else {
            // Tests go through all codes, so nobody sees this; an id still says more than nothing.
            return id.to_owned();
        };
        let mut errors = Vec::new();
        bundle.format_pattern(pattern, args, &mut errors).into_owned()
    }
}

/// The lines of the message `id` in a catalogue: its first line, and those that go on with it.
fn message<'a>(source: &'a str, id: &str) -> Option<&'a str> {
    let is_there =
        |at: usize| (at == 0 || source[..at].ends_with('\n')) && source[at + id.len()..].starts_with(" =");
    let start = source.match_indices(id).map(|(at, _)| at).find(|at| is_there(*at))?;
    let rest = &source[start..];
    let goes_on = |at: usize| rest[at + 1..].starts_with([' ', '}']);
    let end = rest.match_indices('\n').map(|(at, _)| at).find(|at| !goes_on(*at));
    Some(&rest[..end.unwrap_or(rest.len())])
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    fn ids(language: Language) -> BTreeSet<String> {
        language
            .sources()
            .iter()
            .flat_map(|source| source.lines())
            .filter_map(|line| line.split_once(" ="))
            .map(|(id, _)| id.to_owned())
            .filter(|id| !id.starts_with([' ', '#']))
            .collect()
    }

    #[test]
    fn both_languages_say_the_same_things_and_are_written_without_mistakes() {
        assert_eq!(ids(Language::De), ids(Language::En));
        for source in [Language::De, Language::En].iter().flat_map(|language| language.sources()) {
            assert!(FluentResource::try_new(source.to_owned()).is_ok());
        }
    }

    #[test]
    fn each_message_alone_says_what_it_says_in_the_whole_catalogue() {
        let values = ["hostname", "address", "addresses", "time", "since", "why", "path", "what"];
        let mut args: FluentArgs<'_> =
            values.into_iter().map(|name| (name, FluentValue::from("x"))).collect();
        args.set("count", FluentValue::from(2));
        args.set("family", FluentValue::from("ipv4"));
        for language in [Language::De, Language::En] {
            let mut whole = language.bundle();
            for source in language.sources() {
                let resource =
                    FluentResource::try_new(source.to_owned()).expect("a catalogue without mistakes");
                whole.add_resource(resource).expect("each id once");
            }
            for id in ids(language) {
                let message = whole.get_message(&id).expect("a message").value().expect("a text");
                let expected = whole.format_pattern(message, Some(&args), &mut Vec::new());
                assert_eq!(Texts::of(language).format(&id, Some(&args)), expected, "{id}");
            }
        }
    }

    /// All string literals without spaces in the sources of this crate and of the program.
    fn literals_in(folder: &std::path::Path, literals: &mut BTreeSet<String>) {
        for entry in std::fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                literals_in(&path, literals);
            // Presses have names of their own, which nobody sees.
            } else if path.extension().is_some_and(|ending| ending == "rs") && !path.ends_with("press.rs") {
                let source = std::fs::read_to_string(&path).expect("a source");
                let pieces = source.split('"').filter(|piece| !piece.contains(char::is_whitespace));
                literals.extend(pieces.map(str::to_owned));
            }
        }
    }

    #[test]
    fn no_text_that_the_program_names_is_in_the_windows_catalogue_alone() {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
        let mut named = BTreeSet::new();
        literals_in(&folder.join("src"), &mut named);
        literals_in(&folder.join("../dyntray/src"), &mut named);
        let own = ids(Language::En);
        assert!(named.intersection(&own).count() > 100, "{named:?}");
        let window = include_str!("../locales/en/window.ftl").lines();
        let window = window.filter_map(|line| line.split_once(" =")).map(|(id, _)| id.to_owned());
        let window: BTreeSet<String> = window.filter(|id| id.contains('-') && !own.contains(id)).collect();
        let strays: Vec<_> = named.intersection(&window).collect();
        assert!(strays.is_empty(), "the program would show their ids: {strays:?}");
    }

    #[test]
    fn a_plural_follows_its_number() {
        let german = Texts::of(Language::De);
        assert_eq!(german.say_count("tray-more", 1), "und 1 weiterer …");
        assert_eq!(german.say_count("tray-more", 12), "und 12 weitere …");
    }
}
