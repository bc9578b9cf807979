//! Checks that there are pages to embed, and lists the commands that the capability file may allow.

use std::fs;
use std::path::Path;

use tauri_build::{AppManifest, Attributes};

/// The output of `npm --prefix ui run build`, as in `tauri.conf.json`.
const PAGES: &str = "../ui/dist";
/// A page in their stead, so that `cargo check` works on a fresh clone.
const PLACEHOLDER: &str = include_str!("placeholder.html");
const ADVICE: &str = "the window's pages are not built: run `npm --prefix ui ci` and `npm --prefix ui run build`, then build again";

fn main() {
    println!("cargo::rerun-if-changed={PAGES}");
    println!("cargo::rerun-if-changed=placeholder.html");
    if !pages_are_built(Path::new(PAGES)) {
        let release = std::env::var("PROFILE").is_ok_and(|profile| profile == "release");
        println!("cargo::{}={ADVICE}", if release { "error" } else { "warning" });
    }
    let manifest = AppManifest::new().commands(&["ask", "first_page", "start_program"]);
    tauri_build::try_build(Attributes::new().app_manifest(manifest))
        .expect("the window's configuration is valid");
}

/// Tells built pages from the placeholder, and writes the placeholder where there is no page at all.
fn pages_are_built(pages: &Path) -> bool {
    let index = pages.join("index.html");
    if let Ok(page) = fs::read_to_string(&index) {
        return page != PLACEHOLDER;
    }
    fs::create_dir_all(pages).expect("ui/dist can be made");
    fs::write(&index, PLACEHOLDER).expect("ui/dist can be written");
    false
}
