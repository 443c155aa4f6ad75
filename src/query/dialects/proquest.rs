//! ProQuest. Rules: proquest.libguides.com (search tips, syntax).
//!
//! Words without wildcards stand in quotation marks, which switch other forms off. `*` alone finds
//! five letters at most, so that it is written `[*20]`, which is any number for every language.

use super::ebsco::joins;
use super::parts::{Identifier, compact_period, identifier, only_field, topic};
use super::scopus::{UNKNOWN_IDENTIFIER, near_by};
use super::{Dialect, Place, Proximity, Reach, Said, Writer, any_of, heading_as_words, is_uniform};
use crate::query::field::{Field, Scope};
use crate::query::term::Term;
use crate::query::tree::Node;
use crate::query::{Dates, Heading, Platform, Vocabulary, publication};

pub(super) struct ProQuest;

/// Numbers, of which each kind has a field of its own.
const IDENTIFIER: &str = "ISSN";
/// Kinds of publication.
const TYPE: &str = "DTYPE";

impl Dialect for ProQuest {
    const PLATFORM: Platform = Platform::ProQuest;
    const FIELD_ON_TERMS: bool = false;

    fn wraps(&self, node: &Node, place: &Place<'_>) -> bool {
        // What several fields mean around an AND is not said by ProQuest.
        is_uniform(node) && place.tag != IDENTIFIER && (!place.tag.contains(',') || !joins(node))
    }

    fn reach(&self, scope: Scope) -> Reach {
        let set = match scope {
            Scope::Default => return Reach::Exact("TI,AB,SU,IF"),
            Scope::All => return Reach::Exact("ALL"),
            Scope::Named(set) => set,
        };
        match topic(set) {
            Some((true, true, true)) => Reach::Exact("TI,AB,SU,IF"),
            Some((true, true, false)) => Reach::Exact("TI,AB"),
            Some((true, false, true)) => Reach::Exact("TI,SU,IF"),
            Some((false, true, true)) => Reach::Exact("AB,SU,IF"),
            Some((true, false, false)) => Reach::Exact("TI"),
            Some((false, true, false)) => Reach::Exact("AB"),
            Some((false, false, true)) => Reach::Exact("SU,IF"),
            Some((false, false, false)) | None => match only_field(set) {
                Some(Field::FullText) => Reach::Exact("FT"),
                Some(Field::Author) => Reach::Exact("AU"),
                Some(Field::Affiliation) => Reach::Exact("AF"),
                Some(Field::Journal) => Reach::Exact("PUB"),
                Some(Field::Language) => Reach::Exact("LA"),
                Some(Field::PublicationType) => Reach::Exact(TYPE),
                Some(Field::Identifier) => Reach::Exact(IDENTIFIER),
                Some(Field::Substance) => Reach::Exact("SUBST"),
                _ => Reach::Unsayable,
            },
        }
    }

    fn in_field(&self, tag: &str, text: &str) -> String {
        format!("{tag}({text})")
    }

    fn term(&self, writer: &mut Writer, term: &Term, place: &Place<'_>) -> Said {
        if place.tag == IDENTIFIER {
            return match identifier(term) {
                Some(Identifier::Issn(issn)) => Said::simple(format!("ISSN({issn})")),
                Some(Identifier::Number(number)) => Said::simple(format!("PMID({number})")),
                None => writer.dropped(place, "unsayable-identifier", UNKNOWN_IDENTIFIER),
            };
        }
        if place.tag == TYPE {
            // Other names than these differ from database to database: asked for, they would find nothing.
            return match publication::of_term(term) {
                Some(known) => Said::simple(format!("\"{}\"", known.name)),
                None => {
                    let message = format!("ProQuest may have no document type `{}`", term.text());
                    writer.dropped(place, "unsayable-type", &message)
                }
            };
        }
        any_of(term.forms().iter().map(say_form))
    }

    fn near(&self, writer: &mut Writer, near: Proximity<'_>, place: &Place<'_>) -> Said {
        if matches!(place.tag, IDENTIFIER | TYPE) {
            return writer.dropped(place, "unsayable-field", "ProQuest has no proximity there");
        }
        let name = if near.ordered { "PRE" } else { "NEAR" };
        near_by(self, writer, &format!(" {name}/{} ", near.distance), near, place)
    }

    fn heading(&self, writer: &mut Writer, heading: &Heading, place: &Place<'_>) -> Said {
        let field = match (heading.vocabulary, heading.major) {
            (Vocabulary::Mesh, false) => "MESH",
            (Vocabulary::Mesh, true) => "MJMESH",
            (Vocabulary::Emtree, false) => "EMB",
            (Vocabulary::Emtree, true) => "MJEMB",
            (Vocabulary::Thesaurus, false) => "MAINSUBJECT",
            (Vocabulary::Thesaurus, true) => "MJSUB",
        };
        if heading.name.contains('*') {
            return heading_as_words(self, writer, heading, place);
        }
        let explode = if heading.explode { ".EXPLODE" } else { "" };
        let name = |subheading: Option<&String>| match subheading {
            None => heading.name.clone(),
            Some(subheading) => format!("{} -- {subheading}", heading.name),
        };
        let names = if heading.subheadings.is_empty() {
            vec![name(None)]
        } else {
            heading.subheadings.iter().map(|subheading| name(Some(subheading))).collect()
        };
        any_of(names.iter().map(|name| Said::simple(format!("{field}.EXACT{explode}(\"{name}\")"))))
    }

    fn dates(&self, _writer: &mut Writer, dates: &Dates, _place: &Place<'_>) -> Said {
        Said::simple(format!("PD({})", compact_period(dates)))
    }
}

fn say_form(form: &Term) -> Said {
    let mut text = form.text().replace('*', "[*20]");
    // A letter or none is `*1`, which nothing but a sign may follow.
    text = text.replace('$', "[*1]");
    let bare = form.single().is_some() && form.has_wildcard();
    Said::simple(if bare { text } else { format!("\"{text}\"") })
}
