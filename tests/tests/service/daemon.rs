//! `dyntray run`: from the first host name to the last one, and an end by command.

use std::fs;

use dyntray_core::present::{Mood, Status};
use dyntray_core::record::HistoryItem;
use dyntray_sandbox::{Fault, PlainFault, Target};
use dyntray_stories::app::binary;
use dyntray_stories::home::{HOST, Home};
use dyntray_stories::wait::eventually;
use dyntray_stories::{PATIENCE, Story, processes};

use super::machine::{Machine, feed, text};

#[tokio::test]
async fn on_a_machine_without_a_desktop_a_host_is_added_updated_once_and_then_kept_by_a_service() -> Story {
    let Some(machine) = Machine::for_story("headless").await? else { return Ok(()) };
    let home = &machine.home;
    let (_portal, token) = home.portal().await?;
    home.write_settings_without_entries()?;
    let server = home.sandbox()?.authority();

    let wrong = machine.alone_with_input(&["add", "home"], &token).await?;
    assert_eq!(wrong.status.code(), Some(1));
    assert!(text(&wrong).contains("full host name"), "{}", text(&wrong));
    let unknown = machine.alone_with_input(&["add", HOST, "--service", "nobody"], &token).await?;
    assert!(!unknown.status.success() && text(&unknown).contains("duckdns"), "{}", text(&unknown));
    let added = machine.alone_with_input(&["add", HOST, "--server", &server], &token).await?;
    assert!(added.status.success(), "{}", text(&added));
    assert_eq!(home.updates().await?, 0, "adding sends nothing by itself");

    let checked = machine.alone(&["check"]).await?;
    assert_eq!(checked.status.code(), Some(5), "an update is due: {}", text(&checked));
    assert_eq!(home.updates().await?, 0, "a check sends nothing");

    for round in 1..=2 {
        let updated = machine.alone(&["update", "--once"]).await?;
        assert_eq!(updated.status.code(), Some(0), "{round}: {}", text(&updated));
        assert_eq!(home.updates().await?, 1, "what is accepted isn't sent again");
    }
    let checked = machine.alone(&["check"]).await?;
    assert_eq!(checked.status.code(), Some(0), "{}", text(&checked));

    // A later call tries again what failed, and the exit code says so until then. A new token ends the wait.
    home.sandbox()?.reconnect().await?;
    // There is no second look-up within seconds.
    tokio::time::sleep(std::time::Duration::from_secs(7)).await;
    home.sandbox()?.fault(Target::Update, Fault::Plain(PlainFault::Reset), 1);
    let failed = machine.alone(&["update", "--once"]).await?;
    assert_eq!(failed.status.code(), Some(5), "{}", text(&failed));
    let set = machine.alone_with_input(&["token", "set", HOST], &token).await?;
    assert!(set.status.success(), "{}", text(&set));
    let updated = machine.alone(&["update", "--once"]).await?;
    assert_eq!(updated.status.code(), Some(0), "{}", text(&updated));

    // A typo in the settings is named, and the settings stay where they are.
    let settings = home.settings_file();
    let right = fs::read_to_string(&settings)?;
    for (slip, named) in [("webresolver = perhaps", "webresolver"), ("interval = \"0 s\"", "10")] {
        let wrong: Vec<&str> = right
            .lines()
            .map(|line| if line.split(' ').next() == slip.split(' ').next() { slip } else { line })
            .collect();
        fs::write(&settings, wrong.join("\n"))?;
        for command in [&["check"][..], &["update", "--once"], &["run"], &["export"]] {
            let refused = machine.alone(command).await?;
            assert_eq!(refused.status.code(), Some(1), "{command:?}: {}", text(&refused));
            assert!(text(&refused).contains(named), "{command:?}: {}", text(&refused));
        }
        assert_eq!(fs::read_to_string(&settings)?, wrong.join("\n"), "{slip}");
    }
    fs::write(&settings, right)?;

    // As a service, configured by the environment.
    let mut service = machine.start_service(&[("DYNTRAY_SECRETS_FILE", machine.secrets.as_str())])?;
    home.wait_for_mood(Mood::Fine).await?;
    home.sandbox()?.reconnect().await?;
    home.wait_until_followed().await?;
    let loaded = fs::read_to_string(format!("/proc/{}/maps", service.pid()))?;
    assert!(!loaded.contains("libgtk") && !loaded.contains("webkit"), "a desktop's libraries are loaded");
    assert!(processes::pss_kib(service.pid()).is_some());

    // A replaced token is reported in the log, and set from a pipe while the service runs.
    let token = home.sandbox()?.make_token(HOST).await?;
    home.sandbox()?.reconnect().await?;
    home.wait_for_mood(Mood::NeedsYou).await?;
    let status = home.command(&["status"]).await?;
    assert_eq!(status.status.code(), Some(4), "{}", text(&status));
    let set = machine.with_input(&["token", "set", HOST], &format!("{token}\n")).await?;
    assert!(set.status.success(), "{}", text(&set));
    home.wait_for_mood(Mood::Fine).await?;
    home.wait_until_followed().await?;
    assert!(service.log().contains("Updates have stopped"), "{}", service.log());
    let unknown = machine.with_input(&["token", "set", "other.spdns.de"], &token).await?;
    assert_eq!(unknown.status.code(), Some(1));

    let history = home.command(&["history", "--json"]).await?;
    let items: Vec<HistoryItem> = serde_json::from_slice(&history.stdout)?;
    assert_eq!(items.len(), home.updates().await?);
    let exported = text(&home.command(&["export"]).await?);
    assert!(exported.contains(HOST) && !exported.contains(&token), "{exported}");
    on_another_machine(home, &exported, &token).await?;
    assert_eq!(service.terminate(PATIENCE).await?, 0);
    let log = service.log();
    assert!(!log.contains(&token), "the token is in the log");

    // Without the service again.
    let history = text(&machine.alone(&["history", "-n", "1"]).await?);
    assert!(history.contains(HOST) && history.lines().count() == 1, "{history}");
    assert_eq!(home.command(&["status"]).await?.status.code(), Some(3));

    // A host name is removed in any spelling, and its secret with it.
    let unknown = machine.alone(&["remove", "other.spdns.de"]).await?;
    assert_eq!(unknown.status.code(), Some(1), "{}", text(&unknown));
    assert!(fs::read_to_string(&machine.secrets)?.contains(&token));
    let removed = machine.alone(&["remove", &HOST.to_uppercase()]).await?;
    assert!(removed.status.success(), "{}", text(&removed));
    assert!(!text(&home.command(&["export"]).await?).contains(HOST));
    assert!(!fs::read_to_string(&machine.secrets)?.contains(&token), "the token is still there");
    let mut service = machine.start_service(&[])?;
    eventually("a word of having nothing to do", PATIENCE, async || service.log().contains("dyntray add"))
        .await?;
    assert_eq!(service.terminate(PATIENCE).await?, 0);
    Ok(())
}

/// The export and the token are all that another machine needs.
async fn on_another_machine(home: &Home, exported: &str, token: &str) -> Story {
    let settings = home.desktop.home().join(".config/dyntray-other/settings.toml");
    fs::create_dir_all(settings.parent().ok_or("a folder")?)?;
    fs::write(&settings, exported)?;
    let secrets = home.desktop.home().join("other-secrets");
    let run = async |arguments: &[&str]| {
        let mut command = home.desktop.command(binary("dyntray")?);
        command.env("DYNTRAY_PROFILE", "other").env("DYNTRAY_SECRETS_FILE", &secrets).args(arguments);
        feed(command, token).await
    };
    let set = run(&["token", "set", HOST]).await?;
    assert!(set.status.success(), "{}", text(&set));
    let again = run(&["export"]).await?;
    assert_eq!(text(&again), exported);
    let checked = run(&["check"]).await?;
    assert_eq!(checked.status.code(), Some(5), "{}", text(&checked));
    Ok(())
}

#[tokio::test]
async fn who_ends_the_program_by_command_can_start_it_again_at_once() -> Story {
    let Some(machine) = Machine::for_story("quit").await? else { return Ok(()) };
    let home = &machine.home;
    let (_portal, token) = home.portal().await?;
    home.write_settings_enabled()?;
    let secrets = home.write_secrets(&format!("1 {token}\n"))?;
    let environment = [("DYNTRAY_SECRETS_FILE", secrets.as_str())];
    // Its end takes a while: a request is under way.
    home.sandbox()?.fault(Target::Update, Fault::Plain(PlainFault::Drip), 1);
    let mut first = machine.start_service(&environment)?;
    let runs = async || home.command(&["status"]).await.is_ok_and(|status| status.status.code() != Some(3));
    eventually("a running program", PATIENCE, runs).await?;
    let sends = async || home.status().await.is_ok_and(|now| now.entries[0].status == Status::Sending);
    eventually("a request under way", PATIENCE, sends).await?;
    let quit = home.command(&["quit"]).await?;
    assert!(quit.status.success(), "{}", text(&quit));
    let mut second = machine.start_service(&environment)?;
    eventually("a running program", PATIENCE, runs).await?;
    assert!(second.is_running() && !first.is_running(), "{}", second.log());
    let quit = home.command(&["quit"]).await?;
    assert!(quit.status.success(), "{}", text(&quit));
    assert_eq!(second.wait_exit(PATIENCE).await?, 0);
    let quit = home.command(&["quit"]).await?;
    assert_eq!(quit.status.code(), Some(3), "none runs any more: {}", text(&quit));
    Ok(())
}
