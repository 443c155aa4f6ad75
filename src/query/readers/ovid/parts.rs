//! What Ovid's lexer is made with: wildcards, years, fields, and nodes changed.

use std::collections::HashMap;
use std::ops::Range;

use super::fields::Code;
use crate::model::PartialDate;
use crate::query::clause::Dates;
use crate::query::field::{FieldSet, Scope};
use crate::query::lexer::is_quote;
use crate::query::term::is_apostrophe;

/// A limited truncation of more letters than this is unlimited: no suffix is that long.
const MOST_SUFFIX: usize = 20;

/// Where the parentheses that open outside of quotation marks close.
pub(super) fn closing(text: &str, offset: usize) -> HashMap<usize, usize> {
    let mut open = Vec::new();
    let mut pairs = HashMap::new();
    let mut quoted = false;
    for (at, c) in text.char_indices() {
        match c {
            _ if is_quote(c) => quoted = !quoted,
            '(' if !quoted => open.push(at + offset),
            ')' if !quoted => pairs.extend(open.pop().map(|open| (open, at + offset))),
            _ => {}
        }
    }
    pairs
}

/// The fields that codes name together; `None` if none is a field of words. Title, abstract and
/// keywords together are the default fields.
pub(super) fn scope(codes: &[Code]) -> Option<Scope> {
    let mut set = FieldSet::NONE;
    let mut default = false;
    for code in codes {
        match code {
            Code::All => return Some(Scope::All),
            Code::Default => default = true,
            Code::Fields(fields) => set = set.with(*fields),
            Code::Heading { .. } | Code::Year | Code::Other => {}
        }
    }
    if default {
        set = set.with(FieldSet::TOPIC);
    }
    if set.is_empty() {
        return None;
    }
    Some(if set == FieldSet::TOPIC { Scope::Default } else { Scope::Named(set) })
}

/// Ovid's wildcards as ours: `#` one letter, `?` one or none, `$`, `*` or `:` any number, a digit
/// behind the most that there may be.
pub(super) fn own_wildcards(text: &str) -> String {
    let mut own = String::with_capacity(text.len());
    let letters: Vec<char> = text.chars().collect();
    let mut at = 0;
    while let Some(&c) = letters.get(at) {
        at += 1;
        let begun = at > 1 && is_letter(letters[at - 2]);
        match c {
            '#' => own.push('?'),
            '?' => own.push('$'),
            '*' | '$' => {
                let digits = letters[at..].iter().take_while(|c| c.is_ascii_digit()).count();
                let ends = letters.get(at + digits).is_none_or(|c| !c.is_alphanumeric());
                let most: usize = letters[at..at + digits].iter().collect::<String>().parse().unwrap_or(0);
                if digits > 0 && ends && begun && (1..=MOST_SUFFIX).contains(&most) {
                    own.extend(std::iter::repeat_n('$', most));
                    at += digits;
                } else {
                    own.push('*');
                }
            }
            ':' if begun && letters.get(at).is_none_or(|c| !c.is_alphanumeric()) => own.push('*'),
            _ => own.push(c),
        }
    }
    own
}

fn is_letter(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '#' | '?') || is_apostrophe(c)
}

/// The years of `2012`, `201*`, `2000-2010`, `2000:2010`, `2007 -Current`.
pub(super) fn years(text: &str) -> Option<Dates> {
    let text = text.trim().trim_matches(is_quote).to_ascii_lowercase();
    let stem = text.trim_end_matches(['*', '$', '#', '?', ':']);
    if stem.len() < text.len() && !stem.is_empty() && stem.bytes().all(|byte| byte.is_ascii_digit()) {
        let missing: Range<usize> = stem.len()..4;
        let fill = |digit: &str| missing.clone().map(|_| digit).collect::<String>();
        let year = |digit: &str| PartialDate::of_year(format!("{stem}{}", fill(digit)).parse().ok()?);
        return Some(Dates { from: Some(year("0")?), to: Some(year("9")?) });
    }
    let date = |text: &str| {
        let text = text.trim();
        let digits: String = text.chars().take_while(char::is_ascii_digit).collect();
        let rest = &text[digits.len()..];
        (digits.len() == 4 && rest.is_empty()).then(|| PartialDate::of_year(digits.parse().ok()?)).flatten()
    };
    let parts: Vec<&str> =
        text.split(['-', ':', '\u{2013}', '\u{2014}']).map(str::trim).filter(|part| !part.is_empty()).collect();
    let joined = text.contains(['-', ':', '\u{2013}', '\u{2014}']);
    match parts.as_slice() {
        [year] if !joined => date(year).map(|date| Dates { from: Some(date), to: Some(date) }),
        [year] if text.starts_with(|c: char| c.is_ascii_digit()) => Some(Dates { from: Some(date(year)?), to: None }),
        [year] => Some(Dates { from: None, to: Some(date(year)?) }),
        [from, to] if matches!(*to, "current" | "present" | "now") => Some(Dates { from: Some(date(from)?), to: None }),
        [from, to] => Some(Dates { from: Some(date(from)?), to: Some(date(to)?) }),
        _ => None,
    }
}
