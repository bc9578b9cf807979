//! The documents: their claims are true of the code beside them, their commands work, and both languages say the same.

mod claims;
mod commands;
mod languages;
mod markdown;
mod pages;
mod stage;
