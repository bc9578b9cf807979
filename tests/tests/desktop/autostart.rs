//! Starting with the computer.

use dyntray_stories::app::binary;
use dyntray_stories::desktop::DesktopOptions;
use dyntray_stories::home::{Home, field};
use dyntray_stories::wait::eventually;
use dyntray_stories::{Error, PATIENCE, Story};

#[tokio::test]
async fn starting_with_the_computer_is_what_the_systems_list_says() -> Story {
    let story = Home::for_story(DesktopOptions::default(), "autostart", &[]).await?;
    let Some(home) = story else { return Ok(()) };
    let (_app, _portal, _token) = home.set_up().await?;
    let file = home.desktop.folder().join("home/.config/autostart/dyntray.desktop");
    assert!(!file.exists(), "off until somebody asks for it");
    let window = home.open_window().await?;
    window.click(&field("nav-settings")).await?;
    window.click(&field("more")).await?;
    window.click(&field("autostart")).await?;
    let entry = eventually("the entry", PATIENCE, async || std::fs::read_to_string(&file)).await?;
    assert!(entry.contains(&format!("Exec=\"{}\"", binary("dyntray")?.display())), "{entry}");
    home.picture("on").await?;
    // Desktops have a list of such programs, in which it can be switched off.
    std::fs::write(&file, entry + "Hidden=true\n")?;
    window.click(&field("nav-status")).await?;
    window.click(&field("nav-settings")).await?;
    window.click(&field("more")).await?;
    eventually("the switch to be off", PATIENCE, async || {
        let checked = window.property(&field("autostart"), "checked").await?;
        if checked.as_deref() == Some("false") {
            Ok(())
        } else {
            Err(Error::NotThere(format!("{checked:?}")))
        }
    })
    .await?;
    window.close(&home.desktop).await?;
    Ok(())
}
