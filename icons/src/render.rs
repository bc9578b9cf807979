//! Renders the drawing into every picture beside this crate. The same drawing gives the same bytes.

use std::io::Cursor;
use std::path::Path;

use ico::{IconDir, IconDirEntry, IconImage, ResourceType};
use resvg::tiny_skia::{Pixmap, PremultipliedColorU8, Transform};
use resvg::usvg::{Options, Tree};

use crate::{Shape, TRAY_EDGE, TRAY_EDGES};

/// The folder of the drawing and of all pictures.
pub const FOLDER: &str = env!("CARGO_MANIFEST_DIR");

/// The largest picture whose badge is drawn larger and simpler.
const SMALL: u32 = 24;
/// The sizes that Linux desktops and bundles need.
const APP_EDGES: [u32; 8] = [16, 24, 32, 48, 64, 128, 256, 512];
/// The sizes that the Windows shell needs at 100 % to 400 %.
const ICO_EDGES: [u32; 7] = [16, 20, 24, 32, 48, 64, 256];
/// The names that macOS has for each size in PNG. Some are double-density forms of smaller icons.
const ICNS_TYPES: [(&[u8; 4], u32); 8] = [
    (b"ic11", 32),
    (b"ic12", 64),
    (b"ic07", 128),
    (b"ic13", 256),
    (b"ic08", 256),
    (b"ic14", 512),
    (b"ic09", 512),
    (b"ic10", 1024),
];

/// A picture file beside this crate.
pub struct File {
    /// The path within [`FOLDER`].
    pub path: String,
    /// The content.
    pub bytes: Vec<u8>,
}

/// Renders every picture from the drawing in [`FOLDER`].
pub fn render_all() -> Vec<File> {
    let drawing = Drawing::read();
    let mut files = Vec::new();
    let mut keep = |path: String, bytes: Vec<u8>| files.push(File { path, bytes });
    for shape in Shape::ALL {
        let name = shape.name();
        keep(format!("tray/{name}-template.rgba"), template(&pixels(&drawing.draw(shape, TRAY_EDGE))));
        let all = TRAY_EDGES.iter().flat_map(|&edge| pixels(&drawing.draw(shape, edge)));
        keep(format!("tray/{name}.rgba"), all.collect());
        for edge in TRAY_EDGES {
            keep(format!("tray/{name}-{edge}.png"), png(&drawing.draw(shape, edge)));
        }
    }
    for edge in APP_EDGES {
        keep(format!("app/{edge}.png"), png(&drawing.draw(Shape::Empty, edge)));
    }
    keep("app/icon.ico".to_owned(), windows_icon(&drawing));
    keep("app/icon.icns".to_owned(), macos_icon(&drawing));
    files
}

struct Drawing {
    svg: String,
}

impl Drawing {
    fn read() -> Self {
        let path = Path::new(FOLDER).join("dyntray.svg");
        let svg = std::fs::read_to_string(path).expect("the drawing is beside this crate");
        Drawing { svg }
    }

    /// Renders one state. The classes of the drawing's root select it, so that one word is replaced.
    fn draw(&self, shape: Shape, edge: u32) -> Pixmap {
        let size = if edge <= SMALL { " small" } else { "" };
        let class = format!(r#"class="{}{size}""#, shape.name());
        let svg = self.svg.replacen(r#"class="empty""#, &class, 1);
        let tree = Tree::from_str(&svg, &Options::default()).expect("the drawing is valid");
        let mut pixmap = Pixmap::new(edge, edge).expect("no picture is empty");
        let (across, down) = (tree.size().width(), tree.size().height());
        #[expect(clippy::cast_precision_loss, reason = "edges are far below 2^24")]
        let edge = edge as f32;
        let scale = Transform::from_scale(edge / across, edge / down);
        resvg::render(&tree, scale, &mut pixmap.as_mut());
        pixmap
    }
}

/// The pixels in the layout of [`crate::Picture`].
fn pixels(pixmap: &Pixmap) -> Vec<u8> {
    let straight = pixmap.pixels().iter().map(PremultipliedColorU8::demultiply);
    straight.flat_map(|pixel| [pixel.red(), pixel.green(), pixel.blue(), pixel.alpha()]).collect()
}

/// A template for macOS, which colours it to suit its menu bar: only the opacity counts. White parts of the drawing, the
/// outline and the sign inside a badge, become gaps.
fn template(pixels: &[u8]) -> Vec<u8> {
    /// The least brightness that counts as partly white.
    const WHITISH: u32 = 160;
    let of_pixel = |pixel: &[u8]| {
        let whiteness = u32::from(pixel[..3].iter().copied().min().unwrap_or(0));
        let kept = 255 - (whiteness.max(WHITISH) - WHITISH) * 255 / (255 - WHITISH);
        let opacity = u32::from(pixel[3]) * kept / 255;
        [0, 0, 0, u8::try_from(opacity).expect("no more than it was")]
    };
    pixels.chunks_exact(4).flat_map(of_pixel).collect()
}

fn png(pixmap: &Pixmap) -> Vec<u8> {
    pixmap.encode_png().expect("pixels can be written as PNG")
}

fn windows_icon(drawing: &Drawing) -> Vec<u8> {
    let mut icon = IconDir::new(ResourceType::Icon);
    for edge in ICO_EDGES {
        let image = IconImage::from_rgba_data(edge, edge, pixels(&drawing.draw(Shape::Empty, edge)));
        // Older readers know PNG at 256 pixels only.
        let entry = if edge == 256 {
            IconDirEntry::encode_as_png(&image)
        } else {
            IconDirEntry::encode_as_bmp(&image)
        };
        icon.add_entry(entry.expect("pixels can be written as an icon"));
    }
    let mut bytes = Cursor::new(Vec::new());
    icon.write(&mut bytes).expect("memory can be written");
    bytes.into_inner()
}

/// An ICNS file: a magic word and the whole length, then type, length and content of each icon. Every length includes
/// its own header of eight bytes, and is big-endian.
fn macos_icon(drawing: &Drawing) -> Vec<u8> {
    let block = |name: &[u8; 4], content: &[u8]| -> Vec<u8> {
        let length = u32::try_from(content.len() + 8).expect("icons are small");
        [name, &length.to_be_bytes()[..], content].concat()
    };
    let icons: Vec<u8> = ICNS_TYPES
        .iter()
        .flat_map(|&(name, edge)| block(name, &png(&drawing.draw(Shape::Empty, edge))))
        .collect();
    block(b"icns", &icons)
}
