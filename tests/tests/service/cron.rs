//! cron, `su` and a second login: the same home with another environment, and one program all the same.

use std::fs;
use std::process::Output;

use dyntray_core::present::Mood;
use dyntray_stories::app::binary;
use dyntray_stories::home::HOST;
use dyntray_stories::wait::eventually;
use dyntray_stories::{Error, PATIENCE, Story};
use tokio::process::Command;

use super::machine::{Machine, text};

/// The line that the documents have people put into their crontab, without its times.
fn documented_line() -> Story<String> {
    let pages = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs");
    let mut found = Vec::new();
    for language in ["en", "de"] {
        let page = fs::read_to_string(format!("{pages}/{language}/nas-and-servers.md"))?;
        let line = page.lines().find_map(|line| line.strip_prefix("*/10 * * * * "));
        found.push(line.ok_or("a line for cron")?.to_owned());
    }
    assert_eq!(found[0], found[1], "both languages say the same");
    Ok(found.remove(0))
}

/// Runs a line as cron does: with a shell, the home, and next to nothing else.
async fn by_cron(machine: &Machine, line: &str) -> Story<Output> {
    let program = binary("dyntray")?;
    let line = line.replace("/usr/local/bin/dyntray", &program.display().to_string());
    let line = line.replace("$HOME/dyntray-secrets", &machine.secrets);
    let mut command = Command::new("/bin/sh");
    command.args(["-c", &line]).env_clear().kill_on_drop(true);
    command.env("HOME", machine.home.desktop.home()).env("PATH", "/usr/bin:/bin").env("LANG", "en_US.UTF-8");
    Ok(command.output().await?)
}

#[tokio::test]
async fn crons_line_asks_the_running_program_and_no_environment_starts_a_second_one() -> Story {
    let Some(machine) = Machine::for_story("cron").await? else { return Ok(()) };
    let home = &machine.home;
    let (_portal, token) = home.portal().await?;
    home.write_settings_without_entries()?;
    let server = home.sandbox()?.authority();
    let added = machine.alone_with_input(&["add", HOST, "--server", &server], &token).await?;
    assert!(added.status.success(), "{}", text(&added));
    let line = documented_line()?;
    let status = "/usr/local/bin/dyntray status";
    let another = "DYNTRAY_SECRETS_FILE=$HOME/dyntray-secrets /usr/local/bin/dyntray run";
    let away = by_cron(&machine, status).await?;
    assert_eq!(away.status.code(), Some(3), "nobody runs: {}", text(&away));

    // The program has a runtime directory, and cron has none.
    let environment = [("DYNTRAY_SECRETS_FILE", machine.secrets.as_str())];
    let mut service = machine.start_service(&environment)?;
    home.wait_for_mood(Mood::Fine).await?;
    assert_eq!(home.updates().await?, 1);
    let asked = by_cron(&machine, &line).await?;
    assert_eq!(asked.status.code(), Some(0), "{}", text(&asked));
    let seen = by_cron(&machine, status).await?;
    assert_eq!(seen.status.code(), Some(0), "it is found: {}", text(&seen));
    let refused = by_cron(&machine, another).await?;
    assert_eq!(refused.status.code(), Some(1), "{}", text(&refused));
    assert!(text(&refused).contains("running already"), "{}", text(&refused));
    assert_eq!(home.updates().await?, 1, "one program, one update");

    // A change is sent once, whoever asks for it at the same time.
    home.sandbox()?.reconnect().await?;
    let (first, second) = tokio::join!(by_cron(&machine, &line), by_cron(&machine, &line));
    for output in [first?, second?] {
        assert!(matches!(output.status.code(), Some(0 | 5)), "{}", text(&output));
    }
    home.wait_until_followed().await?;
    assert_eq!(home.updates().await?, 2);
    assert_eq!(service.terminate(PATIENCE).await?, 0);

    // The other way round: it was started without one.
    let without = [environment[0], ("XDG_RUNTIME_DIR", "")];
    let mut service = machine.start_service(&without)?;
    eventually("the program without a runtime directory", PATIENCE, async || {
        let seen = home.command(&["status"]).await?;
        if seen.status.code() == Some(0) { Ok(()) } else { Err(Error::NotThere(text(&seen))) }
    })
    .await?;
    let refused = machine.alone(&["run"]).await?;
    assert_eq!(refused.status.code(), Some(1), "{}", text(&refused));
    let asked = machine.alone(&["update", "--once"]).await?;
    assert_eq!(asked.status.code(), Some(0), "{}", text(&asked));
    assert_eq!(home.updates().await?, 2, "nothing is sent again");
    assert_eq!(service.terminate(PATIENCE).await?, 0);
    Ok(())
}
