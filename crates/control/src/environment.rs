//! What the two programs tell each other when one starts the other.

/// The variable that the window sets where it starts the always-on program, which then opens no window of its own.
pub const WINDOW_IS_OPEN: &str = "DYNTRAY_WINDOW_IS_OPEN";
