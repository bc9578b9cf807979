//! App Nap: macOS puts off the timers of programs without a visible window by minutes, which would hold up updates.

use objc2_foundation::{NSActivityOptions, NSProcessInfo, NSString};

/// Keeps App Nap away until the returned activity is dropped. The Mac may still go to sleep.
pub fn off() -> impl Sized {
    // The reason is seen in the system's own lists (NSProcessInfo's documentation, November 2026).
    NSProcessInfo::processInfo().beginActivityWithOptions_reason(
        NSActivityOptions::UserInitiatedAllowingIdleSystemSleep,
        &NSString::from_str("Watching for a new internet address"),
    )
}
