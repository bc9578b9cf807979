//! One application: desktops take program and window for Dyntray, and each of them starts the other.

use dyntray_core::present::Mood;
use dyntray_stories::app::{App, binary};
use dyntray_stories::desktop::{DesktopOptions, Display};
use dyntray_stories::gnome::Gnome;
use dyntray_stories::home::{Home, field};
use dyntray_stories::wait::eventually;
use dyntray_stories::window::{Window, all_ended};
use dyntray_stories::{PATIENCE, Story, processes};

use super::{ours, wait_for_active};

/// Clicks the pin in GNOME's dock, which does what the desktop entry says.
const CLICK_PIN: &str = "imports.gi.Shell.AppSystem.get_default().lookup_app('dyntray.desktop')\
     .activate_full(-1, global.display.get_current_time_roundtrip()); true";

/// Puts Dyntray into GNOME's dock.
const PIN: &str = "imports.ui.appFavorites.getAppFavorites().addFavorite('dyntray.desktop'); true";

#[tokio::test]
async fn on_gnome_the_window_is_dyntray_in_bar_and_dock_and_its_pin_starts_the_program() -> Story {
    for display in [Display::Wayland, Display::X11] {
        let options = DesktopOptions::gnome(display);
        let story = format!("gnome-launch-{display:?}").to_lowercase();
        let Some(home) = Home::for_story(options, &story, &[]).await? else { return Ok(()) };
        let gnome = Gnome::of(&home.desktop);
        gnome.eval(PIN).await?;
        let (mut app, _portal, _token) = home.set_up().await?;
        assert_eq!(gnome.windows().await?.iter().filter(|window| window.title == "Dyntray").count(), 0);
        // It runs: the pin opens its window.
        gnome.eval(CLICK_PIN).await?;
        let window = gnome.wait_for_window("the window", |window| window.title == "Dyntray").await?;
        assert_eq!((window.app_id.as_str(), window.app_name.as_str()), ("dyntray.desktop", "Dyntray"));
        wait_for_active(&home.desktop, "Dyntray").await?;
        home.picture("top-bar").await?;
        gnome.eval("Main.overview.show(); true").await?;
        home.picture("dock").await?;
        gnome.eval("Main.overview.hide(); true").await?;
        gnome.close(window.id).await?;
        all_ended(&home.desktop).await?;
        // It has ended: the pin starts it, and a person who has clicked sees a window.
        app.terminate(PATIENCE).await?;
        gnome.eval(CLICK_PIN).await?;
        let window = Window::attach(&home.desktop).await?;
        window.find(&field("overall")).await?;
        wait_for_active(&home.desktop, "Dyntray").await?;
        home.wait_for_mood(Mood::Fine).await?;
    }
    Ok(())
}

#[tokio::test]
async fn on_plasma_the_window_bears_the_name_of_the_desktop_entry() -> Story {
    let story = Home::for_story(DesktopOptions::plasma(), "plasma-launch", &[]).await?;
    let Some(home) = story else { return Ok(()) };
    let _app = home.start_app()?;
    let window = ours(&home.desktop).await?;
    assert_eq!(window.class, "dyntray.Dyntray");
    home.picture("task-bar").await?;
    Ok(())
}

#[tokio::test]
async fn a_window_started_by_itself_starts_the_program_and_offers_to_start_it_again() -> Story {
    let options = DesktopOptions::gnome(Display::Wayland);
    let Some(home) = Home::for_story(options, "gnome-window-alone", &[]).await? else { return Ok(()) };
    let mut alone = App::start(&home.desktop, &binary("dyntray-window")?, &[], &[])?;
    let window = Window::attach(&home.desktop).await?;
    window.find(&field("overall")).await?;
    assert_eq!(window.count(&field("connection")).await?, 0);
    assert!(home.status().await?.entries.is_empty());
    home.picture("program-started").await?;
    home.command(&["quit"]).await?;
    window.find(&field("start-program")).await?;
    home.picture("program-ended").await?;
    window.click(&field("start-program")).await?;
    window.wait_for_none(&field("connection")).await?;
    assert!(home.status().await?.entries.is_empty());
    home.picture("program-started-again").await?;
    let windows = Gnome::of(&home.desktop).windows().await?;
    assert_eq!(windows.len(), 1, "the program opens no second window: {windows:?}");
    // The program outlives the window that has started it. The driver's process would count as one of the window.
    drop(window);
    alone.terminate(PATIENCE).await?;
    all_ended(&home.desktop).await?;
    let running =
        || home.desktop.processes().into_iter().filter_map(processes::name).filter(|name| name == "dyntray");
    assert_eq!(running().count(), 1);
    home.command(&["quit"]).await?;
    eventually("the program to end", PATIENCE, async || running().count() == 0).await?;
    Ok(())
}
