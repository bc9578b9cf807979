//! The right address, at once, and the truth about it, told on real networks made of network namespaces: a home behind
//! its router, the provider, the zone's name servers, a VPN, a café.

mod addresses;
mod elsewhere;
mod expect;
mod lines;
mod new_user;
mod records;
