//! Failures on purpose, for stories and tests. Release builds don't have them.

use std::time::Duration;

/// Panics in a thread of its own if `DYNTRAY_FAULT_IN` names it. It stands for the threads of libraries.
pub fn fail_in_a_thread() {
    let thread = std::thread::Builder::new().name("on purpose".to_owned());
    let started = thread.spawn(|| dyntray_agent::faults::fail_on_purpose("a thread"));
    if let Err(error) = started {
        tracing::error!(%error, "there is no thread to fail in");
    }
}

/// Panics as many milliseconds after the start as `DYNTRAY_FAULT_AFTER` says; never without it.
pub async fn fail_on_purpose() {
    let after = std::env::var("DYNTRAY_FAULT_AFTER").ok().and_then(|after| after.parse().ok());
    let Some(after) = after else { return std::future::pending().await };
    tokio::time::sleep(Duration::from_millis(after)).await;
    panic!("a fault on purpose, with a secret in its words: abcd-efgh-ijkl");
}
