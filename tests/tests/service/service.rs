//! Without a desktop: `dyntray run` as a service, and the commands that work alone.

use std::fs;
use std::process::{Output, Stdio};

use dyntray_core::present::{Mood, Status};
use dyntray_core::record::HistoryItem;
use dyntray_sandbox::{Fault, PlainFault, Target};
use dyntray_stories::app::{App, binary};
use dyntray_stories::desktop::DesktopOptions;
use dyntray_stories::home::{HOST, Home};
use dyntray_stories::wait::eventually;
use dyntray_stories::{Error, PATIENCE, private_file, processes};
use tokio::io::AsyncWriteExt as _;

type Told<T> = Result<T, Box<dyn std::error::Error>>;
type Story = Told<()>;

/// Runs `dyntray` with `input` on standard input.
async fn with_input(home: &Home, arguments: &[&str], input: &str) -> Told<Output> {
    let mut command = home.desktop.command(binary("dyntray")?);
    command.args(arguments);
    fed(command, input).await
}

async fn fed(mut command: tokio::process::Command, input: &str) -> Told<Output> {
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn()?;
    let mut stdin = child.stdin.take().ok_or("standard input")?;
    // Whoever refuses at once doesn't read.
    let _ = stdin.write_all(input.as_bytes()).await;
    drop(stdin);
    Ok(child.wait_with_output().await?)
}

fn text(output: &Output) -> String {
    let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    format!("{out}{err}")
}

#[tokio::test]
async fn on_a_machine_without_a_desktop_a_host_is_added_updated_once_and_then_kept_by_a_service() -> Story {
    let options = DesktopOptions::without_a_desktop();
    if options.skipped("a machine without a desktop", &[]) {
        return Ok(());
    }
    let home = Home::start(options, "headless").await?;
    let (_portal, token) = home.portal().await?;
    home.write_settings_without_entries()?;
    let secrets = home.desktop.home().join("secrets");
    let file = ["--secrets-file", secrets.to_str().ok_or("a path")?];
    let server = home.sandbox()?.authority();

    let wrong = with_input(&home, &[&file[..], &["add", "home"]].concat(), &token).await?;
    assert_eq!(wrong.status.code(), Some(1));
    assert!(text(&wrong).contains("full host name"), "{}", text(&wrong));
    let unknown =
        with_input(&home, &[&file[..], &["add", HOST, "--service", "nobody"]].concat(), &token).await?;
    assert!(!unknown.status.success() && text(&unknown).contains("duckdns"), "{}", text(&unknown));
    let added = with_input(&home, &[&file[..], &["add", HOST, "--server", &server]].concat(), &token).await?;
    assert!(added.status.success(), "{}", text(&added));
    assert_eq!(home.updates().await?, 0, "adding sends nothing by itself");

    let checked = home.command(&[&file[..], &["check"]].concat()).await?;
    assert_eq!(checked.status.code(), Some(5), "an update is due: {}", text(&checked));
    assert_eq!(home.updates().await?, 0, "a check sends nothing");

    for round in 1..=2 {
        let updated = home.command(&[&file[..], &["update", "--once"]].concat()).await?;
        assert_eq!(updated.status.code(), Some(0), "{round}: {}", text(&updated));
        assert_eq!(home.updates().await?, 1, "what is accepted isn't sent again");
    }
    let checked = home.command(&[&file[..], &["check"]].concat()).await?;
    assert_eq!(checked.status.code(), Some(0), "{}", text(&checked));

    // What failed is tried again by a later call, and the exit code says so until then. A new token ends the wait.
    home.sandbox()?.reconnect().await?;
    // Whoever has just looked doesn't look again.
    tokio::time::sleep(std::time::Duration::from_secs(7)).await;
    home.sandbox()?.fault(Target::Update, Fault::Plain(PlainFault::Reset), 1);
    let failed = home.command(&[&file[..], &["update", "--once"]].concat()).await?;
    assert_eq!(failed.status.code(), Some(5), "{}", text(&failed));
    let set = with_input(&home, &[&file[..], &["token", "set", HOST]].concat(), &token).await?;
    assert!(set.status.success(), "{}", text(&set));
    let updated = home.command(&[&file[..], &["update", "--once"]].concat()).await?;
    assert_eq!(updated.status.code(), Some(0), "{}", text(&updated));

    // A slip of the pen in the settings is named, and the settings stay where they are.
    let settings = home.settings_file();
    let right = fs::read_to_string(&settings)?;
    for (slip, named) in [("webresolver = perhaps", "webresolver"), ("interval = \"0 s\"", "10")] {
        let wrong: Vec<&str> = right
            .lines()
            .map(|line| if line.split(' ').next() == slip.split(' ').next() { slip } else { line })
            .collect();
        fs::write(&settings, wrong.join("\n"))?;
        for command in [&["check"][..], &["update", "--once"], &["run"], &["export"]] {
            let refused = home.command(&[&file[..], command].concat()).await?;
            assert_eq!(refused.status.code(), Some(1), "{command:?}: {}", text(&refused));
            assert!(text(&refused).contains(named), "{command:?}: {}", text(&refused));
        }
        assert_eq!(fs::read_to_string(&settings)?, wrong.join("\n"), "{slip}");
    }
    fs::write(&settings, right)?;

    // As a service, told by the environment.
    let mut service = start_service(&home, &[("DYNTRAY_SECRETS_FILE", secrets.to_str().ok_or("a path")?)])?;
    home.wait_for_mood(Mood::Fine).await?;
    home.sandbox()?.reconnect().await?;
    home.wait_until_followed().await?;
    let loaded = fs::read_to_string(format!("/proc/{}/maps", service.pid()))?;
    assert!(!loaded.contains("libgtk") && !loaded.contains("webkit"), "a desktop's libraries are loaded");
    assert!(processes::pss_kib(service.pid()).is_some());

    // A replaced token is told in the log, and set from a pipe while the service runs.
    let token = home.sandbox()?.make_token(HOST).await?;
    home.sandbox()?.reconnect().await?;
    home.wait_for_mood(Mood::NeedsYou).await?;
    let status = home.command(&["status"]).await?;
    assert_eq!(status.status.code(), Some(4), "{}", text(&status));
    let set = with_input(&home, &["token", "set", HOST], &format!("{token}\n")).await?;
    assert!(set.status.success(), "{}", text(&set));
    home.wait_for_mood(Mood::Fine).await?;
    home.wait_until_followed().await?;
    assert!(service.log().contains("Updates have stopped"), "{}", service.log());
    let unknown = with_input(&home, &["token", "set", "other.spdns.de"], &token).await?;
    assert_eq!(unknown.status.code(), Some(1));

    let history = home.command(&["history", "--json"]).await?;
    let items: Vec<HistoryItem> = serde_json::from_slice(&history.stdout)?;
    assert_eq!(items.len(), home.updates().await?);
    let exported = text(&home.command(&["export"]).await?);
    assert!(exported.contains(HOST) && !exported.contains(&token), "{exported}");
    on_another_machine(&home, &exported, &token).await?;
    assert_eq!(service.terminate(PATIENCE).await?, 0);
    let log = service.log();
    assert!(!log.contains(&token), "the token is in the log");

    // Alone again.
    let history = text(&home.command(&[&file[..], &["history", "-n", "1"]].concat()).await?);
    assert!(history.contains(HOST) && history.lines().count() == 1, "{history}");
    assert_eq!(home.command(&["status"]).await?.status.code(), Some(3));

    // A host name is taken out, however it is spelt, and its secret with it.
    let unknown = home.command(&[&file[..], &["remove", "other.spdns.de"]].concat()).await?;
    assert_eq!(unknown.status.code(), Some(1), "{}", text(&unknown));
    assert!(fs::read_to_string(&secrets)?.contains(&token));
    let removed = home.command(&[&file[..], &["remove", &HOST.to_uppercase()]].concat()).await?;
    assert!(removed.status.success(), "{}", text(&removed));
    assert!(!text(&home.command(&["export"]).await?).contains(HOST));
    assert!(!fs::read_to_string(&secrets)?.contains(&token), "the token is still there");
    let mut service = start_service(&home, &[])?;
    eventually("a word of having nothing to do", PATIENCE, async || service.log().contains("dyntray add"))
        .await?;
    assert_eq!(service.terminate(PATIENCE).await?, 0);
    Ok(())
}

#[tokio::test]
async fn who_ends_the_program_by_command_can_start_it_again_at_once() -> Story {
    let options = DesktopOptions::without_a_desktop();
    if options.skipped("a machine without a desktop", &[]) {
        return Ok(());
    }
    let home = Home::start(options, "quit").await?;
    let (_portal, token) = home.portal().await?;
    home.write_settings_enabled()?;
    let secrets = home.desktop.home().join("secrets");
    private_file::write(&secrets, format!("1 {token}\n"))?;
    let environment = [("DYNTRAY_SECRETS_FILE", secrets.to_str().ok_or("a path")?)];
    // Its last words take a while: a request is under way.
    home.sandbox()?.fault(Target::Update, Fault::Plain(PlainFault::Drip), 1);
    let mut first = start_service(&home, &environment)?;
    let runs = async || home.command(&["status"]).await.is_ok_and(|status| status.status.code() != Some(3));
    eventually("a running program", PATIENCE, runs).await?;
    let sends = async || home.status().await.is_ok_and(|now| now.entries[0].status == Status::Sending);
    eventually("a request under way", PATIENCE, sends).await?;
    let quit = home.command(&["quit"]).await?;
    assert!(quit.status.success(), "{}", text(&quit));
    let mut second = start_service(&home, &environment)?;
    eventually("a running program", PATIENCE, runs).await?;
    assert!(second.is_running() && !first.is_running(), "{}", second.log());
    let quit = home.command(&["quit"]).await?;
    assert!(quit.status.success(), "{}", text(&quit));
    assert_eq!(second.wait_exit(PATIENCE).await?, 0);
    let quit = home.command(&["quit"]).await?;
    assert_eq!(quit.status.code(), Some(3), "none runs any more: {}", text(&quit));
    Ok(())
}

/// What was exported is all that another machine needs, with the token.
async fn on_another_machine(home: &Home, exported: &str, token: &str) -> Story {
    let settings = home.desktop.home().join(".config/dyntray-other/settings.toml");
    fs::create_dir_all(settings.parent().ok_or("a folder")?)?;
    fs::write(&settings, exported)?;
    let secrets = home.desktop.home().join("other-secrets");
    let run = async |arguments: &[&str]| {
        let mut command = home.desktop.command(binary("dyntray")?);
        command.env("DYNTRAY_PROFILE", "other").env("DYNTRAY_SECRETS_FILE", &secrets).args(arguments);
        fed(command, token).await
    };
    let set = run(&["token", "set", HOST]).await?;
    assert!(set.status.success(), "{}", text(&set));
    let again = run(&["export"]).await?;
    assert_eq!(text(&again), exported);
    let checked = run(&["check"]).await?;
    assert_eq!(checked.status.code(), Some(5), "{}", text(&checked));
    Ok(())
}

/// What systemd's manager is told next.
fn heard(socket: &std::os::unix::net::UnixDatagram) -> std::io::Result<Vec<String>> {
    let mut buffer = [0; 4096];
    let length = socket.recv(&mut buffer)?;
    Ok(String::from_utf8_lossy(&buffer[..length]).lines().map(str::to_owned).collect())
}

#[tokio::test]
async fn systemds_credentials_are_used_and_its_manager_hears_how_things_are() -> Story {
    let options = DesktopOptions::without_a_desktop();
    if options.skipped("a service with credentials", &[]) {
        return Ok(());
    }
    let home = Home::start(options, "credentials").await?;
    let (_portal, token) = home.portal().await?;
    let credentials = home.desktop.home().join("credentials");
    fs::create_dir_all(&credentials)?;
    fs::write(credentials.join(HOST), format!("{token}\n"))?;
    home.write_settings_without_entries()?;
    let manager = home.desktop.home().join("manager");
    let socket = std::os::unix::net::UnixDatagram::bind(&manager)?;
    socket.set_read_timeout(Some(PATIENCE))?;
    let environment = [
        ("CREDENTIALS_DIRECTORY", credentials.to_str().ok_or("a path")?),
        ("NOTIFY_SOCKET", manager.to_str().ok_or("a path")?),
    ];
    let mut service = start_service(&home, &environment)?;
    assert_eq!(heard(&socket)?, ["READY=1"]);
    let server = home.sandbox()?.authority();
    let added = home.command(&["add", HOST, "--server", &server, "--credential"]).await?;
    assert!(added.status.success(), "{}", text(&added));
    while !heard(&socket)?.iter().any(|word| word.starts_with("STATUS=") && word.contains(HOST)) {}
    home.wait_for_mood(Mood::Fine).await?;
    home.wait_until_followed().await?;
    // They can't be written: the way to a new token is said.
    let set = with_input(&home, &["token", "set", HOST], "abcd-efgh-ijkl").await?;
    assert_eq!(set.status.code(), Some(1));
    assert!(text(&set).contains("LoadCredential"), "{}", text(&set));
    assert!(matches!(home.status().await?.entries[0].status, Status::Fine));
    let removed = home.command(&["remove", HOST]).await?;
    assert!(removed.status.success(), "{}", text(&removed));
    assert_eq!(service.terminate(PATIENCE).await?, 0);
    // Without credentials nobody has the secret.
    let refused = home.command(&["add", HOST, "--server", &server, "--credential"]).await?;
    assert_eq!(refused.status.code(), Some(1), "{}", text(&refused));
    Ok(())
}

#[tokio::test]
async fn a_file_of_secrets_that_others_may_read_is_refused_before_anything_starts() -> Story {
    let options = DesktopOptions::without_a_desktop();
    if options.skipped("an open file of secrets", &[]) {
        return Ok(());
    }
    let home = Home::start(options, "open-secrets").await?;
    let secrets = home.desktop.home().join("secrets");
    fs::write(&secrets, "1 abcd-efgh-ijkl\n")?;
    fs::set_permissions(&secrets, std::os::unix::fs::PermissionsExt::from_mode(0o644))?;
    let refused = home.command(&["run", "--secrets-file", secrets.to_str().ok_or("a path")?]).await?;
    assert_eq!(refused.status.code(), Some(1));
    let said = text(&refused);
    assert!(said.contains("chmod 600") && !said.contains("abcd"), "{said}");
    Ok(())
}

#[tokio::test]
async fn completions_and_manual_name_every_command() -> Story {
    let program = binary("dyntray")?;
    let ask = |arguments: &[&str]| std::process::Command::new(&program).args(arguments).output();
    let help = text(&ask(&["--help"])?);
    let commands: Vec<&str> = help
        .lines()
        .skip_while(|line| !line.starts_with("Commands:"))
        .skip(1)
        .take_while(|line| !line.is_empty())
        .filter_map(|line| line.strip_prefix("  ")?.split(' ').next())
        .filter(|name| !name.is_empty() && *name != "help")
        .collect();
    assert!(commands.len() > 10, "{commands:?}");
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let completions = text(&ask(&["completions", shell])?);
        assert!(commands.iter().all(|name| completions.contains(name)), "{shell}");
    }
    let manual = text(&ask(&["man"])?);
    assert!(manual.starts_with(".ie") && commands.iter().all(|name| manual.contains(name)), "{manual}");
    assert!(manual.contains("OPTIONS OF dyntray token set") && !manual.contains("(1)\n"), "{manual}");
    Ok(())
}

fn start_service(home: &Home, environment: &[(&str, &str)]) -> Result<App, Error> {
    App::start_with(&home.desktop, &binary("dyntray")?, &["run"], environment)
}
