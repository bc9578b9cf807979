//! `cargo xtask bench [PART…]`: the cost of the always-on program, measured on a headless desktop with real parts, and
//! beside two other clients where they are installed. It prints medians and asserts nothing; the report and its chart
//! go to `target/bench`.

mod desktop;
mod figures;
mod first_paint;
mod hosts;
mod others;
#[cfg(target_os = "linux")]
mod page_cache;
mod process;
mod quiet;
#[cfg(target_os = "linux")]
mod reconnect;

use dyntray_stories::Story;
use dyntray_stories::app::binary;
use figures::Figures;

/// All parts, in the order of measurement.
const PARTS: [&str; 4] = ["others", "desktop", "hosts", "reconnect"];

#[tokio::main(flavor = "current_thread")]
async fn main() -> Story {
    let wanted: Vec<String> = std::env::args().skip(1).collect();
    if let Some(unknown) = wanted.iter().find(|part| !PARTS.contains(&part.as_str())) {
        return Err(format!("{unknown:?} is no part of it: {}", PARTS.join(", ")).into());
    }
    let mut figures = Figures::default();
    let folder = binary("dyntray")?.with_file_name("../bench");
    #[cfg(target_os = "linux")]
    page_cache::drop_programs()?;
    for part in PARTS.into_iter().filter(|part| wanted.is_empty() || wanted.iter().any(|name| name == part)) {
        match part {
            "others" => others::measure(&mut figures).await?,
            "desktop" => desktop::measure(&mut figures).await?,
            "hosts" => hosts::measure(&mut figures).await?,
            #[cfg(target_os = "linux")]
            "reconnect" => reconnect::measure(&mut figures).await?,
            _ => println!("{part}: measured on Linux only"),
        }
        figures.write(&folder)?;
    }
    println!("the report is in {}", folder.display());
    Ok(())
}
