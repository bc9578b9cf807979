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
    /// The command.
    #[command(subcommand)]
    pub command: Option<Command>,
}

/// A command.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Run in the foreground without tray, window and notifications: on servers, a NAS, small computers. Notifications
    /// go to the log instead. Ends with SIGTERM. Without a keyring, secrets come from --secrets-file or from
    /// systemd's credentials, one for each host name.
    Run,
    /// Show the state of each host name. Exit code 0: each is kept up to date; 3: not running; 4: something needs
    /// attention; 5: an address isn't published, because it wasn't found, is held back or is still to be sent.
    Status {
        /// Print everything as JSON.
        #[arg(long)]
        json: bool,
    },
    /// Show why each host name has its address: what every source said, the conclusion, and the next step. Exit code 0;
    /// 3: not running; 4: something needs attention.
    Why,
    /// Look up the address and show what would be sent, without sending anything. A running Dyntray shows what it
    /// knows. Exit codes as for `status`.
    Check,
    /// Look up the address now, update what differs, and show the outcome. Waits up to a minute for it. Exit codes as
    /// for `status`.
    Update {
        /// Also when Dyntray isn't running: one look-up and one update, for cron and timers. An address that the service
        /// has accepted is remembered, and not sent again. After an answer that was no success it waits as long as a
        /// running Dyntray would; `retry` doesn't.
        #[arg(long)]
        once: bool,
    },
    /// Try again where the service refused, because the cause is gone. Works also when Dyntray isn't running. Exit codes
    /// as for `status`.
    Retry {
        /// The host name; without it, all that have stopped.
        hostname: Option<String>,
    },
    /// Add a host name. Its token or password is read from standard input, and not shown on a terminal.
    Add {
        /// The full host name.
        hostname: String,
        /// The service, by its name in docs/providers.md; without it the host name decides.
        #[arg(long, conflicts_with = "server")]
        service: Option<String>,
        /// The update server of any other service that speaks dyndns2.
        #[arg(long)]
        server: Option<String>,
        /// The user of an account; without it the secret is an update token.
        #[arg(long)]
        user: Option<String>,
        /// Another device that the IPv6 address is of: its interface ID as the router shows it, its MAC address, or a
        /// lasting IPv6 address of it. Without it, the address is this machine's.
        #[arg(long, value_name = "ID")]
        device: Option<String>,
        /// The secret is one of systemd's credentials, named like the host name; none is read from standard input.
        #[arg(long)]
        credential: bool,
    },
    /// Remove a host name with its token or password. The record at the service stays as it is.
    Remove {
        /// The host name.
        hostname: String,
    },
    /// Tokens and passwords.
    #[command(subcommand)]
    Token(TokenCommand),
    /// Import host names and their tokens from a file: SPDYN's spdyn_update_token.csv, ddclient.conf, inadyn.conf or
    /// update URLs. Shows a preview first. Exit code 0: imported; 1: not.
    Import {
        /// The file; `-` reads standard input.
        file: PathBuf,
        /// Don't ask.
        #[arg(long)]
        yes: bool,
        /// Also import names that point to other internet connections today. Without it they are left out.
        #[arg(long)]
        all: bool,
        /// Import those names switched off.
        #[arg(long, conflicts_with = "all")]
        off: bool,
    },
    /// Print the settings as they are in the settings file, or write them to a file of your own. They contain no secrets,
    /// unless you want them to: then the file is encrypted with a passphrase. Exit code 0: done; 1: not.
    Export {
        /// The file; without it, the settings are printed.
        file: Option<PathBuf>,
        /// With all tokens and passwords, for `restore`. The passphrase is asked for twice at a terminal, and read from
        /// standard input elsewhere.
        #[arg(long, requires = "file")]
        with_secrets: bool,
        /// Replace a file that is there already.
        #[arg(long, requires = "file")]
        replace: bool,
    },
    /// Take over what `export --with-secrets` has written. Says first what would change. New host names are added; those
    /// that are there already stay as they are. The passphrase is asked for at a terminal, and read from standard input
    /// elsewhere. Exit code 0: done, or there is nothing to do; 1: not done, and nothing has changed.
    Restore {
        /// The file.
        file: PathBuf,
        /// Replace host names and settings that are there already by those in the file.
        #[arg(long)]
        replace: bool,
        /// Don't ask.
        #[arg(long)]
        yes: bool,
    },
    /// Show what was sent and answered, the newest first.
    History {
        /// The greatest number of lines.
        #[arg(short = 'n', long, value_name = "N", default_value_t = 20, value_parser = clap::value_parser!(u32).range(1..))]
        lines: u32,
        /// Print everything as JSON.
        #[arg(long)]
        json: bool,
    },
    /// Treat the network that this machine is in as home, too.
    Home,
    /// Open the window.
    Open,
    /// Show the newest lines of the log, also when Dyntray isn't running.
    Logs {
        /// The greatest number of lines.
        #[arg(short = 'n', long, value_name = "N", default_value_t = 50)]
        lines: u32,
    },
    /// Print everything that helps to find a fault, without secrets: version, settings, state, network, log.
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
    /// Enter this program in the person's registry, as the installer does.
    #[cfg(windows)]
    #[command(hide = true)]
    Register,
    /// Take out what `register` has entered.
    #[cfg(windows)]
    #[command(hide = true)]
    Unregister,
}

/// Commands for tokens and passwords.
#[derive(Debug, Subcommand)]
pub enum TokenCommand {
    /// Give a host name another token or password. It is read from standard input, and not shown on a terminal.
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
