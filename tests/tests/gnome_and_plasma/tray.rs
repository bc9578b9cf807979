//! The tray icon on real shells: its sizes, its status, its menu.

use dyntray_core::present::Mood;
use dyntray_stories::app::App;
use dyntray_stories::desktop::{DesktopOptions, Display};
use dyntray_stories::gnome::Gnome;
use dyntray_stories::home::{HOST, Home};
use dyntray_stories::wait::eventually;
use dyntray_stories::{PATIENCE, Story};

/// Waits for the status that the panel is told.
async fn wait_for_status(home: &Home, app: &App, wanted: &str) -> Story {
    let item = home.tray_item(app).await?;
    eventually(&format!("the icon to be {wanted}"), PATIENCE, async || {
        let status = item.status().await.map_err(|error| error.to_string())?;
        if status == wanted { Ok(()) } else { Err(status) }
    })
    .await?;
    Ok(())
}

/// The icon while all is well and where a person is needed, and back.
async fn calls_a_person(home: &Home, app: &App) -> Story {
    let item = home.tray_item(app).await?;
    assert_eq!(item.widths().await?, [16, 22, 24, 32, 48]);
    wait_for_status(home, app, "Active").await?;
    home.picture("fine").await?;
    home.sandbox()?.make_token(HOST).await?;
    home.sandbox()?.reconnect().await?;
    home.wait_for_mood(Mood::NeedsYou).await?;
    wait_for_status(home, app, "NeedsAttention").await?;
    home.picture("needs-you").await?;
    Ok(())
}

/// Opens the menu of the icon in GNOME's top bar and gives the menu's width in pixels.
const OPEN_MENU: &str = "const all = Object.values(Main.panel.statusArea); \
     const ours = all.find(one => one.constructor.name.includes('IndicatorStatusIcon') && one.menu); \
     ours.menu.open(); ours.menu.box.get_preferred_width(-1)[1] | 0";

#[tokio::test]
async fn on_gnome_the_icon_calls_where_a_person_is_needed_and_its_menu_is_no_wider_than_it_must_be() -> Story
{
    let story = Home::for_story(DesktopOptions::gnome(Display::Wayland), "gnome-tray", &[]).await?;
    let Some(home) = story else { return Ok(()) };
    let (app, _portal, _token) = home.set_up().await?;
    let published = home.status().await?.entries[0].families[0].published.ok_or("nothing published")?;
    home.tray_item(&app).await?.wait_for_line(&published.address.to_string()).await?;
    let gnome = Gnome::of(&home.desktop);
    // The extension fills the menu when it opens for the first time.
    let mut width = 0;
    eventually("the menu to be filled", PATIENCE, async || {
        let now = gnome.eval(OPEN_MENU).await.ok()?.as_u64()?;
        let rests = now > 200 && now == width;
        width = now;
        rests.then_some(())
    })
    .await?;
    home.picture("menu").await?;
    assert!(width < 480, "{width}");
    calls_a_person(&home, &app).await
}

#[tokio::test]
async fn on_plasma_the_icon_calls_where_a_person_is_needed() -> Story {
    let story = Home::for_story(DesktopOptions::plasma_with_open_keyring(), "plasma-tray", &[]).await?;
    let Some(home) = story else { return Ok(()) };
    let (app, _portal, _token) = home.set_up().await?;
    calls_a_person(&home, &app).await
}
