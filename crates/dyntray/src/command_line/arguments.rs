//! The definition of the command line. Its doc comments are its help texts.

use std::path::PathBuf;

use clap::{Parser, Subcommand};
use clap_complete::Shell;

use crate::app_paths::InstanceArgs;

/// Keeps host names pointing at the right address. Without a command it starts in the tray.
#[derive(Debug, Parser)]
#[command(name = "dyntray", version)]
pub struct Arguments {
    /// The Dyntray that is meant.
    #[command(flatten)]
    pub instance: InstanceArgs,
    /// What to do.
    #[command(subcommand)]
    pub command: Option<Command>,
}

/// A question or an order.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Run in the foreground without tray, window and notifications: on servers, a NAS, small computers. What people
    /// would be told goes to the log. Ends with SIGTERM. Without a keyring, secrets come from --secrets-file or from
    /// systemd's credentials, one for each host name.
    Run,
    /// Show what each host name is at. Exit code 0: fine; 3: not running; 4: something needs attention.
    Status {
        /// Print everything as JSON.
        #[arg(long)]
        json: bool,
    },
    /// Show why each host name has the address that it has: what every source said, what was made of it, and what comes
    /// next. Exit codes as for `status`.
    Why,
    /// Look up the address and show what would be sent, without sending anything. A running Dyntray shows what it knows.
    /// Exit code 0: nothing is to be sent; 4: something needs attention; 5: an update is due.
    Check,
    /// Look up the address now, update what differs, and show the outcome. Exit code 0: fine; 3: not running; 4: something
    /// needs attention; 5: it didn't come through and is tried again.
    Update {
        /// Also when Dyntray isn't running: one look and one update, for cron and timers. What the service has accepted
        /// is remembered, and not sent again.
        #[arg(long)]
        once: bool,
    },
    /// Take a new host name in. Its token or password is read from standard input, and not shown at a terminal.
    Add {
        /// The full host name.
        hostname: String,
        /// The service, by its name in docs/providers.md; without it the host name tells.
        #[arg(long, conflicts_with = "server")]
        service: Option<String>,
        /// The update server of any other service that speaks dyndns2.
        #[arg(long)]
        server: Option<String>,
        /// The user of an account; without it the secret is an update token.
        #[arg(long)]
        user: Option<String>,
        /// The secret is one of systemd's credentials, called like the host name: none is read.
        #[arg(long)]
        credential: bool,
    },
    /// Take a host name out again, with its token or password. Whatever the service has for it stays there.
    Remove {
        /// The host name.
        hostname: String,
    },
    /// Tokens and passwords.
    #[command(subcommand)]
    Token(TokenCommand),
    /// Take host names and their tokens over from a file: SPDYN's spdyn_update_token.csv, ddclient.conf, inadyn.conf or
    /// update URLs. Shows first what would be taken over. Exit code 0: taken over; 1: not.
    Import {
        /// The file; `-` reads standard input.
        file: PathBuf,
        /// Don't ask.
        #[arg(long)]
        yes: bool,
    },
    /// Print the settings as they are kept in the settings file. There is no secret in them.
    Export,
    /// Show what was sent and answered, the newest first.
    History {
        /// At most so many.
        #[arg(short = 'n', long, value_name = "N", default_value_t = 20, value_parser = clap::value_parser!(u32).range(1..))]
        lines: u32,
        /// Print everything as JSON.
        #[arg(long)]
        json: bool,
    },
    /// Say that the network that this machine is in is home, too.
    Home,
    /// Open the window.
    Open,
    /// Show the newest lines of the log, also when Dyntray isn't running.
    Logs {
        /// At most so many.
        #[arg(short = 'n', long, value_name = "N", default_value_t = 50)]
        lines: u32,
    },
    /// Print all that helps to find a fault, without secrets: version, settings, state, network, log.
    Diagnostics,
    /// End the running program, and wait until it has ended.
    Quit,
    /// Print the completions for a shell.
    Completions {
        /// The shell.
        shell: Shell,
    },
    /// Print the manual page.
    Man,
}

/// What can be done with tokens and passwords.
#[derive(Debug, Subcommand)]
pub enum TokenCommand {
    /// Give a host name another token or password. It is read from standard input, and not shown at a terminal.
    Set {
        /// The host name.
        hostname: String,
    },
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory as _;

    #[test]
    fn the_definition_of_the_command_line_is_sound() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn no_option_takes_a_secret() {
        let command = Arguments::command();
        for part in command.get_subcommands() {
            for argument in part.get_arguments() {
                let name = argument.get_id().as_str();
                let is_one = ["token", "password", "secret"].contains(&name);
                assert!(!is_one, "{} takes {name}: arguments are for everyone to read", part.get_name());
            }
        }
    }
}
