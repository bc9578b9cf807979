//! A canary token is entered, used, refused and replaced while everything is logged, and then searched for everywhere.

use std::time::Duration;

use dyntray_core::present::Mood;
use dyntray_stories::desktop::DesktopOptions;
use dyntray_stories::home::{HOST, Home, field};
use dyntray_stories::page::PageServer;
use dyntray_stories::search::{Leak, Secret};
use dyntray_stories::wait::eventually;
use dyntray_stories::window::Window;
use dyntray_stories::{Error, PATIENCE, Story, private_file};

/// Everything that a script in the page can reach: texts in fields, the document, and up to two hundred thousand
/// objects from `window` on.
const REACHABLE: &str = r"
    const found = [document.documentElement.outerHTML];
    for (const field of document.querySelectorAll('input, textarea')) found.push(field.value);
    const seen = new Set(), open = [window];
    while (open.length > 0 && seen.size < 200000) {
        const at = open.pop();
        if (seen.has(at)) continue;
        seen.add(at);
        let names = [];
        try { names = Reflect.ownKeys(at); } catch { continue; }
        for (const name of names) {
            let value;
            try { value = at[name]; } catch { continue; }
            if (typeof value === 'string') found.push(value);
            else if (value !== null && ['object', 'function'].includes(typeof value)) open.push(value);
        }
        if (at instanceof Map || at instanceof Set) for (const value of at.values()) if (value !== null && typeof value === 'object') open.push(value); else found.push(String(value));
    }
    return [seen.size, found.join('\n')];
";

#[tokio::test]
async fn a_canary_token_is_found_nowhere_but_in_the_keyring() -> Story {
    let story = Home::for_story(DesktopOptions::with_recorder(), "canary", &["dbus-monitor"]).await?;
    let Some(home) = story else { return Ok(()) };
    let (mut portal, first) = home.portal().await?;
    let outside = tempfile::tempdir()?;
    let traffic = outside.path().join("bus");
    let mut listening = home
        .desktop
        .command("dbus-monitor")
        .arg("--session")
        .stdout(std::fs::File::create(&traffic)?)
        .spawn()?;
    let app = home.start_app_with(&[], &[("DYNTRAY_LOG", "trace")])?;
    let window = Window::attach(&home.desktop).await?;
    home.fill_in(&window, &first).await?;
    home.wait_for_mood(Mood::Fine).await?;
    let mut reachable = vec![window.eval(REACHABLE, Vec::new()).await?];

    // The token is replaced at the portal, refused, and replaced here.
    let second = portal.make_token(HOST).await?;
    home.sandbox()?.reconnect().await?;
    home.wait_for_mood(Mood::NeedsYou).await?;
    window.click(&field("nav-status")).await?;
    window.click(&field("enter-token-1")).await?;
    window.fill(&field("new-token"), &second).await?;
    window.click(&field("save-token")).await?;
    home.wait_for_mood(Mood::Fine).await?;
    home.wait_until_followed().await?;
    window.wait_for_text(&field("token-result"), HOST).await?;
    reachable.push(window.eval(REACHABLE, Vec::new()).await?);

    let mut said = Vec::new();
    for command in [&["status", "--json"][..], &["why"], &["logs", "-n", "100000"], &["diagnostics"]] {
        let output = home.command(command).await?;
        said.push([output.stdout, output.stderr].concat());
    }
    tokio::time::sleep(Duration::from_millis(500)).await;
    listening.kill().await?;
    let heard = std::fs::read(&traffic)?;
    assert!(
        heard.windows(8).any(|bytes| bytes == b"dyntray_") || heard.len() > 10_000,
        "the bus was listened to"
    );
    let objects = reachable.iter().filter_map(|found| found.get(0)?.as_u64()).min().unwrap_or_default();
    assert!(objects > 1_000, "the page's memory was walked: {objects} objects");
    let state = home.sandbox_state().await?;

    for token in [&first, &second] {
        let secret = Secret::new(token);
        let mut leaks: Vec<Leak> = secret.find_below(home.desktop.folder())?;
        // It belongs there, encrypted; a match could only be chance.
        leaks.retain(|leak| !leak.place.to_string_lossy().contains("/keyrings/"));
        leaks.extend(secret.find_in("the session bus".as_ref(), &heard));
        leaks.extend(secret.find_in_processes(&home.desktop.processes()));
        for (number, found) in reachable.iter().enumerate() {
            let place = format!("the page's memory, {number}");
            leaks.extend(secret.find_in(place.as_ref(), found.to_string().as_bytes()));
        }
        for output in &said {
            leaks.extend(secret.find_in("the command line".as_ref(), output));
        }
        for notice in home.desktop.notices().all() {
            leaks.extend(secret.find_in("a notification".as_ref(), format!("{notice:?}").as_bytes()));
        }
        leaks.extend(
            secret.find_in("requests as the server saw them".as_ref(), format!("{:?}", state.log).as_bytes()),
        );
        assert!(leaks.is_empty(), "{leaks:?}");
    }
    assert_eq!(core_limit(app.pid())?, "0", "no core is dumped");
    drop(window);
    Ok(())
}

#[tokio::test]
async fn a_secret_that_a_service_wants_in_the_url_is_found_in_its_requests_and_nowhere_else() -> Story {
    const SECRET: &str = "Zugvogel-im-Kanarienkleid";
    let story = Home::for_story(DesktopOptions::without_a_desktop(), "canary-in-a-url", &[]).await?;
    let Some(home) = story else { return Ok(()) };
    // It accepts one update and rejects the next, and repeats the whole request, as some services do.
    let mut is_first = true;
    let answer = move |asked: &str| {
        if std::mem::take(&mut is_first) { "good".to_owned() } else { format!("what is {asked}") }
    };
    let service = PageServer::answering("text/plain", answer).await?;
    let url = service.address("/update?name={host}&key={password}&ip={ip4}");
    home.write_settings_with_url("canary.example.org", &url)?;
    let outside = tempfile::tempdir()?;
    let secrets = outside.path().join("secrets");
    private_file::write(&secrets, format!("1 {SECRET}\n"))?;
    let environment = [("DYNTRAY_LOG", "trace"), ("DYNTRAY_SECRETS_FILE", secrets.to_str().ok_or("a path")?)];
    let app = home.start_app_with(&["run"], &environment)?;
    let is_asked = async |times: usize| {
        eventually("requests", PATIENCE, async || {
            let asked = service.asked();
            let is_said = asked.len() == times && asked.iter().all(|head| !head.is_empty());
            if is_said { Ok(()) } else { Err(Error::NotThere(format!("{times}: {asked:?}"))) }
        })
        .await
    };
    is_asked(1).await?;
    home.sandbox()?.reconnect().await?;
    is_asked(2).await?;
    let hidden = "key=***&ip=";
    eventually("the complaint, without the secret", PATIENCE, async || {
        let shown = format!("{:?}", home.status().await?);
        if shown.contains(hidden) { Ok(()) } else { Err(Error::NotThere(shown)) }
    })
    .await?;
    assert!(service.asked().iter().all(|request| request.contains(SECRET)));

    let secret = Secret::new(SECRET);
    let mut leaks = secret.find_below(home.desktop.folder())?;
    leaks.extend(secret.find_in_processes(&home.desktop.processes()));
    for command in
        [&["status", "--json"][..], &["why"], &["history"], &["logs", "-n", "100000"], &["diagnostics"]]
    {
        let output = home.command(command).await?;
        assert!(!output.stdout.is_empty(), "{command:?} says something");
        leaks.extend(secret.find_in(command.join(" ").as_ref(), &[output.stdout, output.stderr].concat()));
    }
    assert!(leaks.is_empty(), "{leaks:?}");
    assert!(app.log().contains("canary.example.org"), "it was logged what happened: {}", app.log());
    Ok(())
}

/// The system's limit for a core file of the process.
fn core_limit(pid: u32) -> std::io::Result<String> {
    let limits = std::fs::read_to_string(format!("/proc/{pid}/limits"))?;
    let line = limits.lines().find(|line| line.starts_with("Max core file size")).unwrap_or_default();
    Ok(line.split_whitespace().nth(4).unwrap_or_default().to_owned())
}
