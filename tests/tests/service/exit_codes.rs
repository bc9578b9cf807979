//! Exit codes as the table in `docs/en/command-line.md` has them, and the commands that a person has in the window's
//! place: `retry`, `update` and `token set`.

use std::process::Output;

use dyntray_core::present::Mood;
use dyntray_sandbox::{Fault, Mode, PlainFault, Target};
use dyntray_stories::home::HOST;
use dyntray_stories::wait::eventually;
use dyntray_stories::{Error, PATIENCE, Story};

use super::machine::{Machine, text};

#[track_caller]
fn ends(output: &Output, code: i32, said: &str) {
    assert_eq!(output.status.code(), Some(code), "{said}: {}", text(output));
}

/// Repeats a command until it ends with `code`: within seconds of a look-up there is no other.
async fn ends_in_time(machine: &Machine, arguments: &[&str], code: i32) -> Story {
    eventually(&format!("{arguments:?} to end with {code}"), PATIENCE, async || {
        let output = machine.alone(arguments).await.map_err(|error| Error::NotThere(error.to_string()))?;
        if output.status.code() == Some(code) { Ok(()) } else { Err(Error::NotThere(text(&output))) }
    })
    .await?;
    Ok(())
}

/// A machine with the story's host, whose token is there; nothing was sent.
async fn with_a_host(story: &str) -> Story<Option<(Machine, String)>> {
    let Some(machine) = Machine::for_story(story).await? else { return Ok(None) };
    let (_portal, token) = machine.home.portal().await?;
    machine.home.write_settings_without_entries()?;
    let server = machine.home.sandbox()?.authority();
    let added = machine.alone_with_input(&["add", HOST, "--server", &server], &token).await?;
    ends(&added, 0, "add");
    Ok(Some((machine, token)))
}

#[tokio::test]
async fn every_row_of_the_exit_codes_is_what_the_commands_end_with() -> Story {
    let Some((machine, _token)) = with_a_host("exit-codes").await? else { return Ok(()) };
    let home = &machine.home;
    let sandbox = home.sandbox()?;
    // A command that found the address before would make the next one send it, and wait for its retry.
    sandbox.set_mode(Mode::Offline).await?;
    // 1, 2 and 3: whatever the host names do.
    ends(&machine.alone_with_input(&["token", "set", "unknown.spdns.de"], "x").await?, 1, "an unknown name");
    ends(&machine.alone(&["retry", "unknown.spdns.de"]).await?, 1, "an unknown name");
    ends(&machine.alone(&["no-such-command"]).await?, 2, "no command");
    for command in ["status", "why", "update", "open"] {
        ends(&machine.alone(&[command]).await?, 3, command);
    }

    // 5: never published, whatever the reason.
    for command in [&["update", "--once"][..], &["check"], &["retry"]] {
        ends(&machine.alone(command).await?, 5, "nothing was ever published");
    }
    sandbox.set_mode(Mode::Normal).await?;
    ends_in_time(&machine, &["update", "--once"], 0).await?;
    for command in [&["check"][..], &["retry"], &["update", "--once"]] {
        ends(&machine.alone(command).await?, 0, "all is well");
    }
    assert_eq!(home.updates().await?, 1);

    // The same with a running program.
    let mut service = machine.start_service(&[("DYNTRAY_SECRETS_FILE", machine.secrets.as_str())])?;
    home.wait_for_mood(Mood::Fine).await?;
    for command in ["status", "why", "check", "update", "retry"] {
        ends(&home.command(&[command]).await?, 0, command);
    }
    sandbox.reconnect().await?;
    sandbox.set_mode(Mode::Offline).await?;
    home.wait_for_mood(Mood::Waiting).await?;
    for command in ["status", "check", "update", "retry"] {
        ends(&home.command(&[command]).await?, 5, command);
    }
    ends(&home.command(&["why"]).await?, 0, "nobody is needed");
    sandbox.set_mode(Mode::Normal).await?;
    home.wait_for_mood(Mood::Fine).await?;
    ends(&home.command(&["status"]).await?, 0, "the line is back");

    // 4: the token was replaced at the portal.
    let token = sandbox.make_token(HOST).await?;
    sandbox.reconnect().await?;
    home.wait_for_mood(Mood::NeedsYou).await?;
    for command in ["status", "why", "check", "update", "retry"] {
        ends(&home.command(&[command]).await?, 4, command);
    }
    assert_eq!(service.terminate(PATIENCE).await?, 0);
    for command in [&["check"][..], &["update", "--once"]] {
        ends(&machine.alone(command).await?, 4, "a refusal");
    }
    ends(&machine.alone_with_input(&["token", "set", HOST], &token).await?, 0, "a new token");
    ends_in_time(&machine, &["update", "--once"], 0).await
}

#[tokio::test]
async fn without_a_window_a_refusal_is_tried_again_by_retry_and_by_nothing_else() -> Story {
    let Some((machine, _token)) = with_a_host("retry").await? else { return Ok(()) };
    let home = &machine.home;
    let sandbox = home.sandbox()?;
    let refuse = || sandbox.fault(Target::Update, Fault::Code { code: "nohost".to_owned() }, 1);
    refuse();
    ends(&machine.alone(&["update", "--once"]).await?, 4, "refused");
    ends(&machine.alone(&["update", "--once"]).await?, 4, "still refused, and nothing is sent");
    ends_in_time(&machine, &["retry", HOST], 0).await?;

    let mut service = machine.start_service(&[("DYNTRAY_SECRETS_FILE", machine.secrets.as_str())])?;
    home.wait_for_mood(Mood::Fine).await?;
    refuse();
    sandbox.reconnect().await?;
    home.wait_for_mood(Mood::NeedsYou).await?;
    ends(&home.command(&["update"]).await?, 4, "an update isn't sent after a refusal");
    ends(&home.command(&["retry"]).await?, 0, "the cause is gone");
    home.wait_until_followed().await?;

    // During a wait `update` waits for what comes within its minute.
    sandbox.fault(Target::Update, Fault::Plain(PlainFault::Error), 1);
    sandbox.reconnect().await?;
    home.wait_for_mood(Mood::Waiting).await?;
    let begun = std::time::Instant::now();
    let updated = home.command(&["update"]).await?;
    println!("update ended after {:?}: {}", begun.elapsed(), text(&updated));
    ends(&updated, 0, "it waited for the next try");
    home.wait_until_followed().await?;
    assert_eq!(service.terminate(PATIENCE).await?, 0);
    Ok(())
}

#[tokio::test]
async fn settings_from_another_machine_get_their_tokens_in_any_order_and_nobody_waits_for_another() -> Story {
    let Some(machine) = Machine::for_story("moved").await? else { return Ok(()) };
    let home = &machine.home;
    let lines = home.write_settings_for_many(4).await?;
    let tokens: Vec<&str> = lines.lines().filter_map(|line| line.split(' ').nth(1)).collect();
    let name = |number: usize| format!("client{number}.spdns.org");
    let checked = machine.alone(&["check"]).await?;
    ends(&checked, 4, "all lack theirs");
    assert!((1..=4).all(|number| text(&checked).contains(&name(number))), "{}", text(&checked));

    // Without a running program, the third first.
    ends(&machine.alone_with_input(&["token", "set", &name(3)], tokens[2]).await?, 0, "token set");
    let updated = machine.alone(&["update", "--once"]).await?;
    ends(&updated, 4, "three lack theirs");
    let sent = async || -> Story<Vec<String>> {
        let log = home.sandbox_state().await?.log;
        Ok(log.iter().map(|update| update.hostname.clone()).collect())
    };
    assert_eq!(sent().await?, [name(3)], "nobody is asked without a token");

    // With one: set, removed and added while others lack theirs.
    let mut service = machine.start_service(&[("DYNTRAY_SECRETS_FILE", machine.secrets.as_str())])?;
    home.wait_for_mood(Mood::NeedsYou).await?;
    ends(&machine.with_input(&["token", "set", &name(2)], tokens[1]).await?, 0, "token set");
    eventually("the second host's update", PATIENCE, async || {
        let all = sent().await.map_err(|error| Error::NotThere(error.to_string()))?;
        if all.contains(&name(2)) { Ok(()) } else { Err(Error::NotThere(format!("{all:?}"))) }
    })
    .await?;
    let status = home.command(&["status"]).await?;
    ends(&status, 4, "two lack theirs");
    ends(&home.command(&["remove", &name(4)]).await?, 0, "remove");
    ends(&machine.with_input(&["token", "set", &name(1)], tokens[0]).await?, 0, "token set");
    home.wait_for_mood(Mood::Fine).await?;
    ends(&home.command(&["status"]).await?, 0, "all have theirs");
    assert_eq!(service.terminate(PATIENCE).await?, 0);
    Ok(())
}
