//! The tray: its menu, the clipboard, and a desktop that has no place for it.

use std::time::Duration;

use dyntray_core::present::Mood;
use dyntray_core::state::health_issue::HealthIssue;
use dyntray_stories::desktop::{DesktopOptions, TrayHost};
use dyntray_stories::home::{HOST, Home, field};
use dyntray_stories::wait::eventually;
use dyntray_stories::window::Window;
use dyntray_stories::{Error, PATIENCE, Story, processes};

#[tokio::test]
async fn the_tray_pauses_and_resumes() -> Story {
    let story = Home::for_story(DesktopOptions::with_recorder(), "pause", &[]).await?;
    let Some(home) = story else { return Ok(()) };
    let (app, _portal, _token) = home.set_up().await?;
    let item = home.tray_item(&app).await?;
    item.click("Until I resume").await?;
    home.wait_for_mood(Mood::Paused).await?;
    let sent = home.updates().await?;
    home.sandbox()?.reconnect().await?;
    tokio::time::sleep(Duration::from_secs(3)).await;
    assert_eq!(home.updates().await?, sent);
    eventually("the menu to offer it", PATIENCE, async || item.click("Resume").await.is_ok()).await?;
    home.wait_until_followed().await?;
    Ok(())
}

#[tokio::test]
async fn the_tray_copies_the_published_address_for_other_programs() -> Story {
    let story = Home::for_story(DesktopOptions::default(), "clipboard", &[]).await?;
    let Some(home) = story else { return Ok(()) };
    let (app, _portal, _token) = home.set_up().await?;
    let published = home.status().await?.entries[0].families[0].published.ok_or("nothing published")?;
    let address = published.address.to_string();
    let item = home.tray_item(&app).await?;
    eventually("the menu to offer the address", PATIENCE, async || item.click(&address).await.is_ok())
        .await?;
    // Another program asks for it, as it does when somebody pastes.
    let window = home.open_window().await?;
    window.click(&field("nav-settings")).await?;
    window.fill(&field("entry-0-server"), "x").await?;
    home.desktop.key("ctrl+a").await?;
    home.desktop.key("ctrl+v").await?;
    eventually("the address to be pasted", PATIENCE, async || {
        let typed = window.property(&field("entry-0-server"), "value").await?;
        if typed.as_deref() == Some(address.as_str()) {
            Ok(())
        } else {
            Err(Error::NotThere(format!("{typed:?}")))
        }
    })
    .await?;
    Ok(())
}

#[tokio::test]
async fn the_icon_has_the_sizes_of_panels_and_calls_where_a_person_is_needed() -> Story {
    let story = Home::for_story(DesktopOptions::default(), "tray-icon", &[]).await?;
    let Some(home) = story else { return Ok(()) };
    let (app, _portal, _token) = home.set_up().await?;
    let item = home.tray_item(&app).await?;
    assert_eq!(item.widths().await?, [16, 22, 24, 32, 48]);
    assert_eq!(item.attention_widths().await?, [16, 22, 24, 32, 48]);
    eventually("an icon that is fine", PATIENCE, async || item.status().await.is_ok_and(|it| it == "Active"))
        .await?;
    home.picture("fine").await?;
    // Another token on the website: the next update is refused.
    home.sandbox()?.make_token(HOST).await?;
    home.sandbox()?.reconnect().await?;
    home.wait_for_mood(Mood::NeedsYou).await?;
    eventually("an icon that calls", PATIENCE, async || {
        item.status().await.is_ok_and(|status| status == "NeedsAttention")
    })
    .await?;
    home.picture("needs-you").await?;
    Ok(())
}

#[tokio::test]
async fn no_line_of_the_menu_is_wider_than_an_address() -> Story {
    let story = Home::for_story(DesktopOptions::default(), "tray-menu", &[]).await?;
    let Some(home) = story else { return Ok(()) };
    let (app, _portal, _token) = home.set_up().await?;
    let item = home.tray_item(&app).await?;
    let published = home.status().await?.entries[0].families[0].published.ok_or("nothing published")?;
    item.wait_for_line(&published.address.to_string()).await?;
    let menu = item.menu().await?;
    let labels: Vec<&str> = menu.children.iter().map(|line| line.label.as_str()).collect();
    assert!(labels.iter().all(|label| label.chars().count() <= 56), "{labels:?}");
    let own = |label: &&str| label.trim() == published.address.to_string();
    assert!(labels.iter().any(own), "the address has a line of its own: {labels:?}");
    Ok(())
}

#[tokio::test]
async fn a_press_on_the_icon_hands_its_activation_token_on_to_the_window() -> Story {
    let story = Home::for_story(DesktopOptions::default(), "tray-token", &[]).await?;
    let Some(home) = story else { return Ok(()) };
    home.write_settings()?;
    let app = home.start_app()?;
    home.tray_item(&app).await?.activate("stories-7_TIME7").await?;
    let window = Window::attach(&home.desktop).await?;
    let environment = processes::environment(window.pid());
    for entry in ["XDG_ACTIVATION_TOKEN=stories-7_TIME7", "DESKTOP_STARTUP_ID=stories-7_TIME7"] {
        assert!(environment.iter().any(|known| known == entry), "{environment:?}");
    }
    Ok(())
}

#[tokio::test]
async fn without_a_panel_the_window_says_so_and_the_icon_comes_with_the_panel() -> Story {
    let options = DesktopOptions { tray: TrayHost::Absent, ..DesktopOptions::default() };
    let story = Home::for_story(options, "no-tray", &[]).await?;
    let Some(mut home) = story else { return Ok(()) };
    let app = home.start_app()?;
    let window = Window::attach(&home.desktop).await?;
    window.wait_for_text_within(&field("ailment-no-tray"), "tray", Duration::from_secs(40)).await?;
    home.picture("no-tray").await?;
    home.desktop.start_tray().await?;
    home.tray_item(&app).await?;
    window.wait_for_none(&field("ailment-no-tray")).await?;
    Ok(())
}

#[tokio::test]
async fn a_missing_panel_is_told_once_and_the_window_quits_the_program_instead_of_the_icon() -> Story {
    let options = DesktopOptions { tray: TrayHost::Absent, ..DesktopOptions::default() };
    let story = Home::for_story(options, "no-tray-again", &[]).await?;
    let Some(home) = story else { return Ok(()) };
    home.write_settings()?;
    let mut first = home.start_app()?;
    let window = Window::attach_within(&home.desktop, Duration::from_secs(40)).await?;
    window.close(&home.desktop).await?;
    assert_eq!(first.terminate(PATIENCE).await?, 0);

    let mut second = home.start_app()?;
    eventually("the health issue", Duration::from_secs(40), async || {
        home.status().await.is_ok_and(|seen| seen.health_issues.contains(&HealthIssue::NoTray))
    })
    .await?;
    tokio::time::sleep(Duration::from_secs(3)).await;
    let names: Vec<_> = processes::tree(second.pid()).into_iter().filter_map(processes::name).collect();
    assert_eq!(names, ["dyntray"], "nobody asked for a window");

    let window = home.open_window().await?;
    window.find(&field("ailment-no-tray")).await?;
    home.picture("quit").await?;
    window.click(&field("quit")).await?;
    assert_eq!(second.wait_exit(PATIENCE).await?, 0);
    Ok(())
}

#[tokio::test]
async fn in_the_panel_of_lxqt_the_menu_works_and_the_icon_calls() -> Story {
    let options = DesktopOptions { tray: TrayHost::LxqtPanel, ..DesktopOptions::default() };
    let story = Home::for_story(options, "lxqt", &[]).await?;
    let Some(mut home) = story else { return Ok(()) };
    let (mut app, _portal, _token) = home.set_up().await?;
    let item = home.tray_item(&app).await?;
    wait_for_colour_in_lxqt(&home, "green").await?;
    home.picture("fine").await?;
    item.click("Until I resume").await?;
    home.wait_for_mood(Mood::Paused).await?;
    wait_for_colour_in_lxqt(&home, "grey").await?;
    home.picture("paused").await?;
    eventually("the menu to offer it", PATIENCE, async || item.click("Resume").await.is_ok()).await?;
    wait_for_colour_in_lxqt(&home, "green").await?;
    // Another token on the website: the next update is refused.
    home.sandbox()?.make_token(HOST).await?;
    home.sandbox()?.reconnect().await?;
    home.wait_for_mood(Mood::NeedsYou).await?;
    wait_for_colour_in_lxqt(&home, "red").await?;
    assert_eq!(item.status().await?, "NeedsAttention");
    home.picture("needs-you").await?;
    // The panel ends and comes back, and the icon with it.
    home.desktop.stop_tray().await?;
    home.desktop.start_tray().await?;
    home.tray_item(&app).await?;
    wait_for_colour_in_lxqt(&home, "red").await?;
    home.picture("a-new-panel").await?;
    // The menu as the panel shows it; its last line ends the program.
    home.desktop.click_with(3, 1264.0, 781.0).await?;
    home.picture("menu").await?;
    home.desktop.key("Up").await?;
    home.desktop.key("Return").await?;
    assert_eq!(app.wait_exit(PATIENCE).await?, 0);
    Ok(())
}

/// Waits until the icon in LXQt's panel, as the screen has it, is marked in this colour. The panel takes its time.
async fn wait_for_colour_in_lxqt(home: &Home, wanted: &str) -> Story {
    let file = home.desktop.folder().join("icon.ppm");
    let path = file.display().to_string();
    eventually(&format!("a mark in {wanted}"), PATIENCE, async || {
        home.desktop
            .tool("import", &["-window", "root", "-crop", "32x32+1248+766", "-depth", "8", &path])
            .await?;
        let picture = std::fs::read(&file).map_err(|source| Error::File { path: file.clone(), source })?;
        let pixels = &picture[picture.len().saturating_sub(32 * 32 * 3)..];
        let seen = mark(pixels);
        if seen == wanted { Ok(()) } else { Err(Error::NotThere(seen.to_owned())) }
    })
    .await?;
    Ok(())
}

/// The colour of an icon's mark: three bytes for each of its points.
fn mark(pixels: &[u8]) -> &'static str {
    let has = |most: usize, others: [usize; 2]| {
        let stands_out =
            |point: &&[u8]| others.iter().all(|other| point[most] > point[*other].saturating_add(60));
        pixels.chunks_exact(3).filter(stands_out).count() > 10
    };
    match (has(0, [1, 2]), has(1, [0, 2]), has(2, [0, 0])) {
        (true, _, _) => "red",
        (_, true, _) => "green",
        (_, _, true) => "none, on blue",
        _ => "grey",
    }
}
