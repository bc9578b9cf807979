//! The programs that the tests for Windows run: those that are shipped, in the folder that `DYNTRAY_BIN_DIR` names, or else
//! the one that was built for the tests.
// Each test uses what it needs.
#![allow(dead_code)]

use std::path::PathBuf;

/// The program with the tray.
pub fn tray_program() -> PathBuf {
    shipped("dyntray.exe").unwrap_or_else(|| PathBuf::from(env!("CARGO_BIN_EXE_dyntray")))
}

/// The console program; the one that was built for the tests has a console, too.
pub fn console_program() -> PathBuf {
    shipped("dyntray.com").unwrap_or_else(tray_program)
}

/// A program as it is shipped.
pub fn shipped(name: &str) -> Option<PathBuf> {
    std::env::var_os("DYNTRAY_BIN_DIR").map(|folder| PathBuf::from(folder).join(name))
}
