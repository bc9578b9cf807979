//! The file dialog of *Import*: the desktop's own, which its portal shows, or GTK's where there is no portal.

use std::fs;

use dyntray_stories::desktop::{Desktop, DesktopOptions, DesktopWindow, Display, Shell};
use dyntray_stories::gnome::Gnome;
use dyntray_stories::home::{HOST, Home, field};
use dyntray_stories::window::Window;
use dyntray_stories::{Error, Result, Story, processes};

use super::ours;

/// The file that is imported.
const FILE: &str = "protocol=dyndns2\nserver=update.spdyn.de\nlogin=home.spdns.de\n\
    password=abcd-efgh-ijkl\nhome.spdns.de\n";

/// The upper left corner of the page on the screen.
async fn page_corner(desktop: &Desktop, page_height: f64) -> Result<(f64, f64)> {
    let id = ours(desktop).await?.id;
    if matches!(desktop.shell(), Shell::Gnome(_)) {
        let windows = Gnome::of(desktop).windows().await?;
        let window = windows.into_iter().find(|window| window.id == id);
        let frame = window.ok_or_else(|| Error::NotThere("Dyntray's window".to_owned()))?.frame;
        return Ok((frame.x, frame.y + frame.height - page_height));
    }
    let said = desktop.tool("xdotool", &["getwindowgeometry", "--shell", &id.to_string()]).await?;
    let value = |name: &str| {
        let line = said.lines().find_map(|line| line.strip_prefix(name));
        line.and_then(|value| value.parse().ok()).ok_or_else(|| Error::NotThere(format!("{name} in {said}")))
    };
    Ok((value("X=")?, value("Y=")?))
}

/// Clicks an element with the real mouse: the web driver's clicks open no file dialogs.
async fn click_with_mouse(home: &Home, window: &Window, css: &str) -> Story {
    window.find(css).await?;
    let script = "const element = document.querySelector(arguments[0]); \
        element.scrollIntoView({ block: 'center' }); const place = element.getBoundingClientRect(); \
        return [place.x + place.width / 2, place.y + place.height / 2, innerHeight]";
    let place = window.eval(script, vec![css.into()]).await?;
    let [x, y, height] = [0, 1, 2].map(|index| place[index].as_f64().unwrap_or_default());
    let (left, top) = page_corner(&home.desktop, height).await?;
    home.desktop.click(left + x, top + y).await?;
    Ok(())
}

/// Opens the dialog; gives its window and the program that shows it.
async fn open_dialog(home: &Home, window: &Window) -> Story<(DesktopWindow, String)> {
    fs::write(home.desktop.home().join("ddclient.conf"), FILE)?;
    let before = ours(&home.desktop).await?.id;
    click_with_mouse(home, window, &field("import-open")).await?;
    let dialog = home
        .desktop
        .wait_for_window("the file dialog", |seen| seen.title == "Dyntray" && seen.id != before)
        .await?;
    let program = processes::command_line(dialog.pid).into_iter().next().unwrap_or_default();
    Ok((dialog, program))
}

/// Types the file's path into the dialog; what it holds can then be taken over.
async fn choose_file(home: &Home, window: &Window) -> Story {
    let path = home.desktop.home().join("ddclient.conf");
    home.desktop.type_text(&path.display().to_string()).await?;
    home.picture("typed").await?;
    home.desktop.key("Return").await?;
    window.wait_for_text(&field("import"), HOST).await?;
    home.picture("chosen").await?;
    Ok(())
}

#[tokio::test]
async fn on_gnome_import_opens_the_portals_file_dialog() -> Story {
    let story = Home::for_story(DesktopOptions::gnome(Display::Wayland), "gnome-file-dialog", &[]).await?;
    let Some(home) = story else { return Ok(()) };
    let _app = home.start_app()?;
    let window = Window::attach(&home.desktop).await?;
    let (_, program) = open_dialog(&home, &window).await?;
    assert!(program.contains("xdg-desktop-portal"), "{program}");
    home.picture("dialog").await?;
    choose_file(&home, &window).await
}

#[tokio::test]
async fn on_plasma_import_opens_kdes_file_dialog() -> Story {
    let story = Home::for_story(DesktopOptions::plasma(), "plasma-file-dialog", &[]).await?;
    let Some(home) = story else { return Ok(()) };
    let _app = home.start_app()?;
    let window = Window::attach(&home.desktop).await?;
    let (_, program) = open_dialog(&home, &window).await?;
    assert!(program.contains("xdg-desktop-portal-kde"), "{program}");
    home.picture("dialog").await?;
    choose_file(&home, &window).await
}

#[tokio::test]
async fn without_a_portal_import_opens_gtks_file_dialog() -> Story {
    let Some(home) = Home::for_story(DesktopOptions::default(), "gtk-file-dialog", &[]).await? else {
        return Ok(());
    };
    let _app = home.start_app()?;
    let window = Window::attach(&home.desktop).await?;
    let (dialog, _) = open_dialog(&home, &window).await?;
    assert_eq!(dialog.pid, window.pid());
    home.picture("dialog").await?;
    choose_file(&home, &window).await
}
