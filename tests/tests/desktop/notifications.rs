//! Notifications: their number, and the window in their place on a desktop that shows none.

use std::time::Duration;

use dyntray_control::{AgentRequest, Response, SecretChange};
use dyntray_core::present::Mood;
use dyntray_core::state::health_issue::HealthIssue;
use dyntray_stories::app;
use dyntray_stories::desktop::{DesktopOptions, Notifications};
use dyntray_stories::home::{HOST, Home, field};
use dyntray_stories::notices::Notice;
use dyntray_stories::page::PageServer;
use dyntray_stories::wait::eventually;
use dyntray_stories::window::Window;
use dyntray_stories::{PATIENCE, Story};

/// Replaces the token on the website; the next update is refused.
async fn refused(home: &Home) -> Story {
    home.sandbox()?.make_token(HOST).await?;
    home.sandbox()?.reconnect().await?;
    home.wait_for_mood(Mood::NeedsYou).await?;
    Ok(())
}

#[tokio::test]
async fn without_a_notification_daemon_a_refusal_stands_in_tray_and_window() -> Story {
    let options = DesktopOptions { notifications: Notifications::Absent, ..DesktopOptions::default() };
    let story = Home::for_story(options, "no-notifications", &[]).await?;
    let Some(home) = story else { return Ok(()) };
    let (app, _portal, _token) = home.set_up().await?;
    refused(&home).await?;
    let item = home.tray_item(&app).await?;
    item.wait_for_line("Enter new token").await?;
    eventually("it to be known that nothing was shown", PATIENCE, async || {
        home.status().await.is_ok_and(|seen| seen.health_issues.contains(&HealthIssue::NoNotices))
    })
    .await?;
    assert!(home.desktop.windows().await?.iter().all(|window| window.title != "Dyntray"), "nothing pops up");
    let window = home.open_window().await?;
    window.wait_for_text(&field("ailment-no-notices"), "no notifications").await?;
    home.picture("said-in-the-window").await?;
    Ok(())
}

#[tokio::test]
async fn without_tray_and_notifications_the_window_itself_opens_where_the_new_token_goes() -> Story {
    let story = Home::for_story(DesktopOptions::without_tray_and_notices(), "nothing-at-all", &[]).await?;
    let Some(home) = story else { return Ok(()) };
    let (_app, _portal, _token) = home.set_up().await?;
    eventually("the missing tray to be known", Duration::from_secs(40), async || {
        home.status().await.is_ok_and(|seen| seen.health_issues.contains(&HealthIssue::NoTray))
    })
    .await?;
    // The window that says so may have opened meanwhile.
    if let Ok(window) = Window::attach_within(&home.desktop, Duration::from_secs(3)).await {
        window.close(&home.desktop).await?;
    }
    refused(&home).await?;
    let window = Window::attach(&home.desktop).await?;
    window.find(&field("new-token")).await?;
    home.picture("opened-by-itself").await?;
    Ok(())
}

#[tokio::test]
async fn closing_the_window_says_once_that_updates_go_on() -> Story {
    let story = Home::for_story(DesktopOptions::with_recorder(), "goes-on", &[]).await?;
    let Some(home) = story else { return Ok(()) };
    let (mut app, _portal, _token) = home.set_up().await?;
    home.open_window().await?.close(&home.desktop).await?;
    let says_so = |notice: &Notice| notice.body.contains("updates go on");
    home.desktop.notices().wait_for("that updates go on", PATIENCE, says_so).await?;
    for _ in 0..2 {
        home.open_window().await?.close(&home.desktop).await?;
    }
    assert_eq!(home.quit_from_tray(&mut app).await?, 0);
    let _app = home.start_app()?;
    home.wait_for_mood(Mood::Fine).await?;
    home.open_window().await?.close(&home.desktop).await?;
    tokio::time::sleep(Duration::from_secs(1)).await;
    assert_eq!(home.desktop.notices().all().iter().filter(|notice| says_so(notice)).count(), 1);
    Ok(())
}

#[tokio::test]
async fn a_new_version_is_told_once_where_the_settings_say_whom_to_ask() -> Story {
    let story = Home::for_story(DesktopOptions::with_recorder(), "new-version", &[]).await?;
    let Some(home) = story else { return Ok(()) };
    let (mut app, _portal, _token) = home.set_up().await?;
    let announcing = PageServer::start("application/json", r#"{"version":"999.1.0"}"#).await?;
    let window = home.open_window().await?;
    window.click(&field("nav-settings")).await?;
    window.click(&field("more")).await?;
    window.fill(&field("releases"), &announcing.address("/dyntray.json")).await?;
    window.click(&field("save")).await?;
    window.find(&field("saved")).await?;
    let told = |notice: &Notice| notice.body.contains("999.1.0");
    home.desktop.notices().wait_for("the new version", PATIENCE, told).await?;
    window.click(&field("nav-about")).await?;
    window.wait_for_text("main", "999.1.0").await?;
    home.picture("about").await?;
    window.close(&home.desktop).await?;
    app.terminate(PATIENCE).await?;
    let _app = home.start_app()?;
    home.wait_for_mood(Mood::Fine).await?;
    tokio::time::sleep(Duration::from_secs(2)).await;
    assert_eq!(home.desktop.notices().all().iter().filter(|notice| told(notice)).count(), 1);
    assert_eq!(announcing.visits(), 1, "once a day, across restarts");
    Ok(())
}

/// The notification of a refused token.
async fn refusal(home: &Home) -> dyntray_stories::Result<Notice> {
    let stopped = |notice: &Notice| notice.summary == "Updates have stopped";
    home.desktop.notices().wait_for("the refusal", PATIENCE, stopped).await
}

#[tokio::test]
async fn a_refusal_stays_until_it_is_seen_and_a_click_on_it_leads_to_the_field() -> Story {
    let story = Home::for_story(DesktopOptions::with_recorder(), "refusal-clicked", &[]).await?;
    let Some(home) = story else { return Ok(()) };
    let (_app, _portal, _token) = home.set_up().await?;
    refused(&home).await?;
    let told = refusal(&home).await?;
    assert_eq!(told.urgency, Some(2), "critical");
    assert_eq!(told.hints.get("desktop-entry").map(String::as_str), Some("dyntray"));
    assert_eq!(told.app, "Dyntray");
    // A file, unless the icon is installed on this machine.
    let picture = told.icon.strip_prefix("file://");
    let is_there = picture.map_or(told.icon == "dyntray", |file| std::path::Path::new(file).is_file());
    assert!(is_there, "{}", told.icon);
    assert_eq!(told.action("Open Dyntray"), Some("default"), "{told:?}");
    home.desktop.notices().press(told.id, "default").await?;
    Window::attach(&home.desktop).await?.find(&field("new-token")).await?;
    Ok(())
}

#[tokio::test]
async fn a_refusal_gives_way_to_the_good_news_which_is_normal_and_goes_with_the_program() -> Story {
    let story = Home::for_story(DesktopOptions::with_recorder(), "refusal-replaced", &[]).await?;
    let Some(home) = story else { return Ok(()) };
    let (mut app, _portal, _token) = home.set_up().await?;
    let token = home.sandbox()?.make_token(HOST).await?;
    home.sandbox()?.reconnect().await?;
    let shown = home.wait_for_mood(Mood::NeedsYou).await?;
    let told = refusal(&home).await?;
    home.desktop.notices().forget();
    let entry = shown.entries[0].id;
    let saved = home.ask(AgentRequest::SetSecret { entry, secret: token.into() }).await?;
    assert!(matches!(saved, Response::Saved { .. }), "{saved:?}");
    let replaces = |notice: &Notice| notice.replaces == told.id;
    let good = home.desktop.notices().wait_for("the good news", PATIENCE, replaces).await?;
    assert_eq!((good.id, good.urgency), (told.id, Some(1)), "{good:?}");
    assert!(!good.closed);
    assert_eq!(home.quit_from_tray(&mut app).await?, 0);
    let left = home.desktop.notices().all();
    assert!(left.iter().all(|notice| notice.closed), "{left:?}");
    Ok(())
}

#[tokio::test]
async fn a_notification_is_closed_when_its_cause_is_over() -> Story {
    let story = Home::for_story(DesktopOptions::with_recorder(), "refusal-over", &[]).await?;
    let Some(home) = story else { return Ok(()) };
    let (_app, _portal, _token) = home.set_up().await?;
    refused(&home).await?;
    let told = refusal(&home).await?;
    assert!(!told.closed);
    let mut form = home.form().await?;
    form.entries[0].enabled = false;
    app::save(&home.desktop, form, vec![SecretChange::Keep]).await?;
    let closed = |notice: &Notice| notice.id == told.id && notice.closed;
    home.desktop.notices().wait_for("to be closed", PATIENCE, closed).await?;
    Ok(())
}

/// Kills the program while the refusal is shown. The next run shows it in its own place.
async fn killed_and_started(home: &Home) -> Story<(app::App, Notice)> {
    let (mut app, _portal, _token) = home.set_up().await?;
    refused(home).await?;
    let told = refusal(home).await?;
    // It notes what it shows once the desktop has it.
    tokio::time::sleep(std::time::Duration::from_secs(1)).await;
    app.kill().await?;
    home.desktop.notices().forget();
    let app = home.start_app()?;
    home.wait_for_mood(Mood::NeedsYou).await?;
    let replaces = |notice: &Notice| notice.replaces == told.id;
    let again = home.desktop.notices().wait_for("in its place", PATIENCE, replaces).await?;
    assert_eq!((again.id, &again.summary), (told.id, &told.summary));
    Ok((app, again))
}

#[tokio::test]
async fn after_a_kill_a_refusal_is_shown_in_its_own_place_and_answers_a_click() -> Story {
    let story = Home::for_story(DesktopOptions::with_recorder(), "refusal-after-a-kill", &[]).await?;
    let Some(home) = story else { return Ok(()) };
    let (_app, told) = killed_and_started(&home).await?;
    home.desktop.notices().press(told.id, "default").await?;
    Window::attach(&home.desktop).await?.find(&field("new-token")).await?;
    Ok(())
}

#[tokio::test]
async fn after_a_kill_a_refusal_is_closed_when_its_cause_is_over() -> Story {
    let story = Home::for_story(DesktopOptions::with_recorder(), "refusal-over-after-a-kill", &[]).await?;
    let Some(home) = story else { return Ok(()) };
    let (_app, told) = killed_and_started(&home).await?;
    let mut form = home.form().await?;
    form.entries[0].enabled = false;
    app::save(&home.desktop, form, vec![SecretChange::Keep]).await?;
    let closed = |notice: &Notice| notice.id == told.id && notice.closed;
    home.desktop.notices().wait_for("to be closed", PATIENCE, closed).await?;
    Ok(())
}
