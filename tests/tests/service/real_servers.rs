//! Servers that nobody here wrote: nsupdate.info's own, with BIND behind it.

use std::fs;
use std::net::IpAddr;
use std::time::Duration;

use dyntray_core::present::Mood;
use dyntray_stories::app::binary;
use dyntray_stories::wait::eventually;
use dyntray_stories::{Error, PATIENCE, Result, Story};

use super::machine::{Machine, feed, text};
use super::nsupdate::{NAME, Nsupdate, SECRET};

/// Waits until BIND has the line's present addresses, and nothing else.
async fn wait_until_followed(machine: &Machine, nsupdate: &Nsupdate) -> Result<()> {
    let public = machine.home.sandbox_state().await?.wan.public;
    for (kind, address) in [("A", public.ipv4.map(IpAddr::V4)), ("AAAA", public.ipv6.map(IpAddr::V6))] {
        let address = address.map(|address| address.to_string()).unwrap_or_default();
        assert!(!address.is_empty(), "the line has both");
        eventually(&format!("{kind} {address}"), PATIENCE, async || {
            let published = nsupdate.published(&machine.home.desktop, kind).await?;
            let words = || Error::NotThere(format!("{published}; {:?}", nsupdate.requests()));
            if published == address { Ok(()) } else { Err(words()) }
        })
        .await?;
    }
    Ok(())
}

#[tokio::test]
async fn nsupdates_own_server_and_bind_follow_the_line_until_the_secret_is_wrong() -> Story {
    if Nsupdate::skipped("nsupdate-server") {
        return Ok(());
    }
    let Some(machine) = Machine::for_story("nsupdate-server").await? else { return Ok(()) };
    let home = &machine.home;
    let nsupdate = Nsupdate::start(&home.desktop).await?;
    home.write_settings_without_entries()?;
    let settings = fs::read_to_string(home.settings_file())?;
    let sandboxs = home.sandbox()?.dns_address().ok_or("no name server")?.to_string();
    let settings = settings.replace(&sandboxs, &nsupdate.name_server());
    // The table's row has HTTPS; its request is the same.
    let url = format!("http://{}/nic/update?hostname={{host}}&myip={{ip}}", nsupdate.authority());
    let entry = format!(
        "\n[[entries]]\nid = 1\nenabled = true\nhostname = \"{NAME}\"\nprovider = \"custom\"\nserver = \"\"\n\
         updateUrl = \"{url}\"\nwebresolver = true\n"
    );
    fs::write(home.settings_file(), settings + &entry)?;
    home.write_secrets(&format!("1 {SECRET}\n"))?;

    // One request for each family, as the service wants it, and never the same again.
    for round in 1..=2 {
        let updated = machine.alone(&["update", "--once"]).await?;
        assert_eq!(updated.status.code(), Some(0), "{round}: {}", text(&updated));
        wait_until_followed(&machine, &nsupdate).await?;
        let requests = nsupdate.requests();
        assert_eq!(requests.len(), 2, "{requests:?}");
        let request = format!("/nic/update?hostname={NAME}&myip=");
        let is_right = |asked: &String| asked.starts_with(&request) && asked.contains(" 200 good ");
        assert!(requests.iter().all(is_right), "{requests:?}");
    }

    // Another machine knows of no update yet. The service says that nothing changes, which is fine.
    on_another_machine(&machine).await?;
    let requests = nsupdate.requests();
    assert_eq!(requests.len(), 4, "{requests:?}");
    assert!(requests[2..].iter().all(|request| request.contains(" 200 nochg ")), "{requests:?}");

    // A service follows the line.
    let mut service = machine.start_service(&[("DYNTRAY_SECRETS_FILE", machine.secrets.as_str())])?;
    home.wait_for_mood(Mood::Fine).await?;
    home.sandbox()?.reconnect().await?;
    wait_until_followed(&machine, &nsupdate).await?;
    home.wait_for_mood(Mood::Fine).await?;
    let before = nsupdate.requests();
    assert!(before[4..].iter().all(|request| request.contains(" 200 good ")), "{before:?}");

    // With a wrong secret there is one more request, whatever the line does.
    let set = machine.with_input(&["token", "set", NAME], "not-the-secret").await?;
    assert!(set.status.success(), "{}", text(&set));
    home.sandbox()?.reconnect().await?;
    home.wait_for_mood(Mood::NeedsYou).await?;
    let status = home.command(&["status"]).await?;
    assert_eq!(status.status.code(), Some(4), "{}", text(&status));
    home.sandbox()?.reconnect().await?;
    tokio::time::sleep(Duration::from_secs(4)).await;
    let requests = nsupdate.requests();
    assert_eq!(requests.len(), before.len() + 1, "{requests:?}");
    assert!(requests.last().is_some_and(|last| last.ends_with(" 401 badauth")), "{requests:?}");

    // With the right one it goes on.
    let set = machine.with_input(&["token", "set", NAME], SECRET).await?;
    assert!(set.status.success(), "{}", text(&set));
    wait_until_followed(&machine, &nsupdate).await?;
    home.wait_for_mood(Mood::Fine).await?;
    assert_eq!(service.terminate(PATIENCE).await?, 0);
    Ok(())
}

/// Updates once with the same settings and secret, and nothing else.
async fn on_another_machine(machine: &Machine) -> Story {
    let home = &machine.home.desktop.home().join("other");
    let settings = home.join(".config/dyntray/settings.toml");
    fs::create_dir_all(settings.parent().ok_or("a folder")?)?;
    fs::copy(machine.home.settings_file(), &settings)?;
    let mut command = machine.home.desktop.command(binary("dyntray")?);
    command.env("HOME", home).env("XDG_CONFIG_HOME", home.join(".config"));
    command.env("XDG_DATA_HOME", home.join(".local/share")).env("XDG_STATE_HOME", home.join(".local/state"));
    command.args(["--secrets-file", &machine.secrets, "update", "--once"]);
    let updated = feed(command, "").await?;
    assert_eq!(updated.status.code(), Some(0), "{}", text(&updated));
    Ok(())
}
