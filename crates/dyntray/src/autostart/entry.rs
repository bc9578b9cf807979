//! What the system's entry for autostart says of the program that it starts.

use std::path::Path;

use dyntray_control::AutostartNote;

/// Autostart as the system has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct State {
    /// True if this program starts.
    pub on: bool,
    /// What a person should know.
    pub note: Option<AutostartNote>,
}

impl State {
    /// The state of an entry that starts `program`, if there is one; where none is named, it can only be this program.
    /// `is_same` compares it with this one.
    #[cfg(any(target_os = "macos", windows, test))]
    pub fn of_entry(program: Option<&str>, is_same: impl Fn(&str) -> bool) -> Self {
        match program {
            Some(other) if !is_same(other) => {
                State { on: false, note: Some(AutostartNote::Another { program: other.to_owned() }) }
            }
            _ => State { on: true, note: None },
        }
    }
}

impl From<bool> for State {
    fn from(on: bool) -> Self {
        State { on, note: None }
    }
}

/// True for places on macOS at which a program won't be found after the next log-in: a disk image, and the copy of a
/// downloaded app that the system makes for each start until the person has moved the app (App Translocation).
pub fn is_passing(program: &Path) -> bool {
    let path = program.to_string_lossy();
    path.starts_with("/Volumes/") || path.contains("/AppTranslocation/")
}

/// The program that a launch agent starts (launchd.plist(5)): the first of its arguments.
#[cfg(any(target_os = "macos", test))]
pub fn program_of_agent(plist: &str) -> Option<String> {
    let (_, arguments) = plist.split_once("<key>ProgramArguments</key>")?;
    let (_, first) = arguments.split_once("<string>")?;
    let (program, _) = first.split_once("</string>")?;
    Some(program.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&"))
}

/// The program that a command line of Windows' `Run` key starts.
#[cfg(any(windows, test))]
pub fn program_of_command(command: &str) -> &str {
    let command = command.trim();
    match command.strip_prefix('"') {
        Some(quoted) => quoted.split('"').next().unwrap_or(quoted),
        // Without quotes, a blank in the path can't be told from its end.
        None => command,
    }
}

/// True if both paths are the same to Windows, which takes capitals for small letters and has two kinds of slashes.
#[cfg(any(windows, test))]
pub fn is_same_on_windows(one: &str, other: &str) -> bool {
    let plain = |path: &str| path.replace('/', "\\").to_lowercase();
    plain(one) == plain(other)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_disk_image_and_the_systems_own_copy_are_no_place_to_start_from() {
        for passing in [
            "/Volumes/Dyntray/Dyntray.app/Contents/MacOS/dyntray",
            "/private/var/folders/x/T/AppTranslocation/1B-2/d/Dyntray.app/Contents/MacOS/dyntray",
        ] {
            assert!(is_passing(Path::new(passing)), "{passing}");
        }
        for lasting in ["/Applications/Dyntray.app/Contents/MacOS/dyntray", "/Users/ann/Volumes/dyntray"] {
            assert!(!is_passing(Path::new(lasting)), "{lasting}");
        }
    }

    #[test]
    fn the_program_of_an_agent_is_its_first_argument() {
        let plist = "<dict><key>Label</key><string>de.dyntray</string><key>ProgramArguments</key>\n<array>\n\
                     <string>/R&amp;D/dyntray</string><string>--later</string></array></dict>";
        assert_eq!(program_of_agent(plist).as_deref(), Some("/R&D/dyntray"));
        assert_eq!(program_of_agent("<dict/>"), None);
    }

    #[test]
    fn the_program_of_a_command_is_told_with_quotes_and_without() {
        assert_eq!(program_of_command("\"C:\\a b\\dyntray.exe\" run"), "C:\\a b\\dyntray.exe");
        assert_eq!(program_of_command("C:\\dyntray.exe"), "C:\\dyntray.exe");
        assert!(is_same_on_windows("c:/Dyntray/dyntray.EXE", "C:\\Dyntray\\dyntray.exe"));
        assert!(!is_same_on_windows("C:\\old\\dyntray.exe", "C:\\Dyntray\\dyntray.exe"));
    }

    #[test]
    fn an_entry_with_another_path_is_another_dyntray() {
        let state = |program| State::of_entry(program, |other| other == "/here");
        assert_eq!(state(Some("/here")), State::from(true));
        assert_eq!(state(None), State::from(true));
        let another = AutostartNote::Another { program: "/gone".to_owned() };
        assert_eq!(state(Some("/gone")), State { on: false, note: Some(another) });
    }
}
