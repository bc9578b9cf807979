//! The main job: from the first start to green, and from a lost token to green again.

use std::time::Duration;

use dyntray_core::present::Mood;
use dyntray_stories::desktop::DesktopOptions;
use dyntray_stories::home::{HOST, Home, field};
use dyntray_stories::search::Secret;
use dyntray_stories::window::Window;
use dyntray_stories::{PATIENCE, Story};

/// The notification's words for a refused token.
const REFUSED: &str = "refused the update token of home.spdns.de";

#[tokio::test]
async fn from_the_first_start_to_green_through_the_form_and_on_with_the_address() -> Story {
    let story = Home::for_story(DesktopOptions::with_recorder(), "first-start", &[]).await?;
    let Some(home) = story else { return Ok(()) };
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
    assert!(told.body.contains("now points to"), "{told:?}");
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

    // Files, logs and processes are searched for the token.
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
    let story = Home::for_story(DesktopOptions::with_recorder(), "lost-token", &[]).await?;
    let Some(home) = story else { return Ok(()) };
    let (app, mut portal, _old) = home.set_up().await?;
    home.desktop.notices().forget();

    let new = portal.make_token(HOST).await?;
    home.sandbox()?.reconnect().await?;
    let refused =
        home.desktop.notices().wait_for("the refusal", PATIENCE, |n| n.body.contains(REFUSED)).await?;
    assert!(refused.body.contains("can't be recovered"), "{refused:?}");
    let item = home.tray_item(&app).await?;
    item.wait_for_line("Enter new token").await?;

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
    home.desktop.notices().wait_for("the success", PATIENCE, |n| n.body.contains("now points to")).await?;
    home.picture("green-again").await?;
    Ok(())
}
