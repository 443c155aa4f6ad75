//! How wide a text is, and where its lines break, without a font at hand: the widths of Helvetica,
//! with room for the wider of the platforms' own fonts.

/// Room for wider fonts than Helvetica (DejaVu Sans is the widest in use).
const ROOM: f64 = 1.13;

/// The width of a text in pixels at a font size, bold text a little wider.
pub fn width(text: &str, size: f64, bold: bool) -> f64 {
    let thousandths: u32 = text.chars().map(advance).sum();
    f64::from(thousandths) / 1000.0 * size * ROOM * if bold { 1.14 } else { 1.0 }
}

/// Helvetica's advance widths in thousandths of the size; other scripts by their widest kind.
fn advance(c: char) -> u32 {
    match c {
        'i' | 'j' | 'l' | '\'' | '|' => 222,
        ' ' | '\u{a0}' | 'f' | 't' | 'I' | '.' | ',' | ':' | ';' | '!' | '/' | '\\' | '[' | ']' => 278,
        'r' | '(' | ')' | '-' | '`' | '"' => 340,
        'c' | 'k' | 's' | 'v' | 'x' | 'y' | 'z' | 'J' => 500,
        'm' | 'M' => 833,
        'w' | 'C' | 'D' | 'H' | 'N' | 'R' | 'U' => 722,
        'W' | '@' | '%' => 1000,
        'G' | 'O' | 'Q' => 778,
        'A'..='Z' | '&' => 667,
        '\u{300}'..='\u{36f}' => 0,
        c if c.is_ascii() => 556,
        c if (c as u32) < 0x1100 => 640,
        _ => 1000,
    }
}

/// Breaks a text at spaces (not at no-break spaces) so that no line is wider; a word that is too wide alone is cut.
pub fn wrap(text: &str, most: f64, size: f64, bold: bool) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut line = String::new();
    for word in text.split([' ', '\n', '\t']).filter(|word| !word.is_empty()) {
        let longer = if line.is_empty() { word.to_owned() } else { format!("{line} {word}") };
        if width(&longer, size, bold) <= most {
            line = longer;
            continue;
        }
        if !line.is_empty() {
            lines.push(std::mem::take(&mut line));
        }
        for c in word.chars() {
            line.push(c);
            if width(&line, size, bold) > most && line.chars().count() > 1 {
                line.pop();
                lines.push(std::mem::replace(&mut line, c.to_string()));
            }
        }
    }
    if !line.is_empty() || lines.is_empty() {
        lines.push(line);
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_line_is_wider_than_its_box() {
        let text = "Neither an academic review nor grey literature https://example.org/averyveryverylongaddress/x";
        let lines = wrap(text, 120.0, 13.0, false);
        assert!(lines.iter().all(|line| width(line, 13.0, false) <= 120.0), "{lines:?}");
        let kept: String = lines.concat().split_whitespace().collect();
        assert_eq!(kept, text.split_whitespace().collect::<String>());
        assert_eq!(wrap("", 10.0, 13.0, false), [""]);
    }
}
