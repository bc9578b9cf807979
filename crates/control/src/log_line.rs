//! One line of the always-on program's log.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// One line of the log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
pub struct LogLine {
    /// The time when it was written.
    #[cfg_attr(feature = "bindings", ts(type = "string"))]
    pub at: Timestamp,
    /// Its severity.
    pub level: LogLevel,
    /// The sentence, in English.
    #[serde(default)]
    pub message: String,
    /// The whole line: the part of the program, the sentence, and its details.
    pub text: String,
}

/// The severity of a line of the log, the most severe first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub enum LogLevel {
    /// Something failed.
    Error,
    /// Something isn't as it should be.
    Warn,
    /// A step of the program's work.
    Info,
    /// A detail of such a step; written only when `DYNTRAY_LOG` asks for it.
    Debug,
    /// The finest detail; written only when `DYNTRAY_LOG` asks for it.
    Trace,
}

impl LogLevel {
    /// The level's word in the file.
    pub fn word(self) -> &'static str {
        match self {
            LogLevel::Error => "ERROR",
            LogLevel::Warn => "WARN",
            LogLevel::Info => "INFO",
            LogLevel::Debug => "DEBUG",
            LogLevel::Trace => "TRACE",
        }
    }

    /// The level with this word.
    pub fn of(word: &str) -> Option<Self> {
        let all = [LogLevel::Error, LogLevel::Warn, LogLevel::Info, LogLevel::Debug, LogLevel::Trace];
        all.into_iter().find(|level| level.word() == word)
    }
}
