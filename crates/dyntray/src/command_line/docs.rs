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
    print_text(&page)
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
