//! The window keeps its size from one opening to the next, where the compositor adds a shadow, too.

use dyntray_stories::desktop::{DesktopOptions, Display};
use dyntray_stories::gnome::{Gnome, GnomeWindow};
use dyntray_stories::home::Home;
use dyntray_stories::wait::eventually;
use dyntray_stories::window::all_ended;
use dyntray_stories::{PATIENCE, Story};

use super::ask_for_window;

/// The window once its size is that which it stays with.
async fn opened(gnome: &Gnome) -> Story<GnomeWindow> {
    let mut last = gnome.wait_for_window("Dyntray's window", |window| window.title == "Dyntray").await?;
    Ok(eventually("the window's size to settle", PATIENCE, async || {
        tokio::time::sleep(std::time::Duration::from_millis(300)).await;
        let windows = gnome.windows().await.map_err(|error| error.to_string())?;
        let now = windows.into_iter().find(|window| window.id == last.id).ok_or("no window")?;
        let before = std::mem::replace(&mut last, now.clone());
        if before.frame == now.frame && now.frame.width > 0.0 {
            Ok(now)
        } else {
            Err(format!("{:?}", now.frame))
        }
    })
    .await?)
}

async fn close(home: &Home, gnome: &Gnome, window: &GnomeWindow) -> Story {
    gnome.close(window.id).await?;
    all_ended(&home.desktop).await?;
    Ok(())
}

fn size(window: &GnomeWindow) -> (f64, f64, bool) {
    (window.frame.width, window.frame.height, window.maximized)
}

#[tokio::test]
async fn on_gnome_with_wayland_six_openings_have_one_size_and_a_chosen_size_is_kept() -> Story {
    let story = Home::for_story(DesktopOptions::gnome(Display::Wayland), "gnome-size", &[]).await?;
    let Some(home) = story else { return Ok(()) };
    let gnome = Gnome::of(&home.desktop);
    let _app = home.start_app()?;
    let first = opened(&gnome).await?;
    home.picture("first").await?;
    close(&home, &gnome, &first).await?;
    for opening in 2..=6 {
        ask_for_window(&home, None).await?;
        let next = opened(&gnome).await?;
        assert_eq!(size(&next), size(&first), "opening {opening}");
        close(&home, &gnome, &next).await?;
    }
    ask_for_window(&home, None).await?;
    let sixth = opened(&gnome).await?;
    home.picture("seventh").await?;
    let resize = format!(
        "global.get_window_actors().map((actor) => actor.meta_window)\
         .find((window) => window.get_id() === {}).move_resize_frame(true, 50, 50, 700, 600)",
        sixth.id
    );
    gnome.eval(&resize).await?;
    gnome.wait_for_window("the smaller window", |window| size(window) == (700.0, 600.0, false)).await?;
    close(&home, &gnome, &sixth).await?;
    ask_for_window(&home, None).await?;
    assert_eq!(size(&opened(&gnome).await?), (700.0, 600.0, false));
    home.picture("chosen").await?;
    Ok(())
}
