//! The tray's pictures can be told apart, and are what the drawing renders to.

use std::collections::HashSet;

use dyntray_icons::{Picture, Shape, TRAY_EDGES, tray, tray_large, tray_template};

fn opacity(picture: Picture) -> Vec<bool> {
    picture.rgba.chunks_exact(4).map(|pixel| pixel[3] > 127).collect()
}

/// The brightness alone, as somebody sees it who can't tell the colours apart.
fn greys(picture: Picture) -> Vec<u32> {
    let grey = |pixel: &[u8]| {
        let weighted = 299 * u32::from(pixel[0]) + 587 * u32::from(pixel[1]) + 114 * u32::from(pixel[2]);
        weighted / 1000 * u32::from(pixel[3]) / 255
    };
    picture.rgba.chunks_exact(4).map(grey).collect()
}

#[test]
fn every_picture_is_whole() {
    for shape in Shape::ALL {
        assert_eq!(tray(shape).map(|picture| picture.width), TRAY_EDGES, "{shape:?}");
        assert!(tray_large(shape) == tray(shape)[4], "{shape:?}");
        for picture in tray(shape) {
            let pixels = usize::try_from(picture.width * picture.height).expect("a small picture");
            assert_eq!(picture.rgba.len(), pixels * 4, "{shape:?}");
            let seen = opacity(picture).into_iter().filter(|&opaque| opaque).count();
            assert!(seen * 3 > pixels, "{shape:?} is nearly empty");
            assert!(seen < pixels, "{shape:?} has no transparent corner");
        }
    }
}

#[test]
fn templates_are_black_and_told_apart_by_their_opacity_alone() {
    for one in Shape::ALL {
        let opaque = opacity(tray_template(one));
        assert!(tray_template(one).rgba.chunks_exact(4).all(|pixel| pixel[..3] == [0, 0, 0]), "{one:?}");
        for other in Shape::ALL.into_iter().filter(|&other| other != one) {
            let others = opacity(tray_template(other));
            let differing = opaque.iter().zip(&others).filter(|(a, b)| a != b).count();
            assert!(differing * 50 > opaque.len(), "{one:?} and {other:?} differ in only {differing} pixels");
        }
    }
}

#[test]
fn no_two_states_look_the_same() {
    for size in 0..TRAY_EDGES.len() {
        let different: HashSet<&[u8]> = Shape::ALL.iter().map(|&shape| tray(shape)[size].rgba).collect();
        assert_eq!(different.len(), Shape::ALL.len());
    }
}

#[test]
fn states_are_told_apart_without_colour_in_every_size() {
    for (size, edge) in TRAY_EDGES.into_iter().enumerate() {
        for one in Shape::ALL {
            for other in Shape::ALL.into_iter().filter(|&other| other != one) {
                let (one_greys, other_greys) = (greys(tray(one)[size]), greys(tray(other)[size]));
                let pairs = one_greys.iter().zip(&other_greys);
                let differing = pairs.filter(|(a, b)| a.abs_diff(**b) > 48).count();
                assert!(
                    differing * 50 > one_greys.len(),
                    "{one:?} and {other:?} differ in only {differing} pixels of {edge}²"
                );
            }
        }
    }
}

/// The states that most depends on: all is well, wait, act.
const FINE_WORKING_AND_NEEDS_YOU: [(Shape, Shape); 3] =
    [(Shape::Fine, Shape::Working), (Shape::Fine, Shape::NeedsYou), (Shape::Working, Shape::NeedsYou)];

/// Another sign on the same plate would change a twentieth of the pixels.
#[test]
fn fine_working_and_needs_you_differ_in_a_tenth_of_all_pixels_on_light_and_dark_panels_without_colour() {
    const PANELS: [u32; 2] = [0xf3, 0x24];
    let on_panel = |picture: Picture, panel: u32| -> Vec<u32> {
        let pixels = picture.rgba.chunks_exact(4).zip(greys(picture));
        pixels.map(|(pixel, grey)| grey + panel * (255 - u32::from(pixel[3])) / 255).collect()
    };
    for (size, edge) in TRAY_EDGES.into_iter().enumerate() {
        for (one, other) in FINE_WORKING_AND_NEEDS_YOU {
            for panel in PANELS {
                let (one_greys, other_greys) =
                    (on_panel(tray(one)[size], panel), on_panel(tray(other)[size], panel));
                let pairs = one_greys.iter().zip(&other_greys);
                let differing = pairs.filter(|(a, b)| a.abs_diff(**b) > 64).count();
                assert!(
                    differing * 10 > one_greys.len(),
                    "{one:?} and {other:?} differ in only {differing} pixels of {edge}² on {panel:#x}"
                );
            }
        }
    }
}

#[test]
fn the_outline_alone_tells_fine_working_and_needs_you_apart_in_every_size() {
    for (size, edge) in TRAY_EDGES.into_iter().enumerate() {
        for (one, other) in FINE_WORKING_AND_NEEDS_YOU {
            let (one_opaque, other_opaque) = (opacity(tray(one)[size]), opacity(tray(other)[size]));
            let differing = one_opaque.iter().zip(&other_opaque).filter(|(a, b)| a != b).count();
            assert!(
                differing * 50 > one_opaque.len(),
                "{one:?} and {other:?} have the same outline but for {differing} pixels of {edge}²"
            );
        }
    }
}

/// The badge is at the lower right. A sign that can be read has few pixels that are neither sign nor badge.
#[test]
fn the_sign_on_a_badge_can_be_read_at_sixteen_pixels() {
    for shape in [Shape::Fine, Shape::Working, Shape::Paused, Shape::NeedsYou] {
        let greys = greys(tray(shape)[0]);
        let inside: Vec<u32> =
            greys.chunks_exact(16).skip(8).take(7).flat_map(|row| row[8..15].to_vec()).collect();
        let (least, most) = (inside.iter().min().copied(), inside.iter().max().copied());
        let (least, most) = least.zip(most).expect("pixels");
        let between = |grey: &&u32| (35..=75).contains(&((**grey - least) * 100 / (most - least)));
        let blurred = inside.iter().filter(between).count();
        assert!(blurred < 20, "{shape:?}: {blurred} of 49 pixels are neither sign nor badge");
    }
}

#[test]
#[cfg(feature = "render")]
fn the_pictures_are_what_the_drawing_gives() {
    use dyntray_icons::render::{FOLDER, render_all};
    let stale: Vec<String> = render_all()
        .into_iter()
        .filter(|file| {
            let committed = std::fs::read(std::path::Path::new(FOLDER).join(&file.path));
            committed.map_or(true, |bytes| bytes != file.bytes)
        })
        .map(|file| file.path)
        .collect();
    assert!(
        stale.is_empty(),
        "run `cargo run -p dyntray-icons --features render --bin render-icons`; stale: {stale:?}"
    );
}

#[test]
#[cfg(not(feature = "render"))]
#[ignore = "needs the renderer: cargo nextest run -p dyntray-icons --features render"]
fn the_pictures_are_what_the_drawing_gives() {}
