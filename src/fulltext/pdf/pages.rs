//! Our own reader: runs in a child process (`gleaner extract-pdf`), since a damaged file may make
//! it use all its time or memory. See `fulltext::pdf` for the limits.

use pdf_extract::{Document, MediaBox, OutputDev, OutputError, Transform, output_doc_page};

use super::Answer;

/// The most pages that are read.
const MAX_PAGES: usize = 3_000;
/// The most text that is read, in bytes.
const MAX_TEXT: usize = 4 << 20;
/// A gap this wide (of the letters' size) is a space: a word space is a quarter, kerning a tenth.
const WORD_GAP: f64 = 0.17;
/// Where the page spells its spaces out, a gap is one only between columns: fonts whose widths
/// are stated wrongly have gaps within words.
const COLUMN_GAP: f64 = 1.0;

/// Reads all pages' text, lines set apart by line breaks and blocks by blank lines.
pub fn read(bytes: &[u8]) -> Answer {
    let mut document = match Document::load_mem(bytes) {
        Ok(document) => document,
        Err(error) => return refused(&error.to_string(), bytes),
    };
    if document.is_encrypted()
        && let Err(error) = document.decrypt("")
    {
        return refused(&error.to_string(), bytes);
    }
    let numbers: Vec<u32> = document.get_pages().into_keys().take(MAX_PAGES).collect();
    if numbers.is_empty() {
        return refused("no pages", bytes);
    }
    let mut pages = Vec::new();
    let mut left = MAX_TEXT;
    for number in numbers {
        let text = page(&document, number);
        if text.len() > left {
            break;
        }
        left -= text.len();
        pages.push(text);
    }
    if has(bytes, b"/Encrypt") && pages.iter().all(|page| page.trim().is_empty()) {
        return Answer::Encrypted;
    }
    Answer::Pages(pages)
}

fn refused(reason: &str, bytes: &[u8]) -> Answer {
    let reason_says = ["password", "decrypt", "encrypt"].iter().any(|word| reason.to_lowercase().contains(word));
    if reason_says || has(bytes, b"/Encrypt") {
        Answer::Encrypted
    } else {
        Answer::Corrupt(reason.chars().take(200).collect())
    }
}

fn has(bytes: &[u8], wanted: &[u8]) -> bool {
    bytes.windows(wanted.len()).any(|window| window == wanted)
}

/// One page's text; of a page that cannot be read to its end, what came before.
fn page(document: &Document, number: u32) -> String {
    let mut letters = Letters::default();
    let read = std::panic::AssertUnwindSafe(|| output_doc_page(document, &mut letters, number));
    // The library panics on some damaged fonts; the other pages are still worth reading.
    let _ = std::panic::catch_unwind(read);
    letters.lines()
}

/// Letters as they are drawn.
#[derive(Default)]
struct Letters {
    text: String,
    /// Each letter's place, and where its text begins.
    places: Vec<(usize, Letter)>,
}

/// Where a letter stands: along the line of writing, across it, and how large it is.
#[derive(Clone, Copy)]
struct Letter {
    begin: f64,
    end: f64,
    across: f64,
    size: f64,
}

impl Letters {
    /// Words and lines, told by where the letters stand.
    fn lines(&self) -> String {
        let spaces = self.text.chars().filter(|c| c.is_whitespace()).count();
        let gap = if spaces * 15 > self.text.chars().count() { COLUMN_GAP } else { WORD_GAP };
        let mut out = String::with_capacity(self.text.len() * 5 / 4);
        let mut last: Option<Letter> = None;
        for (number, (begin, place)) in self.places.iter().enumerate() {
            let before = last.map_or("", |last| last.break_before(*place, gap));
            if !(before == " " && out.ends_with(' ')) {
                out.push_str(before);
            }
            let end = self.places.get(number + 1).map_or(self.text.len(), |(next, _)| *next);
            out.push_str(&self.text[*begin..end]);
            last = Some(*place);
        }
        out
    }
}

impl Letter {
    /// What stands between this letter and the next: nothing, a space, a line's or a block's end.
    fn break_before(self, next: Self, gap: f64) -> &'static str {
        let size = self.size.max(next.size).max(0.1);
        let moved = (next.across - self.across).abs();
        let back = next.begin < self.begin - size * 3.0;
        if moved > size * 1.9 || (back && moved < size * 0.3) {
            "\n\n"
        } else if moved > size * 0.6 || back {
            "\n"
        } else if next.begin > self.end + next.size * gap {
            " "
        } else {
            ""
        }
    }
}

impl OutputDev for Letters {
    fn begin_page(
        &mut self,
        _number: u32,
        _media: &MediaBox,
        _art: Option<(f64, f64, f64, f64)>,
    ) -> Result<(), OutputError> {
        Ok(())
    }
    fn end_page(&mut self) -> Result<(), OutputError> {
        Ok(())
    }
    fn output_character(
        &mut self,
        at: &Transform,
        width: f64,
        _spacing: f64,
        font_size: f64,
        letter: &str,
    ) -> Result<(), OutputError> {
        if self.text.len() > MAX_TEXT {
            return Ok(());
        }
        let stretch = at.m11.hypot(at.m12);
        let (right, up) = if stretch > 0.0 { (at.m11 / stretch, at.m12 / stretch) } else { (1.0, 0.0) };
        let begin = at.m31 * right + at.m32 * up;
        let place = Letter {
            begin,
            end: begin + width * stretch * font_size,
            across: at.m32 * right - at.m31 * up,
            size: at.m21.hypot(at.m22) * font_size.abs(),
        };
        self.places.push((self.text.len(), place));
        self.text.push_str(letter);
        Ok(())
    }
    fn begin_word(&mut self) -> Result<(), OutputError> {
        Ok(())
    }
    fn end_word(&mut self) -> Result<(), OutputError> {
        Ok(())
    }
    fn end_line(&mut self) -> Result<(), OutputError> {
        Ok(())
    }
}
