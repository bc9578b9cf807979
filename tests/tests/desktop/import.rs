//! Host names from a file: a few by a command, two hundred in the window.

use std::time::{Duration, Instant};

use dyntray_core::present::Status;
use dyntray_stories::desktop::DesktopOptions;
use dyntray_stories::home::{Home, field};
use dyntray_stories::notices::Notice;
use dyntray_stories::portal::Portal;
use dyntray_stories::wait::eventually;
use dyntray_stories::{Error, PATIENCE, Story};

#[tokio::test]
async fn an_exported_table_of_tokens_is_taken_over_and_every_host_turns_green() -> Story {
    let story = Home::for_story(DesktopOptions::default(), "import", &[]).await?;
    let Some(home) = story else { return Ok(()) };
    let (app, mut portal, _token) = home.set_up().await?;
    let mut lines = vec!["Hostname;Token".to_owned()];
    let mut tokens = Vec::new();
    for number in 1..=5 {
        let host = format!("room{number}.spdns.de");
        portal.add_host(&host).await?;
        let token = portal.make_token(&host).await?;
        lines.push(format!("{host};{token}"));
        tokens.push(token);
    }
    lines.push("moved.spdns.de;1234567-abcd-efgh-ijkl".to_owned());
    let file = home.desktop.folder().join("spdyn_update_token.csv");
    std::fs::write(&file, lines.join("\r\n"))?;
    let path = file.display().to_string();
    let shown = home.command(&["import", &path]).await?;
    assert_eq!(home.status().await?.entries.len(), 1, "nothing is taken over unasked: {shown:?}");
    let taken = home.command(&["import", &path, "--yes"]).await?;
    assert!(taken.status.success(), "{taken:?}");
    let said = String::from_utf8(taken.stdout)?;
    assert!(said.contains("moved.spdns.de") && said.contains("5 entries"), "{said}");
    assert!(tokens.iter().all(|token| !said.contains(token) && !app.log().contains(token)), "{said}");
    let green = eventually("six green entries", PATIENCE, async || {
        let snapshot = home.status().await?;
        let is_green = snapshot.entries.iter().all(|entry| entry.status == Status::Fine);
        if is_green { Ok(snapshot.entries.len()) } else { Err(Error::NotThere(format!("{snapshot:?}"))) }
    });
    assert_eq!(green.await?, 6);
    let again = home.command(&["import", &path, "--yes"]).await?;
    assert!(again.status.success() && home.status().await?.entries.len() == 6, "no host is there twice");
    Ok(())
}

/// The website's file for 200 hosts, and the tokens in it.
async fn two_hundred(home: &Home) -> Story<(String, Vec<String>)> {
    let mut portal = Portal::register(home.sandbox()?.base_url(), "reseller", "a-long-password").await?;
    let mut lines = vec!["Hostname,Token".to_owned()];
    let mut tokens = Vec::new();
    for number in 1..=200 {
        let host = format!("client{number}.spdns.org");
        portal.add_host(&host).await?;
        let token = portal.make_token(&host).await?;
        lines.push(format!("\"{host}\",\"{token}\""));
        tokens.push(token);
    }
    Ok((lines.join("\r\n"), tokens))
}

#[tokio::test]
async fn two_hundred_hosts_are_chosen_as_a_file_previewed_and_all_turn_green() -> Story {
    let story = Home::for_story(DesktopOptions::with_recorder(), "two-hundred", &[]).await?;
    let Some(home) = story else { return Ok(()) };
    let (app, _portal, _token) = home.set_up().await?;
    let (table, tokens) = two_hundred(&home).await?;
    let file = home.desktop.folder().join("spdyn_update_token.csv");
    std::fs::write(&file, table)?;
    let window = home.open_window().await?;
    window.click(&field("nav-settings")).await?;
    window.find(&field("import-open")).await?;
    // The file dialog belongs to the desktop: the file is given to the input that it would fill.
    window
        .eval("document.querySelector(arguments[0]).hidden = false", vec![field("import-input").into()])
        .await?;
    let input = window.find(&field("import-input")).await?;
    input.send_keys(&file.display().to_string()).await?;
    window.wait_for_text(&field("import-count"), "200").await?;
    home.picture("preview").await?;
    let began = Instant::now();
    window.click(&field("import-take")).await?;
    window.wait_for_text_within(&field("import-done"), "200", Duration::from_secs(90)).await?;
    println!("200 entries were taken over in {:.1?}", began.elapsed());
    home.picture("taken-over").await?;
    let green = eventually("201 green entries", Duration::from_secs(90), async || {
        let seen = home.status().await?;
        let green = seen.entries.iter().filter(|entry| entry.status == Status::Fine).count();
        if green == 201 { Ok(seen) } else { Err(Error::NotThere(format!("{green} are green"))) }
    });
    green.await?;
    let of_clients = |notice: &Notice| notice.body.contains("client");
    home.desktop.notices().wait_for("of the clients", PATIENCE, of_clients).await?;
    let told = home.desktop.notices().all();
    let told: Vec<&Notice> = told.iter().filter(|notice| of_clients(notice)).collect();
    assert!(told.len() <= 5 && told[0].body.contains("more"), "nobody wants 200 notifications: {told:?}");
    let log = app.log();
    assert!(tokens.iter().all(|token| !log.contains(token)));
    let labels = home.tray_item(&app).await?.menu().await?.labels();
    assert!(labels.iter().any(|label| label == "and 193 more…"), "{labels:?}");
    window.click(&field("import-close")).await?;
    window.click(&field("nav-status")).await?;
    home.picture("status").await?;
    Ok(())
}
