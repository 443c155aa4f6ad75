//! Links that sources tell: Crossref's relations and updates, PubMed's and Europe PMC's corrections.

use super::Kind;
use crate::ids::normal_doi;
use crate::model::Record;

/// What a link names the other document by.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Target {
    Doi(String),
    Pmid(String),
    /// A record's key.
    Key(String),
}

/// A link as a source tells it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    pub kind: Kind,
    pub target: Target,
    /// Whether the record is the `…` in `… of the target`; else the target is.
    pub of_target: bool,
    /// The source's own words.
    pub words: String,
}

/// The names by which a link may mean a record.
pub fn names_of(record: &Record) -> impl Iterator<Item = Target> {
    let ids = &record.identifiers;
    let doi = ids.doi.clone().map(Target::Doi);
    let pmid = ids.pmid.clone().map(Target::Pmid);
    [doi, pmid, Some(Target::Key(record.key()))].into_iter().flatten()
}

/// Everything that a record's source tells of other documents.
pub fn told(record: &Record) -> Vec<Told> {
    let mut told = Vec::new();
    for (tag, values) in &record.extra {
        for value in values {
            let read = match tag.as_str() {
                "relation" => crossref_relation(value),
                "update-to" => crossref_update(value, true),
                "updated-by" => crossref_update(value, false),
                "comment_correction" => europepmc(value),
                tag => correction(tag).and_then(|(kind, of_target)| {
                    let pmid = value.rsplit_once("PMID ").map(|(_, pmid)| pmid.trim().to_owned())?;
                    Some((kind, of_target, Target::Pmid(pmid), format!("{tag} {value}")))
                }),
            };
            told.extend(read.map(|(kind, of_target, target, words)| Told { kind, target, of_target, words }));
        }
    }
    told
}

type Read = (Kind, bool, Target, String);

/// `kind:DOI`, with Crossref's names of relations.
fn crossref_relation(value: &str) -> Option<Read> {
    let (name, id) = value.split_once(':')?;
    let (kind, of_target) = match name {
        "is-preprint-of" => (Kind::PreprintOf, true),
        "has-preprint" => (Kind::PreprintOf, false),
        "is-part-of" => (Kind::PartOf, true),
        "has-part" => (Kind::PartOf, false),
        "is-correction-of" => (Kind::ErratumOf, true),
        "has-correction" => (Kind::ErratumOf, false),
        _ => return None,
    };
    Some((kind, of_target, Target::Doi(normal_doi(id)?), value.to_owned()))
}

/// `type:DOI`, with Crossmark's types of updates.
fn crossref_update(value: &str, of_target: bool) -> Option<Read> {
    let (name, id) = value.split_once(':')?;
    let kind = match name {
        "correction" | "corrigendum" | "erratum" | "addendum" | "clarification" => Kind::ErratumOf,
        "retraction" | "withdrawal" | "removal" | "partial_retraction" | "expression_of_concern" => Kind::RetractionOf,
        "new_version" | "new_edition" => Kind::UpdateOf,
        _ => return None,
    };
    let says = if of_target { "update-to" } else { "updated-by" };
    Some((kind, of_target, Target::Doi(normal_doi(id)?), format!("{says} {value}")))
}

/// `type:SOURCE/id`; MED's ids are PMIDs.
fn europepmc(value: &str) -> Option<Read> {
    let (name, id) = value.split_once(':')?;
    let (kind, of_target) = correction(&name.split_whitespace().collect::<String>())?;
    let target = match id.split_once('/')? {
        ("MED", pmid) => Target::Pmid(pmid.to_owned()),
        _ => Target::Key(format!("europepmc:{id}")),
    };
    Some((kind, of_target, target, value.to_owned()))
}

/// PubMed's `RefType`, which Europe PMC writes in words.
fn correction(name: &str) -> Option<(Kind, bool)> {
    Some(match name.to_lowercase().as_str() {
        "erratumfor" => (Kind::ErratumOf, true),
        "erratumin" => (Kind::ErratumOf, false),
        "retractionof" | "partialretractionof" | "expressionofconcernfor" => (Kind::RetractionOf, true),
        "retractionin" | "partialretractionin" | "expressionofconcernin" => (Kind::RetractionOf, false),
        "updateof" | "correctedandrepublishedfrom" | "retractedandrepublishedfrom" => (Kind::UpdateOf, true),
        "updatein" | "correctedandrepublishedin" | "retractedandrepublishedin" => (Kind::UpdateOf, false),
        "preprintof" => (Kind::PreprintOf, true),
        "preprintin" => (Kind::PreprintOf, false),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(tag: &str, value: &str) -> Record {
        Record { extra: [(tag.to_owned(), vec![value.to_owned()])].into(), ..Record::default() }
    }

    #[test]
    fn each_source_is_understood() {
        let doi = || Target::Doi("10.5555/pre.1".into());
        for (tag, value, kind, of_target, target) in [
            ("relation", "has-preprint:10.5555/pre.1", Kind::PreprintOf, false, doi()),
            ("update-to", "correction:10.5555/pre.1", Kind::ErratumOf, true, doi()),
            ("updated-by", "retraction:10.5555/pre.1", Kind::RetractionOf, false, doi()),
            ("comment_correction", "Erratum in:MED/33000009", Kind::ErratumOf, false, Target::Pmid("33000009".into())),
            (
                "comment_correction",
                "Preprint of:PPR/PPR12",
                Kind::PreprintOf,
                true,
                Target::Key("europepmc:PPR/PPR12".into()),
            ),
            ("ErratumFor", "J Walk. 2020;4:1 PMID 77", Kind::ErratumOf, true, Target::Pmid("77".into())),
        ] {
            let told = told(&record(tag, value));
            assert_eq!(told.len(), 1, "{tag} {value}");
            assert_eq!((told[0].kind, told[0].of_target, &told[0].target), (kind, of_target, &target), "{tag} {value}");
        }
        assert!(told(&record("relation", "is-review-of:10.5555/pre.1")).is_empty());
        assert!(told(&record("ErratumFor", "no number")).is_empty());
    }
}
