//! The types of works, as the interface names them.

use std::str::FromStr;

use serde::{Deserialize, Serialize};

macro_rules! work_types {
    ($($variant:ident = $name:literal),* $(,)?) => {
        /// What kind of document a record describes. A record may have several.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum WorkType { $(#[serde(rename = $name)] $variant),* }

        impl WorkType {
            /// All types, in the interface's order.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];
            /// The name that config and exports use.
            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $name),* }
            }
        }
    };
}

work_types! {
    JournalArticle = "journal-article", Review = "review", Preprint = "preprint",
    ConferencePaper = "conference-paper", Book = "book", BookChapter = "book-chapter",
    Report = "report", Thesis = "thesis", Editorial = "editorial", Letter = "letter",
    Erratum = "erratum", Retraction = "retraction", Dataset = "dataset", Webpage = "webpage",
    CaseStudy = "case-study", Other = "other",
}

/// Lower case, without spaces, hyphens and underscores: how types are compared.
pub fn folded(text: &str) -> String {
    text.chars().filter(|c| !matches!(c, ' ' | '-' | '_')).flat_map(char::to_lowercase).collect()
}

impl FromStr for WorkType {
    type Err = ();
    /// One of our own names, ignoring case, spaces, hyphens and underscores.
    fn from_str(text: &str) -> Result<Self, ()> {
        let wanted = folded(text);
        Self::ALL.iter().copied().find(|kind| folded(kind.name()) == wanted).ok_or(())
    }
}

impl WorkType {
    /// A source's word for a type. `None` where it cannot be mapped: the type is then unknown.
    pub fn read(word: &str) -> Option<Self> {
        if let Ok(kind) = word.parse() {
            return Some(kind);
        }
        let kind = match folded(word).as_str() {
            "article" | "journalarticles" | "electronicarticle" | "ejour" | "inpr" | "researcharticle" | "journal"
            | "jour" | "jrnl" | "journalpaper" | "articleinpress" | "originalarticle" | "shortsurvey" | "ar"
            | "magazinearticle" | "articlejournal" => Self::JournalArticle,
            "reviewarticle" | "systematicreview" | "metaanalysis" | "scopingreview" | "re" | "reviewbook"
            | "literaturereview" => Self::Review,
            "postedcontent" | "workingpaper" | "unpublishedwork" => Self::Preprint,
            "proceedingsarticle"
            | "proceedingspaper"
            | "conferenceproceeding"
            | "conferenceproceedings"
            | "inproceedings"
            | "conf"
            | "cpaper"
            | "cp"
            | "meetingabstract"
            | "conferenceabstract"
            | "congress"
            | "conferencereview"
            | "paperconference"
            | "proceedings" => Self::ConferencePaper,
            "monograph" | "ebook" | "editedbook" | "referencebook" | "bk" | "edbook" => Self::Book,
            "chapter"
            | "bookpart"
            | "echap"
            | "encyclopediaarticle"
            | "booksection"
            | "chap"
            | "inbook"
            | "incollection"
            | "ch"
            | "referenceentry" => Self::BookChapter,
            "reports" | "techreport" | "technicalreport" | "rprt" | "reportseries" | "reportcomponent"
            | "policypaper" | "govdoc" | "researchreport" | "guidance" => Self::Report,
            "dissertation"
            | "dissertations"
            | "theses"
            | "phdthesis"
            | "doctoraldissertation"
            | "mastersthesis"
            | "thes" => Self::Thesis,
            "ed" | "editorialmaterial" => Self::Editorial,
            "le" | "lettertotheeditor" | "correspondence" => Self::Letter,
            "er" | "correction" | "publishederratum" | "corrigendum" | "addendum" => Self::Erratum,
            "retractionofpublication" | "retractionnotice" | "retractednotice" | "tb" => Self::Retraction,
            "datapaper" | "datajournal" | "data" | "database" => Self::Dataset,
            "website" | "web" | "elec" | "blog" | "blogpost" | "newspaperarticle" | "news" | "newsstory" => {
                Self::Webpage
            }
            "casereport" | "casereports" | "casestudies" => Self::CaseStudy,
            "peerreview"
            | "grant"
            | "standard"
            | "component"
            | "note"
            | "no"
            | "supplementarymaterials"
            | "libguides"
            | "paratext" => Self::Other,
            // `generic`, `misc` and `gen` are what exports write where they do not know: unknown here too.
            _ => return None,
        };
        Some(kind)
    }

    /// The types that a source's words say. A specific one (letter, editorial, erratum, retraction)
    /// replaces `journal-article`; `review` adds to it. Words that cannot be mapped add nothing.
    pub fn read_all<'a>(words: impl IntoIterator<Item = &'a str>) -> Vec<Self> {
        let mut types: Vec<Self> = words.into_iter().filter_map(Self::read).collect();
        let specific = |kind: &Self| matches!(kind, Self::Letter | Self::Editorial | Self::Erratum | Self::Retraction);
        if types.iter().any(specific) {
            types.retain(|kind| *kind != Self::JournalArticle);
        }
        types.sort_unstable();
        types.dedup();
        types
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_become_types() {
        assert_eq!(WorkType::read("Book chapter"), Some(WorkType::BookChapter));
        assert_eq!(WorkType::read("research-article"), Some(WorkType::JournalArticle));
        assert_eq!(WorkType::read("Hologram"), None);
        assert_eq!(WorkType::read_all(["Journal Article", "Letter"]), [WorkType::Letter]);
        assert_eq!(WorkType::read_all(["Journal Article", "Review"]), [WorkType::JournalArticle, WorkType::Review]);
    }
}
