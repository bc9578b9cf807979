//! The secret service of each desktop: closed, absent, cancelled, and a second one beside it.
