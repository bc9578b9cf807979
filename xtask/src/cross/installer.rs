//! Dyntray's part of the installer for Windows, run under wine: a running program ends before it is replaced, and
//! nothing is left in the registry once it is removed.

use std::{
    ffi::OsStr,
    fs,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use super::{
    screen::Screen,
    toolchain::{self, Target},
    wine,
};
use crate::{
    Result, command,
    workspace::{self, named},
};

/// How long the program may take to start and to end.
const PATIENCE: Duration = Duration::from_mins(1);

/// Values and keys of the registry that Dyntray makes, as `reg` wants them. `crates/dyntray` writes them.
const WRITTEN: [&[&str]; 3] = [
    &[r"HKCU\Software\Microsoft\Windows\CurrentVersion\Run", "/v", "dyntray"],
    &[r"HKCU\Software\Microsoft\Windows\CurrentVersion\Explorer\StartupApproved\Run", "/v", "dyntray"],
    &[r"HKCU\Software\Classes\AppUserModelId\de.Dyntray.Dyntray", "/v", "DisplayName"],
];

/// Where the program keeps settings and history, below these folders of the person.
const DATA: &str = r"Dyntray\dyntray";
const FOLDERS: [&str; 2] = ["APPDATA", "LOCALAPPDATA"];

/// Installs, installs over a program that runs, updates and removes.
pub fn check() -> Result<()> {
    let there =
        Installed { screen: Screen::start()?, setup: made()?, folder: folder_of("LOCALAPPDATA", "Dyntray")? };
    // What an earlier run left.
    let _ = fs::remove_file(there.program());

    there.install()?;
    is(there.program().is_file(), "a first installation puts the program there")?;
    for value in WRITTEN {
        is(there.registry("add", value, &["/d", "1", "/f"])?, "reg can write")?;
    }
    let kept = kept()?;

    let mut app = there.start()?;
    there.install()?;
    is(ended_well(&mut app), "an installation over a running program ends it first")?;

    let mut app = there.start()?;
    there.uninstall(&["/UPDATE", "/DATA"])?;
    is(ended_well(&mut app), "an update ends a running program first")?;
    is(!there.program().exists(), "an update takes the old program away")?;
    is(kept.iter().all(|file| file.is_file()), "an update leaves settings and history")?;
    for value in WRITTEN {
        is(there.registry("query", value, &[])?, &format!("an update leaves {}", value.join(" ")))?;
    }

    there.install()?;
    let mut app = there.start()?;
    there.uninstall(&[])?;
    is(ended_well(&mut app), "a running program ends before it is removed")?;
    is(!there.program().exists(), "it is removed")?;
    is(kept.iter().all(|file| file.is_file()), "settings and history stay")?;
    for value in WRITTEN {
        is(!there.registry("query", value, &[])?, &format!("nothing is left of {}", value.join(" ")))?;
    }

    there.install()?;
    there.uninstall(&["/DATA"])?;
    is(!kept.iter().any(|file| file.exists()), "who wants settings and history removed gets it")
}

/// A file in each folder of settings and history.
fn kept() -> Result<Vec<PathBuf>> {
    let file_in = |variable| {
        let folder = folder_of(variable, DATA)?;
        let file = folder.join("kept");
        fs::create_dir_all(&folder)
            .and_then(|()| fs::write(&file, ""))
            .map(|()| file)
            .map_err(|error| named(&folder, &error))
    };
    FOLDERS.into_iter().map(file_in).collect()
}

/// An installation for one person.
struct Installed {
    screen: Screen,
    setup: PathBuf,
    folder: PathBuf,
}

impl Installed {
    fn program(&self) -> PathBuf {
        self.folder.join("dyntray.exe")
    }

    fn install(&self) -> Result<()> {
        command::run(&mut self.run(&self.setup))
    }

    fn uninstall(&self, arguments: &[&str]) -> Result<()> {
        let uninstaller = self.folder.join("uninstall.exe");
        // It would go on from a copy of itself, to which nobody waits, if it weren't told where it is.
        let here = format!("_?={}", winepath("-w", &self.folder)?);
        command::run(self.run(&uninstaller).args(arguments).arg(here))
    }

    /// Starts the program, and waits until it answers.
    fn start(&self) -> Result<Child> {
        let app = wine::start(&mut self.run(&self.program()))?;
        let answers = || command::succeeds(self.run(&self.program()).arg("diagnostics"));
        is(eventually(answers), "the installed program answers")?;
        Ok(app)
    }

    fn registry(&self, verb: &str, value: &[&str], more: &[&str]) -> Result<bool> {
        let mut reg = self.run(Path::new("reg"));
        reg.arg(verb).args(value).args(more).stdout(Stdio::null()).stderr(Stdio::null());
        let ended = wine::start(&mut reg)?.wait().map_err(|error| error.to_string())?;
        Ok(ended.success())
    }

    fn run(&self, exe: &Path) -> Command {
        let mut wine = wine::run(exe);
        self.screen.show(&mut wine).env("DYNTRAY_PROFILE", "cross-installer");
        wine
    }
}

/// Has NSIS make the installer.
fn made() -> Result<PathBuf> {
    let setup = toolchain::folder().join("dyntray-setup.exe");
    let mut makensis = command::program("makensis");
    makensis.args(["-V2", "-WX"]);
    let hooks = workspace::root().join("packaging/windows/hooks.nsh");
    let program = toolchain::built(Target::Windows).join("dyntray.exe");
    for (name, path) in [("SETUP", &setup), ("HOOKS", &hooks), ("PROGRAM", &program)] {
        makensis.arg(format!("-D{name}={}", path.display()));
    }
    command::run(makensis.arg(toolchain::source("installer.nsi")))?;
    Ok(setup)
}

/// A folder below one of the person's folders, as this system sees it.
fn folder_of(variable: &str, below: &str) -> Result<PathBuf> {
    let mut echo = wine::run(Path::new("cmd"));
    let told = command::answer(echo.args(["/c", &format!("echo %{variable}%\\{below}")]));
    winepath("-u", &told.ok_or("wine's cmd says nothing")?).map(PathBuf::from)
}

/// A path in the words of the other system: of Windows (`-w`) or of this one (`-u`).
fn winepath(whose: &str, path: impl AsRef<OsStr>) -> Result<String> {
    let mut winepath = wine::run(Path::new("winepath"));
    command::answer(winepath.arg(whose).arg(path)).ok_or_else(|| "winepath says nothing".to_owned())
}

fn is(so: bool, what: &str) -> Result<()> {
    println!("{} {what}", if so { "✓" } else { "✗" });
    if so { Ok(()) } else { Err(format!("not so: {what}")) }
}

fn ended_well(app: &mut Child) -> bool {
    let ended = eventually(|| !matches!(app.try_wait(), Ok(None)));
    if !ended {
        // It would outlive its display.
        let _ = app.kill();
    }
    ended && app.wait().is_ok_and(|status| status.success())
}

fn eventually(mut is_so: impl FnMut() -> bool) -> bool {
    let began = Instant::now();
    loop {
        if is_so() {
            return true;
        }
        if began.elapsed() > PATIENCE {
            return false;
        }
        thread::sleep(Duration::from_millis(500));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_removed_from_the_registry_is_what_the_program_writes_there() {
        let hooks = workspace::kept("packaging/windows/hooks.nsh").expect("it is kept");
        let autostart =
            workspace::kept("crates/dyntray/src/autostart/windows.rs").expect("it is kept").to_lowercase();
        for [key, _, name] in WRITTEN.map(|value| [value[0], value[1], value[2]]) {
            let key = key.trim_start_matches(r"HKCU\");
            assert!(hooks.contains(key), "{key}");
            assert!(autostart.contains(&key.to_lowercase()) || name == "DisplayName", "{key}");
        }
        assert!(hooks.matches(DATA).count() == FOLDERS.len());
        let notices = workspace::kept("crates/dyntray/src/notify/windows.rs").expect("it is kept");
        assert!(notices.contains("\"de.Dyntray.Dyntray\"") && notices.contains("\"DisplayName\""));
    }
}
