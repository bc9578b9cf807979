//! A new user, with every setting at its default.

use std::time::Instant;

use dyntray_stories::app::output_folder;
use dyntray_stories::desktop::DesktopOptions;
use dyntray_stories::home::{HOST, field};
use dyntray_stories::network::{NetworkHome, addresses};
use dyntray_stories::wait::eventually;
use dyntray_stories::{Error, PATIENCE, Story};

use super::expect::{A_ROUND, NEXT, home_of};

#[tokio::test]
async fn a_new_user_with_everything_as_it_comes_is_published_and_stays_so() -> Story {
    let begun = Instant::now();
    let Some(mut home) = home_of("new-user").await? else { return Ok(()) };
    println!("desktop and networks were there after {:?}", begun.elapsed());
    let (app, _portal, _token) = home.set_up().await?;
    println!("green after {:?}", begun.elapsed());
    let published = home.published().await?;
    assert_eq!(published.ipv4, Some(addresses::HOME_IPV4), "{}", app.log());
    let own = home.networks.home_ipv6().await?;
    let ipv6 = published.ipv6.ok_or("no IPv6 address is published")?;
    assert!(own.iter().any(|known| known.address == ipv6), "{ipv6} {own:?}");
    eventually("name servers", PATIENCE, async || home.live().await.is_ok_and(|live| live == published))
        .await?;

    home.networks.reconnect(NEXT).await?;
    // Nothing is looked up within seconds of the last time, not even when a person asks.
    eventually("the next address", 2 * PATIENCE, async || {
        home.command(&["update"]).await?;
        let now = home.published().await?;
        if now.ipv4 == Some(NEXT) { Ok(()) } else { Err(Error::NotThere("the old one".to_owned())) }
    })
    .await?;
    let took = home.wait_until_published(3 * PATIENCE, |now| now.ipv4 == Some(NEXT)).await?;
    println!("the new address was published {took:?} after that; all in all {:?}", begun.elapsed());
    Ok(())
}

/// The window's first steps, with every setting at its default: a host name, a token, three lines that turn green.
#[tokio::test]
async fn the_first_steps_lead_from_nothing_to_green() -> Story {
    let options = DesktopOptions::with_recorder();
    let story = NetworkHome::for_story(options, "first-steps", &["WebKitWebDriver"]).await?;
    let Some(home) = story else { return Ok(()) };
    let (_portal, token) = home.portal().await?;
    let _app = home.start_app()?;
    let begun = Instant::now();
    let (window, _relay) = home.window().await?;
    window.fill(&field("first-hostname"), HOST).await?;
    window.fill(&field("first-token"), &format!("  {token} ")).await?;
    window.find("[data-shape=updateToken]").await?;
    window.click(&field("first-save")).await?;
    for line in ["first-test-lookUp", "first-test-update", "first-test-dns"] {
        let done = format!("{}[data-state=done]", field(line));
        eventually(line, A_ROUND, async || window.count(&done).await.is_ok_and(|count| count == 1)).await?;
    }
    println!("from the window to three green lines: {:.1?}", begun.elapsed());
    let picture = output_folder()?.join("first-steps.png");
    home.desktop.screenshot(picture).await?;
    window.click(&field("first-done")).await?;
    window.wait_for_text(&field("status-1"), HOST).await?;
    window.close(&home.desktop).await?;
    Ok(())
}
