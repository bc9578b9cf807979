//! Stories about secrets and about what the programs can't do.

mod canary;
mod hostile_page;
