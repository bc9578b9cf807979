//! Notifications on real shells: the toast, the list, what a click does.

use std::time::Duration;

use dyntray_control::AgentRequest;
use dyntray_core::present::Mood;
use dyntray_stories::desktop::{DesktopOptions, Display};
use dyntray_stories::gnome::{Gnome, GnomeNotice, Urgency};
use dyntray_stories::home::{HOST, Home, field};
use dyntray_stories::plasma::Plasma;
use dyntray_stories::window::Window;
use dyntray_stories::{PATIENCE, Story};
use tokio::time::sleep;

/// Replaces the token on the website; the next update is refused. Gives the new token.
async fn refused(home: &Home) -> Story<String> {
    let token = home.sandbox()?.make_token(HOST).await?;
    home.sandbox()?.reconnect().await?;
    home.wait_for_mood(Mood::NeedsYou).await?;
    Ok(token)
}

fn is_refusal(notice: &GnomeNotice) -> bool {
    notice.title == "Updates have stopped"
}

#[tokio::test]
async fn on_gnome_a_refusal_stays_as_a_toast_with_its_button_and_a_click_in_the_list_leads_to_the_field()
-> Story {
    let story = Home::for_story(DesktopOptions::gnome(Display::Wayland), "gnome-refusal", &[]).await?;
    let Some(home) = story else { return Ok(()) };
    let gnome = Gnome::of(&home.desktop);
    let (_app, _portal, _token) = home.set_up().await?;
    refused(&home).await?;
    let toast = gnome.wait_for_toast("of the refusal", is_refusal).await?;
    assert_eq!(toast.urgency, Urgency::Critical);
    assert_eq!((toast.source.as_str(), toast.app.as_deref()), ("Dyntray", Some("dyntray.desktop")));
    assert_eq!(toast.buttons, ["Enter new token"]);
    assert_eq!(toast.shown.len(), 1, "its button is open without the mouse: {toast:?}");
    home.picture("toast").await?;
    // It stays: a normal one goes after four seconds.
    sleep(Duration::from_secs(6)).await;
    assert!(gnome.toast().await?.is_some_and(|toast| is_refusal(&toast)));
    gnome.open_list().await?;
    home.picture("list").await?;
    gnome.click_in_list("Updates have stopped").await?;
    let window = Window::attach(&home.desktop).await?;
    window.find(&field("new-token")).await?;
    home.picture("clicked").await?;
    Ok(())
}

#[tokio::test]
async fn on_gnome_the_toasts_button_leads_to_the_field_and_the_good_news_takes_the_toasts_place() -> Story {
    let story = Home::for_story(DesktopOptions::gnome(Display::Wayland), "gnome-recovered", &[]).await?;
    let Some(home) = story else { return Ok(()) };
    let gnome = Gnome::of(&home.desktop);
    let (mut app, _portal, _token) = home.set_up().await?;
    let token = refused(&home).await?;
    gnome.wait_for_toast("of the refusal", is_refusal).await?;
    gnome.press_toast_button("Enter new token").await?;
    let window = Window::attach(&home.desktop).await?;
    window.find(&field("new-token")).await?;
    window.close(&home.desktop).await?;
    let entry = home.status().await?.entries[0].id;
    home.ask(AgentRequest::SetSecret { entry, secret: token.into() }).await?;
    home.wait_for_mood(Mood::Fine).await?;
    let good = gnome.wait_for_notice("that all is well", |notice| notice.title == "Address updated").await?;
    assert_eq!(good.urgency, Urgency::Normal);
    app.terminate(PATIENCE).await?;
    gnome.wait_for_no_toast().await?;
    gnome.wait_for_no_notice().await?;
    Ok(())
}

#[tokio::test]
async fn on_gnome_a_notification_that_a_busy_shell_shows_late_goes_with_the_program() -> Story {
    let story = Home::for_story(DesktopOptions::gnome(Display::Wayland), "gnome-busy", &[]).await?;
    let Some(home) = story else { return Ok(()) };
    let gnome = Gnome::of(&home.desktop);
    let (mut app, _portal, _token) = home.set_up().await?;
    let token = refused(&home).await?;
    gnome.wait_for_toast("of the refusal", is_refusal).await?;
    let entry = home.status().await?.entries[0].id;
    home.ask(AgentRequest::SetSecret { entry, secret: token.into() }).await?;
    home.wait_for_mood(Mood::Fine).await?;
    // The good news is gathered for a second, and then waits for the shell.
    let ended = async {
        sleep(Duration::from_millis(1500)).await;
        app.terminate(PATIENCE).await
    };
    let (busy, ended) = tokio::join!(gnome.keep_busy(Duration::from_secs(4)), ended);
    busy?;
    ended?;
    gnome.wait_for_no_notice().await?;
    Ok(())
}

#[tokio::test]
async fn on_plasma_a_refusal_stays_as_a_toast_with_its_button_and_a_click_on_it_leads_to_the_field() -> Story
{
    let story = Home::for_story(DesktopOptions::plasma_with_open_keyring(), "plasma-refusal", &[]).await?;
    let Some(home) = story else { return Ok(()) };
    let (mut app, _portal, _token) = home.set_up().await?;
    let token = refused(&home).await?;
    let plasma = Plasma::of(&home.desktop).await?;
    let toast = plasma.wait_for_toast("Updates have stopped").await?;
    assert!(toast.buttons.contains(&"Enter new token".to_owned()), "{toast:?}");
    assert!(toast.buttons.contains(&"Configure".to_owned()), "Plasma has settings for it: {toast:?}");
    assert!(toast.texts.contains(&"Dyntray".to_owned()), "{toast:?}");
    home.picture("toast").await?;
    // It stays: a normal one goes after five seconds.
    sleep(Duration::from_secs(7)).await;
    plasma.click_toast("Updates have stopped").await?;
    let window = Window::attach(&home.desktop).await?;
    window.find(&field("new-token")).await?;
    home.picture("clicked").await?;
    window.close(&home.desktop).await?;

    let entry = home.status().await?.entries[0].id;
    home.ask(AgentRequest::SetSecret { entry, secret: token.into() }).await?;
    home.wait_for_mood(Mood::Fine).await?;
    plasma.wait_for_no_toast("Updates have stopped").await?;
    app.terminate(PATIENCE).await?;
    Ok(())
}
