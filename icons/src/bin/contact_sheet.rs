//! Puts every state of the tray on one enlarged sheet: on light and on dark panels, as people see it, and as those do
//! who see no red, no green or no colour at all. The argument is the file to write.

use std::process::ExitCode;

use dyntray_icons::{Picture, Shape, tray};
use resvg::tiny_skia::{Pixmap, PremultipliedColorU8};

/// The edges that are looked at, and how many times each is enlarged.
const EDGES: [(u32, u32); 3] = [(16, 6), (22, 4), (32, 3)];
/// The edge of a cell of the sheet in pixels; the largest enlarged picture has 96.
const CELL: u32 = 108;
/// The colours of a light and of a dark panel.
const PANELS: [[u8; 3]; 2] = [[0xf3; 3], [0x24; 3]];

/// A way to see colours: what red, green and blue (linear, 0 to 1) become.
type Vision = [[f32; 3]; 3];

/// Full colour vision; deuteranopia and protanopia after Machado, Oliveira and Fernandes (2009); no colour.
const VISIONS: [Vision; 4] = [
    [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]],
    [[0.367_322, 0.860_646, -0.227_968], [0.280_085, 0.672_501, 0.047_413], [-0.011_82, 0.042_94, 0.968_881]],
    [
        [0.152_286, 1.052_583, -0.204_868],
        [0.114_503, 0.786_281, 0.099_216],
        [-0.003_882, -0.048_116, 1.051_998],
    ],
    [[0.2126, 0.7152, 0.0722], [0.2126, 0.7152, 0.0722], [0.2126, 0.7152, 0.0722]],
];

fn main() -> ExitCode {
    let Some(path) = std::env::args_os().nth(1) else {
        eprintln!("usage: contact-sheet FILE.png");
        return ExitCode::FAILURE;
    };
    if let Err(error) = sheet().save_png(&path) {
        eprintln!("{}: {error}", path.display());
        return ExitCode::FAILURE;
    }
    ExitCode::SUCCESS
}

/// One row for each panel and vision, one column for each size and state.
fn sheet() -> Pixmap {
    let columns: Vec<(Picture, u32)> = EDGES
        .iter()
        .flat_map(|&(edge, scale)| Shape::ALL.map(|shape| (of_edge(shape, edge), scale)))
        .collect();
    let rows = PANELS.iter().flat_map(|panel| VISIONS.iter().map(move |vision| (*panel, vision)));
    let rows: Vec<([u8; 3], &Vision)> = rows.collect();
    let width = CELL * u32::try_from(columns.len()).expect("a few columns");
    let height = CELL * u32::try_from(rows.len()).expect("a few rows");
    let mut sheet = Pixmap::new(width, height).expect("the sheet is not empty");
    for (y, row) in (0..height).zip(sheet.pixels_mut().chunks_exact_mut(width as usize)) {
        let (panel, vision) = rows[(y / CELL) as usize];
        for (x, pixel) in (0..width).zip(row) {
            let (picture, scale) = columns[(x / CELL) as usize];
            let [red, green, blue] = seen(on_panel(picture, scale, x % CELL, y % CELL, panel), vision);
            *pixel = PremultipliedColorU8::from_rgba(red, green, blue, 255).expect("opaque");
        }
    }
    sheet
}

fn of_edge(shape: Shape, edge: u32) -> Picture {
    tray(shape).into_iter().find(|picture| picture.width == edge).expect("a size of the tray")
}

/// The colour at a place of a cell, in whose middle the enlarged picture is.
fn on_panel(picture: Picture, scale: u32, x: u32, y: u32, panel: [u8; 3]) -> [u8; 3] {
    let margin = (CELL - picture.width * scale) / 2;
    let within = |place: u32| place.checked_sub(margin).map(|place| place / scale);
    let (Some(x), Some(y)) = (within(x), within(y)) else { return panel };
    if x >= picture.width || y >= picture.height {
        return panel;
    }
    let at = 4 * (y * picture.width + x) as usize;
    let pixel = &picture.rgba[at..at + 4];
    let mixed = |part: usize| {
        let (over, under, opacity) = (u32::from(pixel[part]), u32::from(panel[part]), u32::from(pixel[3]));
        u8::try_from((over * opacity + under * (255 - opacity)) / 255).expect("between both")
    };
    [mixed(0), mixed(1), mixed(2)]
}

fn seen(colour: [u8; 3], vision: &Vision) -> [u8; 3] {
    let linear = colour.map(|part| (f32::from(part) / 255.0).powf(2.2));
    vision.map(|row| {
        let mixed: f32 = row.iter().zip(linear).map(|(weight, part)| weight * part).sum();
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to 0..=255")]
        let part = (mixed.clamp(0.0, 1.0).powf(1.0 / 2.2) * 255.0).round() as u8;
        part
    })
}
