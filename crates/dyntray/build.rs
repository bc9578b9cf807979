//! Lays the program out by use, where `cargo xtask` has seen what is used: `DYNTRAY_LAYOUT` names the list. Without it
//! the linker's own order stays.

use std::env;

fn main() {
    println!("cargo::rerun-if-env-changed=DYNTRAY_LAYOUT");
    println!("cargo::rerun-if-changed=build.rs");
    if let Ok(list) = env::var("DYNTRAY_LAYOUT") {
        println!("cargo::rerun-if-changed={list}");
        println!("cargo::rustc-link-arg-bins=-Wl,--symbol-ordering-file={list}");
        // What was seen elsewhere, in the C library, isn't in the program.
        println!("cargo::rustc-link-arg-bins=-Wl,--no-warn-symbol-ordering");
    }
}
