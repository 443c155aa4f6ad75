//! From a format's fields to a record: each reader says what a field means, the draft does the rest
//! (cleaning, choosing among several, reading dates, names and identifiers) alike for all formats.

mod settle;
mod values;

use std::collections::HashSet;

use super::authors::{self, Separator};
use super::citation::Citation;
use super::dates::{read_date, read_month};
use super::identifiers as ids;
use super::labels::{self, Label};
use crate::model::{Author, Identifiers, Location, LocationKind, PartialDate, Record, WorkType};
use crate::text::{html, language, squeeze};
use values::{clean, first, outside_brackets, pages, tells, title};

/// What a field of a format means. A rank says which field wins where several give the same thing:
/// the lowest; the others are kept in `extra`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Field {
    Title(u8),
    OriginalTitle,
    Abstract(u8),
    /// One author, or several with semicolons between.
    Author,
    /// One author in a full form that replaces `Author` where every author has it.
    FullAuthor,
    GroupAuthor,
    /// `Smith (2021)`: the first author and the year, where nothing else names them.
    CitedAs,
    /// Several authors in one field.
    Authors(Separator),
    /// Full names, several in one field, which replace `Authors`.
    FullAuthors(Separator),
    Date,
    /// A month without its year.
    Month,
    Venue(u8),
    Volume,
    Issue,
    StartPage,
    EndPage,
    /// A whole range.
    Pages,
    /// Where there are no pages.
    ArticleNumber,
    Publisher,
    Doi,
    /// Pubmed's `10.1000/x [doi]` and `S0140 [pii]`.
    MarkedIdentifier,
    Pmid,
    Pmcid,
    /// ISSN or ISBN, several in one field.
    Serial,
    Type,
    Language,
    /// One keyword, or several with semicolons between.
    Keyword,
    /// Several keywords with this between.
    Keywords(char),
    Url,
    /// Where the document itself lies.
    FullText(LocationKind),
    /// A database's own number.
    Accession,
    /// A note, kept as it is; it may name a DOI, PMID or PMCID.
    Note,
    Trial,
    Scopus,
    Wos,
    OpenAlex,
    Arxiv,
    /// Identifiers as `scheme:value`, with semicolons between.
    Identifiers,
    /// A whole citation: `J Med. 2020 Feb;63(2):1036.`, `J Med (2014) 3:3 (152-160).`
    Citation,
    /// Where it came out, as Ovid words it: `J Med.  8(6):1048-1064, September 2015.`
    Source,
    Extra,
    /// Neither kept nor hashed: it says nothing of the document.
    Ignored,
}

/// A record on its way.
#[derive(Default)]
pub(super) struct Draft {
    record: Record,
    titles: Vec<(u8, String, String)>,
    abstracts: Vec<(u8, String, String)>,
    venues: Vec<(u8, String, String)>,
    full_authors: Vec<Author>,
    cited_author: Option<Author>,
    month: Option<(u32, Option<u32>)>,
    start_page: Option<String>,
    end_page: Option<String>,
    article_number: Option<String>,
    /// DOIs by how much their field can be trusted.
    dois: Vec<(u8, String)>,
    keywords_seen: HashSet<String>,
    content: Vec<(String, String)>,
    own_types: Option<Vec<WorkType>>,
    own_dates: Option<Vec<PartialDate>>,
    /// Whether a field tells of a document, even one that cannot be used as it stands.
    told: bool,
    /// What people decided elsewhere.
    pub(super) labels: Vec<Label>,
}

/// How many types, dates or other identifiers are kept: each new one is compared with all.
const MOST_VALUES: usize = 200;

/// A draft that says nothing of any document.
pub(super) const NOTHING: &str = "holds no title, abstract, author, venue, identifier or URL";

impl Draft {
    /// A draft of a record that is whole already; its content is the record.
    pub(super) fn of(record: Record) -> Self {
        let mut content = record.clone();
        content.source.clear();
        content.source_key.clear();
        let content = serde_json::to_string(&content).unwrap_or_default();
        Self {
            own_types: Some(record.types.clone()),
            told: record.title.is_some()
                || record.abstract_text.is_some()
                || record.identifiers != Identifiers::default(),
            content: vec![("record".to_owned(), content)],
            record,
            ..Self::default()
        }
    }

    /// Adds a field. `tag` is the format's own name for it.
    pub(super) fn put(&mut self, tag: &str, field: Field, value: &str) {
        let value = clean(value);
        if value.is_empty() || field == Field::Ignored {
            return;
        }
        if tag.starts_with("gleaner-") {
            return self.own(tag, &squeeze(&value));
        }
        let note = matches!(field, Field::Note | Field::Extra | Field::Abstract(4));
        let value = if note || value.starts_with("gleaner-") { self.own_fields(value) } else { value };
        if value.is_empty() {
            return;
        }
        if note && labels::speaks(&value) {
            self.labels.extend(labels::in_note(&value));
            return self.keep(tag, &value);
        }
        self.content.push((tag.to_lowercase(), squeeze(&value)));
        self.place(tag, field, &value);
    }

    /// Keeps a field that says nothing of the document: how it was screened elsewhere. The same entry with
    /// and without it is the same record.
    pub(super) fn keep(&mut self, tag: &str, value: &str) {
        self.extra(tag, &clean(value));
    }

    /// Takes what our own exports carry in notes (`gleaner-id: W1`), and gives what is left. Other programs
    /// join several notes to one.
    fn own_fields(&mut self, value: String) -> String {
        const JOINTS: [char; 5] = ['|', ';', ',', '\n', '\r'];
        let starts: Vec<usize> = value
            .match_indices("gleaner-")
            .map(|(at, _)| at)
            .filter(|at| {
                let before = value[..*at].chars().next_back();
                before.is_none_or(|c| c.is_whitespace() || JOINTS.contains(&c) || c == '>')
                    && value[*at..].split_once(": ").is_some_and(|(name, _)| !name.contains(char::is_whitespace))
            })
            .collect();
        let Some(first) = starts.first().copied() else { return value };
        let trimmed = |text: &str| text.trim_matches(|c: char| c.is_whitespace() || JOINTS.contains(&c)).to_owned();
        let mut left = trimmed(&value[..first]);
        for (at, start) in starts.iter().enumerate() {
            let part = &value[*start..starts.get(at + 1).copied().unwrap_or(value.len())];
            let (part, after) = part.split_once(" | ").unwrap_or((part, ""));
            if let Some((name, rest)) = part.split_once(": ") {
                // An id has no blank; what follows one is another program's.
                let (rest, more) = match name {
                    "gleaner-id" => rest.trim_start().split_once(char::is_whitespace).unwrap_or((rest, "")),
                    _ => (rest, ""),
                };
                self.own(name, &trimmed(rest));
                left = [left.as_str(), more, after].join(" ");
            }
        }
        trimmed(&left)
    }

    /// A field of our own exports: what the format has no place for, or only a coarser one.
    fn own(&mut self, name: &str, value: &str) {
        let list = || value.split(';').map(str::trim).filter(|part| !part.is_empty());
        let found = &mut self.record.identifiers;
        match name {
            "gleaner-types" => self.own_types = Some(list().filter_map(|name| name.parse().ok()).collect()),
            "gleaner-dates" => self.own_dates = Some(list().filter_map(PartialDate::read).collect()),
            "gleaner-openalex" => found.openalex = ids::openalex(value),
            "gleaner-scopus" => found.scopus = ids::scopus(value),
            "gleaner-wos" => found.wos = ids::wos(value),
            "gleaner-arxiv" => found.arxiv = ids::arxiv(value),
            "gleaner-pmid" => found.pmid = ids::pmid(value),
            "gleaner-pmcid" => found.pmcid = ids::pmcid(value),
            "gleaner-identifiers" => found.other = list().map(str::to_owned).collect(),
            "gleaner-original-title" => self.record.original_title = Some(value.to_owned()),
            _ => {
                self.record.extra.entry(name.to_owned()).or_default().push(value.to_owned());
            }
        }
    }

    /// Adds authors whom the reader has told apart itself; `value` is the whole field.
    pub(super) fn names(&mut self, tag: &str, value: &str, names: Vec<Author>) {
        self.content.push((tag.to_lowercase(), squeeze(&clean(value))));
        self.record.authors.extend(names);
    }

    fn place(&mut self, tag: &str, field: Field, value: &str) {
        self.told |= tells(field);
        let text = || html::plain(value);
        let ranked = |rank: u8| (rank, tag.to_owned(), html::plain(value));
        match field {
            Field::Title(rank) => self.titles.push(ranked(rank)),
            Field::Abstract(rank) => self.abstracts.push(ranked(rank)),
            Field::Venue(rank) => self.venues.push(ranked(rank)),
            Field::OriginalTitle => first(&mut self.record.original_title, title(&text())),
            Field::Author => self.record.authors.extend(authors::split(&text(), Separator::Semicolon)),
            Field::FullAuthor => self.full_authors.extend(authors::split(&text(), Separator::Semicolon)),
            Field::CitedAs => {
                self.cited_author = authors::cited(&text());
                self.extra(tag, value);
            }
            Field::GroupAuthor => self.record.authors.push(Author::collective(&text())),
            Field::Authors(separator) => self.record.authors.extend(authors::split(&text(), separator)),
            Field::FullAuthors(separator) => self.full_authors.extend(authors::split(&text(), separator)),
            Field::Date => self.date(tag, value),
            Field::Month => self.month = self.month.or_else(|| read_month(value)),
            Field::Volume => first(&mut self.record.volume, text()),
            Field::Issue => first(&mut self.record.issue, text()),
            Field::Publisher => first(&mut self.record.publisher, text()),
            Field::Pages => first(&mut self.record.pages, pages(&text())),
            Field::StartPage => first(&mut self.start_page, pages(&text())),
            Field::EndPage => first(&mut self.end_page, pages(&text())),
            Field::ArticleNumber => first(&mut self.article_number, text()),
            Field::Type => self.kinds(tag, &text()),
            Field::Language => self.languages(tag, &text()),
            Field::Keyword => self.keywords(text().split(';')),
            Field::Keywords(between) => match authors::bracketed(value) {
                Some(list) => self.keywords(list.iter().map(String::as_str)),
                None if between == ',' => self.keywords(outside_brackets(&text()).into_iter()),
                None => self.keywords(text().split(between)),
            },
            Field::Url => self.url(tag, value, None),
            Field::FullText(kind) => self.url(tag, value, Some(kind)),
            Field::Ignored => {}
            Field::Identifiers => self.own("gleaner-identifiers", value),
            Field::Citation => self.citation(tag, &text(), super::citation::read),
            Field::Source => self.citation(tag, &text(), super::citation::of_ovid),
            Field::Extra => self.extra(tag, value),
            _ => self.identifier(tag, field, value),
        }
    }

    fn identifier(&mut self, tag: &str, field: Field, value: &str) {
        let found = &mut self.record.identifiers;
        let taken = match field {
            Field::Doi => ids::doi_of_field(value).map(|doi| self.dois.push((0, doi))),
            Field::MarkedIdentifier => match value.rsplit_once('[') {
                Some((doi, "doi]")) => ids::doi_of_field(doi).map(|doi| self.dois.push((0, doi))),
                _ => ids::whole_doi(value).map(|doi| self.dois.push((1, doi))),
            },
            Field::Pmid => ids::pmid(value).map(|pmid| first(&mut found.pmid, pmid)),
            Field::Pmcid => ids::pmcid(value).map(|pmcid| first(&mut found.pmcid, pmcid)),
            Field::Serial => ids::serials(value, found).then_some(()),
            Field::Trial => {
                let trials = ids::trials(value);
                let any = !trials.is_empty();
                found.other.extend(trials.into_iter().take(MOST_VALUES.saturating_sub(found.other.len())));
                any.then_some(())
            }
            Field::Scopus => ids::scopus(value).map(|id| first(&mut found.scopus, id)),
            Field::Wos => ids::wos(value).map(|id| first(&mut found.wos, id)),
            Field::OpenAlex => ids::openalex(value).map(|id| first(&mut found.openalex, id)),
            Field::Arxiv => ids::arxiv(value).map(|id| first(&mut found.arxiv, id)),
            Field::Accession => self.accession(value).then_some(()),
            _ => {
                self.note(value);
                None
            }
        };
        if taken.is_none() {
            self.extra(tag, value);
        }
    }

    fn accession(&mut self, value: &str) -> bool {
        let found = &mut self.record.identifiers;
        if let Some(id) = ids::scopus(value) {
            first(&mut found.scopus, id);
        } else if let Some(id) = ids::wos(value) {
            first(&mut found.wos, id);
        } else if let Some(id) = ids::central(value) {
            found.other.push(id);
        } else if let Some(doi) = ids::whole_doi(value) {
            self.dois.push((1, doi));
        } else {
            self.note(value);
            return false;
        }
        true
    }

    fn note(&mut self, value: &str) {
        let found = &mut self.record.identifiers;
        if let Some(doi) = ids::whole_doi(value) {
            self.dois.push((1, doi));
        } else if let Some(pmid) = ids::named_pmid(value) {
            first(&mut found.pmid, pmid);
        } else if let Some(pmcid) = ids::named_pmcid(value) {
            first(&mut found.pmcid, pmcid);
        } else if let Some(wos) = ids::wos(value) {
            first(&mut found.wos, wos);
        } else if let Some(embase) =
            ids::embase(value).filter(|id| found.other.len() < MOST_VALUES && !found.other.contains(id))
        {
            found.other.push(embase);
        }
    }

    fn date(&mut self, tag: &str, value: &str) {
        if value.contains(';') {
            value.split(';').filter(|part| !part.trim().is_empty()).for_each(|part| self.date(tag, part));
            return;
        }
        match read_date(value) {
            Some(date) if self.record.dates.len() < MOST_VALUES && !self.record.dates.contains(&date) => {
                self.record.dates.push(date);
            }
            Some(_) => {}
            None => match read_month(value) {
                Some(month) => self.month = self.month.or(Some(month)),
                None => self.extra(tag, value),
            },
        }
    }

    fn kinds(&mut self, tag: &str, value: &str) {
        // Some dialects put the DOI where the type belongs.
        if let Some(doi) = ids::whole_doi(value) {
            self.dois.push((1, doi));
            self.extra(tag, value);
            return;
        }
        for word in value.split([';', '|']).map(str::trim).filter(|word| !word.is_empty()) {
            if self.record.source_types.len() < MOST_VALUES
                && !self.record.source_types.iter().any(|known| known == word)
            {
                self.record.source_types.push(word.to_owned());
            }
        }
    }

    fn languages(&mut self, tag: &str, value: &str) {
        let mut known = false;
        for code in value.split([';', ',', '|', '/']).filter_map(language::code) {
            known = true;
            if !self.record.languages.iter().any(|had| had == code) {
                self.record.languages.push(code.to_owned());
            }
        }
        if !known {
            self.extra(tag, value);
        }
    }

    fn keywords<'a>(&mut self, words: impl Iterator<Item = &'a str>) {
        // MeSH marks the main ones with an asterisk.
        for word in words.map(|word| squeeze(word.trim().trim_start_matches('*'))).filter(|word| !word.is_empty()) {
            if self.keywords_seen.insert(word.to_lowercase()) {
                self.record.keywords.push(word);
            }
        }
    }

    fn url(&mut self, tag: &str, value: &str, kind: Option<LocationKind>) {
        let mut any = false;
        for word in value.split_whitespace().flat_map(|word| word.split(';')) {
            let word = word.trim_matches(['<', '>', '"', ',']);
            let url = html::entities(word);
            if !(url.starts_with("http://") || url.starts_with("https://") || url.starts_with("ftp://")) {
                continue;
            }
            any = true;
            let (doi, pmid, pmcid) = ids::in_url(&url);
            self.dois.extend(doi.map(|doi| (2, doi)));
            let found = &mut self.record.identifiers;
            if let Some(pmid) = pmid {
                first(&mut found.pmid, pmid);
            }
            if let Some(pmcid) = pmcid {
                first(&mut found.pmcid, pmcid);
            }
            if let Some(scopus) = url.contains("eid=").then(|| ids::scopus(&url)).flatten() {
                first(&mut found.scopus, scopus);
            }
            if let Some(kind) = kind.filter(|_| self.record.locations.len() < 50) {
                self.record.locations.push(Location { url: url.clone(), kind, licence: None, version: None });
            }
            if self.record.urls.len() < 200 && !self.record.urls.contains(&url) {
                self.record.urls.push(url);
            }
        }
        if !any {
            self.note(value);
            self.extra(tag, value);
        }
    }

    fn citation(&mut self, tag: &str, value: &str, read: fn(&str) -> Option<Citation>) {
        let Some(cited) = read(value) else { return self.extra(tag, value) };
        self.venues.push((5, tag.to_owned(), cited.venue));
        if let Some(date) = cited.date.filter(|date| !self.record.dates.contains(date)) {
            self.record.dates.push(date);
        }
        first(&mut self.record.volume, cited.volume);
        first(&mut self.record.issue, cited.issue);
        first(&mut self.record.pages, pages(&cited.pages));
        self.extra(tag, value);
    }

    /// Keeps a value by its own tag.
    fn extra(&mut self, tag: &str, value: &str) {
        self.record.extra.entry(tag.to_owned()).or_default().push(squeeze(value));
    }

    /// The record, or why it is none.
    pub(super) fn finish(mut self) -> Result<Record, &'static str> {
        if let Some(title) = self.choose_title() {
            self.record.title = Some(title);
        }
        if let Some(text) = self.choose_abstract() {
            self.record.abstract_text = Some(text);
        }
        let venues = std::mem::take(&mut self.venues);
        if let Some(venue) = self.choose(venues) {
            self.record.venue = Some(venue);
        }
        self.settle_dates();
        self.settle_pages();
        self.settle_dois();
        self.settle_numbers();
        self.settle_authors();
        let types = WorkType::read_all(self.record.source_types.iter().map(String::as_str));
        self.record.types = self.own_types.take().unwrap_or(types);
        if let Some(dates) = self.own_dates.take() {
            self.record.dates = dates;
        }
        self.record.source = "file".to_owned();
        self.record.source_key = self.key();
        if self.told || !self.record.authors.is_empty() { Ok(self.record) } else { Err(NOTHING) }
    }

    /// A hash of the content: the same whatever the order of the tags, the line ends and the folding.
    fn key(&mut self) -> String {
        // A stable sort by tag alone, so that the order of authors counts.
        self.content.sort_by(|a, b| a.0.cmp(&b.0));
        let mut content = String::new();
        for (tag, value) in &self.content {
            content.push_str(tag);
            content.push('\u{1f}');
            content.push_str(value);
            content.push('\u{1e}');
        }
        let mut key = crate::ids::sha256_hex(content.as_bytes());
        key.truncate(16);
        key
    }
}
