//! Skips a story that can't run on this machine.

/// Says that a story is skipped, and why. If nothing may be skipped (`DYNTRAY_NO_SKIP` is set), it panics instead.
pub fn skipped(story: &str, why: &str) {
    let word = format!("SKIPPED {story}: {why}");
    assert!(std::env::var_os("DYNTRAY_NO_SKIP").is_none(), "{word}");
    eprintln!("{word}");
}
