//! Markup in titles and abstracts to plain text.

use super::squeeze;

/// A fragment of HTML or JATS (`<jats:p>`, `<i>`, `&amp;`) as plain text, white space folded.
/// A `<` that opens no tag (`p < 0.05`) stays; block elements become spaces.
pub fn plain(fragment: &str) -> String {
    if !fragment.contains(['<', '&']) {
        return squeeze(fragment);
    }
    let mut out = String::with_capacity(fragment.len());
    let mut rest = fragment;
    while let Some(at) = rest.find('<') {
        out.push_str(&rest[..at]);
        let tail = &rest[at..];
        match tag_end(tail) {
            Some(end) => {
                if !is_inline(&tail[..end]) {
                    out.push(' ');
                }
                rest = &tail[end..];
            }
            None => {
                out.push('<');
                rest = &tail[1..];
            }
        }
    }
    out.push_str(rest);
    squeeze(&entities(&out))
}

fn tag_end(tail: &str) -> Option<usize> {
    let mut chars = tail[1..].chars();
    let first = chars.next()?;
    if !(first.is_ascii_alphabetic() || matches!(first, '/' | '!' | '?')) {
        return None;
    }
    // No tag holds another's beginning; to stop there also keeps the search short.
    let mut signs = tail.char_indices().skip(1).take(2_000);
    let end = signs.find(|(_, c)| matches!(c, '>' | '<')).filter(|(_, c)| *c == '>').map(|(at, _)| at + 1)?;
    // `a <b and c> d` is a comparison: after a tag's name come attributes with a value, or nothing.
    let inside = &tail[1..end - 1];
    let after = inside.trim_start_matches(['/', '!', '?']).trim_start_matches(|c: char| !c.is_whitespace());
    let markup = matches!(first, '!' | '?') || after.trim().trim_end_matches('/').is_empty() || after.contains('=');
    markup.then_some(end)
}

fn is_inline(tag: &str) -> bool {
    let name: String =
        tag.trim_start_matches(['<', '/']).chars().take_while(|c| c.is_alphanumeric() || *c == ':').collect();
    let name = name.rsplit(':').next().unwrap_or_default().to_ascii_lowercase();
    matches!(
        name.as_str(),
        "i" | "b"
            | "u"
            | "em"
            | "strong"
            | "sub"
            | "sup"
            | "inf"
            | "italic"
            | "bold"
            | "sc"
            | "scp"
            | "span"
            | "small"
            | "a"
            | "tt"
            | "xref"
            | "underline"
            | "mrow"
            | "mi"
            | "mo"
            | "mn"
            | "msup"
            | "msub"
            | "math"
    )
}

/// Decodes named and numeric character references, once; unknown ones stay as they are.
pub fn entities(text: &str) -> String {
    if !text.contains('&') {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let end = rest.char_indices().take(34).find(|(_, c)| *c == ';').map(|(end, _)| end);
        match end.and_then(|end| Some((end, entity(&rest[1..end])?))) {
            Some((end, decoded)) => {
                out.push_str(&decoded);
                rest = &rest[end + 1..];
            }
            None => {
                out.push('&');
                rest = &rest[1..];
            }
        }
    }
    out.push_str(rest);
    out
}

fn entity(name: &str) -> Option<String> {
    if let Some(number) = name.strip_prefix('#') {
        let code = match number.strip_prefix(['x', 'X']) {
            Some(hex) => u32::from_str_radix(hex, 16).ok()?,
            None => number.parse().ok()?,
        };
        return char::from_u32(code).filter(|c| !c.is_control() || c.is_whitespace()).map(String::from);
    }
    quick_xml::escape::resolve_html5_entity(name).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_goes_and_text_stays() {
        assert_eq!(plain("<jats:p>A&amp;B <i>in</i>&#x20;vitro p < 0.05</jats:p><p>x</p>"), "A&B in vitro p < 0.05 x");
        assert_eq!(plain("if a <b and c> d<br /><p class=\"x\">e"), "if a <b and c> d e");
        assert_eq!(plain("H<sub>2</sub>O &unknown; &eacute;"), "H2O &unknown; é");
    }
}
