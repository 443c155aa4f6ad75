//! What stands behind an operand of Ovid's: fields, and how often.

use super::GRAMMAR;
use super::fields::Code;
use super::lexer::{Codes, Lexer};
use super::parts::{scope, years};
use crate::query::clause::{Heading, Native};
use crate::query::expression::PieceKind;
use crate::query::field::{Field, FieldSet};
use crate::query::lexer::is_quote;
use crate::query::readers::pieces::{mapped, native};
use crate::query::term::Term;
use crate::query::tree::{Kind, Node};
use crate::query::{Platform, subheadings};

/// The longest clause that is kept as it is, in bytes.
const MOST_NATIVE: usize = 50_000;

impl Lexer<'_, '_> {
    /// `x.ab./freq=5`: at least so often. Only Ovid counts.
    pub(super) fn frequency(&mut self) {
        let rest = self.rest();
        let blank = rest.len() - rest.trim_start().len();
        let lower: String = rest[blank..].chars().take(40).map(|c| c.to_ascii_lowercase()).collect();
        let Some(number) = lower.strip_prefix('/').and_then(|rest| rest.trim_start().strip_prefix("freq")) else {
            return;
        };
        let number = number.trim_start_matches([' ', '=']);
        let digits = number.bytes().take_while(u8::is_ascii_digit).count();
        let end = self.at + blank + lower.len() - number.len() + digits;
        self.at = end;
        let (node, place) = self.budget.take_last_operand(&mut self.pieces, &GRAMMAR, self.at, self.reader.told);
        let span = place.start..end;
        let text = self.text(span.clone()).to_owned();
        let native = Node::new(Kind::Native(Native { platform: Platform::Ovid, text }), span.clone());
        self.push(PieceKind::Operand(Node::new(Kind::And(vec![node, native]), span.clone())), span);
    }

    /// The fields of the last operand.
    pub(super) fn qualify(&mut self, codes: Codes) {
        let plain = codes.codes.iter().all(|code| matches!(code, Code::Fields(_) | Code::Default | Code::All));
        let subheading = codes.codes.contains(&Code::Fields(FieldSet::of(&[Field::Subheading])));
        if let Some(scope) = scope(&codes.codes).filter(|_| plain && !subheading) {
            return self.push(PieceKind::Suffix(scope), codes.span);
        }
        let (node, place) = self.budget.take_last_operand(&mut self.pieces, &GRAMMAR, self.at, self.reader.told);
        let span = place.start..codes.span.end;
        if span.len() > MOST_NATIVE {
            self.error("too-long", &codes.span, "too much stands before this field");
            return self.push(PieceKind::Operand(native(Platform::Ovid, "?", &span)), span);
        }
        let text = self.text(span.clone()).to_owned();
        let mut ways = Vec::new();
        let words: Vec<Code> = codes
            .codes
            .iter()
            .copied()
            .filter(|code| !matches!(code, Code::Heading { .. } | Code::Year | Code::Other))
            .collect();
        if let Some(scope) = scope(&words) {
            let named = if subheading { self.named_subheadings(node.clone()) } else { node.clone() };
            ways.push(Node::new(Kind::Limit { scope, node: Box::new(named) }, span.clone()));
        }
        for code in &codes.codes {
            match code {
                Code::Heading { explode } => ways.push(self.as_headings(node.clone(), *explode)),
                Code::Year => ways.push(self.as_years(node.clone(), &text)),
                Code::Other => ways.push(native(Platform::Ovid, &text, &span)),
                _ => {}
            }
        }
        ways.dedup();
        let node = match ways.len() {
            1 => ways.remove(0),
            _ => Node::new(Kind::Or(ways), span.clone()),
        };
        self.push(PieceKind::Operand(node), span);
    }

    /// The words of a clause as headings.
    fn as_headings(&self, node: Node, explode: bool) -> Node {
        mapped(node, &|node| {
            let name = self.reader.text[node.span.clone()].trim_matches(is_quote);
            let heading = Heading::new(self.reader.vocabulary, name)?;
            Some(Kind::Heading(Heading { explode, ..heading }))
        })
    }

    /// Subheadings by their names where their codes stand.
    fn named_subheadings(&self, node: Node) -> Node {
        mapped(node, &|node| {
            let name = subheadings::name_of(self.reader.text[node.span.clone()].trim())?;
            Term::read_plain(name).map(Kind::Term)
        })
    }

    /// The words of a clause as years; what is none is left to Ovid.
    fn as_years(&self, node: Node, whole: &str) -> Node {
        mapped(node, &|node| {
            let text = self.reader.text[node.span.clone()].trim_matches(is_quote);
            Some(
                years(text).map_or_else(
                    || Kind::Native(Native { platform: Platform::Ovid, text: whole.to_owned() }),
                    Kind::Dates,
                ),
            )
        })
    }
}
