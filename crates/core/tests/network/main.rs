//! Tables of sources' answers, their outcomes and the diagnoses, one line for each case.

mod address_kept;
mod amounts;
mod asked;
mod assessed;
mod changed;
mod clocks;
mod debounced;
mod devices;
mod diagnoses;
mod extremes;
mod left_alone;
mod refused;
mod shown;
mod third_party;
mod told;
mod waits;
