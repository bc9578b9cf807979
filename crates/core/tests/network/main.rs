//! What sources told, what it amounts to and what is to be said of the network: tables, one line for each case.

mod amounts;
mod asked;
mod changed;
mod diagnoses;
mod shown;
mod stirred;
mod told;
mod waits;
