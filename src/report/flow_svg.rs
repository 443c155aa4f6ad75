//! The flow as a picture: PRISMA 2020's diagram, one a stream, an arm a column of boxes with what
//! leaves beside it. Text is text; titles and a description say what the picture says.

use std::fmt::Write;

use super::boxes::{ArmBoxes, BoxText, Diagram, Row, diagrams};
use super::layout::{width, wrap};
use super::page::escape;
use super::words;
use crate::flow::Flow;

const SIZE: f64 = 13.0;
const LINE: f64 = 18.0;
const PAD_X: f64 = 12.0;
const PAD_Y: f64 = 10.0;
const MAIN: f64 = 268.0;
const SIDE: f64 = 280.0;
/// Between a box and what leaves it.
const GAP: f64 = 34.0;
/// Between rows.
const DROP: f64 = 30.0;
const ARM_GAP: f64 = 40.0;
const BAND: f64 = 30.0;
const MARGIN: f64 = 24.0;
const INDENT: f64 = 14.0;
/// The width of an arm's two columns.
const ARM: f64 = MAIN + GAP + SIDE;

const STYLE: &str = "
text { font: 13px system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif; fill: #1d2329; }
.strong { font-weight: 600; } .title { font-size: 17px; font-weight: 600; } .quiet { fill: #56606b; }
.paper { fill: #fdfdfc; } .box { fill: #ffffff; stroke: #98a2ac; } .head { fill: #eef1f4; stroke: none; }
.band { fill: #dfe5ea; stroke: none; } .wait { fill: #fbf6e6; stroke: #8f6b13; stroke-dasharray: 5 3; }
.sum { fill: #e9f2ee; stroke: #4c7a66; } .line { fill: none; stroke: #6b7680; } .tip { fill: #6b7680; }
.dash { stroke-dasharray: 5 3; stroke: #8f6b13; }
@media (prefers-color-scheme: dark) {
  text { fill: #e6e8ea; } .quiet { fill: #a3abb3; } .paper { fill: #15181b; } .box { fill: #1d2125; stroke: #5a636c; }
  .head { fill: #23282d; } .band { fill: #2c3238; } .wait { fill: #2b2515; stroke: #b9933a; }
  .sum { fill: #1a2a24; stroke: #5f9a82; } .line { stroke: #8a949e; } .tip { fill: #8a949e; } .dash { stroke: #b9933a; }
}
";

/// Renders all streams, one under the other.
pub fn render(flow: &Flow) -> String {
    let diagrams = diagrams(flow);
    let notes = words::notes(flow);
    let columns = diagrams.iter().map(|diagram| diagram.arms.len()).max().unwrap_or(0).max(1);
    let arms = count(columns);
    let total = 2.0 * MARGIN + BAND + 14.0 + arms * ARM + (arms - 1.0) * ARM_GAP;
    let mut canvas = Canvas::default();
    let mut y = MARGIN;
    for line in wrap(&format!("{}. {}", flow.review, words::dated(flow)), total - 2.0 * MARGIN, SIZE, false) {
        y += LINE;
        canvas.text(MARGIN, y - 4.0, "quiet", &line);
    }
    for line in notes.iter().flat_map(|note| wrap(note, total - 2.0 * MARGIN, SIZE, false)) {
        y += LINE;
        canvas.text(MARGIN, y - 4.0, "", &line);
    }
    for diagram in &diagrams {
        y = draw(&mut canvas, diagram, y + 18.0);
    }
    let height = y + MARGIN;
    let description: Vec<String> = diagrams.iter().map(describe).collect();
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{total:.0}\" height=\"{height:.0}\" \
         viewBox=\"0 0 {total:.0} {height:.0}\" role=\"img\" aria-labelledby=\"flow-title flow-description\">\n\
         <title id=\"flow-title\">PRISMA 2020 flow: {}</title>\n<desc id=\"flow-description\">{}</desc>\n\
         <style>{STYLE}</style>\n<rect class=\"paper\" width=\"{total:.0}\" height=\"{height:.0}\"/>\n{}</svg>\n",
        escape(&flow.review),
        escape(&description.join(" ")),
        canvas.shapes,
    )
}

/// A small count as a length.
fn count(number: usize) -> f64 {
    f64::from(u32::try_from(number).unwrap_or(u32::MAX))
}

#[derive(Default)]
struct Canvas {
    shapes: String,
}

impl Canvas {
    fn rect(&mut self, x: f64, y: f64, w: f64, h: f64, class: &str) {
        let _ = writeln!(
            self.shapes,
            "<rect class=\"{class}\" x=\"{x:.1}\" y=\"{y:.1}\" width=\"{w:.1}\" height=\"{h:.1}\" rx=\"4\"/>"
        );
    }
    fn text(&mut self, x: f64, y: f64, class: &str, text: &str) {
        let class = if class.is_empty() { String::new() } else { format!(" class=\"{class}\"") };
        let _ = writeln!(self.shapes, "<text x=\"{x:.1}\" y=\"{y:.1}\"{class}>{}</text>", escape(text));
    }
    /// A line of straight pieces that ends in a tip pointing the way it goes.
    fn arrow(&mut self, points: &[(f64, f64)], class: &str) {
        let path: Vec<String> = points.iter().map(|(x, y)| format!("{x:.1},{y:.1}")).collect();
        let _ = writeln!(self.shapes, "<polyline class=\"line {class}\" points=\"{}\"/>", path.join(" "));
        let [.., (x0, y0), (x, y)] = points else { return };
        let tip = if (x - x0).abs() > (y - y0).abs() {
            let back = if x > x0 { -7.0 } else { 7.0 };
            format!("{x:.1},{y:.1} {:.1},{:.1} {:.1},{:.1}", x + back, y - 4.0, x + back, y + 4.0)
        } else {
            format!("{x:.1},{y:.1} {:.1},{:.1} {:.1},{:.1}", x - 4.0, y - 7.0, x + 4.0, y - 7.0)
        };
        let _ = writeln!(self.shapes, "<polygon class=\"tip\" points=\"{tip}\"/>");
    }
    /// A box with its text; see [`measured`] for its height.
    fn text_box(&mut self, x: f64, y: f64, w: f64, h: f64, class: &str, text: &BoxText) {
        self.rect(x, y, w, h, class);
        let mut baseline = y + PAD_Y + LINE - 5.0;
        for (line, indent, strong) in lines(text, w) {
            self.text(x + PAD_X + indent, baseline, if strong { "strong" } else { "" }, &line);
            baseline += LINE;
        }
    }
    /// A band at the left, its name read upwards.
    fn band(&mut self, x: f64, y: f64, h: f64, name: &str) {
        self.rect(x, y, BAND, h, "band");
        if width(name, SIZE, true) < h {
            let (cx, cy) = (x + BAND / 2.0 + 4.5, y + h / 2.0);
            let _ = writeln!(
                self.shapes,
                "<text class=\"strong\" text-anchor=\"middle\" transform=\"translate({cx:.1} {cy:.1}) rotate(-90)\">{}</text>",
                escape(name)
            );
        }
    }
}

/// The lines of a box: text, indent, whether strong.
fn lines(text: &BoxText, w: f64) -> Vec<(String, f64, bool)> {
    let room = w - 2.0 * PAD_X;
    let mut lines: Vec<(String, f64, bool)> =
        wrap(&unbroken(&text.headline()), room, SIZE, true).into_iter().map(|line| (line, 0.0, true)).collect();
    for line in &text.lines {
        let indent = if line.part { INDENT } else { 0.0 };
        let whole = format!("{} {}", line.text, unbroken(&line.value.bracketed()));
        // What runs over is set in, so that one can see where the next begins.
        for (at, part) in wrap(&whole, room - indent - INDENT, SIZE, false).into_iter().enumerate() {
            lines.push((part, if at == 0 { indent } else { indent + INDENT }, false));
        }
    }
    lines
}

/// `(n = 12)` stays on one line.
fn unbroken(text: &str) -> String {
    text.replace("(n = ", "(n\u{a0}=\u{a0}").replace("(not ", "(not\u{a0}")
}

fn measured(text: &BoxText, w: f64) -> f64 {
    count(lines(text, w).len()) * LINE + 2.0 * PAD_Y
}

/// The height of a row in one arm.
fn row_height(row: &Row) -> f64 {
    let waiting = row.awaiting.as_ref().map_or(0.0, |text| measured(text, SIDE) + 10.0);
    measured(&row.main, MAIN).max(measured(&row.side, SIDE) + waiting)
}

/// Draws a stream from `top`; gives where it ends.
fn draw(canvas: &mut Canvas, diagram: &Diagram, top: f64) -> f64 {
    let mut y = top + 20.0;
    canvas.text(MARGIN, y, "title", &diagram.title);
    y += 16.0;
    let left = MARGIN + BAND + 14.0;
    let x_of = |arm: usize| left + count(arm) * (ARM + ARM_GAP);
    let head = 2.0 * LINE + 14.0;
    for (at, arm) in diagram.arms.iter().enumerate() {
        canvas.rect(x_of(at), y, ARM, head, "head");
        canvas.text(x_of(at) + PAD_X, y + LINE + 2.0, "strong", &arm.label);
        canvas.text(x_of(at) + PAD_X, y + 2.0 * LINE + 2.0, "", &arm.heading);
    }
    y += head + 14.0;
    if let Some(previous) = &diagram.previous {
        let height = measured(previous, ARM);
        canvas.text_box(left, y, ARM, height, "box", previous);
        y += height + DROP;
    }
    // Where each row begins, and its height: the highest of the arms; no arm, no row.
    let mut rows: Vec<(f64, f64)> = Vec::new();
    for row in 0..4 {
        let height = diagram.arms.iter().filter_map(|arm| arm.rows()[row].map(row_height)).fold(0.0, f64::max);
        rows.push((y, height));
        y += if height > 0.0 { height + DROP } else { 0.0 };
    }
    let included = (y, measured(&diagram.included, MAIN));
    draw_bands(canvas, &rows, included);
    for (at, arm) in diagram.arms.iter().enumerate() {
        draw_arm(canvas, arm, x_of(at), &rows, included, at == 0, left + MAIN);
    }
    canvas.text_box(left, included.0, MAIN, included.1, "sum", &diagram.included);
    included.0 + included.1 + 12.0
}

fn draw_bands(canvas: &mut Canvas, rows: &[(f64, f64)], included: (f64, f64)) {
    let band = |rows: &[(f64, f64)]| {
        let drawn: Vec<&(f64, f64)> = rows.iter().filter(|(_, height)| *height > 0.0).collect();
        let (first, last) = (drawn.first()?, drawn.last()?);
        Some((first.0, last.0 + last.1 - first.0))
    };
    for (rows, name) in [(&rows[..1], "Identification"), (&rows[1..], "Screening")] {
        if let Some((y, height)) = band(rows) {
            canvas.band(MARGIN, y, height, name);
        }
    }
    canvas.band(MARGIN, included.0, included.1.max(70.0), "Included");
}

fn draw_arm(
    canvas: &mut Canvas,
    arm: &ArmBoxes,
    x: f64,
    rows: &[(f64, f64)],
    included: (f64, f64),
    first: bool,
    included_right: f64,
) {
    let side_x = x + MAIN + GAP;
    let middle = x + MAIN / 2.0;
    let mut bottom: Option<f64> = None;
    for (row, (y, _)) in arm.rows().into_iter().zip(rows) {
        let Some(row) = row else { continue };
        if let Some(bottom) = bottom {
            canvas.arrow(&[(middle, bottom), (middle, *y)], "");
        }
        let (main, side) = (measured(&row.main, MAIN), measured(&row.side, SIDE));
        canvas.text_box(x, *y, MAIN, main, "box", &row.main);
        canvas.text_box(side_x, *y, SIDE, side, "box", &row.side);
        let level = y + main.min(side) / 2.0;
        canvas.arrow(&[(x + MAIN, level), (side_x, level)], "");
        if let Some(waiting) = &row.awaiting {
            let (top, height) = (y + side + 10.0, measured(waiting, SIDE));
            canvas.text_box(side_x, top, SIDE, height, "wait", waiting);
            let turn = x + MAIN + GAP / 2.0;
            canvas.arrow(&[(turn, level), (turn, top + height / 2.0), (side_x, top + height / 2.0)], "dash");
        }
        bottom = Some(y + main);
    }
    let Some(bottom) = bottom else { return };
    if first {
        canvas.arrow(&[(middle, bottom), (middle, included.0)], "");
    } else {
        let level = included.0 + included.1 / 2.0;
        canvas.arrow(&[(middle, bottom), (middle, level), (included_right, level)], "");
    }
}

/// The diagram in sentences, for those who do not see it.
fn describe(diagram: &Diagram) -> String {
    let mut text = format!("{}.", diagram.title);
    let mut say = |box_text: &BoxText| {
        let lines: Vec<String> =
            box_text.lines.iter().map(|line| format!("{} {}", line.text, line.value.bracketed())).collect();
        let title = box_text.headline();
        let title = title.trim_end_matches(':');
        let _ =
            if lines.is_empty() { write!(text, " {title}.") } else { write!(text, " {title}: {}.", lines.join(", ")) };
    };
    for arm in &diagram.arms {
        say(&BoxText { title: format!("{}, {}", arm.label, arm.heading), number: None, lines: Vec::new() });
        for row in arm.rows().into_iter().flatten() {
            for box_text in [Some(&row.main), Some(&row.side), row.awaiting.as_ref()].into_iter().flatten() {
                say(box_text);
            }
        }
    }
    for box_text in diagram.previous.iter().chain([&diagram.included]) {
        say(box_text);
    }
    text
}
