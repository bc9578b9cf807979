//! The window: mistakes in the form, unsaved changes, and closing it.

use std::time::Duration;

use dyntray_stories::app::{App, binary};
use dyntray_stories::desktop::DesktopOptions;
use dyntray_stories::home::{HOST, Home, field};
use dyntray_stories::notices::Notice;
use dyntray_stories::wait::eventually;
use dyntray_stories::window::Window;
use dyntray_stories::{PATIENCE, Story, processes};

#[tokio::test]
async fn every_mistake_stands_at_its_field_and_nothing_typed_is_lost() -> Story {
    let story = Home::for_story(DesktopOptions::default(), "mistakes", &[]).await?;
    let Some(home) = story else { return Ok(()) };
    let _app = home.start_app()?;
    let window = Window::attach(&home.desktop).await?;
    window.click(&field("all-settings")).await?;
    window.fill(&field("entry-0-hostname"), "home").await?;
    window.fill(&field("entry-0-server"), "http://update.spdyn.de").await?;
    window.click(&field("save")).await?;
    window.wait_for_text(&field("error-0-hostname"), "full host name").await?;
    window.find(&field("error-0-secret")).await?;
    window.wait_for_text(&field("error-0-server"), "https").await?;
    assert_eq!(window.property(&field("entry-0-hostname"), "value").await?.as_deref(), Some("home"));
    assert_eq!(
        window.property(&field("entry-0-server"), "value").await?.as_deref(),
        Some("http://update.spdyn.de")
    );
    home.picture("mistakes").await?;
    assert!(home.status().await?.entries.is_empty());
    Ok(())
}

#[tokio::test]
async fn closing_the_window_with_unsaved_changes_asks_first_and_loses_nothing() -> Story {
    let story = Home::for_story(DesktopOptions::default(), "unsaved", &[]).await?;
    let Some(home) = story else { return Ok(()) };
    let (_app, _portal, _token) = home.set_up().await?;
    let window = home.open_window().await?;
    window.click(&field("nav-settings")).await?;
    window.fill(&field("entry-0-hostname"), "office.spdns.de").await?;
    window.click_close(&home.desktop).await?;
    window.find(&field("leave-stay")).await?;
    home.picture("asked").await?;
    window.click(&field("leave-stay")).await?;
    assert_eq!(
        window.property(&field("entry-0-hostname"), "value").await?.as_deref(),
        Some("office.spdns.de"),
        "nothing typed is lost"
    );
    window.click_close(&home.desktop).await?;
    window.find(&field("leave-discard")).await?;
    // A click that closes the window can't be acknowledged, so it comes a moment later.
    let press = "const button = document.querySelector(arguments[0]); setTimeout(() => button.click(), 100);";
    window.eval(press, vec![field("leave-discard").into()]).await?;
    eventually("the window to close", PATIENCE, async || {
        home.desktop.windows().await.is_ok_and(|windows| windows.iter().all(|seen| seen.pid != window.pid()))
    })
    .await?;
    assert_eq!(home.status().await?.entries[0].hostname, HOST);
    Ok(())
}

#[tokio::test]
async fn a_closed_window_leaves_no_web_process_and_the_memory_of_before() -> Story {
    let story = Home::for_story(DesktopOptions::default(), "closed-window", &[]).await?;
    let Some(home) = story else { return Ok(()) };
    let (app, _portal, _token) = home.set_up().await?;
    let web_processes = || {
        home.desktop
            .processes()
            .into_iter()
            .filter_map(processes::name)
            .filter(|n| n.contains("WebKit"))
            .count()
    };
    eventually("the web processes to end", PATIENCE, async || web_processes() == 0).await?;
    let before = processes::tree_anonymous_kib(app.pid()).ok_or("no figure")?;
    for _ in 0..3 {
        let window = home.open_window().await?;
        window.find(&field("overall")).await?;
        assert!(web_processes() > 0);
        window.close(&home.desktop).await?;
        eventually("the web processes to end", PATIENCE, async || web_processes() == 0).await?;
    }
    tokio::time::sleep(Duration::from_secs(1)).await;
    let after = processes::tree_anonymous_kib(app.pid()).ok_or("no figure")?;
    println!("dyntray before and after three windows: {before} KiB, {after} KiB beside its own file");
    assert!(after <= before + 2048, "the window left something behind: {before} KiB, then {after} KiB");
    Ok(())
}

#[tokio::test]
async fn a_missing_window_program_is_told_by_a_notification_and_in_the_terminal() -> Story {
    let story = Home::for_story(DesktopOptions::with_recorder(), "no-window", &[]).await?;
    let Some(home) = story else { return Ok(()) };
    let alone = home.desktop.folder().join("dyntray");
    std::fs::copy(binary("dyntray")?, &alone)?;
    let _app = App::start(&home.desktop, &alone, &[], &[])?;
    let says_so =
        |n: &Notice| n.body.contains("window couldn't be opened") && n.body.contains("dyntray-window");
    home.desktop.notices().wait_for("the missing window", PATIENCE, says_so).await?;
    let asked = home.command(&["open"]).await?;
    assert_eq!(asked.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&asked.stderr).contains("window couldn't be opened"), "{asked:?}");
    Ok(())
}
