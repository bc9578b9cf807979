//! Renders the committed pictures anew, after a change of `dyntray.svg`.

use std::fs;
use std::io;
use std::path::Path;

use dyntray_icons::render::{FOLDER, render_all};

fn main() -> io::Result<()> {
    let files = render_all();
    for file in &files {
        let path = Path::new(FOLDER).join(&file.path);
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        fs::write(path, &file.bytes)?;
    }
    println!("{} pictures written to {FOLDER}", files.len());
    Ok(())
}
