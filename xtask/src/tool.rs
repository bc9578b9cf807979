//! Third-party subcommands of cargo: from `PATH` where they are installed, else from `target/tools`.

use std::{path::PathBuf, process::Command};

use crate::{Result, command, workspace};

/// A third-party subcommand of cargo.
#[derive(Debug, Clone, Copy)]
pub struct Tool {
    /// The name of the program and of its package.
    pub name: &'static str,
    /// The version to install if there is none.
    pub version: &'static str,
    /// The subcommand's name, as in `cargo deny`.
    pub subcommand: &'static str,
}

/// Checks the licences, sources and known vulnerabilities of dependencies.
pub const DENY: Tool = Tool { name: "cargo-deny", version: "0.20.2", subcommand: "deny" };
/// Lists dependencies as CycloneDX.
pub const CYCLONEDX: Tool = Tool { name: "cargo-cyclonedx", version: "0.5.9", subcommand: "cyclonedx" };

impl Tool {
    /// The tool's command. Installs the tool if it is missing.
    pub fn command(self) -> Result<Command> {
        let folder = workspace::target().join("tools");
        let installed = folder.join("bin").join(format!("{}{}", self.name, std::env::consts::EXE_SUFFIX));
        let program = if command::is_on_path(self.name) {
            PathBuf::from(self.name)
        } else {
            if !installed.is_file() {
                println!("{} isn't installed; building it into {}.", self.name, folder.display());
                let mut cargo = command::cargo();
                cargo.args(["install", "--locked", "--quiet", "--version", self.version, "--root"]);
                command::run(cargo.arg(&folder).arg(self.name))?;
            }
            installed
        };
        let mut command = command::program(program);
        command.arg(self.subcommand);
        Ok(command)
    }
}
