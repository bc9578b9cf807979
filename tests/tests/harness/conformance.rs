//! The sandbox as seen by programs that this project didn't write: two dynamic DNS clients and `dig`.
//!
//! They are given loopback addresses only. inadyn would ask the system's name server for the host's present address
//! unless it finds a cache file, so there always is one.

use std::fs;
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Output, Stdio};

use dyntray_sandbox::{Fault, LoggedUpdate, Options, PlainFault, Sandbox, Target, Wan, start};
use dyntray_stories::needs::{program, skipped_without};
use dyntray_stories::portal::Portal;
use dyntray_stories::{PATIENCE, Story, private_file};
use tempfile::TempDir;
use tokio::process::Command;

const HOST: &str = "home.spdns.de";
/// A token of the right shape that nobody has.
const WRONG: &str = "aaaa-bbbb-cccc";

/// A sandbox with an account, a host and its token.
struct Stage {
    dir: TempDir,
    sandbox: Sandbox,
    token: String,
}

impl Stage {
    async fn start() -> Story<Self> {
        let dir = tempfile::tempdir()?;
        let sandbox = start(Options::new(dir.path().join("sandbox")).https_port(0).dns_port(0)).await?;
        let (_portal, token) = Portal::with_host(sandbox.base_url(), HOST).await?;
        Ok(Self { dir, sandbox, token })
    }

    /// `127.0.0.1:PORT` of HTTPS.
    fn server(&self) -> Story<String> {
        let url = self.sandbox.https_url().ok_or("no HTTPS")?;
        Ok(url.replace("https://localhost", "127.0.0.1"))
    }

    fn authority(&self) -> Story<String> {
        Ok(self.sandbox.ca_file().ok_or("no HTTPS")?.display().to_string())
    }

    async fn wan(&self) -> Story<Wan> {
        Ok(self.sandbox.state().await?.wan)
    }

    async fn log(&self) -> Story<Vec<LoggedUpdate>> {
        Ok(self.sandbox.state().await?.log)
    }

    /// The codes given so far, each with `myip` as it was sent.
    async fn answers(&self) -> Story<Vec<(String, String)>> {
        let log = self.log().await?;
        Ok(log.into_iter().map(|entry| (entry.code, entry.myip.unwrap_or_default())).collect())
    }

    async fn published(&self) -> Story<dyntray_sandbox::Addresses> {
        Ok(self.sandbox.state().await?.hosts.first().ok_or("no host")?.published)
    }

    /// Runs a program to its end, with nothing of this process's environment; returns everything it printed.
    async fn run(&self, name: &str, arguments: &[&str]) -> Story<String> {
        let output = run(self.dir.path(), name, arguments).await?;
        Ok(String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned())
    }

    /// Runs ddclient once, without its memory, with the address from a look-up. Its `dyndns2` of version 3.10 sends
    /// one address in a request; both families are two runs for one host.
    async fn ddclient(&self, token: &str, look_up: &str) -> Story<String> {
        let (server, ca) = (self.server()?, self.authority()?);
        let config = self.dir.path().join(format!("ddclient-{look_up}.conf"));
        let cache = self.dir.path().join(format!("ddclient-{look_up}.cache"));
        let text = format!(
            "daemon=0\nsyslog=no\nssl=yes\nssl_ca_file={ca}\nuse=web, web=https://{server}/{look_up}\n\
             protocol=dyndns2\nserver={server}\nlogin={HOST}\npassword={token}\n{HOST}\n"
        );
        private_file::write(&config, &text)?;
        let (config, cache) = (config.display().to_string(), cache.display().to_string());
        let once = ["-daemon", "0", "-force", "-verbose", "-noquiet", "-file", &config, "-cache", &cache];
        self.run("ddclient", &once).await
    }

    /// Runs inadyn once, without its memory. `%i` in `myip` is the address from the look-up.
    async fn inadyn(&self, token: &str, look_up: &str, myip: &str) -> Story<String> {
        let (server, ca) = (self.server()?, self.authority()?);
        let config = self.dir.path().join("inadyn.conf");
        let cache = self.dir.path().join("inadyn");
        let text = format!(
            "allow-ipv6 = true\nca-trust-file = \"{ca}\"\ncustom spdyn {{\n\
             username = \"{HOST}\"\npassword = \"{token}\"\nhostname = \"{HOST}\"\n\
             checkip-server = \"{server}\"\ncheckip-path = \"/{look_up}\"\n\
             ddns-server = \"{server}\"\nddns-path = \"/nic/update?hostname=%h&myip={myip}\"\n}}\n"
        );
        private_file::write(&config, &text)?;
        fs::create_dir_all(&cache)?;
        fs::write(cache.join(format!("{HOST}.cache")), "")?;
        let (config, cache) = (format!("--config={}", config.display()), cache.display().to_string());
        let cache = format!("--cache-dir={cache}");
        let once = ["--once", "--force", "--foreground", "--no-pidfile", "--loglevel=debug", &config, &cache];
        self.run("inadyn", &once).await
    }

    async fn dig(&self, arguments: &[&str]) -> Story<String> {
        let server: SocketAddr = self.sandbox.dns_address().ok_or("no name server")?;
        let (at, port) = (format!("@{}", server.ip()), server.port().to_string());
        let mut all = vec![at.as_str(), "-p", &port, "+norecurse", "+tries=1", "+time=5"];
        all.extend(arguments);
        Ok(self.run("dig", &all).await?.trim().to_owned())
    }
}

async fn run(home: &Path, name: &str, arguments: &[&str]) -> Story<Output> {
    let mut command = Command::new(program(name).ok_or_else(|| format!("no {name}"))?);
    command
        .args(arguments)
        .env_clear()
        .env("PATH", "/usr/bin:/bin")
        .env("HOME", home)
        .env("LC_ALL", "C.UTF-8")
        .stdin(Stdio::null())
        .kill_on_drop(true);
    Ok(tokio::time::timeout(3 * PATIENCE, command.output())
        .await
        .map_err(|_| format!("{name} never ends"))??)
}

fn owned(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs.iter().map(|(code, myip)| ((*code).to_owned(), (*myip).to_owned())).collect()
}

#[tokio::test]
async fn ddclient_keeps_both_families_and_gets_good_then_nochg() -> Story {
    if skipped_without("ddclient", &["ddclient"]) {
        return Ok(());
    }
    let stage = Stage::start().await?;
    let public = stage.wan().await?.public;
    let (ipv4, ipv6) = (public.ipv4.ok_or("no IPv4")?.to_string(), public.ipv6.ok_or("no IPv6")?.to_string());

    for (look_up, address) in [("checkip4", &ipv4), ("checkip6", &ipv6)] {
        let told = stage.ddclient(&stage.token, look_up).await?;
        let success = format!("updating {HOST}: good: IP address set to {address}");
        assert!(told.contains("SUCCESS:") && told.contains(&success), "{told}");
        let told = stage.ddclient(&stage.token, look_up).await?;
        assert!(told.contains(&format!("updating {HOST}: nochg: No update required")), "{told}");
    }
    let expected = [("good", &*ipv4), ("nochg", &*ipv4), ("good", &*ipv6), ("nochg", &*ipv6)];
    assert_eq!(stage.answers().await?, owned(&expected));
    assert_eq!(stage.published().await?, public, "each request kept the other family");
    let log = stage.log().await?;
    assert!(log.iter().all(|entry| entry.user_agent.starts_with("ddclient/")), "{log:?}");
    Ok(())
}

#[tokio::test]
async fn inadyn_keeps_ipv4_ipv6_or_both_in_one_request_and_gets_good_then_nochg() -> Story {
    if skipped_without("inadyn", &["inadyn"]) {
        return Ok(());
    }
    for families in ["IPv4", "IPv6", "both"] {
        let stage = Stage::start().await?;
        let public = stage.wan().await?.public;
        let (ipv4, ipv6) =
            (public.ipv4.ok_or("no IPv4")?.to_string(), public.ipv6.ok_or("no IPv6")?.to_string());
        // It fills in one address; the other family stands in its configuration.
        let (look_up, myip, sent) = match families {
            "IPv4" => ("checkip4", "%i".to_owned(), ipv4),
            "IPv6" => ("checkip6", "%i".to_owned(), ipv6),
            _ => ("checkip4", format!("%i,{ipv6}"), format!("{ipv4},{ipv6}")),
        };
        let told = stage.inadyn(&stage.token, look_up, &myip).await?;
        assert!(told.contains(&format!("good {sent}")), "{told}");
        assert!(told.contains(&format!("Successful alias table update for {HOST}")), "{told}");
        let told = stage.inadyn(&stage.token, look_up, &myip).await?;
        assert!(told.contains(&format!("\nnochg {sent}\n")), "{told}");
        assert!(told.contains(&format!("Successful alias table update for {HOST}")), "{told}");

        assert_eq!(stage.answers().await?, owned(&[("good", &sent), ("nochg", &sent)]));
        let published = stage.published().await?;
        assert_eq!(published.ipv4, public.ipv4.filter(|_| families != "IPv6"), "{families}");
        assert_eq!(published.ipv6, public.ipv6.filter(|_| families != "IPv4"), "{families}");
        let log = stage.log().await?;
        assert!(log.iter().all(|entry| entry.user_agent.starts_with("inadyn/")), "{log:?}");
    }
    Ok(())
}

#[tokio::test]
async fn a_wrong_token_gets_badauth_from_both_clients() -> Story {
    if skipped_without("wrong token", &["ddclient", "inadyn"]) {
        return Ok(());
    }
    let stage = Stage::start().await?;
    let told = stage.ddclient(WRONG, "checkip4").await?;
    assert!(told.contains(&format!("updating {HOST}: badauth: Bad authorization")), "{told}");
    let told = stage.inadyn(WRONG, "checkip6", "%i").await?;
    assert!(told.contains("\nbadauth\n") && !told.contains("Successful alias table update"), "{told}");

    let log = stage.log().await?;
    let codes: Vec<_> = log.iter().map(|entry| entry.code.as_str()).collect();
    assert_eq!(codes, ["badauth", "badauth"]);
    assert!(stage.published().await?.is_empty());
    Ok(())
}

#[tokio::test]
async fn both_clients_refuse_a_server_whose_certificate_nobody_vouches_for() -> Story {
    if skipped_without("untrusted server", &["ddclient", "inadyn"]) {
        return Ok(());
    }
    let stage = Stage::start().await?;
    stage.sandbox.fault(Target::Update, Fault::Plain(PlainFault::SelfSigned), 100);
    stage.ddclient(&stage.token, "checkip4").await?;
    stage.inadyn(&stage.token, "checkip4", "%i").await?;
    let seen = stage.sandbox.state().await?;
    assert_eq!((seen.updates, seen.lookups), (0, 0), "nothing was said to it");
    assert!(seen.faults < 100, "they did try");
    Ok(())
}

#[tokio::test]
async fn dig_reads_an_update_at_once() -> Story {
    if skipped_without("dig", &["dig", "inadyn"]) {
        return Ok(());
    }
    let stage = Stage::start().await?;
    assert_eq!(stage.dig(&["+short", HOST, "A"]).await?, "");
    let mut serials = vec![serial(&stage.dig(&["+short", "spdns.de", "SOA"]).await?)?];
    for round in 0..2 {
        if round > 0 {
            stage.sandbox.reconnect().await?;
        }
        let public = stage.wan().await?.public;
        let (ipv4, ipv6) =
            (public.ipv4.ok_or("no IPv4")?.to_string(), public.ipv6.ok_or("no IPv6")?.to_string());
        stage.inadyn(&stage.token, "checkip4", &format!("%i,{ipv6}")).await?;
        assert_eq!(stage.dig(&["+short", HOST, "A"]).await?, ipv4);
        assert_eq!(stage.dig(&["+short", HOST, "AAAA"]).await?, ipv6);
        assert_eq!(stage.dig(&["+short", "+tcp", HOST, "A"]).await?, ipv4, "over TCP");
        serials.push(serial(&stage.dig(&["+short", "spdns.de", "SOA"]).await?)?);
    }
    assert!(serials.is_sorted_by(|before, after| before < after), "{serials:?}");

    let nobody = stage.dig(&["nobody.spdns.de", "A"]).await?;
    assert!(nobody.contains("status: NXDOMAIN") && nobody.contains("SOA"), "{nobody}");
    let answer = stage.dig(&[HOST, "A"]).await?;
    assert!(answer.contains("status: NOERROR") && answer.contains("flags: qr aa;"), "{answer}");
    Ok(())
}

fn serial(soa: &str) -> Story<u64> {
    Ok(soa.split_whitespace().nth(2).ok_or_else(|| format!("no SOA: {soa}"))?.parse()?)
}
