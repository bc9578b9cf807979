//! # dyntray-texts
//!
//! Every text that people see, in German and English. The catalogue in `locales/` is the only one: the window reads the
//! same files. `words`, `network`, `import`, `field_error` and `explanation` turn the core's closed codes into words; [`notice`],
//! [`tray`], [`report`], [`diagnostics`] and `history_table` compose a text for one place each.

mod advice;
mod catalogue;
pub mod diagnostics;
mod explanation;
mod field_error;
mod form_conflict;
mod history_table;
mod import;
mod network;
pub mod notice;
mod press;
pub mod report;
mod time;
pub mod tray;
mod words;
mod zone;

pub use catalogue::{Language, Texts};
pub use press::{NoPress, Press};
pub use zone::here;
