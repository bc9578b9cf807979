//! Prints what a web resolver's answer amounts to, as JSON: `look_up URL ipv4|ipv6`. For stories and for looking by
//! hand.

use std::process::ExitCode;

use dyntray_agent::{install_tls, web_resolver};
use dyntray_core::types::address::Family;
use dyntray_core::types::server::WebAddress;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let resolver = arguments.next().and_then(|text| WebAddress::parse(&text).ok());
    let family = match arguments.next().as_deref() {
        Some("ipv4") => Some(Family::Ipv4),
        Some("ipv6") => Some(Family::Ipv6),
        _ => None,
    };
    let (Some(resolver), Some(family)) = (resolver, family) else {
        eprintln!("look_up URL ipv4|ipv6");
        return ExitCode::FAILURE;
    };
    install_tls();
    match serde_json::to_string(&web_resolver::look_up(&resolver, family).await.observation) {
        Ok(seen) => {
            println!("{seen}");
            ExitCode::SUCCESS
        }
        Err(_) => ExitCode::FAILURE,
    }
}
