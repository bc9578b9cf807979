//! Shell completions and the manual page, made from the definition of the command line itself.

use std::io;

use clap::CommandFactory as _;
use clap_complete::Shell;

use super::Arguments;

/// Writes the completions for a shell.
pub(super) fn completions(shell: Shell) {
    clap_complete::generate(shell, &mut Arguments::command(), "dyntray", &mut io::stdout());
}

/// Writes the manual page: of the program and all its commands, in one.
pub(super) fn manual() -> io::Result<()> {
    let mut page = Vec::new();
    let command = Arguments::command();
    clap_mangen::Man::new(command.clone()).render(&mut page)?;
    for part in command.get_subcommands().filter(|part| !part.is_hide_set()) {
        let part = clap_mangen::Man::new(part.clone());
        page.extend_from_slice(b".SH \"");
        part.render_name_section(&mut page)?;
        part.render_options_section(&mut page)?;
    }
    super::print::print_text(&String::from_utf8_lossy(&page))
}
