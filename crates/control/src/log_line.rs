//! One line of the always-on program's log, as it is asked for.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// One line of the log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
pub struct LogLine {
    /// When it was written.
    #[cfg_attr(feature = "bindings", ts(type = "string"))]
    pub at: Timestamp,
    /// How grave it is.
    pub level: LogLevel,
    /// The part of the program, and what it had to tell. In English, for whoever looks for a fault.
    pub text: String,
}

/// How grave a line of the log is, the gravest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub enum LogLevel {
    /// Something failed.
    Error,
    /// Something isn't as hoped.
    Warn,
    /// What the program does.
    Info,
    /// How it does it; only written when `DYNTRAY_LOG` says so.
    Debug,
    /// Every step of it.
    Trace,
}

impl LogLevel {
    /// The word that stands in the file.
    pub fn word(self) -> &'static str {
        match self {
            LogLevel::Error => "ERROR",
            LogLevel::Warn => "WARN",
            LogLevel::Info => "INFO",
            LogLevel::Debug => "DEBUG",
            LogLevel::Trace => "TRACE",
        }
    }

    /// The level of that word.
    pub fn of(word: &str) -> Option<Self> {
        let all = [LogLevel::Error, LogLevel::Warn, LogLevel::Info, LogLevel::Debug, LogLevel::Trace];
        all.into_iter().find(|level| level.word() == word)
    }
}
