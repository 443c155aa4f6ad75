//! Text with the criteria's words marked in it.

/// A piece of text; marked pieces say what matched and which way it speaks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    pub text: String,
    /// `include` or `exclude`; empty for plain text.
    pub kind: &'static str,
    /// The criterion's title.
    pub criterion: String,
}

/// A mark on a range of bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    pub start: usize,
    pub end: usize,
    pub kind: &'static str,
    pub criterion: String,
}

/// Cuts a text at its marks. Marks that overlap an earlier one, or do not lie on characters, are left out.
pub fn pieces(text: &str, marks: &[Mark]) -> Vec<Piece> {
    let mut marks: Vec<&Mark> = marks
        .iter()
        .filter(|mark| {
            mark.start < mark.end
                && mark.end <= text.len()
                && text.is_char_boundary(mark.start)
                && text.is_char_boundary(mark.end)
        })
        .collect();
    marks.sort_by_key(|mark| (mark.start, std::cmp::Reverse(mark.end)));
    let plain = |text: &str| Piece { text: text.to_owned(), kind: "", criterion: String::new() };
    let mut pieces = Vec::new();
    let mut at = 0;
    for mark in marks {
        if mark.start < at {
            continue;
        }
        if mark.start > at {
            pieces.push(plain(&text[at..mark.start]));
        }
        pieces.push(Piece {
            text: text[mark.start..mark.end].to_owned(),
            kind: mark.kind,
            criterion: mark.criterion.clone(),
        });
        at = mark.end;
    }
    if at < text.len() {
        pieces.push(plain(&text[at..]));
    }
    pieces
}

/// Excerpts of a long text around its marks: `width` bytes either side, neighbours joined.
pub fn excerpts(text: &str, marks: &[Mark], width: usize, most: usize) -> Vec<Vec<Piece>> {
    let mut windows: Vec<(usize, usize)> = Vec::new();
    let mut sorted: Vec<&Mark> = marks.iter().filter(|mark| mark.start < mark.end && mark.end <= text.len()).collect();
    sorted.sort_by_key(|mark| mark.start);
    for mark in sorted {
        let (start, end) = (floor(text, mark.start.saturating_sub(width)), ceiling(text, mark.end + width));
        let full = windows.len() >= most;
        match windows.last_mut() {
            Some(last) if start <= last.1 => last.1 = last.1.max(end),
            _ if full => break,
            _ => windows.push((start, end)),
        }
    }
    windows
        .into_iter()
        .map(|(start, end)| {
            let within: Vec<Mark> = marks
                .iter()
                .filter(|mark| mark.start >= start && mark.end <= end)
                .map(|mark| Mark { start: mark.start - start, end: mark.end - start, ..mark.clone() })
                .collect();
            pieces(&text[start..end], &within)
        })
        .collect()
}

fn floor(text: &str, mut at: usize) -> usize {
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

fn ceiling(text: &str, at: usize) -> usize {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at += 1;
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mark(start: usize, end: usize) -> Mark {
        Mark { start, end, kind: "include", criterion: "topic".into() }
    }

    #[test]
    fn pieces_are_the_text() {
        let text = "a réseau of councils";
        let cut = pieces(text, &[mark(2, 9), mark(5, 12), mark(3, 4), mark(13, 21)]);
        assert_eq!(cut.iter().map(|piece| piece.text.as_str()).collect::<String>(), text);
        assert_eq!(cut.iter().filter(|piece| piece.kind == "include").count(), 2);
    }

    #[test]
    fn excerpts_join_neighbours() {
        let text = "x".repeat(1000);
        let found = excerpts(&text, &[mark(100, 105), mark(120, 125), mark(900, 905)], 50, 10);
        assert_eq!(found.len(), 2);
        assert_eq!(found[0].iter().map(|piece| piece.text.len()).sum::<usize>(), 125);
    }
}
