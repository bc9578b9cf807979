//! The curve: updates a second between 02:55 and 03:25, for each kind of night.

use std::fmt::Write as _;

use crate::night::Kind;

const WIDTH: f64 = 720.0;
const HEIGHT: f64 = 120.0;
const MARGIN: f64 = 44.0;
/// Seconds after 02:20: 02:55 to 03:25.
const FROM: usize = 35 * 60;
const TO: usize = 65 * 60;
/// The number of seconds whose mean is one point.
const MEAN_OF: usize = 5;

/// Draws one small chart for each kind, each to its own scale and with its peak beside it.
pub fn draw(curves: &[(Kind, Vec<u32>)]) -> String {
    let row = HEIGHT + MARGIN;
    let all = row * f64::from(u32::try_from(curves.len()).unwrap_or(1)) + MARGIN;
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {} {all}\" font-family=\"sans-serif\" \
         font-size=\"13\">\n<style>text {{ fill: #55626e }} path {{ fill: none; stroke: #0a6570; stroke-width: 1.5 }} \
         line {{ stroke: #d7dde2 }}</style>\n",
        WIDTH + 2.0 * MARGIN
    );
    for (number, (kind, updates)) in curves.iter().enumerate() {
        let top = MARGIN + row * f64::from(u32::try_from(number).unwrap_or_default());
        one(&mut svg, top, kind.words(), &updates[FROM..TO]);
    }
    svg + "</svg>\n"
}

fn one(svg: &mut String, top: f64, words: &str, updates: &[u32]) {
    let highest = updates.iter().copied().max().unwrap_or(1).max(1);
    let points: Vec<f64> = updates
        .chunks(MEAN_OF)
        .map(|span| f64::from(span.iter().sum::<u32>()) / f64::from(u32::try_from(span.len()).unwrap_or(1)))
        .collect();
    let across = WIDTH / f64::from(u32::try_from(points.len()).unwrap_or(1));
    let path: Vec<String> = (0u32..)
        .zip(&points)
        .map(|(at, value)| {
            let (x, y) = (MARGIN + f64::from(at) * across, top + HEIGHT * (1.0 - value / f64::from(highest)));
            format!("{}{x:.1} {y:.1}", if at == 0 { 'M' } else { 'L' })
        })
        .collect();
    let bottom = top + HEIGHT;
    // Writing to a String can't fail.
    let _ = writeln!(
        svg,
        "<text x=\"{MARGIN}\" y=\"{}\">{words}: at most {highest} updates in one second</text>",
        top - 8.0
    );
    let _ =
        writeln!(svg, "<line x1=\"{MARGIN}\" y1=\"{bottom}\" x2=\"{}\" y2=\"{bottom}\"/>", MARGIN + WIDTH);
    for minute in (0..=30).step_by(5) {
        let x = MARGIN + WIDTH * f64::from(minute) / 30.0;
        let (hour, past) = ((175 + minute) / 60, (175 + minute) % 60);
        let _ = writeln!(
            svg,
            "<text x=\"{x:.0}\" y=\"{:.0}\" text-anchor=\"middle\">{hour:02}:{past:02}</text>",
            bottom + 16.0
        );
    }
    let _ = writeln!(svg, "<path d=\"{}\"/>", path.join(" "));
}
