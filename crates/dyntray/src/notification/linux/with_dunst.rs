//! A real notification daemon on a private session bus: dunst, which tells a press only to the connection that showed the
//! notification. The program's two runs are processes of their own, made from this test program.

use std::fs::{self, File};
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use dyntray_texts::Press;
use dyntray_texts::notice::{Button, NoticeText};
use tempfile::TempDir;
use tokio::runtime;
use tokio::task::LocalSet;
use tokio::time::{sleep, timeout};
use zbus::Proxy;
use zbus::connection::Builder;

use super::*;
use crate::notices::Board;

/// The folder in which the two runs and the test leave files for each other.
const FOLDER: &str = "DYNTRAY_TEST_FOLDER";
const PATIENCE: Duration = Duration::from_secs(30);
/// What runs have said.
const REFERENCE: &str = "reference.json";
const SHOWN_AGAIN: &str = "shown-again";
const PRESSED: &str = "pressed";

/// Display, session bus and dunst. All end with it.
struct Stage {
    folder: TempDir,
    bus: String,
    display: String,
    parts: Vec<Child>,
}

impl Drop for Stage {
    fn drop(&mut self) {
        for part in self.parts.iter_mut().rev() {
            // It may have ended by itself.
            let _ = part.kill();
            let _ = part.wait();
        }
    }
}

impl Stage {
    /// None where a part isn't installed.
    async fn start() -> Option<Self> {
        let folder = tempfile::tempdir().expect("a folder");
        // The running program's own, with its socket.
        fs::create_dir(folder.path().join("dyntray")).expect("a folder");
        let mut bus = command("dbus-daemon", &["--session", "--nofork", "--nopidfile", "--print-address"])?;
        let mut display =
            command("Xvfb", &["-displayfd", "1", "-screen", "0", "640x480x24", "-nolisten", "tcp"])?;
        let dunst = command("dunst", &["-config", "/dev/null"])?;
        let mut stage = Stage { folder, bus: String::new(), display: String::new(), parts: Vec::new() };
        stage.bus = stage.first_line(&mut bus);
        stage.display = format!(":{}", stage.first_line(&mut display));
        let said = File::create(stage.folder.path().join("dunst.log")).expect("a file");
        let dunst = stage.within(dunst).stderr(said).spawn().expect("it is there");
        stage.parts.push(dunst);
        let there = async {
            while stage.displayed().await.is_none() {
                sleep(Duration::from_millis(50)).await;
            }
        };
        timeout(PATIENCE, there).await.expect("dunst answers");
        Some(stage)
    }

    fn first_line(&mut self, command: &mut Command) -> String {
        let mut part = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().expect("it is there");
        let output = part.stdout.take().expect("a pipe");
        self.parts.push(part);
        let mut line = String::new();
        BufReader::new(output).read_line(&mut line).expect("a line");
        line.trim().to_owned()
    }

    fn within(&self, mut command: Command) -> Command {
        command
            .env("DBUS_SESSION_BUS_ADDRESS", &self.bus)
            .env("DISPLAY", &self.display)
            .env_remove("WAYLAND_DISPLAY")
            .env("XDG_RUNTIME_DIR", self.folder.path());
        command
    }

    /// A run of the program: the test of that name in this file.
    fn run(&self, test: &str) -> Child {
        let mut command = Command::new(std::env::current_exe().expect("this program"));
        let name = format!("notification::linux::with_dunst::{test}");
        command.args(["--exact", &name, "--ignored", "--nocapture"]);
        // Nothing is installed.
        command.env("XDG_DATA_HOME", self.folder.path()).env("XDG_DATA_DIRS", self.folder.path());
        self.within(command).env(FOLDER, self.folder.path()).spawn().expect("it is there")
    }

    async fn dunst(&self) -> zbus::Result<Proxy<'static>> {
        let bus = Builder::address(self.bus.as_str())?.build().await?;
        let name = "org.freedesktop.Notifications";
        Proxy::new_owned(bus, name, "/org/freedesktop/Notifications", "org.dunstproject.cmd0").await
    }

    /// The number of notifications that dunst shows; none while it doesn't answer.
    async fn displayed(&self) -> Option<u32> {
        self.dunst().await.ok()?.get_property("displayedLength").await.ok()
    }

    async fn wait_for(&self, file: &str) -> String {
        let path = self.folder.path().join(file);
        let there = async {
            loop {
                if let Some(said) = fs::read_to_string(&path).ok().filter(|said| !said.is_empty()) {
                    return said;
                }
                sleep(Duration::from_millis(20)).await;
            }
        };
        timeout(PATIENCE, there).await.unwrap_or_else(|_| panic!("no {file}"))
    }

    async fn wait_for_displayed(&self, wanted: u32) {
        let so = async {
            while self.displayed().await != Some(wanted) {
                sleep(Duration::from_millis(20)).await;
            }
        };
        let so = timeout(PATIENCE, so).await;
        assert!(so.is_ok(), "{:?} instead of {wanted} notifications", self.displayed().await);
    }
}

/// A command; none where its program isn't installed, which is said.
fn command(program: &str, arguments: &[&str]) -> Option<Command> {
    let folders = std::env::var_os("PATH").unwrap_or_default();
    if !std::env::split_paths(&folders).any(|folder| folder.join(program).is_file()) {
        eprintln!("SKIPPED notifications after a crash: {program} isn't installed");
        return None;
    }
    let mut command = Command::new(program);
    command.args(arguments);
    Some(command)
}

fn on_this_thread<T>(work: impl Future<Output = T>) -> T {
    let runtime = runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let tasks = LocalSet::new();
    let done = runtime.block_on(tasks.run_until(work));
    // Bus connections are dropped inside of the runtime, as the program does it.
    let _entered = runtime.enter();
    drop(tasks);
    done
}

fn refusal() -> NoticeText {
    NoticeText {
        summary: "Updates have stopped".into(),
        body: "home.spdns.de needs a new token.".into(),
        button: Some(Button { label: "Enter new token".into(), press: Press::Open }),
        press: Press::Open,
        open: "Open Dyntray".into(),
        is_urgent: true,
    }
}

fn folder() -> PathBuf {
    PathBuf::from(std::env::var_os(FOLDER).expect("run by a stage"))
}

/// Writes a file at once as a whole.
fn say(file: &str, text: &str) {
    let new = folder().join(format!("{file}.new"));
    fs::write(&new, text).and_then(|()| fs::rename(new, folder().join(file))).expect("written");
}

fn reference(folder: &Path) -> NotificationRef {
    let json = fs::read(folder.join(REFERENCE)).expect("the first run's file");
    serde_json::from_slice(&json).expect("a reference")
}

#[test]
fn after_a_crash_a_notification_is_shown_again_in_its_place_and_a_press_on_it_is_heard() {
    on_this_thread(async {
        let Some(stage) = Stage::start().await else { return };
        for (ending, left) in [("second_run_waits_for_a_press", 1), ("second_run_closes_it", 0)] {
            let first = stage.run("first_run_shows_it_and_ends_without_closing_it").wait().expect("it ends");
            assert!(first.success());
            stage.wait_for(REFERENCE).await;
            stage.wait_for_displayed(1).await;
            let mut second = stage.run(ending);
            if left == 1 {
                stage.wait_for(SHOWN_AGAIN).await;
                stage.wait_for_displayed(1).await;
                let dunst = stage.dunst().await.expect("dunst");
                dunst.call_method("NotificationAction", &(0_u32,)).await.expect("pressed");
                assert_eq!(stage.wait_for(PRESSED).await, "Itself");
            }
            assert!(second.wait().expect("it ends").success());
            let dunst = stage.dunst().await.expect("dunst");
            if left == 1 {
                dunst.call_method("NotificationCloseAll", &()).await.expect("closed");
            }
            stage.wait_for_displayed(0).await;
            fs::remove_file(stage.folder.path().join(REFERENCE)).expect("it was there");
        }
        let said = fs::read_to_string(stage.folder.path().join("dunst.log")).expect("dunst's words");
        assert!(!said.to_lowercase().contains("icon"), "the picture can't be shown: {said}");
    });
}

#[test]
fn a_notification_that_comes_while_the_last_ones_are_being_closed_is_closed_too() {
    on_this_thread(async {
        let Some(stage) = Stage::start().await else { return };
        let mut run = stage.run("a_run_posts_one_while_it_closes_another");
        assert!(run.wait().expect("it ends").success());
        stage.wait_for_displayed(0).await;
    });
}

#[test]
#[ignore = "a part of the test with dunst"]
fn a_run_posts_one_while_it_closes_another() {
    on_this_thread(async {
        let (notifier, board) = (Notifier::new(), Board::new(None));
        let shown = || async { Rc::new(notifier.show(&refusal(), None).await.expect("shown")) };
        board.post(None, shown().await);
        let under_way = board.begin().expect("it isn't ending");
        let late = shown().await;
        let post_late = async {
            board.post(None, late);
            drop(under_way);
        };
        tokio::join!(board.close_all(), post_late);
    });
}

#[test]
#[ignore = "a part of the test with dunst"]
fn first_run_shows_it_and_ends_without_closing_it() {
    on_this_thread(async {
        let notifier = Notifier::new();
        let shown = notifier.show(&refusal(), None).await.expect("shown");
        assert!(shown.handle.icon.starts_with("file://"), "{}", shown.handle.icon);
        let reference = shown.reference().expect("dunst has a name");
        say(REFERENCE, &serde_json::to_string(&reference).expect("JSON"));
    });
}

#[test]
#[ignore = "a part of the test with dunst"]
fn second_run_waits_for_a_press() {
    on_this_thread(async {
        let notifier = Notifier::new();
        let at = reference(&folder());
        let other = NotificationRef::new("another bus :1.0".into(), at.id);
        assert!(notifier.show_again(&other, &refusal()).await.is_none(), "another daemon's number");
        let shown = notifier.show_again(&at, &refusal()).await.expect("shown again");
        assert_eq!(shown.reference(), Some(at));
        say(SHOWN_AGAIN, "shown");
        let pressed = shown.pressed().await;
        say(PRESSED, &format!("{:?}", pressed.part));
    });
}

#[test]
#[ignore = "a part of the test with dunst"]
fn second_run_closes_it() {
    on_this_thread(async { Notifier::new().close_left(&reference(&folder())).await });
}
