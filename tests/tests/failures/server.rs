//! The server is away, answers nonsense, or another answers in its place.

use std::time::Duration;

use dyntray_core::observe::finding::Outcome;
use dyntray_core::observe::observation::LookUpProblem;
use dyntray_core::present::{Mood, Status};
use dyntray_sandbox::{Fault, Target};
use dyntray_stories::Story;
use dyntray_stories::desktop::DesktopOptions;
use dyntray_stories::home::Home;

#[tokio::test]
async fn the_server_may_go_away_and_come_back() -> Story {
    let story = Home::for_story(DesktopOptions::with_recorder(), "server-away", &[]).await?;
    let Some(mut home) = story else { return Ok(()) };
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
    let story = Home::for_story(DesktopOptions::with_recorder(), "hotel", &[]).await?;
    let Some(home) = story else { return Ok(()) };
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

#[tokio::test]
async fn whatever_a_look_up_page_says_nothing_wrong_goes_out_and_the_reason_is_shown() -> Story {
    let story = Home::for_story(DesktopOptions::with_recorder(), "hostile-look-ups", &[]).await?;
    let Some(home) = story else { return Ok(()) };
    let (_app, _portal, _token) = home.set_up().await?;
    let (before, sent) = (home.sandbox_state().await?.hosts, home.updates().await?);
    for answer in ["192.168.1.5", "100.64.1.2", "127.0.0.1", "FW 7.28.1.9", "", "198.51.100.7"] {
        let fault =
            Fault::Body { body: answer.to_owned(), content_type: "text/plain".to_owned(), status: 200 };
        home.sandbox()?.fault(Target::Checkip, fault, 6);
        let shown = home.wait_for_mood(Mood::Waiting).await?;
        let seen = &shown.entries[0].families[0].why.outcome;
        let named = match seen {
            Outcome::Nothing { why: LookUpProblem::Unpublishable { address, .. } } => address == answer,
            Outcome::Nothing { why: LookUpProblem::NotAnAddress { line } } => line == answer,
            _ => false,
        };
        assert!(named, "{answer:?} was seen as {seen:?}");
        home.wait_for_mood(Mood::Fine).await?;
    }
    let after = home.sandbox_state().await?.hosts;
    assert_eq!((before[0].published, sent), (after[0].published, home.updates().await?));
    Ok(())
}

#[tokio::test]
async fn after_abuse_nothing_is_repeated() -> Story {
    let story = Home::for_story(DesktopOptions::with_recorder(), "abuse", &[]).await?;
    let Some(home) = story else { return Ok(()) };
    let (_app, _portal, _token) = home.set_up().await?;
    home.desktop.notices().forget();
    home.sandbox()?.fault(Target::Update, Fault::Code { code: "abuse".to_owned() }, 1000);
    home.sandbox()?.reconnect().await?;
    home.wait_for_mood(Mood::NeedsYou).await?;
    let sent = home.updates().await?;
    home.sandbox()?.reconnect().await?;
    tokio::time::sleep(Duration::from_secs(4)).await;
    assert_eq!(home.updates().await?, sent);
    let told = home.desktop.notices().all();
    assert_eq!(
        told.iter().filter(|notice| notice.body.contains("locked home.spdns.de")).count(),
        1,
        "{told:?}"
    );
    Ok(())
}
