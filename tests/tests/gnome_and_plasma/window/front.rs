//! The window comes to the front when a person asks for it, from behind another and minimised.

use std::time::Duration;

use dyntray_control::ActivationToken;
use dyntray_stories::desktop::{Desktop, DesktopOptions, Display};
use dyntray_stories::gnome::Gnome;
use dyntray_stories::home::{Home, field};
use dyntray_stories::window::Window;
use dyntray_stories::{Error, Result, Story};

use super::{OTHER, ask_for_window, cover, go_behind, minimise, ours, wait_for_active};

/// A window that wasn't let to the front has been opened anew after this time.
const LONG_ENOUGH: Duration = Duration::from_secs(2);

/// A token as GNOME Shell hands it to a program that a person has just clicked.
async fn token(desktop: &Desktop) -> Result<ActivationToken> {
    let script = "global.create_app_launch_context(global.display.get_current_time_roundtrip(), -1)\
         .get_startup_notify_id(imports.gi.Shell.AppSystem.get_default().lookup_app('dyntray.desktop')\
         .get_app_info(), [])";
    let token = Gnome::of(desktop).eval(script).await?;
    let token = token.as_str().ok_or_else(|| Error::NotThere("a token of GNOME Shell".to_owned()))?;
    Ok(ActivationToken(token.to_owned()))
}

/// Asks for the window behind another one and for the minimised one, without a token, and looks whether it comes.
async fn comes_without_a_token(home: &Home) -> Result<()> {
    go_behind(&home.desktop).await?;
    home.picture("behind").await?;
    ask_for_window(home, None).await?;
    wait_for_active(&home.desktop, "Dyntray").await?;
    home.picture("in-front").await?;
    minimise(&home.desktop).await?;
    ask_for_window(home, None).await?;
    wait_for_active(&home.desktop, "Dyntray").await?;
    home.picture("no-longer-minimised").await
}

/// The same with tokens; the window stays the same one.
async fn comes_with_a_token(home: &Home) -> Story {
    let before = ours(&home.desktop).await?.id;
    go_behind(&home.desktop).await?;
    ask_for_window(home, Some(token(&home.desktop).await?)).await?;
    wait_for_active(&home.desktop, "Dyntray").await?;
    minimise(&home.desktop).await?;
    ask_for_window(home, Some(token(&home.desktop).await?)).await?;
    wait_for_active(&home.desktop, "Dyntray").await?;
    tokio::time::sleep(LONG_ENOUGH).await;
    assert_eq!(ours(&home.desktop).await?.id, before, "it was raised, not opened anew");
    Ok(())
}

/// Starts Dyntray and another program in front of its window, in whose form something is typed.
async fn with_something_typed(home: &Home) -> Story<Window> {
    let window = Window::attach(&home.desktop).await?;
    window.click(&field("all-settings")).await?;
    window.fill(&field("entry-0-hostname"), "typed.spdns.de").await?;
    Ok(window)
}

async fn is_still_typed(window: &Window) -> Story {
    let typed = window.property(&field("entry-0-hostname"), "value").await?;
    assert_eq!(typed.as_deref(), Some("typed.spdns.de"), "nothing typed is lost");
    Ok(())
}

#[tokio::test]
async fn on_gnome_with_wayland_the_window_comes_to_the_front_with_a_token_and_without_one() -> Story {
    let options = DesktopOptions::gnome(Display::Wayland);
    let story = Home::for_story(options, "gnome-front", &["gjs"]).await?;
    let Some(home) = story else { return Ok(()) };
    let _app = home.start_app()?;
    let window = with_something_typed(&home).await?;
    let _other = cover(&home.desktop).await?;
    comes_with_a_token(&home).await?;
    comes_without_a_token(&home).await?;
    is_still_typed(&window).await
}

#[tokio::test]
async fn on_gnome_a_busy_shell_raises_the_window_late_and_a_window_that_it_has_just_covered_comes_too()
-> Story {
    let story =
        Home::for_story(DesktopOptions::gnome(Display::Wayland), "gnome-busy-front", &["gjs"]).await?;
    let Some(home) = story else { return Ok(()) };
    let _app = home.start_app()?;
    let window = with_something_typed(&home).await?;
    let _other = cover(&home.desktop).await?;
    let gnome = Gnome::of(&home.desktop);
    let before = ours(&home.desktop).await?.id;
    let other = home.desktop.wait_for_window("the other program", |window| window.title == OTHER).await?;
    let busy = Duration::from_secs(2);
    let ask_meanwhile = async |activation| {
        tokio::time::sleep(busy / 4).await;
        ask_for_window(&home, activation).await
    };

    // It gets to the request after two seconds only. That is no refusal.
    go_behind(&home.desktop).await?;
    let token = token(&home.desktop).await?;
    let (kept, asked) = tokio::join!(gnome.keep_busy(busy), ask_meanwhile(Some(token)));
    kept?;
    asked?;
    wait_for_active(&home.desktop, "Dyntray").await?;
    tokio::time::sleep(LONG_ENOUGH).await;
    assert_eq!(ours(&home.desktop).await?.id, before, "it was raised, not opened anew");

    // The window takes itself for the one in front still when it is asked for.
    let (kept, asked) = tokio::join!(gnome.activate_and_stay_busy(other.id, busy), ask_meanwhile(None));
    kept?;
    asked?;
    wait_for_active(&home.desktop, "Dyntray").await?;
    is_still_typed(&window).await
}

#[tokio::test]
async fn on_gnome_with_x11_the_window_comes_to_the_front_with_a_token_and_without_one() -> Story {
    let story = Home::for_story(DesktopOptions::gnome(Display::X11), "gnome-x11-front", &["gjs"]).await?;
    let Some(home) = story else { return Ok(()) };
    let _app = home.start_app()?;
    let window = with_something_typed(&home).await?;
    let _other = cover(&home.desktop).await?;
    comes_with_a_token(&home).await?;
    comes_without_a_token(&home).await?;
    // A token from before the other program was used is worth nothing; the window comes all the same.
    let stale = token(&home.desktop).await?;
    go_behind(&home.desktop).await?;
    home.desktop.click(40.0, 700.0).await?;
    ask_for_window(&home, Some(stale)).await?;
    wait_for_active(&home.desktop, "Dyntray").await?;
    is_still_typed(&window).await
}

#[tokio::test]
async fn on_plasma_the_window_comes_to_the_front() -> Story {
    let story = Home::for_story(DesktopOptions::plasma(), "plasma-front", &["gjs"]).await?;
    let Some(home) = story else { return Ok(()) };
    let _app = home.start_app()?;
    let window = with_something_typed(&home).await?;
    let _other = cover(&home.desktop).await?;
    comes_without_a_token(&home).await?;
    is_still_typed(&window).await
}
