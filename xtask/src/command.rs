//! Other programs, and how they are started.

use std::{
    ffi::OsStr,
    io::{BufRead, BufReader, IsTerminal, Read, Write},
    path::Path,
    process::{Command, ExitStatus, Stdio},
    sync::{LazyLock, Mutex},
    thread,
};

use crate::{Result, workspace};

/// Clippy, as a compiler.
pub const CLIPPY: &str = "clippy-driver";

/// The command of a program in the workspace's top folder.
pub fn program(name: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(name);
    command.current_dir(workspace::root());
    // `cargo run` describes xtask's own package in the environment. Build scripts that watch these variables, like ring's,
    // would rebuild everything whenever cargo is started by hand in between.
    for (name, _) in std::env::vars_os() {
        let own = name
            .to_str()
            .is_some_and(|name| name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_"));
        if own {
            command.env_remove(name);
        }
    }
    command
}

/// The command of the cargo that started this program.
pub fn cargo() -> Command {
    program(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
}

/// Cargo, with clippy as the compiler of the workspace's own crates: what is compiled is linted in the same go. Where clippy
/// isn't installed, cargo alone.
pub fn linting_cargo() -> Command {
    let mut cargo = cargo();
    if has_clippy() {
        with_clippy(&mut cargo, Path::new(CLIPPY), "");
    }
    cargo
}

/// True where clippy is installed. rustup has a program of its name without it, too, which fails.
pub fn has_clippy() -> bool {
    static IS_THERE: LazyLock<bool> = LazyLock::new(|| succeeds(program(CLIPPY).arg("--version")));
    *IS_THERE
}

/// Makes clippy the compiler of the workspace's own crates. `arguments` are clippy's own.
pub fn with_clippy(cargo: &mut Command, clippy: &Path, arguments: &str) {
    cargo.env("RUSTC_WORKSPACE_WRAPPER", clippy).env("CLIPPY_ARGS", arguments);
}

/// The command of npm in `ui/`.
pub fn npm() -> Command {
    npm_in("ui")
}

/// The command of npm in a folder of the workspace.
pub fn npm_in(folder: &str) -> Command {
    let mut npm = program(if cfg!(windows) { "npm.cmd" } else { "npm" });
    npm.args(["--prefix", folder]);
    npm
}

/// The command line as somebody would type it.
pub fn command_line(command: &Command) -> String {
    let program = Path::new(command.get_program());
    let mut words =
        vec![program.file_stem().map_or_else(String::new, |name| name.to_string_lossy().into_owned())];
    words.extend(command.get_args().map(|word| word.to_string_lossy().into_owned()));
    words.join(" ")
}

/// Runs a command and shows its output as it comes.
pub fn run(command: &mut Command) -> Result<()> {
    println!("$ {}", command_line(command));
    let status = command.stdin(Stdio::null()).status().map_err(|error| start_error(command, &error))?;
    check_status(command, status)
}

/// Runs a command quietly, and tells whether it succeeded.
pub fn succeeds(command: &mut Command) -> bool {
    let quiet = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    quiet.status().is_ok_and(|status| status.success())
}

/// Runs a command quietly. Returns its standard output if it succeeds.
pub fn output(command: &mut Command) -> Option<String> {
    let output = command
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .output()
        .ok()
        .filter(|output| output.status.success())?;
    Some(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// Runs a command and shows its output as it comes. Each line also goes to `listen`, without colours.
pub fn run_and_listen(command: &mut Command, listen: impl FnMut(&str) + Send) -> Result<()> {
    println!("$ {}", command_line(command));
    if std::io::stderr().is_terminal() {
        // Most programs write no colours to a pipe.
        command.env("CARGO_TERM_COLOR", "always").env("FORCE_COLOR", "1");
    }
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| start_error(command, &error))?;
    let (stdout, stderr) = (child.stdout.take(), child.stderr.take());
    let listen = Mutex::new(listen);
    thread::scope(|scope| {
        scope.spawn(|| stdout.map(|pipe| forward(pipe, std::io::stdout(), &listen)));
        scope.spawn(|| stderr.map(|pipe| forward(pipe, std::io::stderr(), &listen)));
    });
    let status = child.wait().map_err(|error| start_error(command, &error))?;
    check_status(command, status)
}

fn forward(from: impl Read, mut to: impl Write, listen: &Mutex<impl FnMut(&str)>) {
    let mut from = BufReader::new(from);
    let mut line = Vec::new();
    while from.read_until(b'\n', &mut line).is_ok_and(|read| read > 0) {
        // The tests go on even if nobody reads the output any more.
        let _ = to.write_all(&line).and_then(|()| to.flush());
        if let Ok(mut listen) = listen.lock() {
            listen(without_colours(&String::from_utf8_lossy(&line)).trim_end());
        }
        line.clear();
    }
}

/// Removes the escape sequences that set colours and weights.
fn without_colours(line: &str) -> String {
    let mut pieces = line.split('\u{1b}');
    let mut plain = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let rest = piece
            .strip_prefix('[')
            .map(|sequence| {
                sequence.trim_start_matches(|letter: char| letter.is_ascii_digit() || letter == ';')
            })
            .and_then(|sequence| sequence.get(1..));
        plain.push_str(rest.unwrap_or(piece));
    }
    plain
}

/// Looks for a program in `PATH`, and in the folders that only root has there.
pub fn is_on_path(name: &str) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path)
        .chain(["/usr/sbin".into(), "/sbin".into()])
        .any(|folder| folder.join(name).is_file() || folder.join(format!("{name}.exe")).is_file())
}

fn check_status(command: &Command, status: ExitStatus) -> Result<()> {
    if status.success() {
        return Ok(());
    }
    Err(format!("`{}` ended with {status}", command_line(command)))
}

fn start_error(command: &Command, error: &std::io::Error) -> String {
    format!("`{}` can't be started: {error}", command_line(command))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_are_removed_and_the_rest_stays() {
        let coloured = "\u{1b}[32;1m     Summary\u{1b}[0m [   0.1s] \u{1b}[1m3\u{1b}[0m tests run: é";
        assert_eq!(without_colours(coloured), "     Summary [   0.1s] 3 tests run: é");
        assert_eq!(without_colours("plain"), "plain");
        assert_eq!(without_colours("cut off \u{1b}["), "cut off [");
    }

    #[cfg(unix)]
    #[test]
    fn lines_of_both_streams_are_read_and_a_failure_is_reported() {
        let mut heard = Vec::new();
        let mut command = program("sh");
        command.args(["-c", "echo out; echo err >&2; exit 3"]);
        let end = run_and_listen(&mut command, |line| heard.push(line.to_owned()));
        heard.sort();
        assert_eq!(heard, ["err", "out"]);
        let problem = end.expect_err("exit code 3");
        assert!(problem.contains('3'), "{problem}");
    }

    #[test]
    fn a_missing_program_is_named() {
        let problem = run(&mut program("dyntray-no-such-program")).expect_err("not there");
        assert!(problem.contains("dyntray-no-such-program"), "{problem}");
        assert!(!is_on_path("dyntray-no-such-program"));
    }
}
