//! The end of a session, and the way into another one.

use std::time::Duration;

use dyntray_core::present::Mood;
use dyntray_stories::app::{App, binary};
use dyntray_stories::desktop::{Desktop, DesktopOptions, DesktopWindow};
use dyntray_stories::home::{HOST, Home};
use dyntray_stories::tray::Tray;
use dyntray_stories::window::Window;
use dyntray_stories::{PATIENCE, Story, processes};

fn is_own(window: &DesktopWindow) -> bool {
    window.class.to_lowercase().contains("dyntray")
}

#[tokio::test]
async fn the_program_ends_with_its_display() -> Story {
    let story = Home::for_story(DesktopOptions::default(), "display-gone", &[]).await?;
    let Some(mut home) = story else { return Ok(()) };
    home.write_settings()?;
    let mut app = home.start_app()?;
    home.tray_item(&app).await?;
    home.desktop.end_screen();
    assert_eq!(app.wait_exit(PATIENCE * 2).await?, 0, "{}", app.log());
    assert!(app.log().contains("the desktop session is over: the display is gone"), "{}", app.log());
    Ok(())
}

#[tokio::test]
async fn the_program_ends_with_its_session_bus_and_opens_no_window() -> Story {
    let story = Home::for_story(DesktopOptions::default(), "bus-gone", &[]).await?;
    let Some(mut home) = story else { return Ok(()) };
    home.write_settings()?;
    let mut app = home.start_app()?;
    home.tray_item(&app).await?;
    home.desktop.end_bus();
    assert_eq!(app.wait_exit(PATIENCE).await?, 0, "{}", app.log());
    assert!(app.log().contains("the desktop session is over: the session bus is gone"), "{}", app.log());
    let windows = home.desktop.windows().await?;
    assert!(!windows.iter().any(is_own), "{windows:?}: {}", app.log());
    assert!(!app.log().contains("panicked"), "{}", app.log());
    Ok(())
}

#[tokio::test]
async fn a_service_outlives_the_desktop_that_it_was_started_on() -> Story {
    let story = Home::for_story(DesktopOptions::default(), "service-stays", &[]).await?;
    let Some(mut home) = story else { return Ok(()) };
    home.write_settings()?;
    let mut service = home.start_app_with(&["run"], &[])?;
    home.wait_for_mood(Mood::Empty).await?;
    home.desktop.end_screen();
    home.desktop.end_bus();
    tokio::time::sleep(Duration::from_secs(5)).await;
    assert!(service.is_running(), "{}", service.log());
    assert_eq!(home.status().await?.entries[0].hostname, HOST);
    assert_eq!(service.terminate(PATIENCE).await?, 0);
    Ok(())
}

#[tokio::test]
async fn a_start_in_another_session_brings_icon_and_window_there() -> Story {
    let story = Home::for_story(DesktopOptions::default(), "next-session", &[]).await?;
    let Some(home) = story else { return Ok(()) };
    home.write_settings()?;
    let mut app = home.start_app()?;
    home.tray_item(&app).await?;

    let next = Desktop::start(DesktopOptions::default()).await?;
    // The same person: home and runtime directory are theirs, display and bus are the session's.
    let own = |path: &str| home.desktop.folder().join(path).display().to_string();
    let person = [
        ("XDG_RUNTIME_DIR", own("run")),
        ("HOME", own("home")),
        ("XDG_CONFIG_HOME", own("home/.config")),
        ("XDG_DATA_HOME", own("home/.local/share")),
    ];
    let person = person.each_ref().map(|(name, value)| (*name, value.as_str()));
    let mut second = App::start(&next, &binary("dyntray")?, &[], &person)?;
    assert_eq!(second.wait_exit(PATIENCE).await?, 0, "{}", second.log());

    // It is the same process, with another environment.
    assert!(app.is_running(), "{}", app.log());
    Tray::of(&next).wait_for_pid(app.pid(), PATIENCE).await?;
    Tray::of(&home.desktop).wait_for_none(app.pid(), PATIENCE).await?;
    next.wait_for_window("Dyntray", is_own).await?;
    let windows = home.desktop.windows().await?;
    assert!(!windows.iter().any(is_own), "{windows:?}");
    next.screenshot(dyntray_stories::app::output_folder()?.join("next-session/moved.png")).await?;

    // It belongs there from now on.
    drop(next);
    assert_eq!(app.wait_exit(PATIENCE).await?, 0, "{}", app.log());
    Ok(())
}

#[tokio::test]
async fn a_window_that_ends_before_it_is_there_is_told_and_opens_where_it_is_asked_for_again() -> Story {
    let story = Home::for_story(DesktopOptions::with_recorder(), "window-lost", &[]).await?;
    let Some(home) = story else { return Ok(()) };
    home.write_settings()?;
    // Of a session that isn't there any more.
    let app = home.start_app_with(&[], &[("DISPLAY", ":4711")])?;
    home.tray_item(&app).await?.click("Open Dyntray").await?;
    let is_it = |notice: &dyntray_stories::notices::Notice| notice.body.contains("couldn't be opened");
    let told = home.desktop.notices().wait_for("the window's end", PATIENCE, is_it).await?;
    assert!(told.body.contains("gtk") && !told.body.contains("note:"), "its last words: {told:?}");
    assert!(app.log().contains("the window ended before it was there"), "{}", app.log());

    // A second start names the session that it is in.
    let window = home.open_window().await?;
    let environment = processes::environment(window.pid());
    let display = |entry: &&String| entry.starts_with("DISPLAY=");
    assert!(
        environment.iter().find(display).is_some_and(|known| known != "DISPLAY=:4711"),
        "{environment:?}"
    );
    let _: Window = window;
    Ok(())
}
