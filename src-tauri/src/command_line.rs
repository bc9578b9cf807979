//! The arguments that the always-on program starts the window with.

use clap::{Parser, ValueEnum};
use dyntray_control::Page;
use dyntray_core::types::entry_id::EntryId;

/// Dyntray's window, which `dyntray` opens. Started by itself, it starts `dyntray` where that isn't running.
#[derive(Debug, Parser)]
#[command(name = "dyntray-window", version)]
pub struct CommandLine {
    /// The page to show first.
    #[arg(long, value_enum)]
    page: Option<PageName>,
    /// The number of the entry that needs a new token.
    #[arg(long, value_name = "NUMBER", required_if_eq("page", "new-token"))]
    entry: Option<u32>,
}

/// The party that started the window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StartedBy {
    /// The always-on program, which was running then.
    Program,
    /// A person, from a terminal or by a pin.
    Person,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum PageName {
    Status,
    Settings,
    NewToken,
    Diagnostics,
    About,
}

impl CommandLine {
    /// The program that started the window: the always-on program always names a page.
    pub fn started_by(&self) -> StartedBy {
        if self.page.is_some() { StartedBy::Program } else { StartedBy::Person }
    }

    /// The page to show first.
    pub fn first_page(&self) -> Page {
        match (self.page, self.entry) {
            (Some(PageName::NewToken), Some(entry)) => Page::NewToken { entry: EntryId(entry) },
            (Some(PageName::Settings), _) => Page::Settings,
            (Some(PageName::Diagnostics), _) => Page::Diagnostics,
            (Some(PageName::About), _) => Page::About,
            // The parser lets no new-token page through without its entry.
            (None | Some(PageName::Status | PageName::NewToken), _) => Page::Status,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn first_page(words: &[&str]) -> Result<Page, clap::error::ErrorKind> {
        let words = std::iter::once(&"dyntray-window").chain(words);
        CommandLine::try_parse_from(words).map(|line| line.first_page()).map_err(|error| error.kind())
    }

    #[test]
    fn without_words_the_status_page_comes_first() {
        assert_eq!(first_page(&[]), Ok(Page::Status));
    }

    #[test]
    fn the_always_on_program_always_names_a_page() {
        let started_by = |words: &[&str]| {
            CommandLine::try_parse_from(words).map(|line| line.started_by()).expect("a command line")
        };
        assert_eq!(started_by(&["dyntray-window"]), StartedBy::Person);
        assert_eq!(started_by(&["dyntray-window", "--page", "status"]), StartedBy::Program);
    }

    #[test]
    fn every_page_has_its_words() {
        assert_eq!(first_page(&["--page", "status"]), Ok(Page::Status));
        assert_eq!(first_page(&["--page", "settings"]), Ok(Page::Settings));
        assert_eq!(first_page(&["--page", "diagnostics"]), Ok(Page::Diagnostics));
        assert_eq!(first_page(&["--page", "about"]), Ok(Page::About));
        assert_eq!(
            first_page(&["--page", "new-token", "--entry", "7"]),
            Ok(Page::NewToken { entry: EntryId(7) })
        );
    }

    #[test]
    fn a_new_token_is_for_one_entry() {
        assert_eq!(
            first_page(&["--page", "new-token"]),
            Err(clap::error::ErrorKind::MissingRequiredArgument)
        );
    }

    #[test]
    fn other_words_are_refused() {
        assert_eq!(first_page(&["--page", "log"]), Err(clap::error::ErrorKind::InvalidValue));
        assert_eq!(
            first_page(&["--page", "new-token", "--entry", "home"]),
            Err(clap::error::ErrorKind::ValueValidation)
        );
        assert_eq!(first_page(&["status"]), Err(clap::error::ErrorKind::UnknownArgument));
    }
}
