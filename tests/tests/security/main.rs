//! Stories about secrets, and about everything that the two programs must not be able to do.

mod canary;
mod dependencies;
mod hostile_page;
