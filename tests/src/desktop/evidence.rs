//! A last picture and the logs of a desktop whose story failed.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Stdio,
    thread::sleep,
    time::{Duration, Instant},
};

use super::{
    running::Desktop,
    shell::{Display, Shell},
};

/// A picture takes no longer than this while a story fails.
const PICTURE: Duration = Duration::from_secs(5);

impl Desktop {
    /// Leaves a last picture of the screen and the logs of all parts in a folder. Anything unavailable is left out.
    fn keep_evidence(&self, folder: &Path) {
        let logs = folder.join("log");
        if fs::create_dir_all(&logs).is_err() {
            return;
        }
        for log in fs::read_dir(self.logs()).into_iter().flatten().flatten() {
            let _left_out = fs::copy(log.path(), logs.join(log.file_name()));
        }
        let picture = folder.join("screen.png");
        let mut camera = if let Shell::Gnome(Display::Wayland) = self.shell() {
            let mut camera = self.session.command("gdbus".as_ref());
            let shell = ["-d", "org.gnome.Shell.Screenshot", "-o", "/org/gnome/Shell/Screenshot"];
            camera.args(["call", "-e"]).args(shell);
            camera.args(["-m", "org.gnome.Shell.Screenshot.Screenshot", "false", "false"]);
            camera
        } else {
            let mut camera = self.session.screen_command("import".as_ref());
            camera.args(["-window", "root"]);
            camera
        };
        let Ok(mut camera) = camera.arg(picture).stdout(Stdio::null()).stderr(Stdio::null()).spawn() else {
            return;
        };
        let end = Instant::now() + PICTURE;
        while matches!(camera.try_wait(), Ok(None)) && Instant::now() < end {
            sleep(Duration::from_millis(20));
        }
        let _over_already = camera.kill();
        let _reaped = camera.wait();
    }
}

impl Drop for Desktop {
    fn drop(&mut self) {
        if std::thread::panicking() {
            let folder = failed_story();
            self.keep_evidence(&folder);
            eprintln!("the desktop's last picture and logs are in {}", folder.display());
        }
    }
}

/// `target/failed-stories/NAME`: the test runner names the thread after the story and its module.
fn failed_story() -> PathBuf {
    let thread = std::thread::current();
    let story = thread.name().and_then(|name| name.rsplit("::").next()).unwrap_or("story");
    let target = std::env::current_exe().ok().and_then(|test| Some(test.ancestors().nth(3)?.to_owned()));
    target.unwrap_or_else(std::env::temp_dir).join("failed-stories").join(story)
}
