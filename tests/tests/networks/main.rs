//! Stories on real networks, made of network namespaces: a home behind its router, the provider, the zone's name
//! servers, a VPN, a café. The right address is published at once, and every trouble is named.

mod addresses;
mod elsewhere;
mod expect;
mod lines;
mod new_user;
mod records;
