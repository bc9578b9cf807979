//! Programs of others that cargo can install: the person's own where there is one, else one in `target/tools`.

use std::{path::PathBuf, process::Command};

use crate::{Result, command, workspace};

/// A subcommand of cargo's that isn't its own.
#[derive(Debug, Clone, Copy)]
pub struct Tool {
    /// Its name and its package's.
    pub name: &'static str,
    /// What is installed where there is none.
    pub version: &'static str,
    /// Its word: `cargo WORD`.
    pub word: &'static str,
}

/// Tells the licences, sources and known weaknesses of dependencies.
pub const DENY: Tool = Tool { name: "cargo-deny", version: "0.20.2", word: "deny" };
/// Lists dependencies as CycloneDX.
pub const CYCLONEDX: Tool = Tool { name: "cargo-cyclonedx", version: "0.5.9", word: "cyclonedx" };

impl Tool {
    /// Ready to be given arguments; installed before, where it isn't there.
    pub fn prepared(self) -> Result<Command> {
        let own = workspace::target().join("tools");
        let installed = own.join("bin").join(format!("{}{}", self.name, std::env::consts::EXE_SUFFIX));
        let program = if command::is_on_path(self.name) {
            PathBuf::from(self.name)
        } else {
            if !installed.is_file() {
                println!("{} isn't installed; it is built into {} now.", self.name, own.display());
                let mut cargo = command::cargo();
                cargo.args(["install", "--locked", "--quiet", "--version", self.version, "--root"]);
                command::run(cargo.arg(&own).arg(self.name))?;
            }
            installed
        };
        let mut command = command::program(program);
        command.arg(self.word);
        Ok(command)
    }
}
