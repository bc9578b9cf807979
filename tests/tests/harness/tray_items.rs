//! Tray items: read and clicked.

use std::path::Path;

use dyntray_stories::{
    PATIENCE, Story,
    app::App,
    desktop::{Desktop, DesktopOptions, TrayHost},
    tray::Tray,
    wait::eventually,
};

use super::tools::{picture, program, skipped_without};

#[tokio::test]
async fn a_tray_item_is_read_and_its_menu_clicked_also_after_the_tray_came_back() -> Story {
    let options = DesktopOptions { tray: TrayHost::Panel, ..DesktopOptions::without_a_desktop() };
    let story = "a tray item";
    if options.skipped(story, &[]) || skipped_without(story, ("AyatanaAppIndicator3", "0.1")) {
        return Ok(());
    }
    let mut desktop = Desktop::start(options).await?;
    let mut app = App::start(&desktop, Path::new("/usr/bin/python3"), &[&program("item.py")], &[])?;
    let tray = Tray::of(&desktop);
    let item = tray.wait_for_pid(app.pid(), PATIENCE).await?;
    assert_eq!((item.title().await?, item.id().await?), ("An item".to_owned(), "story-item".to_owned()));
    assert_eq!(item.status().await?, "Active");
    assert_eq!(item.icon().await?.name, "dialog-information");

    let menu = item.menu().await?;
    assert_eq!(menu.labels(), ["Status", "Paused", "Pause", "For an hour", "—", "Quit"]);
    assert_eq!(menu.find("Paused").and_then(|entry| entry.checked), Some(true));
    assert_eq!(menu.find("Quit").and_then(|entry| entry.checked), None);
    item.click("For an hour").await?;
    eventually("the click", PATIENCE, async || app.log().contains("clicked For an _hour")).await?;
    assert!(item.click("Status").await.is_err(), "it is greyed out");
    assert!(item.click("Nothing").await.is_err_and(|error| error.to_string().contains("For an hour")));

    desktop.stop_tray().await?;
    assert!(tray.items().await?.is_empty());
    desktop.start_tray().await?;
    tray.wait_for_title("story-item", PATIENCE).await?;
    desktop.screenshot(picture("tray.png")).await?;

    println!("PSS of the item's process: {:?} KiB", app.tree_pss_kib());
    assert!(app.tree_pss_kib() > Some(5_000), "a Python program with GTK takes more");
    assert_eq!(app.terminate(PATIENCE).await?, 128 + 15);
    tray.wait_for_none(item.pid, PATIENCE).await?;
    Ok(())
}
