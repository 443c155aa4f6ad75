//! The structure of `BibTeX` files: entries, macros, values.
//!
//! The grammar is that of `BibTeX` and biber, read generously: an entry may lack its key or a comma, and
//! one that cannot be read costs nothing but itself. Nothing recurses, so depth costs nothing either.

use std::collections::HashMap;

use super::super::MAX_ENTRY_BYTES;
use super::super::lines::lines;

/// The longest text that a macro may stand for: macros may double each other.
const MAX_MACRO_BYTES: usize = 1 << 16;

/// How many bytes may be looked at in vain, in entries that do not end, before the rest is given up.
const MAX_WASTED_BYTES: usize = 64 << 20;

/// One entry with its values put together, LaTeX still in them.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct BibEntry {
    pub(super) kind: String,
    pub(super) key: String,
    /// Names in lower case.
    pub(super) fields: Vec<(String, String)>,
}

/// What stands in a file: where, and what it is or why it cannot be read.
#[derive(Debug)]
pub(super) struct Piece {
    /// Why the entry was read line by line, where its braces do not balance.
    pub(super) mended: Option<String>,
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) entry: Result<BibEntry, String>,
}

/// All entries of a text; comments, preambles and macros are used up.
pub(super) fn pieces(text: &str) -> Vec<Piece> {
    let mut macros: HashMap<String, String> =
        MONTHS.iter().map(|month| (month.to_string(), month.to_string())).collect();
    let mut pieces = Vec::new();
    let mut at = 0;
    let mut wasted = 0;
    while let Some(found) = text[at..].find('@') {
        let start = at + found;
        let mut parser = Parser { text, at: start + 1, furthest: start, macros: &macros };
        match parser.piece() {
            Ok(Found::Nothing) => at = start + 1,
            Ok(Found::Skipped) => at = parser.at.max(start + 1),
            Ok(Found::Macro(name, value)) => {
                at = parser.at;
                macros.insert(name, value);
            }
            Ok(Found::Entry(entry)) => {
                at = parser.at;
                pieces.push(Piece { mended: None, start, end: at, entry: Ok(entry) });
            }
            Err(reason) => {
                wasted += parser.furthest - start;
                if wasted > MAX_WASTED_BYTES {
                    let reason = "too many entries before it do not end: the rest is not read".to_owned();
                    pieces.push(Piece { mended: None, start, end: text.len(), entry: Err(reason) });
                    break;
                }
                at = next_entry(text, start + 1);
                pieces.push(match by_lines(&text[start..at]) {
                    Some(entry) => Piece { mended: Some(reason), start, end: at, entry: Ok(entry) },
                    None => Piece { mended: None, start, end: at, entry: Err(reason) },
                });
            }
        }
    }
    pieces
}

const MONTHS: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/// Where the next line begins with an `@`.
fn next_entry(text: &str, from: usize) -> usize {
    let mut signs = text[from..].match_indices('@').map(|(at, _)| from + at);
    signs.find(|at| text[..*at].ends_with(['\n', '\r'])).unwrap_or(text.len())
}

/// An entry whose braces do not balance, read by its lines: each `name = value` begins a field. Only
/// if a title comes out.
fn by_lines(text: &str) -> Option<BibEntry> {
    let (kind, rest) = text.strip_prefix('@')?.split_once(['{', '('])?;
    let (key, rest) = rest.split_once(',')?;
    let mut fields: Vec<(String, String)> = Vec::new();
    for line in lines(rest) {
        let named =
            line.text.split_once('=').map(|(name, value)| (name.trim(), value.trim())).filter(|(name, value)| {
                let word = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | ' ');
                !name.is_empty() && name.len() < 40 && name.chars().all(word) && value.starts_with(['{', '"'])
            });
        match (named, fields.last_mut()) {
            (Some((name, value)), _) => fields.push((name.to_lowercase(), value.to_owned())),
            (None, Some((_, value))) => {
                value.push(' ');
                value.push_str(line.text.trim());
            }
            (None, None) => {}
        }
    }
    for (_, value) in &mut fields {
        let bare = value.trim_end_matches([' ', ',', '}', ')']);
        // Braces that belong to the value (`{DNA}`) stay closed.
        let inner = bare.strip_prefix(['{', '"']).unwrap_or(bare).trim_end_matches('"');
        *value = inner.to_owned();
    }
    let titled = fields.iter().any(|(name, value)| name == "title" && !value.is_empty());
    let sound = key.trim().len() <= 500 && kind.trim().chars().all(|c| c.is_ascii_alphabetic());
    (titled && sound).then(|| BibEntry { kind: kind.trim().to_lowercase(), key: key.trim().to_owned(), fields })
}

enum Found {
    Nothing,
    Skipped,
    Macro(String, String),
    Entry(BibEntry),
}

struct Parser<'a> {
    text: &'a str,
    at: usize,
    /// How far it has looked.
    furthest: usize,
    macros: &'a HashMap<String, String>,
}

impl Parser<'_> {
    fn rest(&self) -> &str {
        &self.text[self.at..]
    }
    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }
    fn eat(&mut self, wanted: char) -> bool {
        let found = self.peek() == Some(wanted);
        if found {
            self.at += wanted.len_utf8();
        }
        found
    }
    /// White space and comments.
    fn skip(&mut self) {
        loop {
            let rest = self.rest();
            self.at += rest.len() - rest.trim_start().len();
            if self.peek() != Some('%') {
                return;
            }
            let rest = self.rest();
            self.at += rest.find(['\n', '\r']).unwrap_or(rest.len());
        }
    }
    fn word(&mut self, good: impl Fn(char) -> bool) -> String {
        let rest = self.rest();
        let end = rest.find(|c| !good(c)).unwrap_or(rest.len());
        let word = rest[..end].to_owned();
        self.at += end;
        word
    }

    /// What follows an `@`.
    fn piece(&mut self) -> Result<Found, String> {
        self.skip();
        let kind = self.word(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '+')).to_lowercase();
        self.skip();
        let closing = match self.peek() {
            Some('{') => '}',
            Some('(') => ')',
            _ => return Ok(Found::Nothing),
        };
        if kind.is_empty() {
            return Ok(Found::Nothing);
        }
        self.at += 1;
        match kind.as_str() {
            "comment" => {
                // A comment need not balance; then it ends with its line.
                let inside = self.at;
                if self.balanced(closing).is_err() {
                    self.at = inside + self.text[inside..].find(['\n', '\r']).unwrap_or(0);
                }
                Ok(Found::Skipped)
            }
            "preamble" => self.balanced(closing).map(|()| Found::Skipped),
            "string" => self.string(closing),
            _ => self.entry(kind, closing).map(Found::Entry),
        }
    }

    fn string(&mut self, closing: char) -> Result<Found, String> {
        self.skip();
        let name = self.name();
        self.skip();
        if name.is_empty() || !self.eat('=') {
            return Err("a @string without name and value".to_owned());
        }
        let value = self.value(closing)?;
        self.skip();
        self.eat(',');
        self.skip();
        self.eat(closing);
        if value.len() > MAX_MACRO_BYTES {
            return Err(format!("the macro {name} stands for more than {} KiB", MAX_MACRO_BYTES >> 10));
        }
        Ok(Found::Macro(name, value))
    }

    fn name(&mut self) -> String {
        self.word(|c| !c.is_whitespace() && !matches!(c, '=' | ',' | '{' | '}' | '(' | ')' | '"' | '#' | '%' | '@'))
            .to_lowercase()
    }

    fn entry(&mut self, kind: String, closing: char) -> Result<BibEntry, String> {
        let mut entry = BibEntry { kind, key: self.key(closing)?, fields: Vec::new() };
        loop {
            self.skip();
            while self.eat(',') {
                self.skip();
            }
            if self.eat(closing) {
                return Ok(entry);
            }
            let begin = self.at;
            let name = self.field_name();
            self.skip();
            if name.is_empty() || !self.eat('=') {
                self.at = begin;
                return Err(match self.peek() {
                    None => "the entry does not end: a closing brace is missing".to_owned(),
                    Some(_) => format!("a field name and '=' expected, found '{}'", super::super::excerpt(self.rest())),
                });
            }
            let value = self.value(closing)?;
            entry.fields.push((name, value));
            if self.at - begin > MAX_ENTRY_BYTES || entry.fields.len() > 10_000 {
                return Err(format!("the entry is larger than {} MiB", MAX_ENTRY_BYTES >> 20));
            }
        }
    }

    /// A field's name; Scopus writes some with a blank (`funding_text 1`).
    fn field_name(&mut self) -> String {
        let mut name = self.name();
        loop {
            let before = self.at;
            self.skip();
            let more = self.name();
            if more.is_empty() || name.is_empty() || name.len() > 60 {
                self.at = before;
                return name;
            }
            name.push(' ');
            name.push_str(&more);
        }
    }

    /// The key before the first comma; an entry without one (`@book{title = …`) has an empty key.
    fn key(&mut self, closing: char) -> Result<String, String> {
        self.skip();
        let rest = self.rest();
        let end = rest.find([',', '=', '\n', '\r', closing]).ok_or("the entry ends within its key")?;
        let key = rest[..end].trim().to_owned();
        if rest[end..].starts_with('=') {
            return Ok(String::new());
        }
        if key.len() > 500 || key.contains(['{', '@']) {
            return Err(format!("'{}' is no citation key", super::super::excerpt(&key)));
        }
        self.at += end;
        Ok(key)
    }

    /// Pieces joined by `#`.
    fn value(&mut self, closing: char) -> Result<String, String> {
        let mut value = String::new();
        loop {
            self.skip();
            let begin = self.at;
            match self.peek() {
                Some('{') => {
                    self.at += 1;
                    self.balanced('}')?;
                    value.push_str(&self.text[begin + 1..self.at - 1]);
                }
                Some('"') => {
                    self.at += 1;
                    self.quoted()?;
                    value.push_str(&self.text[begin + 1..self.at - 1]);
                }
                _ => {
                    let word =
                        self.word(|c| !c.is_whitespace() && !matches!(c, ',' | '#' | '{' | '}' | '"') && c != closing);
                    match self.macros.get(&word.to_lowercase()) {
                        Some(meaning) => value.push_str(meaning),
                        None => value.push_str(&word),
                    }
                }
            }
            if value.len() > MAX_ENTRY_BYTES {
                return Err(format!("a value is larger than {} MiB", MAX_ENTRY_BYTES >> 20));
            }
            self.skip();
            if !self.eat('#') {
                return Ok(value);
            }
        }
    }

    /// To behind the closing sign of a group that has been opened.
    fn balanced(&mut self, closing: char) -> Result<(), String> {
        self.until(closing, "a brace is opened and never closed")
    }

    fn quoted(&mut self) -> Result<(), String> {
        self.until('"', "a quotation mark is opened and never closed")
    }

    fn until(&mut self, closing: char, missing: &str) -> Result<(), String> {
        let bytes = self.text.as_bytes();
        let mut depth = 0_usize;
        let mut at = self.at;
        while let Some(&byte) = bytes.get(at) {
            let here = char::from(byte);
            if here == '\\' {
                // An escaped brace still counts in BibTeX, but writers of exports do not know; what is
                // escaped here is a sign of text if the value comes out balanced either way.
                at += if matches!(bytes.get(at + 1), Some(b'{' | b'}' | b'"') if closing != ')') && self.escaped(at + 1)
                {
                    2
                } else {
                    1
                };
                continue;
            }
            if here == closing && depth == 0 {
                self.at = at + 1;
                return Ok(());
            }
            match byte {
                b'{' => depth += 1,
                b'}' => depth = depth.saturating_sub(1),
                b'\n' | b'\r' if bytes.get(at + 1) == Some(&b'@') && begins_entry(&self.text[at + 1..]) => break,
                _ => {}
            }
            at += 1;
            if at - self.at > MAX_ENTRY_BYTES {
                self.furthest = self.furthest.max(at);
                return Err(format!("the entry is larger than {} MiB", MAX_ENTRY_BYTES >> 20));
            }
        }
        self.furthest = self.furthest.max(at);
        Err(missing.to_owned())
    }

    /// Whether the sign after a backslash is text: a brace, unless it is the group's last sign before
    /// a comma or the end of a line, where a backslash stands for itself (`C:\dir\}`).
    fn escaped(&self, at: usize) -> bool {
        let after = self.text[at + 1..].trim_start_matches([' ', '\t']);
        !(self.text[at..].starts_with('}') && (after.starts_with([',', '\n', '\r']) || after.is_empty()))
    }
}

/// Whether a line that begins with `@` begins an entry: `@word{key,`.
fn begins_entry(line: &str) -> bool {
    let Some((kind, rest)) = line[1..].split_once(['{', '(']) else { return false };
    let kind = kind.trim();
    let word = !kind.is_empty() && kind.len() < 40 && kind.chars().all(|c| c.is_ascii_alphabetic());
    let Some(end) = rest.find([',', '\n', '\r', '{', '}', '=']) else { return false };
    word && rest[end..].starts_with(',')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entries(text: &str) -> Vec<BibEntry> {
        pieces(text).into_iter().filter_map(|piece| piece.entry.ok()).collect()
    }

    #[test]
    fn values_of_all_kinds() {
        let text = "@string{a = {One } # \"Two\"}\n@article{k, title = a # { {T}hree}, year=2020, month = MAR,}";
        let found = entries(text);
        assert_eq!(found[0].key, "k");
        let pairs: Vec<(&str, &str)> = found[0].fields.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
        assert_eq!(pairs, [("title", "One Two {T}hree"), ("year", "2020"), ("month", "mar")]);
    }

    #[test]
    fn a_bad_entry_costs_only_itself() {
        let text = "@book{a, author = {open\n}\n\n@book{b, title = {One}\n author = {Two}}\n@book(c, title={x})";
        let found = pieces(text);
        assert_eq!(found.len(), 3);
        assert!(found[0].entry.is_err());
        assert_eq!(found[1].entry.as_ref().map(|entry| entry.fields.len()), Ok(2));
        assert_eq!(found[2].entry.as_ref().map(|entry| entry.key.as_str()), Ok("c"));
    }

    #[test]
    fn braces_that_do_not_balance_are_mended_by_lines() {
        let text =
            "@article{a,\ntitle = {One {DNA} two},\nurl = {https://x.org/\nyear = {2020},\n}\n\n@article{b, title={x}}";
        let found = pieces(text);
        let entry = found[0].entry.as_ref().unwrap();
        assert_eq!(entry.fields[0].1, "One {DNA} two");
        assert_eq!(entry.fields[2], ("year".to_owned(), "2020".to_owned()));
        assert!(found[0].mended.is_some());
        assert_eq!(found.len(), 2);
    }

    #[test]
    fn macros_cannot_blow_up() {
        let mut text = String::from("@string{a0 = {xxxxxxxxxxxxxxxx}}\n");
        for n in 1..60 {
            text.push_str(&format!("@string{{a{n} = a{} # a{}}}\n", n - 1, n - 1));
        }
        text.push_str("@book{b, title = a59}");
        assert!(
            pieces(&text).iter().all(|piece| piece.entry.as_ref().is_ok_and(|e| e.key == "b") || piece.entry.is_err())
        );
    }
}
