//! What sources told, what it amounts to and what is to be said of the network: tables, one line for each case.

mod amounts;
mod asked;
mod assessed;
mod changed;
mod debounced;
mod diagnoses;
mod shown;
mod told;
mod waits;
