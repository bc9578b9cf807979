//! Notifications on real shells: the toast, the list, what a click does.
