//! The catalogue: one Fluent bundle for each language.

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
    bundle: FluentBundle<FluentResource>,
}

impl Texts {
    /// The texts in the system's language, for use before the person's choice is known.
    pub fn of_system() -> Self {
        Self::of(Language::chosen(LanguageChoice::System))
    }

    /// The texts in `language`.
    pub fn of(language: Language) -> Self {
        let id = match language {
            Language::De => langid!("de"),
            Language::En => langid!("en"),
        };
        let mut bundle = FluentBundle::new_concurrent(vec![id]);
        // The bidirectional isolation marks would end up in menus and notifications as boxes.
        bundle.set_use_isolating(false);
        for source in language.sources() {
            // Tests find mistakes in the catalogue; whatever could be read is used.
            let resource = FluentResource::try_new(source.to_owned()).unwrap_or_else(|(partial, _)| partial);
            bundle.add_resource_overriding(resource);
        }
        Texts { language, bundle }
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
        let Some(pattern) = self.bundle.get_message(id).and_then(|message| message.value()) else {
            // Tests go through all codes, so nobody sees this; an id still says more than nothing.
            return id.to_owned();
        };
        let mut errors = Vec::new();
        self.bundle.format_pattern(pattern, args, &mut errors).into_owned()
    }
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
    fn a_plural_follows_its_number() {
        let german = Texts::of(Language::De);
        assert_eq!(german.say_count("tray-more", 1), "und 1 weiterer …");
        assert_eq!(german.say_count("tray-more", 12), "und 12 weitere …");
    }
}
