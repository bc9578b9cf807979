//! The sources to ask: the first web resolver always, the router where it is wanted, further web resolvers only when
//! needed.

use crate::observe::observation::Observation;
use crate::settings::{AddressFrom, Settings};
use crate::state::State;
use crate::types::address::Family;
use crate::types::source::Source;

/// The sources to ask for the address of `family` where it comes from `from`, the most trusted first.
pub(super) fn wanted(settings: &Settings, state: &State, from: AddressFrom, family: Family) -> Vec<Source> {
    let router = Source::router(family);
    match from {
        AddressFrom::Fixed(_) | AddressFrom::Interface => Vec::new(),
        AddressFrom::Router => vec![router],
        AddressFrom::Web => web_resolvers(settings, state, family, None),
        AddressFrom::WebAndRouter if settings.is_sandboxed(family) => {
            web_resolvers(settings, state, family, None)
        }
        AddressFrom::WebAndRouter => {
            let mut sources = web_resolvers(settings, state, family, state.observation(router));
            sources.push(router);
            sources
        }
    }
}

/// The web resolver, and further ones while those before them fail. A further one's answer is confirmed by the next.
fn web_resolvers(
    settings: &Settings,
    state: &State,
    family: Family,
    router: Option<&Observation>,
) -> Vec<Source> {
    let tells = |source| matches!(state.observation(source), Some(Observation::Known { .. }));
    let fails = |source| matches!(state.observation(source), Some(Observation::Unavailable { .. }));
    let mut sources = vec![Source::web_resolver(family)];
    if !fails(sources[0]) {
        return sources;
    }
    let mut missing = if matches!(router, Some(Observation::Known { .. })) { 1 } else { 2 };
    for source in (0u8..).zip(&settings.fall_backs).map(|(number, _)| Source::fall_back(number, family)) {
        if settings.resolver(source).is_none() {
            continue;
        }
        sources.push(source);
        missing -= usize::from(tells(source));
        if missing == 0 || !(tells(source) || fails(source)) {
            break;
        }
    }
    sources
}
