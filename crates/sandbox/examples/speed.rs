//! A benchmark of the sandbox's response times: `cargo run --release -p dyntray-sandbox --example speed`.
//!
//! It prints medians over one connection on loopback. The time to hash a token is measured separately and subtracted.

use std::error::Error;
use std::time::{Duration, Instant};

use argon2::{Algorithm, Argon2, Params, Version};
use dyntray_sandbox::{Options, start};
use reqwest::{Client, RequestBuilder};

const TIMES: u16 = 500;
const HOST: &str = "home.spdns.de";

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let _ = rustls::crypto::ring::default_provider().install_default(); // no other provider is installed
    let dir = tempfile::tempdir()?;
    let sandbox = start(Options::new(dir.path())).await?;
    let token = sandbox.make_token(HOST).await?;
    let base = sandbox.base_url();
    let client = Client::builder().no_proxy().build()?;

    let look_up = median_of(|_| client.get(format!("{base}/checkip4"))).await?;
    let update = median_of(|at| {
        let [high, low] = at.to_be_bytes();
        let url = format!("{base}/nic/update?hostname={HOST}&myip=84.160.{high}.{low}");
        client.get(url).header("user-agent", "speed/1").basic_auth(HOST, Some(&token))
    })
    .await?;
    let hash = hash_time()?;
    let line = |what: &str, time: Duration| println!("{what:<24} {:>8.3} ms", time.as_secs_f64() * 1000.0);
    line("look-up", look_up);
    line("update", update);
    line("  of which the hash", hash);
    line("  the rest", update.saturating_sub(hash));
    sandbox.stop().await;
    Ok(())
}

/// The median time of a request, until its response is read.
async fn median_of(request: impl Fn(u16) -> RequestBuilder) -> Result<Duration, Box<dyn Error>> {
    let mut times = Vec::new();
    for at in 0..TIMES {
        let begun = Instant::now();
        let answer = request(at).send().await?.error_for_status()?.text().await?;
        times.push(begun.elapsed());
        if answer.is_empty() || answer.starts_with("badauth") {
            return Err(answer.into());
        }
    }
    Ok(median(times))
}

/// The median time of one token hash, with the sandbox's parameters for tokens.
fn hash_time() -> Result<Duration, Box<dyn Error>> {
    let params = Params::new(4096, 1, 1, None).map_err(|error| error.to_string())?;
    let argon = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    let mut times = Vec::new();
    for _ in 0..50 {
        let begun = Instant::now();
        let mut hash = [0; 32];
        argon
            .hash_password_into(b"abcd-efgh-ijkl", b"sixteen bytes of", &mut hash)
            .map_err(|error| error.to_string())?;
        times.push(begun.elapsed());
    }
    Ok(median(times))
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times.get(times.len() / 2).copied().unwrap_or_default()
}
