//! A failure on purpose, for stories. Release builds don't have it.

use std::time::Duration;

/// Panics as many milliseconds after the start as `DYNTRAY_FAULT_AFTER` says; never without it.
pub async fn fail_on_purpose() {
    let after = std::env::var("DYNTRAY_FAULT_AFTER").ok().and_then(|after| after.parse().ok());
    let Some(after) = after else { return std::future::pending().await };
    tokio::time::sleep(Duration::from_millis(after)).await;
    panic!("a fault on purpose, with a secret in its words: abcd-efgh-ijkl");
}
