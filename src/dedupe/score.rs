//! How much speaks for two titled records being one work, in hundredths of a point.
//!
//! Agreement adds, disagreement subtracts, an empty field does neither. The weights are the same
//! for every source and set; they say in numbers: an equal title of some length needs one more
//! thing that agrees and nothing that disagrees, a similar one needs several.

use std::fmt;

use super::compact::{beginning, likeness};
use super::features::Features;
use super::fields::{Agreement, alike};
use super::title::Title;
use super::veto::Place;

/// From here on two records are one work.
pub const THRESHOLD: i32 = 850;
/// From here on a person might say so.
pub const POSSIBLE: i32 = 650;
/// Titles less similar than this are different titles.
const SIMILAR: f64 = 0.8;

/// The fields that count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    Title,
    Authors,
    Year,
    Venue,
    Volume,
    Issue,
    Pages,
    Doi,
    Abstract,
}

/// How many fields there are.
const FIELDS: usize = 9;

impl Field {
    fn name(self) -> &'static str {
        match self {
            Self::Title => "title",
            Self::Authors => "authors",
            Self::Year => "year",
            Self::Venue => "venue",
            Self::Volume => "volume",
            Self::Issue => "issue",
            Self::Pages => "pages",
            Self::Doi => "doi",
            Self::Abstract => "abstract",
        }
    }
}

/// What comparing a field says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Says {
    Equal,
    /// In percent.
    Alike(u8),
    /// A subtitle lost, a heading put before.
    Within,
    /// Unlike titles on one span of pages.
    Translated,
    AuthorsAlike,
    AuthorsPartlyAlike,
    OneApart,
    Differs,
}

impl fmt::Display for Says {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Equal => f.write_str("equal"),
            Self::Alike(percent) => write!(f, "{percent} % alike"),
            Self::Within => f.write_str("one within the other"),
            Self::Translated => f.write_str("differs (a translation?), but the same pages"),
            Self::AuthorsAlike => f.write_str("alike"),
            Self::AuthorsPartlyAlike => f.write_str("partly alike"),
            Self::OneApart => f.write_str("one apart"),
            Self::Differs => f.write_str("differs"),
        }
    }
}

/// What a comparison found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Score {
    /// Hundredths of a point.
    pub points: i32,
    /// Field, what it says, and its hundredths of a point, in the order of comparison.
    fields: [Option<(Field, Says, i32)>; FIELDS],
    /// Why a person decides whatever agrees.
    cap: Option<&'static str>,
}

impl Score {
    /// 0 to 1, rising with the points; ½ at the threshold. Not a probability.
    pub fn as_share(points: i32) -> f64 {
        1.0 / (1.0 + (-f64::from(points - THRESHOLD) / 200.0).exp())
    }
    /// The fields that speak, and what leaves the pair to a person, in words.
    pub fn why(&self) -> String {
        let fields = self.fields.iter().flatten().map(|(field, says, _)| format!("{}: {says}", field.name()));
        fields.chain(self.cap.map(str::to_owned)).collect::<Vec<_>>().join("; ")
    }
    /// The name of the rule: what the titles say, and the best of what supports them.
    pub fn rule(&self) -> &'static str {
        let agrees = |field: Field| self.fields[field as usize].is_some_and(|(.., points)| points > 0);
        let support = if agrees(Field::Pages) && (agrees(Field::Volume) || agrees(Field::Venue)) {
            0
        } else if agrees(Field::Doi) {
            1
        } else if agrees(Field::Abstract) {
            2
        } else {
            3
        };
        let names = match self.said(Field::Title) {
            Some(Says::Equal) => {
                ["same-title-and-place", "same-title-and-doi", "same-title-and-abstract", "same-title-and-fields"]
            }
            Some(Says::Within) => [
                "title-in-title-and-place",
                "title-in-title-and-doi",
                "title-in-title-and-abstract",
                "title-in-title-and-fields",
            ],
            Some(Says::Alike(_)) => [
                "similar-title-and-place",
                "similar-title-and-doi",
                "similar-title-and-abstract",
                "similar-title-and-fields",
            ],
            _ => ["other-title-same-pages"; 4],
        };
        names[support]
    }
    fn said(&self, field: Field) -> Option<Says> {
        self.fields[field as usize].map(|(_, says, _)| says)
    }
    fn add(&mut self, points: i32, field: Field, says: Says) {
        self.points += points;
        self.fields[field as usize] = Some((field, says, points));
    }
    fn field(&mut self, field: Field, agreement: Agreement, agrees: i32, differs: i32) {
        match agreement {
            Agreement::Agrees => self.add(agrees, field, Says::Equal),
            Agreement::Differs => self.add(differs, field, Says::Differs),
            Agreement::Unknown => {}
        }
    }
    /// Whatever else agrees, a person decides.
    fn cap(&mut self, why: &'static str) {
        self.points = self.points.min(THRESHOLD - 1);
        self.cap = Some(why);
    }
    fn title(&mut self, titles: TitleMatch, words: usize) {
        // An equal title of twelve words is rarely borne by two works; of two words often.
        let length = 200 * i32::try_from(words.min(12)).unwrap_or(12) / 12;
        if titles.similarity >= 1.0 {
            return self.add(500 + length, Field::Title, Says::Equal);
        }
        // Whole percent: the same on every machine.
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to 100")]
        let percent = (titles.similarity * 100.0).round() as u8;
        let length = if percent >= 93 { length } else { 0 };
        let alike = if titles.similarity < SIMILAR { 0 } else { (i32::from(percent) - 60) * 500 / 40 + length };
        if titles.contains && alike < 300 {
            self.add(300, Field::Title, Says::Within);
        } else if alike > 0 {
            self.add(alike, Field::Title, Says::Alike(percent));
        } else {
            self.add(0, Field::Title, Says::Translated);
        }
    }
    fn authors(&mut self, a: &Features, b: &Features) {
        if a.names.is_empty() || b.names.is_empty() {
            return;
        }
        let shared = a.names.shared(&b.names);
        let percent = 100 * shared / a.names.len().min(b.names.len());
        match (percent, shared) {
            (60.., 2..) => self.add(250, Field::Authors, Says::AuthorsAlike),
            (60.., _) => self.add(200, Field::Authors, Says::AuthorsAlike),
            (30.., _) => self.add(100, Field::Authors, Says::AuthorsPartlyAlike),
            _ => self.add(-300, Field::Authors, Says::Differs),
        }
    }
}

/// How two titles compare.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TitleMatch {
    /// 0 to 1.
    pub similarity: f64,
    /// One begins or ends with the whole of the other: a subtitle lost, a heading put before.
    pub contains: bool,
    /// Each has a word that the other has nothing like (`men` / `women`).
    pub substituted: bool,
}

/// Compares the titles of two records, taking the pair that fits best. Below `least` the similarity
/// is not worked out and stands as 0.
pub fn compare_titles(a: &Features, b: &Features, least: f64) -> Option<TitleMatch> {
    let pairs = a.titles.iter().flat_map(|one| b.titles.iter().map(move |other| (one, other)));
    pairs.map(|(one, other)| title_match(one, other, least)).max_by(|x, y| x.similarity.total_cmp(&y.similarity))
}

fn title_match(a: &Title, b: &Title, least: f64) -> TitleMatch {
    if a.compact() == b.compact() {
        return TitleMatch { similarity: 1.0, contains: false, substituted: false };
    }
    let contains = contains(a, b) || contains(b, a);
    let similarity =
        if a.likeness_at_most(b) < least { 0.0 } else { likeness(a.compact(), b.compact(), least).unwrap_or_default() };
    let substituted = similarity >= SIMILAR && unexplained(a, b) && unexplained(b, a);
    TitleMatch { similarity, contains, substituted }
}

/// Whether `long` begins with `short` (misprints aside) or ends with it.
fn contains(short: &Title, long: &Title) -> bool {
    let (short_text, long_text) = (short.compact(), long.compact());
    if short_text.len() > long_text.len() + 8 || short.words.len() < 4 {
        return false;
    }
    let length = short_text.chars().count();
    if length < 25 || length > long_text.chars().count() {
        return false;
    }
    if long_text.starts_with(short_text) || long_text.ends_with(short_text) {
        return true;
    }
    // Two titles that begin alike share their beginning's beginning, or that of what follows it.
    let beginning = beginning(long_text, length);
    let tail = length.min(12);
    (long_text.get(..6) == short_text.get(..6)
        || super::compact::end(beginning, tail) == super::compact::end(short_text, tail))
        && likeness(beginning, short_text, 0.95).is_some()
}

/// Whether `a` has a word of weight that `b` has nothing like, neither misspelt nor joined.
fn unexplained(a: &Title, b: &Title) -> bool {
    let known = |word: &str| b.words.iter().any(|other| other == word) || b.compact().contains(word);
    a.words
        .iter()
        .filter(|word| word.chars().count() > 3 && !known(word))
        .any(|word| !b.words.iter().any(|near| alike(word, near)))
}

/// Scores two records; `None` if their titles have nothing to do with each other.
pub fn score(a: &Features, b: &Features) -> Option<Score> {
    let titles = compare_titles(a, b, SIMILAR)?;
    let place = Place::of(a, b);
    // No two articles stand on the same several pages: an unlike title may be a translation.
    let same_span = place.same_span
        && place.issue != Agreement::Differs
        && (place.volume == Agreement::Agrees || place.venue == Agreement::Agrees);
    if titles.similarity < SIMILAR && !titles.contains && !same_span {
        return None;
    }
    let abstracts = compare_abstracts(a, b);
    let mut sum = Score::default();
    sum.title(titles, a.title_words().min(b.title_words()));
    sum.authors(a, b);
    let years_apart = a.years_apart(b);
    match years_apart {
        Some(0) => sum.add(100, Field::Year, Says::Equal),
        Some(1) => sum.add(30, Field::Year, Says::OneApart),
        Some(_) => sum.add(-200, Field::Year, Says::Differs),
        None => {}
    }
    sum.field(Field::Venue, place.venue, 150, -250);
    sum.field(Field::Volume, place.volume, 150, -150);
    sum.field(Field::Issue, place.issue, 50, -50);
    sum.field(Field::Pages, place.pages, if place.same_span { 350 } else { 250 }, -250);
    sum.field(Field::Doi, place.doi, 400, -200);
    sum.field(Field::Abstract, abstracts, 250, -100);

    let supported = place.pages == Agreement::Agrees || abstracts == Agreement::Agrees;
    if titles.substituted && !supported {
        sum.cap("words of the title differ");
    }
    let one_volume = place.venue == Agreement::Agrees && place.volume == Agreement::Agrees;
    match years_apart {
        Some(1) if !supported && place.venue != Agreement::Agrees => {
            sum.cap("years differ and nothing tells the place")
        }
        Some(2..) if !one_volume && place.pages != Agreement::Agrees => sum.cap("years differ"),
        _ => {}
    }
    // A venue's name in another language or script: two venues do not print one title by the same
    // authors in the same year under the same volume and issue.
    let translated_venue = titles.similarity >= 1.0
        && a.title_words().min(b.title_words()) >= 8
        && sum.said(Field::Authors) == Some(Says::AuthorsAlike)
        && years_apart == Some(0)
        && place.volume == Agreement::Agrees
        && place.issue == Agreement::Agrees
        && place.pages != Agreement::Differs
        && place.doi != Agreement::Differs;
    let other_venue = place.venue == Agreement::Differs && !translated_venue;
    if other_venue && place.pages != Agreement::Agrees && place.doi != Agreement::Agrees {
        sum.cap("venues differ");
    }
    if place.pages == Agreement::Differs && (place.volume != Agreement::Agrees || abstracts != Agreement::Agrees) {
        sum.cap("pages differ");
    }
    let generic = a.title().is_some_and(|title| title.generic) || b.title().is_some_and(|title| title.generic);
    let one_place = place.is_same() && place.venue != Agreement::Differs && place.issue != Agreement::Differs;
    let one_issue = one_volume && place.issue == Agreement::Agrees && place.pages != Agreement::Differs;
    let one_author = a.names.shared(&b.names) > 0;
    if generic && !((one_place || (one_issue && one_author)) && place.doi != Agreement::Differs) {
        sum.cap("a title that many documents bear");
    }
    Some(sum)
}

/// Whether two abstracts begin alike.
pub fn compare_abstracts(a: &Features, b: &Features) -> Agreement {
    if a.abstract_start.is_empty() || b.abstract_start.is_empty() {
        return Agreement::Unknown;
    }
    if a.abstract_start == b.abstract_start {
        return Agreement::Agrees;
    }
    let length = a.abstract_start.chars().count().min(b.abstract_start.chars().count());
    let similarity =
        likeness(beginning(&a.abstract_start, length), beginning(&b.abstract_start, length), 0.55).unwrap_or_default();
    match similarity {
        s if s >= 0.85 => Agreement::Agrees,
        s if s < 0.55 => Agreement::Differs,
        _ => Agreement::Unknown,
    }
}
