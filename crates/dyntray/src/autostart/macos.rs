//! The user's launch agents on macOS (launchd.plist(5)): one file per program, read at log-in.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use dyntray_control::owner;

use super::entry::{State, program_of_agent};
use crate::own_program;

/// The beginning of labels, as launchd wants them; the profile's name follows.
const DOMAIN: &str = "de.dyntray";

fn file(name: &str) -> io::Result<PathBuf> {
    let folders = directories::BaseDirs::new();
    let folders = folders.ok_or_else(|| io::Error::new(io::ErrorKind::NotFound, "no home directory"))?;
    Ok(folders.home_dir().join("Library/LaunchAgents").join(format!("{DOMAIN}.{name}.plist")))
}

pub fn state(name: &str) -> io::Result<State> {
    match fs::read_to_string(file(name)?) {
        Ok(plist) => {
            let own = own_program::path()?;
            Ok(State::of_entry(program_of_agent(&plist).as_deref(), |program| Path::new(program) == own))
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false.into()),
        Err(error) => Err(error),
    }
}

pub fn enable(name: &str, program: &Path) -> io::Result<()> {
    let file = file(name)?;
    if let Some(folder) = file.parent() {
        owner::create_folder(folder)?;
    }
    fs::write(file, agent(name, program))
}

pub fn disable(name: &str) -> io::Result<()> {
    match fs::remove_file(file(name)?) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// Started once, at log-in into the desktop; a program that the person quits stays so.
fn agent(name: &str, program: &Path) -> String {
    let program = escaped(&program.display().to_string());
    format!(
        r#"<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0">
<dict>
    <key>Label</key>
    <string>{DOMAIN}.{name}</string>
    <key>ProgramArguments</key>
    <array>
        <string>{program}</string>
    </array>
    <key>RunAtLoad</key>
    <true/>
    <key>ProcessType</key>
    <string>Interactive</string>
    <key>LimitLoadToSessionType</key>
    <string>Aqua</string>
</dict>
</plist>
"#
    )
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_agent_starts_the_program_at_log_in_wherever_it_lies() {
        let program = "/Applications/R&D/Dyntray.app/Contents/MacOS/dyntray";
        let agent = agent("dyntray", Path::new(program));
        assert_eq!(program_of_agent(&agent).as_deref(), Some(program));
        assert!(agent.contains("<string>de.dyntray.dyntray</string>"));
        assert!(agent.contains("<string>/Applications/R&amp;D/Dyntray.app/Contents/MacOS/dyntray</string>"));
        assert!(agent.contains("<key>RunAtLoad</key>\n    <true/>"));
    }
}
