//! # dyntray-icons
//!
//! Dyntray's one drawing, `dyntray.svg`, in every state and size. The tray's pictures are compiled into the program as
//! plain pixels, so that nothing has to be decoded. All other pictures are files beside this crate, listed in
//! `render.rs`.

#[cfg(feature = "render")]
pub mod render;

/// The state that the tray icon shows by its shape. Colour only repeats it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Shape {
    /// The bare mark: nothing is set up.
    Empty,
    /// A tick on a disc: every name leads to the right address.
    Fine,
    /// Two arrows: something is under way.
    Working,
    /// A slash: offline, or waiting for the next try.
    Waiting,
    /// Two bars on a square: all updates are paused.
    Paused,
    /// An exclamation mark on a triangle: nothing happens until somebody acts.
    NeedsYou,
}

impl Shape {
    /// All shapes.
    pub const ALL: [Shape; 6] =
        [Shape::Empty, Shape::Fine, Shape::Working, Shape::Waiting, Shape::Paused, Shape::NeedsYou];

    /// The shape's class in the drawing, and its part of file names.
    pub const fn name(self) -> &'static str {
        match self {
            Shape::Empty => "empty",
            Shape::Fine => "fine",
            Shape::Working => "working",
            Shape::Waiting => "waiting",
            Shape::Paused => "paused",
            Shape::NeedsYou => "needs-you",
        }
    }
}

/// A picture as plain pixels.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Picture {
    /// In pixels.
    pub width: u32,
    /// In pixels.
    pub height: u32,
    /// The pixels row by row from the top left: red, green, blue and opacity, with colours not multiplied by opacity.
    pub rgba: &'static [u8],
}

/// The edges of the tray's pictures in pixels: those of panels, and the double of the commonest.
pub const TRAY_EDGES: [u32; 5] = [16, 22, 24, 32, 48];

/// The edge of the largest tray picture, for systems that take only one. It suits panels of 24 and of 48 pixels without
/// uneven scaling.
pub const TRAY_EDGE: u32 = 48;

/// The program's icon as a PNG file of 128 pixels.
pub const APP: &[u8] = include_bytes!("../app/128.png");

/// The tray's picture of `shape` for macOS: black, and transparent where the drawing is white or empty. The system
/// colours it to suit its menu bar.
pub fn tray_template(shape: Shape) -> Picture {
    let rgba: &[u8] = match shape {
        Shape::Empty => include_bytes!("../tray/empty-template.rgba"),
        Shape::Fine => include_bytes!("../tray/fine-template.rgba"),
        Shape::Working => include_bytes!("../tray/working-template.rgba"),
        Shape::Waiting => include_bytes!("../tray/waiting-template.rgba"),
        Shape::Paused => include_bytes!("../tray/paused-template.rgba"),
        Shape::NeedsYou => include_bytes!("../tray/needs-you-template.rgba"),
    };
    Picture { width: TRAY_EDGE, height: TRAY_EDGE, rgba }
}

/// The tray's pictures of `shape`, the smallest first.
pub fn tray(shape: Shape) -> [Picture; TRAY_EDGES.len()] {
    let mut rest: &[u8] = match shape {
        Shape::Empty => include_bytes!("../tray/empty.rgba"),
        Shape::Fine => include_bytes!("../tray/fine.rgba"),
        Shape::Working => include_bytes!("../tray/working.rgba"),
        Shape::Waiting => include_bytes!("../tray/waiting.rgba"),
        Shape::Paused => include_bytes!("../tray/paused.rgba"),
        Shape::NeedsYou => include_bytes!("../tray/needs-you.rgba"),
    };
    TRAY_EDGES.map(|edge| {
        let (rgba, others) = rest.split_at(4 * edge as usize * edge as usize);
        rest = others;
        Picture { width: edge, height: edge, rgba }
    })
}

/// The largest of the tray's pictures of `shape`.
pub fn tray_large(shape: Shape) -> Picture {
    let [.., largest] = tray(shape);
    largest
}
