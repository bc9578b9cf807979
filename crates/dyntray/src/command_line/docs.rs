//! Shell completions and the manual page, made from the definition of the command line itself.

use std::io;

use clap::CommandFactory as _;
use clap_complete::Shell;

use super::arguments::Arguments;
use super::print::print_text;

/// Writes the completions for a shell.
pub(super) fn completions(shell: Shell) {
    clap_complete::generate(shell, &mut Arguments::command(), "dyntray", &mut io::stdout());
}

/// Writes the manual page, one for the program and all its commands.
pub(super) fn manual() -> io::Result<()> {
    let command = Arguments::command().disable_help_subcommand(true);
    let mut page = rendered(&command, |man, page| man.render(page))?;
    // Commands have no page of their own.
    for part in command.get_subcommands() {
        let name = part.get_name();
        page =
            page.replace(&format!("dyntray\\-{}(1)", name.replace('-', "\\-")), &format!("dyntray {name}"));
    }
    for (name, part) in with_options("dyntray", &command) {
        let options = rendered(part, |man, page| man.render_options_section(page))?;
        page.extend([".SH OPTIONS OF ", &name, "\n"]);
        page.extend(options.lines().filter(|line| !is_heading(line)).flat_map(|line| [line, "\n"]));
    }
    page.push_str(&sections());
    print_text(&page)
}

/// The exit codes, as in `docs/en/command-line.md`.
const EXIT_STATUS: [(&str, &str); 6] = [
    ("0", "Done; or every host name that is switched on is kept up to date."),
    ("1", "It failed or was refused; standard error says why."),
    ("2", "The command line is wrong."),
    ("3", "Dyntray isn't running, and the command needs a running one."),
    ("4", "Something needs attention: a refusal, a missing token, the keyring, an unknown network."),
    ("5", "An address isn't published: it wasn't found, is held back, is due, or was never sent."),
];

/// The variables that people may set.
const ENVIRONMENT: [(&str, &str); 4] = [
    ("DYNTRAY_SECRETS_FILE", "Does the same as --secrets-file."),
    ("DYNTRAY_PROFILE", "Names a separate Dyntray with its own settings, history, tokens and socket."),
    ("DYNTRAY_LOG", "Sets how much is logged, for example dyntray_agent=debug."),
    (
        "CREDENTIALS_DIRECTORY",
        "Set by systemd: the folder with credentials. One that is named like a host name is its token.",
    ),
];

/// The files of a person's Dyntray and of the system's service.
const FILES: [(&str, &str); 6] = [
    ("~/.config/dyntray/settings.toml", "The settings; they hold no secret."),
    ("~/.local/share/dyntray/", "State, history and log."),
    ("/var/lib/dyntray/settings.toml", "The settings of the system's service."),
    ("/var/lib/dyntray/secrets", "Its tokens and passwords, for itself and root only."),
    ("/var/lib/dyntray/", "Its state, history and log."),
    ("/run/dyntray/", "Its socket."),
];

/// The sections that the command line's definition doesn't know.
fn sections() -> String {
    let section = |(title, items): (&str, &[(&str, &str)])| {
        let items = items.iter().map(|(name, text)| format!(".TP\n\\fB{}\\fR\n{}\n", roff(name), roff(text)));
        format!(".SH {title}\n{}", items.collect::<String>())
    };
    [("EXIT STATUS", &EXIT_STATUS[..]), ("ENVIRONMENT", &ENVIRONMENT), ("FILES", &FILES)]
        .map(section)
        .concat()
}

/// A text without anything that roff would take for its own.
fn roff(text: &str) -> String {
    text.replace('\\', "\\\\").replace('-', "\\-").replace('\'', "\\(aq")
}

fn rendered(
    command: &clap::Command,
    render: impl Fn(&clap_mangen::Man, &mut Vec<u8>) -> io::Result<()>,
) -> io::Result<String> {
    let mut page = Vec::new();
    render(&clap_mangen::Man::new(command.clone()), &mut page)?;
    String::from_utf8(page).map_err(io::Error::other)
}

/// True for a section's own title, and for definitions that roff needs only once.
fn is_heading(line: &str) -> bool {
    line.starts_with(".SH") || line.starts_with(".ie") || line.starts_with(".el")
}

/// All commands below this one that take arguments, with their full names.
fn with_options<'a>(above: &str, command: &'a clap::Command) -> Vec<(String, &'a clap::Command)> {
    let mut found = Vec::new();
    for part in command.get_subcommands() {
        let name = format!("{above} {}", part.get_name());
        if part.get_arguments().next().is_some() {
            found.push((name.clone(), part));
        }
        found.extend(with_options(&name, part));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_manual_page_names_files_variables_and_exit_codes() {
        let page = sections();
        for title in ["EXIT STATUS", "ENVIRONMENT", "FILES"] {
            assert!(page.contains(&format!(".SH {title}\n")), "{page}");
        }
        assert!(page.contains("\\fB4\\fR\nSomething needs attention"), "{page}");
        assert!(page.contains("/var/lib/dyntray/secrets") && page.contains("\\-\\-secrets\\-file"), "{page}");
    }
}
