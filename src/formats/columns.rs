//! What the columns of CSV exports mean, by their names: Scopus, `PubMed`, Embase, Cochrane, Lens,
//! Dimensions, `OpenAlex`, Publish or Perish, Google Scholar, IEEE, Springer, Zotero, Covidence, Rayyan,
//! ASReview, Abstrackr, and two-letter RIS tags.

use super::authors::Separator;
use super::draft::Field;
use super::{ris, wos};
use crate::model::LocationKind;

/// A column's name without case, blanks and signs.
pub(super) fn folded(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// Whether the column is really called `id`.
pub(super) fn is_id(name: &str) -> bool {
    matches!(folded(name).as_str(), "id" | "recordid")
}

/// What a column means, if its name is known.
pub(super) fn known(name: &str) -> Option<Field> {
    if let Some(field) = ris_tag(name) {
        return Some(field);
    }
    let field = match folded(name).as_str() {
        "title" | "articletitle" | "documenttitle" | "itemtitle" | "primarytitle" | "displayname"
        | "publicationtitle1" => Field::Title(0),
        "titles" | "recordtitle" | "studytitle" | "papertitle" => Field::Title(1),
        "shorttitle" => Field::Title(8),
        "originaltitle" | "vernaculartitle" | "translatedtitle" => Field::OriginalTitle,
        "abstract" | "abstractnote" | "abstracttext" | "abstracts" | "notesabstract" => Field::Abstract(0),
        "originalabstract" => Field::Abstract(3),
        "authors"
        | "author"
        | "authornames"
        | "firstauthors"
        | "authorsnames"
        | "authorlist"
        | "authorshipsauthordisplayname"
        | "authorshipsrawauthorname" => Field::Authors(Separator::Nothing),
        "authorfullnames" => Field::FullAuthors(Separator::Semicolon),
        "year"
        | "publicationyear"
        | "publishedyear"
        | "pubyear"
        | "yearpublished"
        | "date"
        | "dates"
        | "datepublished"
        | "publicationdate"
        | "dateofpublication"
        | "coverdate"
        | "onlinedate"
        | "publicationdateonline"
        | "publicationdateprint"
        | "earlyaccessdate"
        | "originalpaperdate" => Field::Date,
        "month" | "publishedmonth" | "publicationmonth" => Field::Month,
        "journal"
        | "journalbook"
        | "sourcetitle"
        | "publicationtitle"
        | "publicationname"
        | "journalname"
        | "journaltitle"
        | "containertitle"
        | "publication"
        | "secondarytitle"
        | "primarylocationsourcedisplayname"
        | "venue" => Field::Venue(0),
        "source" => Field::Venue(2),
        "booktitle" | "conferencename" | "bookseriestitle" | "conference" => Field::Venue(4),
        "abbreviatedsourcetitle" | "journalabbreviation" | "alternatetitle2" | "alternatetitle3" | "alternatename" => {
            Field::Venue(6)
        }
        "volume" | "journalvolume" | "vol" | "bibliovolume" => Field::Volume,
        "issue" | "number" | "issuenumber" | "journalissue" | "biblioissue" => Field::Issue,
        "startpage" | "pagestart" | "firstpage" | "bibliofirstpage" => Field::StartPage,
        "endpage" | "pageend" | "lastpage" | "bibliolastpage" => Field::EndPage,
        "pages" | "page" | "pagination" | "pagerange" => Field::Pages,
        "artno" | "articlenumber" => Field::ArticleNumber,
        "publisher" | "bookpublisher" => Field::Publisher,
        "doi" | "itemdoi" | "dois" | "articledoi" | "originalpaperdoi" | "doilink" => Field::Doi,
        "pmid" | "pubmedid" | "medlinepmid" | "idspmid" | "originalpaperpubmedid" => Field::Pmid,
        "pmcid" | "pmc" | "idspmcid" => Field::Pmcid,
        "issn"
        | "issns"
        | "isbn"
        | "isbns"
        | "eissn"
        | "issne"
        | "issnprint"
        | "issnonline"
        | "primarylocationsourceissnl"
        | "primarylocationsourceissn" => Field::Serial,
        "documenttype" | "publicationtype" | "type" | "types" | "itemtype" | "typeofreference" | "referencetype"
        | "contenttype" | "articletype" | "subtype" => Field::Type,
        "language" | "languageoforiginaldocument" | "articlelanguage" | "languages" | "lang" => Field::Language,
        "keywords" | "authorkeywords" | "keyword" | "manualtags" | "automatictags" | "indexkeywords" | "meshterms" => {
            Field::Keywords(';')
        }
        "url" | "urls" | "link" | "articleurl" | "externalurl" | "openurllink" | "sourceurls" | "landingpageurl"
        | "embaselink" => Field::Url,
        "fulltexturl" | "openaccesslink" | "fulltextlink" => Field::FullText(LocationKind::Unknown),
        "pdflink" | "pdfurl" => Field::FullText(LocationKind::Pdf),
        "citation" => Field::Citation,
        "eid" | "scopus" => Field::Scopus,
        "wos" | "uniquewosid" | "utuniquewosid" => Field::Wos,
        "openalexid" | "openalex" => Field::OpenAlex,
        "arxiv" | "arxivid" => Field::Arxiv,
        "clinicaltrialnumbers" | "ctgovid" | "clinicaltrialnumber" => Field::Trial,
        "centralid" | "accessionnumber" => Field::Accession,
        "notes" | "note" | "extra" | "pui" | "embaseaccessionid" | "embaseid" => Field::Note,
        _ => return None,
    };
    Some(field)
}

/// What a column means among the others.
pub(super) fn meaning(name: &str, header: &[String]) -> Field {
    let has = |wanted: &str| header.iter().any(|name| folded(name) == wanted);
    // The tab-delimited export of Web of Science has its tags for names.
    if name.len() == 2 && has("ut") && has("so") && has("ti") {
        return match wos::meaning(name, "") {
            Field::Author => Field::Authors(Separator::Semicolon),
            Field::FullAuthor => Field::FullAuthors(Separator::Semicolon),
            Field::GroupAuthor => Field::Authors(Separator::Semicolon),
            field => field,
        };
    }
    match folded(name).as_str() {
        // With a column for the title of the source, `Source` is the database.
        "source" if has("openurllink") && !has("sourcetitle") => Field::Citation,
        "source" if has("sourcetitle") || has("journal") || has("publicationtitle") => Field::Extra,
        // In Publish or Perish this is the kind of link.
        "type" if has("gsrank") || has("citesurl") => Field::Extra,
        // Zotero's `Type` (of a thesis, a report) says more than its `Item Type` and less than a type.
        "type" if has("itemtype") => Field::Extra,
        "number" if has("issue") => Field::Extra,
        // EPPI-Reviewer's short titles are made of the first author and the year.
        "shorttitle" if has("included") && has("id") => Field::CitedAs,
        // Our own exports give the exact dates beside the year.
        "year" if has("dates") && has("gleanerid") => Field::Ignored,
        "identifiers" if has("gleanerid") => Field::Identifiers,
        // OpenAlex calls its own ids so.
        "id" if has("displayname") || has("citedbycount") => Field::OpenAlex,
        // Dates of the file's making.
        "date" if has("labeledat") => Field::Extra,
        _ => known(name).unwrap_or(Field::Extra),
    }
}

/// Columns named by two-letter RIS tags.
fn ris_tag(name: &str) -> Option<Field> {
    let bytes = name.trim().as_bytes();
    let is_tag = bytes.len() == 2
        && bytes[0].is_ascii_uppercase()
        && (bytes[1].is_ascii_uppercase() || bytes[1].is_ascii_digit())
        && name.trim() != "ID";
    match is_tag.then(|| ris::meaning(name.trim(), ""))? {
        Field::Extra => None,
        Field::Author => Some(Field::Authors(Separator::Nothing)),
        field => Some(field),
    }
}
