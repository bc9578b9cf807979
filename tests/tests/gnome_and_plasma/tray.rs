//! The tray icon: its sizes, its status, its menu.
