//! The session: the lock screen, a desktop without a tray, the log-out and the next log-in.

use std::time::Duration;

use dyntray_core::present::Mood;
use dyntray_core::state::health_issue::HealthIssue;
use dyntray_stories::app::App;
use dyntray_stories::desktop::{DesktopOptions, Display};
use dyntray_stories::gnome::Gnome;
use dyntray_stories::home::{Home, field};
use dyntray_stories::wait::eventually;
use dyntray_stories::window::{Window, all_ended};
use dyntray_stories::{PATIENCE, Story, processes};

/// Longer than the time that a desktop gets to start its panel.
const PANEL: Duration = Duration::from_secs(40);

/// Waits until the program has noticed that there is no tray.
async fn tray_missed(home: &Home) -> Story {
    eventually("the health issue", PANEL, async || {
        home.status().await.is_ok_and(|seen| seen.health_issues.contains(&HealthIssue::NoTray))
    })
    .await?;
    Ok(())
}

/// Gives a window the time to open, and asserts that none did.
async fn opens_no_window(app: &App) {
    tokio::time::sleep(Duration::from_secs(3)).await;
    let names: Vec<_> = processes::tree(app.pid()).into_iter().filter_map(processes::name).collect();
    assert_eq!(names, ["dyntray"], "nobody asked for a window");
}

#[tokio::test]
async fn on_gnome_a_locked_screen_opens_no_window_and_the_icon_is_back_afterwards() -> Story {
    let story = Home::for_story(DesktopOptions::gnome(Display::Wayland), "gnome-locked", &[]).await?;
    let Some(home) = story else { return Ok(()) };
    let gnome = Gnome::of(&home.desktop);
    let (app, _portal, _token) = home.set_up().await?;
    home.tray_item(&app).await?;
    gnome.lock_screen().await?;
    tray_missed(&home).await?;
    opens_no_window(&app).await;
    gnome.unlock_screen().await?;
    home.tray_item(&app).await?;
    eventually("the health issue to go", PATIENCE, async || {
        home.status().await.is_ok_and(|seen| !seen.health_issues.contains(&HealthIssue::NoTray))
    })
    .await?;
    opens_no_window(&app).await;
    Ok(())
}

#[tokio::test]
async fn on_gnome_without_the_extension_the_window_opens_at_the_first_log_in_only() -> Story {
    let story = Home::for_story(DesktopOptions::plain_gnome(Display::Wayland), "gnome-no-tray", &[]).await?;
    let Some(mut home) = story else { return Ok(()) };
    home.write_settings()?;
    let mut first = home.start_app()?;
    let window = Window::attach_within(&home.desktop, PANEL).await?;
    window.find(&field("ailment-no-tray")).await?;
    window.find(&field("quit")).await?;
    home.picture("told").await?;
    window.close(&home.desktop).await?;
    home.desktop.log_out();
    assert_eq!(first.wait_exit(PATIENCE).await?, 0, "{}", first.log());

    home.desktop.log_in().await?;
    let second = home.start_app()?;
    tray_missed(&home).await?;
    opens_no_window(&second).await;
    Ok(())
}

/// Logs out while the window is open, and in again.
async fn log_out_and_in(options: DesktopOptions, name: &str) -> Story {
    let Some(mut home) = Home::for_story(options, name, &[]).await? else { return Ok(()) };
    let (mut app, _portal, _token) = home.set_up().await?;
    home.tray_item(&app).await?;
    let _window = home.open_window().await?;
    home.desktop.log_out();
    assert_eq!(app.wait_exit(PATIENCE).await?, 0, "{}", app.log());
    assert!(app.log().contains("the desktop session is over"), "{}", app.log());
    assert!(!app.log().contains("panicked"), "{}", app.log());
    all_ended(&home.desktop).await?;

    home.desktop.log_in().await?;
    let next = home.start_app()?;
    home.tray_item(&next).await?;
    home.wait_for_mood(Mood::Fine).await?;
    opens_no_window(&next).await;
    home.open_window().await?.find(&field("overall")).await?;
    home.picture("after-the-next-log-in").await?;
    Ok(())
}

#[tokio::test]
async fn on_gnome_the_program_ends_with_the_log_out_and_is_there_after_the_next_log_in() -> Story {
    log_out_and_in(DesktopOptions::gnome(Display::Wayland), "gnome-log-out").await
}

#[tokio::test]
async fn on_plasma_the_program_ends_with_the_log_out_and_is_there_after_the_next_log_in() -> Story {
    log_out_and_in(DesktopOptions::plasma_with_open_keyring(), "plasma-log-out").await
}
