//! Stories on real networks, made of network namespaces: a home behind its router, the provider, the zone's name
//! servers, a VPN, a café.

mod addresses;
