//! The disk is full or can't be written: the program starts, says so, and loses nothing.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use dyntray_control::{AgentRequest, Response};
use dyntray_core::present::Mood;
use dyntray_core::settings::LanguageChoice;
use dyntray_core::state::health_issue::HealthIssue;
use dyntray_stories::app::{App, binary};
use dyntray_stories::desktop::DesktopOptions;
use dyntray_stories::home::Home;
use dyntray_stories::wait::eventually;
use dyntray_stories::{Error, PATIENCE, Story};

/// Tells whether this user may mount in a private namespace, and says so where not.
fn may_mount(story: &str) -> bool {
    let tried = std::process::Command::new("unshare")
        .args(["--mount", "sh", "-c", "mount -t tmpfs tmpfs /mnt"])
        .output();
    let may = tried.is_ok_and(|tried| tried.status.success());
    if !may {
        println!("SKIPPED {story}: this user may not mount anything");
    }
    may
}

/// Starts the program after `prepare`, in a mount namespace of its own; `$1` is `folder`.
fn start_with_mounts(home: &Home, prepare: &str, folder: &Path) -> Story<App> {
    let program = binary("dyntray")?;
    let mut command = home.desktop.command("unshare");
    let script = format!("set -e; {prepare}; shift; exec \"$@\"");
    command.args(["--mount", "sh", "-c", &script, "sh"]).arg(folder).arg(&program);
    Ok(App::start_prepared(&home.desktop, &program, command)?)
}

/// A file as the program sees it in its mount namespace.
fn seen_by(app: &App, path: &Path) -> PathBuf {
    let below = path.strip_prefix("/").unwrap_or(path);
    Path::new("/proc").join(app.pid().to_string()).join("root").join(below)
}

/// Writes to `file` until the disk is full.
fn fill(file: &Path) -> Story<u64> {
    let mut full = fs::File::create(file)?;
    for size in [4096, 1] {
        while full.write(&vec![0; size]).is_ok_and(|written| written > 0) {}
    }
    Ok(full.metadata()?.len())
}

async fn wait_for_ailment(home: &Home, wanted: impl Fn(&HealthIssue) -> bool) -> Story {
    eventually("the trouble to be said", PATIENCE, async || {
        let seen = home.status().await?;
        let is_said = seen.health_issues.iter().any(&wanted);
        if is_said { Ok(()) } else { Err(Error::NotThere(format!("{:?}", seen.health_issues))) }
    })
    .await?;
    Ok(())
}

fn cannot_remember(health_issue: &HealthIssue) -> bool {
    matches!(health_issue, HealthIssue::CannotRemember { .. })
}

#[tokio::test]
async fn on_a_full_disk_nothing_is_sent_that_would_be_forgotten_and_all_goes_on_when_there_is_room() -> Story
{
    if !may_mount("a full disk") {
        return Ok(());
    }
    let story = Home::for_story(DesktopOptions::without_tray_and_notices(), "full-disk", &[]).await?;
    let Some(home) = story else { return Ok(()) };
    let (mut app, _portal, _token) = home.set_up().await?;
    app.terminate(PATIENCE).await?;
    let data = home.desktop.home().join(".local/share/dyntray");
    let small_disk =
        "cp -a \"$1\" \"$1.before\"; mount -t tmpfs -o size=1m tmpfs \"$1\"; cp -a \"$1.before/.\" \"$1\"";
    let app = start_with_mounts(&home, small_disk, &data)?;
    home.wait_for_mood(Mood::Fine).await?;
    let stuffing = seen_by(&app, &data.join("stuffing"));
    assert!(fill(&stuffing)? > 0, "there was room before");
    let sent = home.updates().await?;
    home.sandbox()?.reconnect().await?;
    wait_for_ailment(&home, cannot_remember).await?;
    assert_eq!(home.wait_for_mood(Mood::NeedsYou).await?.entries.len(), 1);
    assert_eq!(home.updates().await?, sent, "an update went out that nobody would remember");
    // The text that a person reads.
    let why = String::from_utf8(home.command(&["status"]).await?.stdout)?;
    assert!(why.contains("full"), "{why}");
    fs::remove_file(&stuffing)?;
    home.wait_until_followed().await?;
    home.wait_for_mood(Mood::Fine).await?;
    Ok(())
}

#[tokio::test]
async fn in_a_home_that_cant_be_written_it_starts_says_so_and_keeps_every_setting() -> Story {
    if !may_mount("a read-only home") {
        return Ok(());
    }
    let story = Home::for_story(DesktopOptions::without_tray_and_notices(), "read-only", &[]).await?;
    let Some(home) = story else { return Ok(()) };
    let (mut app, _portal, _token) = home.set_up().await?;
    app.terminate(PATIENCE).await?;
    let settings = home.settings_file();
    let (before, sent) = (fs::read(&settings)?, home.updates().await?);
    let read_only = "mount --bind \"$1\" \"$1\"; mount -o remount,bind,ro \"$1\"";
    let mut app = start_with_mounts(&home, read_only, &home.desktop.home())?;
    home.sandbox()?.reconnect().await?;
    wait_for_ailment(&home, cannot_remember).await?;
    let seen = home.status().await?;
    assert_eq!((seen.mood, seen.entries.len()), (Mood::NeedsYou, 1), "{seen:?}");
    assert_eq!(home.updates().await?, sent, "an update went out that nobody would remember");
    let refused = home.ask(AgentRequest::SetLanguage { language: LanguageChoice::De }).await?;
    assert!(matches!(refused, Response::Rejected { .. }), "{refused:?}");
    app.terminate(PATIENCE).await?;
    assert_eq!(fs::read(&settings)?, before);
    // Once the home is writable again, it goes on.
    let _app = home.start_app()?;
    home.wait_for_mood(Mood::Fine).await?;
    home.wait_until_followed().await?;
    Ok(())
}
