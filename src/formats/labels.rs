//! What people decided elsewhere, as screening tools write it into their exports.
//!
//! Rayyan writes `RAYYAN-INCLUSION: {"Ann"=>"Included"}` into the notes, ASReview `ASReview_relevant` or a
//! column of 1, 0 and -1 (not seen), Covidence `Exclusion reason: …`, Abstrackr a column a person (1, 0
//! for maybe, -1 for no), EPPI-Reviewer a column of I and E. A single `I` means include in Rayyan and
//! EPPI-Reviewer, irrelevant in ASReview; it is read in EPPI-Reviewer's column alone.

use std::sync::LazyLock;

use regex::Regex;

use crate::model::{Stage, Verdict};
use crate::text::{html, squeeze};

/// A verdict on an entry that somebody gave elsewhere.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Label {
    /// Who; `None` where the file names nobody.
    pub reviewer: Option<String>,
    /// [`Verdict::Include`], [`Verdict::Maybe`] or [`Verdict::Exclude`].
    pub verdict: Verdict,
    /// The stage, where the file says it.
    pub stage: Option<Stage>,
    /// The first reason of an exclusion.
    pub reason: Option<String>,
    /// Its other reasons.
    pub secondary: Vec<String>,
    /// What the reviewer noted.
    pub note: Option<String>,
    /// The words that say so.
    pub raw: String,
}

impl Label {
    /// What a file as a whole says of each of its entries.
    pub fn of_file(verdict: Verdict) -> Self {
        Self::new(verdict, "what the file as a whole was said to hold")
    }

    fn new(verdict: Verdict, raw: &str) -> Self {
        let raw: String = squeeze(raw).chars().take(500).collect();
        Self { reviewer: None, verdict, stage: None, reason: None, secondary: Vec::new(), note: None, raw }
    }
}

/// Whether a note says how an entry was screened, or that it was not.
pub(super) fn speaks(text: &str) -> bool {
    let has = |word: &str| text.as_bytes().windows(word.len()).any(|part| part.eq_ignore_ascii_case(word.as_bytes()));
    has("RAYYAN-INCLUSION:") || has("ASReview_") || text.trim_start().starts_with("Exclusion reason:")
}

/// The verdicts in a note.
pub(super) fn in_note(text: &str) -> Vec<Label> {
    // Zotero wraps notes in markup, BibTeX and HTML escape signs.
    let text = html::entities(text).replace("\\{", "{").replace("\\}", "}").replace("\\>", ">");
    let mut labels = rayyan(&text);
    labels.extend(asreview(&text));
    labels.extend(covidence(&text));
    labels
}

fn rayyan(text: &str) -> Vec<Label> {
    let Some(inclusion) = section(text, "RAYYAN-INCLUSION:") else { return Vec::new() };
    let reasons: Vec<String> = section(text, "RAYYAN-EXCLUSION-REASONS:")
        .unwrap_or_default()
        .split(',')
        .map(|reason| squeeze(reason.trim().trim_start_matches("__EXR__")))
        .filter(|reason| !reason.is_empty())
        .collect();
    let notes = section(text, "USER-NOTES:").map(pairs).unwrap_or_default();
    let verdicts = pairs(inclusion).into_iter().filter_map(|(name, word)| {
        let verdict = match word.to_lowercase().as_str() {
            "included" | "true" => Verdict::Include,
            "excluded" | "false" => Verdict::Exclude,
            "maybe" => Verdict::Maybe,
            _ => return None,
        };
        let own = |(who, _): &&(String, String)| *who == name;
        let mut label = Label::new(verdict, text);
        label.note = notes.iter().find(own).map(|(_, note)| note.clone()).filter(|note| !note.is_empty());
        if verdict == Verdict::Exclude {
            label.reason = reasons.first().cloned();
            label.secondary = reasons.iter().skip(1).cloned().collect();
        }
        label.reviewer = Some(name).filter(|name| !name.is_empty());
        Some(label)
    });
    verdicts.collect()
}

/// What stands behind a name, up to the next one of Rayyan's.
fn section<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    let (_, rest) = text.split_once(name)?;
    let end = ["RAYYAN-", "USER-NOTES:"].iter().filter_map(|next| rest.find(next)).min().unwrap_or(rest.len());
    Some(rest[..end].trim_end_matches([' ', '|', '\n', '\r']).trim())
}

/// `{"Ann"=>"Included", "Bob"=>["a", "b"]}`: who, and the words (joined by semicolons).
fn pairs(text: &str) -> Vec<(String, String)> {
    static PAIR: LazyLock<Option<Regex>> = LazyLock::new(|| {
        Regex::new(r#""(?<who>(?:[^"\\]|\\.)*)"\s*=>\s*(?:\[(?<list>[^\]]*)\]|"(?<one>(?:[^"\\]|\\.)*)"|(?<bare>\w+))"#)
            .ok()
    });
    static QUOTED: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r#""((?:[^"\\]|\\.)*)""#).ok());
    let plain = |text: &str| squeeze(&text.replace("\\\"", "\""));
    let Some(pair) = PAIR.as_ref() else { return Vec::new() };
    let found = pair.captures_iter(text).filter_map(|found| {
        let words = match found.name("list") {
            Some(list) => {
                let each = QUOTED.as_ref()?.captures_iter(list.as_str());
                each.filter_map(|word| Some(plain(word.get(1)?.as_str()))).collect::<Vec<_>>().join("; ")
            }
            None => plain(found.name("one").or_else(|| found.name("bare"))?.as_str()),
        };
        Some((plain(found.name("who")?.as_str()), words))
    });
    found.collect()
}

/// `ASReview_irrelevant` holds `relevant`, so the words count whole.
fn asreview(text: &str) -> Vec<Label> {
    let words = text.split(|c: char| !(c.is_alphanumeric() || c == '_')).map(str::to_lowercase);
    let verdicts = words.filter_map(|word| match word.as_str() {
        "asreview_relevant" => Some(Verdict::Include),
        "asreview_irrelevant" => Some(Verdict::Exclude),
        _ => None,
    });
    verdicts.map(|verdict| Label::new(verdict, text)).collect()
}

/// Covidence asks for reasons at full text only.
fn covidence(text: &str) -> Option<Label> {
    let rest = text.trim_start().strip_prefix("Exclusion reason:")?;
    let reason = squeeze(rest.split([';', '\n', '\r']).next().unwrap_or_default());
    let note = squeeze(rest.split_once([';', '\n', '\r']).map_or("", |(_, note)| note));
    Some(Label {
        stage: Some(Stage::Fulltext),
        reason: Some(reason).filter(|reason| !reason.is_empty()),
        note: Some(note).filter(|note| !note.is_empty()),
        ..Label::new(Verdict::Exclude, text)
    })
}

/// The columns of a table that hold verdicts.
#[derive(Debug, Default)]
pub(super) struct Columns {
    verdicts: Vec<Column>,
    reviewer: Option<usize>,
    reason: Option<usize>,
}

#[derive(Debug)]
struct Column {
    at: usize,
    name: String,
    reviewer: Option<String>,
    stage: Option<Stage>,
    words: Words,
}

/// Whose words a column has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Words {
    Plain,
    Abstrackr,
    Eppi,
}

impl Columns {
    /// Finds them by the header.
    pub(super) fn of(header: &[String]) -> Self {
        let names: Vec<String> = header.iter().map(|name| super::columns::folded(name)).collect();
        let place = |wanted: &[&str]| names.iter().position(|name| wanted.contains(&name.as_str()));
        let abstrackr = names.iter().any(|name| name == "internalid");
        let eppi = names.iter().any(|name| name == "shorttitle") && names.iter().any(|name| name == "id");
        let staged = names.iter().any(|name| stage_of(name) == Some(Some(Stage::Abstract)));
        let verdicts = header.iter().zip(&names).enumerate().filter_map(|(at, (name, folded))| {
            let column = |reviewer, stage, words| Some(Column { at, name: name.clone(), reviewer, stage, words });
            if abstrackr {
                // A person's column is one that has notes of the same name.
                let notes = format!("general notes ({name})");
                let person = header.contains(&notes).then(|| name.trim().to_owned())?;
                return column(Some(person), None, Words::Abstrackr);
            }
            if eppi && folded == "included" {
                return column(None, None, Words::Eppi);
            }
            match stage_of(folded)? {
                // Beside a column for abstracts, the other is for full texts.
                None if staged && folded.starts_with("label") => column(None, Some(Stage::Fulltext), Words::Plain),
                stage => column(None, stage, Words::Plain),
            }
        });
        Self {
            verdicts: verdicts.collect(),
            reviewer: place(&["reviewer", "reviewername", "screener", "decidedby", "asreviewuser"]),
            reason: place(&["exclusionreason", "reasonforexclusion", "excludereason", "reason"]),
        }
    }

    /// The verdicts of a row, each in its words.
    pub(super) fn labels<'a>(&self, cell: impl Fn(usize) -> Option<&'a str>) -> Vec<Label> {
        let text = |at: Option<usize>| at.and_then(&cell).map(squeeze).filter(|text| !text.is_empty());
        let labels = self.verdicts.iter().filter_map(|column| {
            let word = cell(column.at)?;
            let verdict = verdict(word, column.words)?;
            Some(Label {
                reviewer: column.reviewer.clone().or_else(|| text(self.reviewer)),
                stage: column.stage,
                reason: text(self.reason).filter(|_| verdict == Verdict::Exclude),
                ..Label::new(verdict, &format!("{}: {word}", column.name))
            })
        });
        labels.collect()
    }

    /// Whether a column says what was decided, and so nothing of the document.
    pub(super) fn has(&self, at: usize) -> bool {
        self.verdicts.iter().any(|column| column.at == at)
            || (!self.verdicts.is_empty() && (self.reviewer == Some(at) || self.reason == Some(at)))
    }
}

/// Whether a column's folded name is that of a verdict, and the stage that it names.
fn stage_of(name: &str) -> Option<Option<Stage>> {
    match name {
        "labelabstract"
        | "abstractlabel"
        | "labelabstractscreening"
        | "labelabstractincluded"
        | "abstractincluded"
        | "abstractdecision" => Some(Some(Stage::Abstract)),
        "labelfulltext" | "fulltextlabel" | "fulltextdecision" | "fulltextincluded" => Some(Some(Stage::Fulltext)),
        "finallabel" | "label" | "labelincluded" | "includedlabel" | "finalincluded" | "includedfinal" | "included"
        | "includedflag" | "include" | "inclusion" | "asreviewlabel" | "decision" | "verdict" | "screeningdecision"
        | "screeningstatus" => Some(None),
        _ => None,
    }
}

fn verdict(word: &str, words: Words) -> Option<Verdict> {
    let word = word.trim().to_lowercase();
    match (words, word.strip_suffix(".0").unwrap_or(&word)) {
        (Words::Eppi, "i") => Some(Verdict::Include),
        (Words::Eppi, "e") => Some(Verdict::Exclude),
        (Words::Eppi, _) => None,
        (Words::Abstrackr, "1") => Some(Verdict::Include),
        (Words::Abstrackr, "0") => Some(Verdict::Maybe),
        (Words::Abstrackr, "-1") => Some(Verdict::Exclude),
        (Words::Abstrackr, _) => None,
        // In ASReview -1 is a record that nobody has seen.
        (Words::Plain, "1" | "yes" | "true" | "include" | "included" | "relevant") => Some(Verdict::Include),
        (Words::Plain, "0" | "no" | "false" | "exclude" | "excluded" | "irrelevant" | "not relevant") => {
            Some(Verdict::Exclude)
        }
        (Words::Plain, "maybe" | "unsure" | "unclear") => Some(Verdict::Maybe),
        (Words::Plain, _) => None,
    }
}

/// The labels without those of one person (or of nobody named) that say different things of one stage,
/// and whether there were such.
pub(super) fn settled(labels: Vec<Label>) -> (Vec<Label>, bool) {
    let clash = |label: &Label| {
        labels.iter().any(|other| {
            (&other.reviewer, other.stage) == (&label.reviewer, label.stage) && other.verdict != label.verdict
        })
    };
    let mut kept: Vec<Label> = Vec::new();
    for label in labels.iter().filter(|label| !clash(label)) {
        let same = |known: &Label| {
            (&known.reviewer, known.stage, known.verdict) == (&label.reviewer, label.stage, label.verdict)
        };
        if !kept.iter().any(same) {
            kept.push(label.clone());
        }
    }
    let dropped = labels.iter().any(clash);
    (kept, dropped)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn told(labels: &[Label]) -> Vec<String> {
        let told = |label: &Label| {
            let reasons: Vec<&str> = label.reason.iter().chain(&label.secondary).map(String::as_str).collect();
            let stage = label.stage.map_or("", Stage::name);
            let who = label.reviewer.as_deref().unwrap_or("?");
            let note = label.note.as_deref().unwrap_or_default();
            format!("{who} {} {stage} {} {note}", label.verdict.name(), reasons.join("+")).trim().to_owned()
        };
        labels.iter().map(told).collect()
    }

    #[test]
    fn notes_of_all_tools() {
        for (note, expected) in [
            (r#"RAYYAN-INCLUSION: {"Ann"=>"Included"}"#, vec!["Ann include"]),
            (
                r#"old note | RAYYAN-INCLUSION: {"Ann O'Hara"=>"Excluded", "Bob"=>"Maybe"} | RAYYAN-LABELS: x,y | RAYYAN-EXCLUSION-REASONS: wrong population,__EXR__too old | USER-NOTES: {"Ann O'Hara"=>["not ours", "see p. 2"]}"#,
                vec!["Ann O'Hara exclude  wrong population+too old not ours; see p. 2", "Bob maybe"],
            ),
            (r#"RAYYAN-INCLUSION: \{"Ann"=\>"Undecided"\}"#, vec![]),
            (r#"RAYYAN-INCLUSION: \{"Ann"=\>"Excluded"\}"#, vec!["Ann exclude"]),
            (r#"RAYYAN-INCLUSION: {&quot;Ann&quot;=&gt;false}"#, vec!["Ann exclude"]),
            (r#"RAYYAN-INCLUSION: {"An \"n\" Ray"=>"Included"}"#, vec!["An \"n\" Ray include"]),
            ("<p>ASReview_irrelevant</p>", vec!["? exclude"]),
            ("Notes. ASReview_relevant. More.", vec!["? include"]),
            ("ASReview_not_seen", vec![]),
            ("ASReview_prior", vec![]),
            ("not_ASReview_relevant", vec![]),
            (
                "Exclusion reason: Wrong setting; Ann Ray (2021): a school",
                vec!["? exclude fulltext Wrong setting Ann Ray (2021): a school"],
            ),
            ("We give the Exclusion reason: none", vec![]),
            ("RAYYAN-INCLUSION: {\"Ann", vec![]),
        ] {
            assert_eq!(told(&in_note(note)), expected, "{note}");
        }
    }

    #[test]
    fn columns_of_all_tools() {
        for (header, row, expected) in [
            (vec!["title", "included"], vec!["a", "1"], vec!["? include"]),
            (vec!["title", "label_included"], vec!["a", "0.0"], vec!["? exclude"]),
            // In ASReview -1 is not seen, in Abstrackr it is no; the notes of nobody are no person's.
            (vec!["title", "asreview_label"], vec!["a", "-1"], vec![]),
            (
                vec!["(internal) id", "title", "consensus", "Ann", "general notes (Ann)"],
                vec!["7", "a", "o", "-1", ""],
                vec!["Ann exclude"],
            ),
            (vec!["(internal) id", "title", "Ann", "general notes (Ann)"], vec!["7", "a", "0", ""], vec!["Ann maybe"]),
            // A single letter is a verdict in EPPI-Reviewer's column alone: in ASReview, I is irrelevant.
            (vec!["Included", "ID", "ShortTitle", "Title"], vec!["I", "1", "Ray (2021)", "a"], vec!["? include"]),
            (vec!["Included", "ID", "ShortTitle", "Title"], vec!["D", "1", "Ray (2021)", "a"], vec![]),
            (vec!["title", "label"], vec!["a", "I"], vec![]),
            (vec!["title", "label"], vec!["a", "irrelevant"], vec!["? exclude"]),
            (
                vec!["title", "label_abstract", "label_included"],
                vec!["a", "1", "0"],
                vec!["? include abstract", "? exclude fulltext"],
            ),
            (
                vec!["title", "decision", "reviewer", "exclusion reason"],
                vec!["a", "Exclude", "Ann Ray", "wrong country"],
                vec!["Ann Ray exclude  wrong country"],
            ),
            (vec!["title", "reason", "reviewer"], vec!["a", "retracted", "Ann"], vec![]),
        ] {
            let header: Vec<String> = header.into_iter().map(str::to_owned).collect();
            let labels = Columns::of(&header).labels(|at| row.get(at).copied());
            assert_eq!(told(&labels), expected, "{header:?} {row:?}");
        }
    }

    #[test]
    fn one_person_says_one_thing() {
        let of = |who: &str, verdict| Label { reviewer: Some(who.into()), ..Label::new(verdict, "x") };
        let labels = vec![of("Ann", Verdict::Include), of("Bob", Verdict::Include), of("Ann", Verdict::Exclude)];
        let (kept, dropped) = settled(labels);
        assert_eq!((told(&kept), dropped), (vec!["Bob include".to_owned()], true));
    }

    proptest! {
        #[test]
        fn no_note_makes_it_panic(text in "(RAYYAN-INCLUSION:|RAYYAN-EXCLUSION-REASONS:|USER-NOTES:|ASReview_|Exclusion reason:|[{}\"=>,\\[\\]|\\\\; ]|é|Included|[a-z]){0,60}") {
            let _ = in_note(&text);
        }

        #[test]
        fn what_rayyan_writes_is_read(names in proptest::collection::btree_map("[A-Za-zé' .-]{0,12}[a-z]", 0..3_usize, 1..5)) {
            let word = ["Included", "Excluded", "Maybe"];
            let squeezed: std::collections::BTreeMap<String, usize> = names.into_iter().map(|(name, at)| (squeeze(&name), at)).collect();
            let list: Vec<String> = squeezed.iter().map(|(name, at)| format!("\"{name}\"=>\"{}\"", word[*at])).collect();
            let labels = in_note(&format!("RAYYAN-INCLUSION: {{{}}} | RAYYAN-LABELS: a", list.join(", ")));
            let verdicts = [Verdict::Include, Verdict::Exclude, Verdict::Maybe];
            let found: Vec<(String, Verdict)> = labels.into_iter().filter_map(|label| Some((label.reviewer?, label.verdict))).collect();
            let expected: Vec<(String, Verdict)> = squeezed.into_iter().map(|(name, at)| (name, verdicts[at])).collect();
            prop_assert_eq!(found, expected);
        }
    }
}
