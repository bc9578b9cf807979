#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let (_, target) = dyntray_fuzz::TARGETS.into_iter().find(|(name, _)| *name == "router_event").expect("a target");
    target(bytes);
});
