//! The main job, on a desktop with real parts: from the first start to green, and from a lost token to green again.

use std::time::Duration;

use dyntray_core::present::{Mood, Status};
use dyntray_stories::PATIENCE;
use dyntray_stories::desktop::{DesktopOptions, Notifications};
use dyntray_stories::home::{HOST, Home, field};
use dyntray_stories::search::Secret;
use dyntray_stories::wait::eventually;
use dyntray_stories::window::Window;

type Story = Result<(), Box<dyn std::error::Error>>;

fn with_recorder() -> DesktopOptions {
    DesktopOptions { notifications: Notifications::Recorder, ..DesktopOptions::default() }
}

/// The texts of a wrong token, a lost token and the way out, as the notification says them.
const REFUSED: &str = "refused the update token of home.spdns.de";

#[tokio::test]
async fn from_the_first_start_to_green_through_the_form_and_on_with_the_address() -> Story {
    let options = with_recorder();
    if options.skipped("first start to green", &[]) {
        return Ok(());
    }
    let home = Home::start(options, "first-start").await?;
    let (_portal, token) = home.portal().await?;
    let mut app = home.start_app()?;
    let window = Window::attach(&home.desktop).await?;
    window.find(&field("welcome")).await?;
    home.picture("first-start").await?;
    home.fill_in(&window, &token).await?;
    home.picture("saved").await?;

    home.wait_for_mood(Mood::Fine).await?;
    home.wait_until_followed().await?;
    let told = home.desktop.notices().wait_for("the address", PATIENCE, |n| n.body.contains(HOST)).await?;
    assert!(told.body.contains("now leads to"), "{told:?}");
    window.click(&field("nav-status")).await?;
    window.wait_for_text(&field("status-1"), "home.spdns.de").await?;
    home.picture("green").await?;

    let before = home.updates().await?;
    home.sandbox()?.reconnect().await?;
    home.wait_until_followed().await?;
    assert_eq!(home.updates().await?, before + 1, "one combined request for both families");
    home.wait_for_mood(Mood::Fine).await?;
    home.picture("reconnected").await?;

    let item = home.tray_item(&app).await?;
    let icon = item.icon().await?;
    assert!(icon.width > 0 && icon.colours > 1, "{icon:?}");
    assert!(item.tooltip().await?.text.contains(HOST));
    let labels = item.menu().await?.labels();
    assert!(labels[0].contains(HOST), "{labels:?}");

    // Everything that was written, printed or is running is searched for the token.
    let secret = Secret::new(&token);
    let leaks = secret.find_below(&home.desktop.home())?;
    let leaks: Vec<_> =
        leaks.iter().filter(|leak| !leak.place.to_string_lossy().contains("/keyrings/")).collect();
    assert!(leaks.is_empty(), "{leaks:?}");
    assert!(secret.find_below(&home.desktop.logs())?.is_empty());
    assert!(secret.find_in_processes(&home.desktop.processes()).is_empty());
    assert!(
        !window
            .eval("return document.documentElement.outerHTML", Vec::new())
            .await?
            .to_string()
            .contains(&token)
    );

    window.close(&home.desktop).await?;
    assert_eq!(home.quit_from_tray(&mut app).await?, 0);
    Ok(())
}

#[tokio::test]
async fn a_replaced_token_leads_by_its_notice_to_the_field_and_to_green_again() -> Story {
    let options = with_recorder();
    if options.skipped("lost token", &[]) {
        return Ok(());
    }
    let home = Home::start(options, "lost-token").await?;
    let (app, mut portal, _old) = home.set_up().await?;
    home.desktop.notices().forget();

    let new = portal.make_token(HOST).await?;
    home.sandbox()?.reconnect().await?;
    let refused =
        home.desktop.notices().wait_for("the refusal", PATIENCE, |n| n.body.contains(REFUSED)).await?;
    assert!(refused.body.contains("can't be recovered"), "{refused:?}");
    let item = home.tray_item(&app).await?;
    eventually("the tray to say so", PATIENCE, async || {
        let labels = item.menu().await.map(|menu| menu.labels()).unwrap_or_default();
        labels.iter().any(|label| label.contains("Enter new token"))
    })
    .await?;

    // After the refusal nothing is sent, however often the address changes or "Update now" is pressed.
    let sent = home.updates().await?;
    home.sandbox()?.reconnect().await?;
    home.command(&["update"]).await?;
    tokio::time::sleep(Duration::from_secs(3)).await;
    assert_eq!(home.updates().await?, sent);

    let action = refused.action("Enter new token").ok_or("the notification has no button")?;
    home.desktop.notices().press(refused.id, action).await?;
    let window = Window::attach(&home.desktop).await?;
    window.find(&field("new-token")).await?;
    let focused = window.eval("return document.activeElement.dataset.testid", Vec::new()).await?;
    assert_eq!(focused, "new-token");
    home.picture("refused").await?;
    window.fill(&field("new-token"), &format!("  {new}\n")).await?;
    home.picture("pasted").await?;
    window.click(&field("save-token")).await?;
    window.wait_for_text(&field("token-result"), HOST).await?;
    home.wait_for_mood(Mood::Fine).await?;
    home.wait_until_followed().await?;
    home.desktop.notices().wait_for("the success", PATIENCE, |n| n.body.contains("now leads to")).await?;
    home.picture("green-again").await?;
    Ok(())
}

#[tokio::test]
async fn every_mistake_stands_at_its_field_and_nothing_typed_is_lost() -> Story {
    let options = DesktopOptions::default();
    if options.skipped("mistakes", &[]) {
        return Ok(());
    }
    let home = Home::start(options, "mistakes").await?;
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
async fn a_restart_sends_nothing_and_a_halt_survives_it() -> Story {
    let options = with_recorder();
    if options.skipped("restart", &[]) {
        return Ok(());
    }
    let home = Home::start(options, "restart").await?;
    let (mut app, mut portal, _token) = home.set_up().await?;
    let sent = home.updates().await?;
    assert_eq!(app.terminate(PATIENCE).await?, 0, "SIGTERM ends it cleanly");
    let mut app = home.start_app()?;
    let looked = home.sandbox_state().await?.lookups;
    home.wait_for_mood(Mood::Fine).await?;
    eventually("another look-up", PATIENCE, async || {
        home.sandbox_state().await.is_ok_and(|state| state.lookups > looked + 2)
    })
    .await?;
    assert_eq!(home.updates().await?, sent, "an accepted address isn't sent again");

    portal.make_token(HOST).await?;
    home.sandbox()?.reconnect().await?;
    home.wait_for_mood(Mood::NeedsYou).await?;
    let sent = home.updates().await?;
    app.kill().await?;
    let _app = home.start_app()?;
    home.wait_for_mood(Mood::NeedsYou).await?;
    tokio::time::sleep(Duration::from_secs(3)).await;
    assert_eq!(home.updates().await?, sent, "a halt is remembered over a power cut");
    Ok(())
}

#[tokio::test]
async fn the_server_may_go_away_and_come_back() -> Story {
    let options = with_recorder();
    if options.skipped("server away", &[]) {
        return Ok(());
    }
    let mut home = Home::start(options, "server-away").await?;
    let (app, _portal, _token) = home.set_up().await?;
    home.server_away().await;
    home.wait_for_mood(Mood::Waiting).await?;
    home.picture("away").await?;
    home.server_back().await?;
    home.sandbox()?.reconnect().await?;
    home.tray_item(&app).await?.click("Update now").await?;
    home.wait_until_followed().await?;
    home.wait_for_mood(Mood::Fine).await?;
    Ok(())
}

#[tokio::test]
async fn a_page_instead_of_an_answer_is_never_taken_for_success() -> Story {
    let options = with_recorder();
    if options.skipped("hotel", &[]) {
        return Ok(());
    }
    let home = Home::start(options, "hotel").await?;
    let (_app, _portal, _token) = home.set_up().await?;
    let before = home.sandbox_state().await?.hosts;
    home.sandbox()?.set_mode(dyntray_sandbox::Mode::Hotel).await?;
    let waiting = home.wait_for_mood(Mood::Waiting).await?;
    assert!(matches!(waiting.entries[0].status, Status::NoAddress { why: Some(_) }), "{waiting:?}");
    tokio::time::sleep(Duration::from_secs(2)).await;
    home.sandbox()?.set_mode(dyntray_sandbox::Mode::Normal).await?;
    home.wait_for_mood(Mood::Fine).await?;
    let after = home.sandbox_state().await?.hosts;
    assert_eq!(before[0].published, after[0].published);
    Ok(())
}
