//! A test of Dyntray's part of the installer for Windows, under wine: a running program ends before it is replaced, and
//! nothing is left in the registry after it is removed.

use std::{
    ffi::OsStr,
    fs,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use super::{display::Display, shipped, toolchain, wine};
use crate::{Result, command, console_program, files, workspace};

/// The time that the program may take to start and to end.
const TIMEOUT: Duration = Duration::from_mins(1);

/// The registry values that `crates/dyntray` writes, as arguments of `reg`.
const VALUES: [&[&str]; 3] = [
    &[r"HKCU\Software\Microsoft\Windows\CurrentVersion\Run", "/v", "dyntray"],
    &[r"HKCU\Software\Microsoft\Windows\CurrentVersion\Explorer\StartupApproved\Run", "/v", "dyntray"],
    &[r"HKCU\Software\Classes\AppUserModelId\de.Dyntray.Dyntray", "/v", "DisplayName"],
];

/// The person's search path, as arguments of `reg`.
const PATH: &[&str] = &[r"HKCU\Environment", "/v", "Path"];

/// The folder of settings and history, in each of the user's folders below.
const DATA: &str = r"Dyntray\dyntray";
const FOLDERS: [&str; 2] = ["APPDATA", "LOCALAPPDATA"];

/// Installs, installs over a running program, updates and removes.
pub fn check() -> Result<()> {
    let installation = Installation {
        display: Display::start()?,
        setup: make()?,
        folder: folder_of("LOCALAPPDATA", "Dyntray")?,
    };
    // A leftover of an earlier run.
    let _ = fs::remove_file(installation.program());

    check_shells(&installation)?;

    // Longer than the installer's own texts can be.
    let path = r"C:\a folder;%USERPROFILE%\bin;".repeat(50) + r"C:\last";
    let longer = format!("{path};{}", winepath("-w", &installation.folder)?);
    expect(
        installation.registry("add", PATH, &["/t", "REG_EXPAND_SZ", "/d", &path, "/f"])?,
        "reg can write",
    )?;
    installation.install()?;
    expect(installation.program().is_file(), "a first installation copies the program")?;
    expect(installation.path()? == longer, "the program's folder is added to the search path")?;
    for value in VALUES {
        expect(installation.registry("add", value, &["/d", "1", "/f"])?, "reg can write")?;
    }
    let data = write_data()?;

    let mut app = installation.start()?;
    installation.install()?;
    expect(exits(&mut app), "an installation over a running program ends it first")?;

    let mut app = installation.start()?;
    installation.uninstall(&["/UPDATE", "/DATA"])?;
    expect(exits(&mut app), "an update ends a running program first")?;
    expect(!installation.program().exists(), "an update removes the old program")?;
    expect(data.iter().all(|file| file.is_file()), "an update keeps settings and history")?;
    for value in VALUES {
        expect(installation.registry("query", value, &[])?, &format!("an update keeps {}", value.join(" ")))?;
    }
    expect(installation.path()? == longer, "an update keeps the search path")?;

    installation.install()?;
    let mut app = installation.start()?;
    installation.uninstall(&[])?;
    expect(exits(&mut app), "a running program ends before it is removed")?;
    let programs = [shipped::TRAY_PROGRAM, console_program::NAME];
    let are_gone = programs.iter().all(|name| !installation.folder.join(name).exists());
    // The folder has the person's data, too.
    expect(are_gone, "both programs are removed")?;
    expect(installation.path()? == path, "the search path is as it was")?;
    expect(data.iter().all(|file| file.is_file()), "settings and history are kept")?;
    for value in VALUES {
        expect(
            !installation.registry("query", value, &[])?,
            &format!("nothing is left of {}", value.join(" ")),
        )?;
    }

    installation.install()?;
    installation.uninstall(&["/DATA"])?;
    expect(!data.iter().any(|file| file.exists()), "settings and history are removed on request")?;
    expect(installation.registry("delete", PATH, &["/f"])?, "reg can delete")
}

/// Checks that shells find the program, with a search path that isn't too long for wine's own shell.
fn check_shells(installation: &Installation) -> Result<()> {
    let short = ["/t", "REG_EXPAND_SZ", "/d", r"C:\last", "/f"];
    expect(installation.registry("add", PATH, &short)?, "reg can write")?;
    installation.install()?;
    expect(installation.is_found_by_shells(), "shells find the program once it is installed")?;
    installation.uninstall(&[])?;
    expect(!installation.is_found_by_shells(), "shells find nothing that is gone")
}

/// Writes a file to each folder of settings and history.
fn write_data() -> Result<Vec<PathBuf>> {
    let file_in = |variable| {
        let file = folder_of(variable, DATA)?.join("data");
        files::write(&file, "").map(|()| file)
    };
    FOLDERS.into_iter().map(file_in).collect()
}

/// An installation for one user.
struct Installation {
    display: Display,
    setup: PathBuf,
    folder: PathBuf,
}

impl Installation {
    fn program(&self) -> PathBuf {
        self.folder.join("dyntray.exe")
    }

    fn install(&self) -> Result<()> {
        command::run(&mut self.run(&self.setup))
    }

    fn uninstall(&self, arguments: &[&str]) -> Result<()> {
        let uninstaller = self.folder.join("uninstall.exe");
        // Without its own path it would continue from a copy of itself, which nothing waits for.
        let here = format!("_?={}", winepath("-w", &self.folder)?);
        command::run(self.run(&uninstaller).args(arguments).arg(here))
    }

    /// Starts the program and waits until it answers.
    fn start(&self) -> Result<Child> {
        let app = wine::start(&mut self.run(&self.program()))?;
        let answers = || command::succeeds(self.run(&self.program()).arg("diagnostics"));
        expect(eventually(answers), "the installed program answers")?;
        Ok(app)
    }

    fn registry(&self, verb: &str, value: &[&str], more: &[&str]) -> Result<bool> {
        let mut reg = self.run(Path::new("reg"));
        reg.arg(verb).args(value).args(more).stdout(Stdio::null()).stderr(Stdio::null());
        let ended = wine::start(&mut reg)?.wait().map_err(|error| error.to_string())?;
        Ok(ended.success())
    }

    /// The person's search path.
    fn path(&self) -> Result<String> {
        let mut reg = self.run(Path::new("reg"));
        let said = command::output(reg.arg("query").args(PATH)).ok_or("there is no search path")?;
        let path = said.split_once("REG_EXPAND_SZ").ok_or("the search path has another kind than it had")?.1;
        Ok(path.trim().to_owned())
    }

    /// Whether a shell runs the program by its name alone.
    fn is_found_by_shells(&self) -> bool {
        command::succeeds(self.run(Path::new("cmd")).args(["/c", "dyntray", "--version"]))
    }

    fn run(&self, exe: &Path) -> Command {
        let mut wine = wine::run(exe);
        self.display.assign(&mut wine).env("DYNTRAY_PROFILE", "cross-installer");
        wine
    }
}

/// Makes the installer with NSIS.
fn make() -> Result<PathBuf> {
    let setup = toolchain::folder().join("dyntray-setup.exe");
    let mut makensis = command::program("makensis");
    makensis.args(["-V2", "-WX"]);
    let hooks = workspace::root().join("packaging/windows/hooks.nsh");
    let program = shipped::program(shipped::TRAY_PROGRAM);
    let console = shipped::program(console_program::NAME);
    for (name, path) in
        [("SETUP", &setup), ("HOOKS", &hooks), ("PROGRAM", &program), ("CONSOLE_PROGRAM", &console)]
    {
        makensis.arg(format!("-D{name}={}", path.display()));
    }
    command::run(makensis.arg(toolchain::source("installer.nsi")))?;
    Ok(setup)
}

/// A folder inside one of the user's folders, as a path of this system.
fn folder_of(variable: &str, below: &str) -> Result<PathBuf> {
    let mut echo = wine::run(Path::new("cmd"));
    let path = command::output(echo.args(["/c", &format!("echo %{variable}%\\{below}")]));
    winepath("-u", &path.ok_or("wine's cmd fails")?).map(PathBuf::from)
}

/// A path translated to Windows (`-w`) or to this system (`-u`).
fn winepath(to: &str, path: impl AsRef<OsStr>) -> Result<String> {
    let mut winepath = wine::run(Path::new("winepath"));
    command::output(winepath.arg(to).arg(path)).ok_or_else(|| "winepath fails".to_owned())
}

fn expect(is_true: bool, what: &str) -> Result<()> {
    println!("{} {what}", if is_true { "✓" } else { "✗" });
    if is_true { Ok(()) } else { Err(format!("this isn't true: {what}")) }
}

fn exits(app: &mut Child) -> bool {
    let ended = eventually(|| !matches!(app.try_wait(), Ok(None)));
    if !ended {
        // It would outlive its display.
        let _ = app.kill();
    }
    ended && app.wait().is_ok_and(|status| status.success())
}

fn eventually(mut is_true: impl FnMut() -> bool) -> bool {
    let started = Instant::now();
    loop {
        if is_true() {
            return true;
        }
        if started.elapsed() > TIMEOUT {
            return false;
        }
        thread::sleep(Duration::from_millis(500));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_installer_removes_the_registry_values_that_the_program_writes() {
        let hooks = workspace::read("packaging/windows/hooks.nsh").expect("it is in the repository");
        let autostart = workspace::read("crates/dyntray/src/autostart/windows.rs")
            .expect("it is in the repository")
            .to_lowercase();
        for [key, _, name] in VALUES.map(|value| [value[0], value[1], value[2]]) {
            let key = key.trim_start_matches(r"HKCU\");
            assert!(hooks.contains(key), "{key}");
            assert!(autostart.contains(&key.to_lowercase()) || name == "DisplayName", "{key}");
        }
        assert!(hooks.matches(DATA).count() == FOLDERS.len());
        let notices =
            workspace::read("crates/dyntray/src/notification/windows.rs").expect("it is in the repository");
        assert!(notices.contains("\"de.Dyntray.Dyntray\"") && notices.contains("\"DisplayName\""));
    }
}
