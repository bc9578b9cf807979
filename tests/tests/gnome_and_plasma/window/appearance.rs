//! Light or dark, large text and high contrast: the window is drawn as the desktop's settings say.

use dyntray_core::settings::ThemeChoice;
use dyntray_stories::app;
use dyntray_stories::desktop::{DesktopOptions, Display};
use dyntray_stories::gnome::{ColorScheme, Gnome};
use dyntray_stories::home::{Home, field};
use dyntray_stories::wait::eventually;
use dyntray_stories::window::Window;
use dyntray_stories::{Error, PATIENCE, Result, Story};

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

/// The window's width in the page's pixels: the larger the desktop's texts, the fewer.
async fn width(window: &Window) -> Result<f64> {
    Ok(window.eval("return innerWidth", vec![]).await?.as_f64().unwrap_or_default())
}

/// Waits until texts are `factor` times as large as they were where the page was `before` pixels wide.
async fn wait_for_text_of(window: &Window, before: f64, factor: f64) -> Result<()> {
    eventually(&format!("texts of {factor}"), PATIENCE, async || {
        let now = width(window).await?;
        let is_so = (now * factor - before).abs() < 3.0;
        if is_so { Ok(()) } else { Err(Error::NotThere(format!("{before} pixels became {now}"))) }
    })
    .await
}

/// Walks through all pages: none of them is wider than the window.
async fn no_page_scrolls_sideways(home: &Home, window: &Window, said: &str) -> Story {
    for page in ["status", "settings", "diagnostics", "about"] {
        // The driver's own click misses: it doesn't know of the desktop's size of texts.
        let click = format!("document.querySelector('{}').click()", field(&format!("nav-{page}")));
        window.eval(&click, vec![]).await?;
        window.find(&format!("main[data-page='{page}'] h1")).await?;
        let wider = "return document.documentElement.scrollWidth - innerWidth";
        let wider = window.eval(wider, vec![]).await?;
        assert!(wider.as_f64().is_some_and(|pixels| pixels <= 0.0), "{said}, {page}: {wider}");
        home.picture(&format!("{said}-{page}")).await?;
    }
    Ok(())
}

#[tokio::test]
async fn on_gnome_large_text_and_high_contrast_are_followed_at_once_and_no_page_scrolls_sideways() -> Story {
    let story = Home::for_story(DesktopOptions::gnome(Display::Wayland), "gnome-large-text", &[]).await?;
    let Some(home) = story else { return Ok(()) };
    let _app = home.start_app()?;
    let window = Window::attach(&home.desktop).await?;
    let gnome = Gnome::of(&home.desktop);
    let before = width(&window).await?;
    for factor in [1.5, 2.0] {
        gnome.choose_text_scaling(&home.desktop, factor).await?;
        wait_for_text_of(&window, before, factor).await?;
        no_page_scrolls_sideways(&home, &window, &format!("text-{factor}")).await?;
    }
    gnome.choose_text_scaling(&home.desktop, 1.0).await?;
    wait_for_text_of(&window, before, 1.0).await?;
    for high in [true, false] {
        let value = high.to_string();
        gnome.set(&home.desktop, "org.gnome.desktop.a11y.interface", "high-contrast", &value).await?;
        let script = "return matchMedia('(prefers-contrast: more)').matches";
        eventually("the contrast", PATIENCE, async || {
            let now = window.eval(script, vec![]).await?;
            if now.as_bool() == Some(high) { Ok(()) } else { Err(Error::NotThere(format!("{now}"))) }
        })
        .await?;
        home.picture(if high { "high-contrast" } else { "usual-contrast" }).await?;
    }
    Ok(())
}

/// Plasma 5.27 tells programs of no contrast, so that there is only its size of texts to follow.
#[tokio::test]
async fn on_plasma_texts_are_as_large_as_the_desktops_and_no_page_scrolls_sideways() -> Story {
    let needed = ["xrdb", "kwriteconfig5"];
    for factor in [1.5, 2.0] {
        let name = format!("plasma-text-{factor}");
        let options = DesktopOptions::plasma_with_open_keyring();
        let Some(home) = Home::for_story(options, &name, &needed).await? else { return Ok(()) };
        let _app = home.start_app()?;
        let before = {
            let window = Window::attach(&home.desktop).await?;
            let before = width(&window).await?;
            window.close(&home.desktop).await?;
            before
        };
        // "Force font DPI", as System Settings keeps it, and as the next log-in tells it to all programs.
        let dpi = (96.0 * factor).to_string();
        let kept = ["--file", "kcmfonts", "--group", "General", "--key", "forceFontDPI", &dpi];
        home.desktop.tool("kwriteconfig5", &kept).await?;
        let resource = home.desktop.home().join("dpi");
        std::fs::write(&resource, format!("Xft.dpi: {dpi}\n"))?;
        home.desktop.tool("xrdb", &["-merge", &resource.display().to_string()]).await?;
        let window = home.open_window().await?;
        wait_for_text_of(&window, before, factor).await?;
        no_page_scrolls_sideways(&home, &window, &name).await?;
    }
    Ok(())
}
