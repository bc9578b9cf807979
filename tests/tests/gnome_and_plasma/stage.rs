//! Each desktop by itself: it comes up, shows a notification and a tray icon, and ends completely.

use std::{path::Path, process::Stdio, time::Instant};

use dyntray_stories::{
    PATIENCE, Story,
    app::App,
    desktop::{Desktop, DesktopOptions, Display},
    gnome::{ColorScheme, Gnome, Urgency},
    plasma::Plasma,
    processes,
    tray::Tray,
    wait::eventually,
};
use tokio::{io::AsyncReadExt as _, process::Child};

/// Starts a desktop for a story and prints how long it took.
async fn come_up(options: DesktopOptions, story: &str) -> Story<Option<Desktop>> {
    let began = Instant::now();
    let desktop = Desktop::for_story(options, story, &["notify-send"]).await?;
    println!("{story}: up after {:?}", began.elapsed());
    Ok(desktop)
}

/// A stranger's tray icon is hosted: a program in Python that is none of ours.
async fn host_an_icon(desktop: &Desktop) -> Story {
    let program = format!("{}/tests/harness/programs/item.py", env!("CARGO_MANIFEST_DIR"));
    let mut app = App::start(desktop, Path::new("/usr/bin/python3"), &[&program], &[])?;
    let item = Tray::of(desktop).wait_for_pid(app.pid(), PATIENCE).await?;
    assert_eq!(item.title().await?, "An item");
    app.terminate(PATIENCE).await?;
    Ok(())
}

/// Ends the desktop and looks for what is left of it.
fn end(desktop: Desktop) {
    let (folder, everyone) = (desktop.folder().to_owned(), desktop.processes());
    assert!(everyone.len() > 3, "{everyone:?}");
    let began = Instant::now();
    drop(desktop);
    println!("ended after {:?}", began.elapsed());
    let names =
        |pids: Vec<u32>| -> Vec<_> { pids.into_iter().map(|pid| (pid, processes::name(pid))).collect() };
    let left = everyone.into_iter().filter(|pid| processes::is_alive(*pid)).collect();
    assert_eq!(names(left), [], "they are left");
    let marked = processes::with_environment(&format!("DYNTRAY_DESKTOP={}", folder.display()));
    assert_eq!(names(marked), [], "they are left");
    assert!(!folder.exists());
}

/// Announces a question with a button.
fn ask(desktop: &Desktop) -> Story<Child> {
    let mut command = desktop.command("notify-send");
    command.args(["-u", "critical", "--action=answer=Answer", "A question", "with a button"]);
    Ok(command.stdout(Stdio::piped()).spawn()?)
}

/// Waits for the answer.
async fn answered(asking: &mut Child) -> Story {
    assert_eq!(processes::wait_exit(asking, PATIENCE).await?, 0);
    let mut said = String::new();
    asking.stdout.take().expect("piped").read_to_string(&mut said).await?;
    assert_eq!(said.trim(), "answer");
    Ok(())
}

/// What every GNOME shows, whatever draws it.
async fn gnome_shows(desktop: &Desktop) -> Story {
    let gnome = Gnome::of(desktop);
    let mut asking = ask(desktop)?;
    let toast = gnome.wait_for_toast("of a question", |toast| toast.title == "A question").await?;
    assert_eq!(
        (toast.urgency, toast.buttons.as_slice()),
        (Urgency::Critical, ["Answer".to_owned()].as_slice())
    );
    gnome.press_toast_button("Answer").await?;
    answered(&mut asking).await?;
    host_an_icon(desktop).await
}

#[tokio::test]
async fn gnome_on_wayland_comes_up_and_ends_completely() -> Story {
    let options = DesktopOptions::gnome(Display::Wayland);
    let Some(desktop) = come_up(options, "GNOME on Wayland").await? else { return Ok(()) };
    gnome_shows(&desktop).await?;
    end(desktop);
    Ok(())
}

#[tokio::test]
async fn gnome_in_a_window_comes_up_and_ends_completely() -> Story {
    let options = DesktopOptions::gnome(Display::Nested);
    let Some(desktop) = come_up(options, "GNOME in a window").await? else { return Ok(()) };
    gnome_shows(&desktop).await?;
    end(desktop);
    Ok(())
}

#[tokio::test]
async fn gnome_on_x11_comes_up_and_ends_completely() -> Story {
    let options = DesktopOptions::gnome(Display::X11);
    let Some(desktop) = come_up(options, "GNOME on X11").await? else { return Ok(()) };
    gnome_shows(&desktop).await?;
    end(desktop);
    Ok(())
}

#[tokio::test]
async fn plasma_comes_up_and_ends_completely() -> Story {
    let Some(desktop) = come_up(DesktopOptions::plasma(), "Plasma").await? else { return Ok(()) };
    let mut asking = ask(&desktop)?;
    let plasma = Plasma::of(&desktop).await?;
    let toast = plasma.wait_for_toast("A question").await?;
    assert!(toast.description.contains("with a button"), "{toast:?}");
    assert!(toast.buttons.contains(&"Answer".to_owned()), "{toast:?}");
    plasma.press("Answer").await?;
    answered(&mut asking).await?;
    host_an_icon(&desktop).await?;
    end(desktop);
    Ok(())
}

/// A window of GTK that is none of ours.
const WINDOW: &str = "import gi; gi.require_version('Gtk', '3.0'); from gi.repository import Gtk; \
    window = Gtk.Window(title='A window'); window.set_default_size(400, 300); \
    window.connect('destroy', Gtk.main_quit); window.show_all(); Gtk.main()";

fn open_window(desktop: &Desktop) -> Story<App> {
    Ok(App::start(desktop, Path::new("/usr/bin/python3"), &["-c", WINDOW], &[])?)
}

#[tokio::test]
async fn gnome_tells_its_windows_and_operates_them() -> Story {
    let options = DesktopOptions::plain_gnome(Display::Wayland);
    let Some(desktop) = come_up(options, "windows of GNOME").await? else { return Ok(()) };
    let mut app = open_window(&desktop)?;
    let gnome = Gnome::of(&desktop);
    let window =
        gnome.wait_for_window("the focused window", |one| one.pid == app.pid() && one.focused).await?;
    assert_eq!(window.title, "A window");
    assert!(window.frame.width >= 400.0 && window.frame.height >= 300.0, "{window:?}");
    gnome.minimize(window.id).await?;
    gnome.wait_for_window("the minimised window", |one| one.minimized && !one.focused).await?;
    gnome.activate(window.id).await?;
    gnome.wait_for_window("the window in front", |one| !one.minimized && one.focused).await?;
    desktop.close_window(window.id).await?;
    assert_eq!(app.wait_exit(PATIENCE).await?, 0);
    Ok(())
}

#[tokio::test]
async fn plasma_tells_its_windows_and_operates_them() -> Story {
    let options = DesktopOptions::plasma();
    let Some(desktop) = come_up(options, "windows of Plasma").await? else { return Ok(()) };
    let mut app = open_window(&desktop)?;
    let plasma = Plasma::of(&desktop).await?;
    let ours = |one: &dyntray_stories::plasma::PlasmaWindow| one.window.title == "A window";
    let window = plasma.wait_for_window("the focused window", |one| ours(one) && one.focused).await?;
    assert!(window.frame.width >= 400.0 && window.frame.height > 300.0, "it has a title bar: {window:?}");
    plasma.minimize(window.window.id).await?;
    plasma.wait_for_window("the minimised window", |one| ours(one) && one.minimized).await?;
    desktop.activate_window(window.window.id).await?;
    plasma.wait_for_window("the window in front", |one| ours(one) && !one.minimized && one.focused).await?;
    desktop.close_window(window.window.id).await?;
    assert_eq!(app.wait_exit(PATIENCE).await?, 0);
    Ok(())
}

#[tokio::test]
async fn a_click_in_gnomes_list_does_what_the_notice_says() -> Story {
    let options = DesktopOptions::plain_gnome(Display::X11);
    let Some(desktop) = come_up(options, "the list of GNOME").await? else { return Ok(()) };
    let mut command = desktop.command("notify-send");
    command.args(["--action=default=Open", "An invitation", "to be clicked"]);
    let mut asking = command.stdout(Stdio::piped()).spawn()?;
    let gnome = Gnome::of(&desktop);
    gnome.wait_for_notice("of an invitation", |notice| notice.title == "An invitation").await?;
    gnome.click_in_list("An invitation").await?;
    assert_eq!(processes::wait_exit(&mut asking, PATIENCE).await?, 0);
    let mut said = String::new();
    asking.stdout.take().expect("piped").read_to_string(&mut said).await?;
    assert_eq!(said.trim(), "default");
    Ok(())
}

#[tokio::test]
async fn a_click_on_plasmas_toast_does_what_the_notice_says() -> Story {
    let options = DesktopOptions::plasma();
    let Some(desktop) = come_up(options, "a toast of Plasma").await? else { return Ok(()) };
    let mut command = desktop.command("notify-send");
    command.args(["--action=default=Open", "An invitation", "to be clicked"]);
    let mut asking = command.stdout(Stdio::piped()).spawn()?;
    Plasma::of(&desktop).await?.click_toast("An invitation").await?;
    assert_eq!(processes::wait_exit(&mut asking, PATIENCE).await?, 0);
    let mut said = String::new();
    asking.stdout.take().expect("piped").read_to_string(&mut said).await?;
    assert_eq!(said.trim(), "default");
    Ok(())
}

#[tokio::test]
async fn gnomes_lock_screen_takes_the_tray_away_and_gives_it_back() -> Story {
    let options = DesktopOptions::gnome(Display::Wayland);
    let Some(mut desktop) = come_up(options, "the lock screen of GNOME").await? else { return Ok(()) };
    let gnome = Gnome::of(&desktop);
    let watcher = "org.kde.StatusNotifierWatcher";
    gnome.lock_screen().await?;
    eventually("no tray", PATIENCE, async || !desktop.name_is_owned(watcher).await.unwrap_or(true)).await?;
    gnome.unlock_screen().await?;
    eventually("the tray", PATIENCE, async || desktop.name_is_owned(watcher).await.unwrap_or(false)).await?;
    // The same by a person who switches the extension off.
    desktop.stop_tray().await?;
    desktop.start_tray().await?;
    Ok(())
}

/// The preference for dark windows, as the portal tells it to programs: 0 none, 1 dark, 2 light.
async fn color_scheme_of_portal(desktop: &Desktop) -> Story<u32> {
    let portal = ["--dest=org.freedesktop.portal.Desktop", "--object-path=/org/freedesktop/portal/desktop"];
    let method =
        ["--method=org.freedesktop.portal.Settings.Read", "org.freedesktop.appearance", "color-scheme"];
    let said = desktop.tool("gdbus", &[&["call", "--session"], &portal[..], &method[..]].concat()).await?;
    let number = said.split("uint32 ").nth(1).and_then(|rest| rest.split(['>', ',']).next()?.parse().ok());
    Ok(number.ok_or(said)?)
}

#[tokio::test]
async fn the_portal_tells_gnomes_color_scheme_and_its_change() -> Story {
    let options = DesktopOptions::plain_gnome(Display::Wayland);
    if options.skipped("the portal of GNOME", &["gdbus"]) {
        return Ok(());
    }
    let desktop = Desktop::start(options).await?;
    assert_eq!(color_scheme_of_portal(&desktop).await?, 0);
    Gnome::of(&desktop).choose_color_scheme(&desktop, ColorScheme::PreferDark).await?;
    eventually("dark", PATIENCE, async || color_scheme_of_portal(&desktop).await.is_ok_and(|told| told == 1))
        .await?;
    Ok(())
}

/// What a log-out leaves, and what the next log-in has.
async fn log_out_and_in(options: DesktopOptions, story: &str) -> Story {
    let Some(mut desktop) = come_up(options, story).await? else { return Ok(()) };
    let mut survivor = App::start(&desktop, Path::new("/bin/sleep"), &["1000"], &[])?;
    let note = desktop.home().join("a-note");
    std::fs::write(&note, "kept")?;
    let before = desktop.bus_address().to_owned();
    let began = Instant::now();
    desktop.log_out();
    assert_eq!(desktop.processes(), [survivor.pid()], "only the story's own program is left");
    desktop.log_in().await?;
    println!("{story}: out and in after {:?}", began.elapsed());
    assert!(survivor.is_running() && note.is_file());
    assert_ne!(desktop.bus_address(), before);
    host_an_icon(&desktop).await?;
    end(desktop);
    Ok(())
}

#[tokio::test]
async fn on_gnome_a_person_logs_out_and_in_again() -> Story {
    log_out_and_in(DesktopOptions::gnome(Display::Wayland), "the next log-in on GNOME").await
}

#[tokio::test]
async fn on_plasma_a_person_logs_out_and_in_again() -> Story {
    log_out_and_in(DesktopOptions::plasma(), "the next log-in on Plasma").await
}
