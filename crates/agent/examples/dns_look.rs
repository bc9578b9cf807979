//! Prints what the world's name servers answer for a host name, as JSON: `dns_look HOST [ADDRESS:PORT]`. With an
//! address only that name server is asked. For stories and for looking by hand.

use std::process::ExitCode;

use dyntray_agent::dns_check::DnsChecks;
use dyntray_core::types::address::Family;
use dyntray_core::types::hostname::Hostname;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let host = arguments.next().and_then(|text| Hostname::parse(&text).ok());
    let server = arguments.next().map(|text| text.parse()).transpose();
    let (Some(host), Ok(server)) = (host, server) else {
        eprintln!("dns_look HOST [ADDRESS:PORT]");
        return ExitCode::FAILURE;
    };
    match serde_json::to_string(&DnsChecks::default().check(&host, Family::BOTH, server).await) {
        Ok(answer) => {
            println!("{answer}");
            ExitCode::SUCCESS
        }
        Err(_) => ExitCode::FAILURE,
    }
}
