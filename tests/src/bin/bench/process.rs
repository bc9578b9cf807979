//! Figures of one process and of several runs.

use std::time::Duration;

use dyntray_stories::{Story, processes};

/// Memory of one process in MB (PSS).
pub fn memory(pid: u32) -> Story<f64> {
    processes::pss_kib(pid).map(|kib| mega(kib * 1024)).ok_or_else(|| "no figure".into())
}

/// The median.
pub fn median(mut took: Vec<Duration>) -> Duration {
    took.sort();
    took[took.len() / 2]
}

/// Bytes in MB.
pub fn mega(bytes: u64) -> f64 {
    f64::from(u32::try_from(bytes / 1024).unwrap_or(u32::MAX)) / 1024.0
}
