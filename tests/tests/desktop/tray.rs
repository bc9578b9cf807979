//! The tray: its menu, the clipboard, and a desktop that has no place for it.

use std::time::Duration;

use dyntray_core::present::Mood;
use dyntray_stories::desktop::{DesktopOptions, TrayHost};
use dyntray_stories::home::{Home, field};
use dyntray_stories::wait::eventually;
use dyntray_stories::window::Window;
use dyntray_stories::{Error, PATIENCE, Story};

#[tokio::test]
async fn the_tray_pauses_and_resumes() -> Story {
    let story = Home::for_story(DesktopOptions::with_recorder(), "pause", &[]).await?;
    let Some(home) = story else { return Ok(()) };
    let (app, _portal, _token) = home.set_up().await?;
    let item = home.tray_item(&app).await?;
    item.click("Until I resume").await?;
    home.wait_for_mood(Mood::Paused).await?;
    let sent = home.updates().await?;
    home.sandbox()?.reconnect().await?;
    tokio::time::sleep(Duration::from_secs(3)).await;
    assert_eq!(home.updates().await?, sent);
    eventually("the menu to offer it", PATIENCE, async || item.click("Resume").await.is_ok()).await?;
    home.wait_until_followed().await?;
    Ok(())
}

#[tokio::test]
async fn the_tray_copies_the_published_address_for_other_programs() -> Story {
    let story = Home::for_story(DesktopOptions::default(), "clipboard", &[]).await?;
    let Some(home) = story else { return Ok(()) };
    let (app, _portal, _token) = home.set_up().await?;
    let published = home.status().await?.entries[0].families[0].published.ok_or("nothing published")?;
    let address = published.address.to_string();
    let item = home.tray_item(&app).await?;
    eventually("the menu to offer the address", PATIENCE, async || item.click(&address).await.is_ok())
        .await?;
    // Another program asks for it, as it does when somebody pastes.
    let window = home.open_window().await?;
    window.click(&field("nav-settings")).await?;
    window.fill(&field("entry-0-server"), "x").await?;
    home.desktop.key("ctrl+a").await?;
    home.desktop.key("ctrl+v").await?;
    eventually("the address to be pasted", PATIENCE, async || {
        let typed = window.property(&field("entry-0-server"), "value").await?;
        if typed.as_deref() == Some(address.as_str()) {
            Ok(())
        } else {
            Err(Error::NotThere(format!("{typed:?}")))
        }
    })
    .await?;
    Ok(())
}

#[tokio::test]
async fn without_a_panel_the_window_says_so_and_the_icon_comes_with_the_panel() -> Story {
    let options = DesktopOptions { tray: TrayHost::Absent, ..DesktopOptions::default() };
    let story = Home::for_story(options, "no-tray", &[]).await?;
    let Some(mut home) = story else { return Ok(()) };
    let app = home.start_app()?;
    let window = Window::attach(&home.desktop).await?;
    window.wait_for_text_within(&field("ailment-no-tray"), "tray", Duration::from_secs(40)).await?;
    home.picture("no-tray").await?;
    home.desktop.start_tray().await?;
    home.tray_item(&app).await?;
    window.wait_for_none(&field("ailment-no-tray")).await?;
    Ok(())
}
