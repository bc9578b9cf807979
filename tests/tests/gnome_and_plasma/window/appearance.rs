//! Light or dark, large text and high contrast: the window is drawn as the desktop's settings say.

use dyntray_core::settings::ThemeChoice;
use dyntray_stories::app;
use dyntray_stories::desktop::{DesktopOptions, Display};
use dyntray_stories::gnome::{ColorScheme, Gnome};
use dyntray_stories::home::Home;
use dyntray_stories::wait::eventually;
use dyntray_stories::window::Window;
use dyntray_stories::{PATIENCE, Result, Story};

/// Waits until the pages are told to be dark, or light.
async fn wait_for_dark(window: &Window, expected: bool) -> Result<()> {
    let script = "return matchMedia('(prefers-color-scheme: dark)').matches";
    let what = if expected { "dark pages" } else { "light pages" };
    eventually(what, PATIENCE, async || {
        window.eval(script, vec![]).await.is_ok_and(|dark| dark.as_bool() == Some(expected))
    })
    .await
}

/// Chooses a theme in Dyntray's settings.
async fn choose(home: &Home, theme: ThemeChoice) -> Result<()> {
    let mut form = home.form().await?;
    form.theme = theme;
    app::save(&home.desktop, form, vec![]).await
}

/// A choice in Dyntray holds whatever the desktop chooses; `set_dark` changes the desktop's choice.
async fn follows(home: &Home, window: &Window, set_dark: impl AsyncFn(bool) -> Result<()>) -> Result<()> {
    wait_for_dark(window, false).await?;
    set_dark(true).await?;
    wait_for_dark(window, true).await?;
    home.picture("dark").await?;
    set_dark(false).await?;
    wait_for_dark(window, false).await?;
    home.picture("light").await?;
    choose(home, ThemeChoice::Dark).await?;
    wait_for_dark(window, true).await?;
    choose(home, ThemeChoice::Light).await?;
    wait_for_dark(window, false).await?;
    set_dark(true).await?;
    // Longer than the desktop needs to tell it, as above.
    tokio::time::sleep(std::time::Duration::from_secs(2)).await;
    wait_for_dark(window, false).await?;
    home.picture("light-by-choice").await?;
    choose(home, ThemeChoice::System).await?;
    wait_for_dark(window, true).await?;
    set_dark(false).await?;
    wait_for_dark(window, false).await
}

#[tokio::test]
async fn on_gnome_the_window_is_light_or_dark_like_the_desktop_unless_a_person_has_chosen() -> Story {
    let story = Home::for_story(DesktopOptions::gnome(Display::Wayland), "gnome-dark", &[]).await?;
    let Some(home) = story else { return Ok(()) };
    let _app = home.start_app()?;
    let window = Window::attach(&home.desktop).await?;
    let gnome = Gnome::of(&home.desktop);
    follows(&home, &window, async |dark| {
        let scheme = if dark { ColorScheme::PreferDark } else { ColorScheme::Default };
        gnome.choose_color_scheme(&home.desktop, scheme).await
    })
    .await?;
    Ok(())
}

#[tokio::test]
async fn on_plasma_the_window_is_light_or_dark_like_the_desktop_unless_a_person_has_chosen() -> Story {
    let story =
        Home::for_story(DesktopOptions::plasma(), "plasma-dark", &["plasma-apply-colorscheme"]).await?;
    let Some(home) = story else { return Ok(()) };
    let _app = home.start_app()?;
    let window = Window::attach(&home.desktop).await?;
    follows(&home, &window, async |dark| {
        let scheme = if dark { "BreezeDark" } else { "BreezeLight" };
        home.desktop.tool("plasma-apply-colorscheme", &[scheme]).await.map(drop)
    })
    .await?;
    Ok(())
}
