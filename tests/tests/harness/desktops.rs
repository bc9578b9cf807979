//! Desktops: their parts are real, or absent as requested, and leave nothing behind.

use std::{
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use dyntray_stories::{
    PATIENCE, Story,
    desktop::{Desktop, DesktopOptions},
    processes,
    search::Secret,
    tray::Tray,
    wait::eventually,
};

use super::tools::store;

/// Everything that still runs on the desktop that had this folder.
fn inhabitants(folder: &Path) -> Vec<u32> {
    processes::with_environment(&format!("DYNTRAY_DESKTOP={}", folder.display()))
}

/// The folder of the built programs.
fn binary_folder() -> PathBuf {
    let test = std::env::current_exe().expect("a running test");
    test.ancestors().nth(2).expect("target/debug").to_owned()
}

#[tokio::test]
async fn a_desktop_has_a_tray_a_keyring_and_leaves_nothing_behind() -> Story {
    let began = Instant::now();
    let options = DesktopOptions::default();
    let Some(desktop) = Desktop::for_story(options, "a desktop", &["secret-tool"]).await? else {
        return Ok(());
    };
    let took = began.elapsed();
    println!("the desktop was there after {took:?}");
    assert!(took < Duration::from_secs(10), "the desktop took {took:?} to start");

    for name in ["org.kde.StatusNotifierWatcher", "org.freedesktop.secrets", "org.freedesktop.Notifications"]
    {
        assert!(desktop.name_is_owned(name).await?, "{name}");
    }
    store(&desktop, "a-token", "abcdefghijkl").await?;
    assert_eq!(desktop.tool("secret-tool", &["lookup", "story", "a-token"]).await?, "abcdefghijkl");
    assert_eq!(
        Secret::new("abcdefghijkl").find_below(desktop.folder())?,
        [],
        "the keyring's file is encrypted"
    );

    let (folder, everyone) = (desktop.folder().to_owned(), desktop.processes());
    let names: Vec<String> = everyone.iter().filter_map(|pid| processes::name(*pid)).collect();
    for part in ["Xvfb", "dbus-daemon", "gnome-keyring-d", "openbox", "dunst", "xfce4-panel"] {
        assert!(names.iter().any(|name| name == part), "{part} in {names:?}");
    }
    drop(desktop);
    let left: Vec<u32> = everyone.into_iter().filter(|pid| processes::is_alive(*pid)).collect();
    assert!(left.is_empty(), "{left:?} are left");
    assert!(inhabitants(&folder).is_empty());
    assert!(!folder.exists());
    Ok(())
}

#[tokio::test]
async fn a_story_that_panics_leaves_nothing_behind_either() -> Story {
    if DesktopOptions::without_a_desktop().skipped("a panic", &[]) {
        return Ok(());
    }
    let (folder_is, folder) = tokio::sync::oneshot::channel();
    let local = tokio::task::LocalSet::new();
    let story = local.spawn_local(async move {
        let desktop = Desktop::start(DesktopOptions::without_a_desktop()).await.expect("a desktop");
        // Detached from everything: only the mark in its environment leads back to the desktop.
        desktop.tool("sh", &["-c", "setsid sleep 1000 >/dev/null 2>&1 &"]).await.expect("a detached process");
        folder_is.send(desktop.folder().to_owned()).expect("a listener");
        panic!("on purpose");
    });
    local.await;
    let folder = folder.await?;
    assert!(story.await.expect_err("the story panics").is_panic());
    let evidence = binary_folder().join("../failed-stories/a_story_that_panics_leaves_nothing_behind_either");
    assert!(
        evidence.join("screen.png").is_file() && evidence.join("log/Xvfb").is_file(),
        "{}",
        evidence.display()
    );
    std::fs::remove_dir_all(evidence)?;
    assert!(inhabitants(&folder).is_empty());
    assert!(!folder.exists());
    Ok(())
}

/// Not a story of its own: the next one runs it as a process, and kills it.
#[tokio::test]
#[ignore = "run by a_story_that_is_killed_leaves_nothing_behind_either"]
async fn victim() -> Story {
    let desktop = Desktop::start(DesktopOptions::without_a_desktop()).await?;
    println!("victim's desktop: {}", desktop.folder().display());
    std::future::pending().await
}

#[tokio::test]
async fn a_story_that_is_killed_leaves_nothing_behind_either() -> Story {
    if DesktopOptions::without_a_desktop().skipped("a kill", &[]) {
        return Ok(());
    }
    let log = tempfile::NamedTempFile::new()?;
    let mut victim = tokio::process::Command::new(std::env::current_exe()?)
        .args(["--exact", "desktops::victim", "--ignored", "--nocapture"])
        .stdout(log.reopen()?)
        .kill_on_drop(true)
        .spawn()?;
    let folder = eventually("the victim's desktop", PATIENCE, async || {
        let written = std::fs::read_to_string(log.path()).ok()?;
        let rest = written.split_once("victim's desktop: ")?.1;
        Some(PathBuf::from(rest.split_once('\n')?.0))
    })
    .await?;
    assert!(!inhabitants(&folder).is_empty());
    victim.kill().await?;
    eventually("the guard to end the desktop", PATIENCE, async || {
        inhabitants(&folder).is_empty() && !folder.exists()
    })
    .await?;
    Ok(())
}

#[tokio::test]
async fn absent_parts_are_absent_and_stay_so() -> Story {
    let options = DesktopOptions::without_a_desktop();
    let story = Desktop::for_story(options, "absent parts", &["secret-tool", "notify-send"]).await?;
    let Some(desktop) = story else { return Ok(()) };
    assert!(desktop.tool("secret-tool", &["lookup", "story", "any"]).await.is_err());
    assert!(desktop.tool("notify-send", &["Nobody", "listens"]).await.is_err());
    for name in ["org.kde.StatusNotifierWatcher", "org.freedesktop.secrets", "org.freedesktop.Notifications"]
    {
        assert!(!desktop.name_is_owned(name).await?, "{name}");
    }
    assert!(Tray::of(&desktop).items().await?.is_empty());
    Ok(())
}
