//! The person's language: the desktop's, or another one by choice.

use dyntray_core::present::Mood;
use dyntray_stories::desktop::{DesktopOptions, Notifications};
use dyntray_stories::home::{HOST, Home, field};
use dyntray_stories::notices::Notice;
use dyntray_stories::wait::eventually;
use dyntray_stories::window::Window;
use dyntray_stories::{PATIENCE, Story};

#[tokio::test]
async fn german_is_spoken_where_the_desktop_does() -> Story {
    let options = DesktopOptions {
        notifications: Notifications::Shown,
        locale: "de_DE.UTF-8".to_owned(),
        dark: true,
        ..DesktopOptions::default()
    };
    let story = Home::for_story(options, "german", &[]).await?;
    let Some(home) = story else { return Ok(()) };
    let (mut portal, token) = home.portal().await?;
    let app = home.start_app()?;
    let window = Window::attach(&home.desktop).await?;
    window.wait_for_text("body", "Hostname").await?;
    home.picture("willkommen").await?;
    home.fill_in(&window, &token).await?;
    home.wait_for_mood(Mood::Fine).await?;
    window.click(&field("nav-status")).await?;
    home.picture("status").await?;
    let labels = home.tray_item(&app).await?.menu().await?.labels();
    assert!(labels.iter().any(|label| label == "Jetzt aktualisieren"), "{labels:?}");
    portal.make_token(HOST).await?;
    home.sandbox()?.reconnect().await?;
    home.wait_for_mood(Mood::NeedsYou).await?;
    home.picture("abgelehnt").await?;
    let item = home.tray_item(&app).await?;
    let line = "Neues Token für home.spdns.de eingeben …";
    eventually("the way out in the menu", PATIENCE, async || item.click(line).await.is_ok()).await?;
    window.find(&field("new-token")).await?;
    home.picture("neues-token").await?;
    let said = home.command(&["status"]).await?;
    assert_eq!(said.status.code(), Some(4));
    let said = String::from_utf8_lossy(&said.stdout).into_owned();
    assert!(said.contains("ermittelt"), "{said}");
    Ok(())
}

#[tokio::test]
async fn another_language_is_spoken_at_once_in_window_tray_and_notifications() -> Story {
    let story = Home::for_story(DesktopOptions::with_recorder(), "another-language", &[]).await?;
    let Some(home) = story else { return Ok(()) };
    let (app, mut portal, _token) = home.set_up().await?;
    let window = home.open_window().await?;
    window.click(&field("nav-settings")).await?;
    window.click(&field("more")).await?;
    window.choose(&field("language"), "de").await?;
    window.wait_for_text(&field("nav-settings"), "Einstellungen").await?;
    home.picture("chosen").await?;
    window.click(&field("save")).await?;
    window.find(&field("saved")).await?;
    let item = home.tray_item(&app).await?;
    eventually("the tray to speak German", PATIENCE, async || {
        let labels = item.menu().await.map(|menu| menu.labels()).unwrap_or_default();
        labels.iter().any(|label| label == "Jetzt aktualisieren")
    })
    .await?;
    portal.make_token(HOST).await?;
    home.sandbox()?.reconnect().await?;
    let in_german = |notice: &Notice| notice.body.contains("nicht wiederherstellen");
    home.desktop.notices().wait_for("the refusal in German", PATIENCE, in_german).await?;
    Ok(())
}
