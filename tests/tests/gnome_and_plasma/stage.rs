//! Each desktop by itself: it comes up, shows a notification and a tray icon, and ends completely.

use std::{path::Path, process::Stdio, time::Instant};

use dyntray_stories::{
    PATIENCE, Story,
    app::App,
    desktop::{Desktop, DesktopOptions, Display},
    gnome::{Gnome, Urgency},
    plasma::Plasma,
    processes,
    tray::Tray,
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
