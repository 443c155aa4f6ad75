//! How much speaks for two titled records being one work, in hundredths of a point.
//!
//! Agreement adds, disagreement subtracts, an empty field does neither. The weights are the same
//! for every source and set; they say in numbers: an equal title of some length needs one more
//! thing that agrees and nothing that disagrees, a similar one needs several.

use std::collections::BTreeSet;

use rapidfuzz::fuzz;

use super::features::Features;
use super::fields::Agreement;
use super::title::Title;
use super::veto::Place;

/// From here on two records are one work.
pub const THRESHOLD: i32 = 850;
/// From here on a person might say so.
pub const POSSIBLE: i32 = 650;
/// Titles less similar than this are different titles.
const SIMILAR: f64 = 0.8;

/// One field of two records: what comparing it says and counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evidence {
    pub field: &'static str,
    pub says: String,
    /// Hundredths of a point.
    pub points: i32,
}

/// What a comparison found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Score {
    /// Hundredths of a point.
    pub points: i32,
    pub fields: Vec<Evidence>,
    /// Why a person decides whatever agrees: names of rules.
    pub caps: Vec<&'static str>,
}

impl Score {
    /// 0 to 1, rising with the points; ½ at the threshold. Not a probability.
    pub fn as_share(points: i32) -> f64 {
        1.0 / (1.0 + (-f64::from(points - THRESHOLD) / 200.0).exp())
    }
    /// The fields and caps in words.
    pub fn why(&self) -> String {
        let fields = self.fields.iter().map(|field| format!("{}: {}", field.field, field.says));
        fields.chain(self.caps.iter().map(|cap| (*cap).to_owned())).collect::<Vec<_>>().join("; ")
    }
    /// The name of the rule: what the titles say, and the best of what supports them.
    pub fn rule(&self) -> &'static str {
        let agrees = |name: &str| self.fields.iter().any(|field| field.field == name && field.points > 0);
        let title = self.fields.iter().find(|field| field.field == "title").map_or("", |field| field.says.as_str());
        let support = if agrees("pages") && (agrees("volume") || agrees("venue")) {
            0
        } else if agrees("doi") {
            1
        } else if agrees("abstract") {
            2
        } else {
            3
        };
        let names = match title {
            "equal" => {
                ["same-title-and-place", "same-title-and-doi", "same-title-and-abstract", "same-title-and-fields"]
            }
            "one within the other" => [
                "title-in-title-and-place",
                "title-in-title-and-doi",
                "title-in-title-and-abstract",
                "title-in-title-and-fields",
            ],
            title if title.ends_with("alike") => [
                "similar-title-and-place",
                "similar-title-and-doi",
                "similar-title-and-abstract",
                "similar-title-and-fields",
            ],
            _ => ["other-title-same-pages"; 4],
        };
        names[support]
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

/// Compares the titles of two records, taking the pair that fits best.
pub fn compare_titles(a: &Features, b: &Features) -> Option<TitleMatch> {
    let pairs = a.titles.iter().flat_map(|one| b.titles.iter().map(move |other| (one, other)));
    pairs.map(|(one, other)| title_match(one, other)).max_by(|x, y| x.similarity.total_cmp(&y.similarity))
}

fn title_match(a: &Title, b: &Title) -> TitleMatch {
    if a.compact == b.compact {
        return TitleMatch { similarity: 1.0, contains: false, substituted: false };
    }
    let contains = contains(a, b) || contains(b, a);
    let similarity = fuzz::ratio(a.compact.chars(), b.compact.chars());
    let substituted = similarity >= SIMILAR && unexplained(a, b) && unexplained(b, a);
    TitleMatch { similarity, contains, substituted }
}

/// Whether `long` begins with `short` (misprints aside) or ends with it.
fn contains(short: &Title, long: &Title) -> bool {
    let length = short.compact.chars().count();
    if length < 25 || short.words.len() < 4 || length > long.compact.chars().count() {
        return false;
    }
    let beginning: String = long.compact.chars().take(length).collect();
    long.compact.ends_with(&short.compact) || fuzz::ratio(beginning.chars(), short.compact.chars()) >= 0.95
}

/// Whether `a` has a word of weight that `b` has nothing like, neither misspelt nor joined.
fn unexplained(a: &Title, b: &Title) -> bool {
    let other: BTreeSet<&str> = b.words.iter().map(String::as_str).collect();
    a.words.iter().filter(|word| word.chars().count() > 3 && !other.contains(word.as_str())).any(|word| {
        !b.compact.contains(word.as_str()) && !other.iter().any(|near| fuzz::ratio(word.chars(), near.chars()) >= 0.7)
    })
}

/// Scores two records; `None` if their titles have nothing to do with each other.
pub fn score(a: &Features, b: &Features) -> Option<Score> {
    let titles = compare_titles(a, b)?;
    let place = Place::of(a, b);
    // No two articles stand on the same several pages: an unlike title may be a translation.
    let same_span = place.same_span
        && place.issue != Agreement::Differs
        && (place.volume == Agreement::Agrees || place.venue == Agreement::Agrees);
    if titles.similarity < SIMILAR && !titles.contains && !same_span {
        return None;
    }
    let abstracts = compare_abstracts(a, b);
    let mut sum = Sum::default();
    let words = |features: &Features| features.title().map_or(0, |title| title.words.len());
    sum.title(titles, words(a).min(words(b)));
    sum.authors(a, b);
    let years_apart = a.years_apart(b);
    match years_apart {
        Some(0) => sum.add(100, "year", "equal"),
        Some(1) => sum.add(30, "year", "one apart"),
        Some(_) => sum.add(-200, "year", "differs"),
        None => {}
    }
    sum.field("venue", place.venue, 150, -250);
    sum.field("volume", place.volume, 150, -150);
    sum.field("issue", place.issue, 50, -50);
    sum.field("pages", place.pages, if place.same_span { 350 } else { 250 }, -250);
    sum.field("doi", place.doi, 400, -200);
    sum.field("abstract", abstracts, 250, -100);

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
    if place.venue == Agreement::Differs && place.pages != Agreement::Agrees && place.doi != Agreement::Agrees {
        sum.cap("venues differ");
    }
    if place.pages == Agreement::Differs && (place.volume != Agreement::Agrees || abstracts != Agreement::Agrees) {
        sum.cap("pages differ");
    }
    let generic = a.title().is_some_and(|title| title.generic) || b.title().is_some_and(|title| title.generic);
    let one_place = place.is_same() && place.venue != Agreement::Differs && place.issue != Agreement::Differs;
    let one_issue = one_volume && place.issue == Agreement::Agrees && place.pages != Agreement::Differs;
    let one_author = !a.names.is_disjoint(&b.names);
    if generic && !((one_place || (one_issue && one_author)) && place.doi != Agreement::Differs) {
        sum.cap("a title that many documents bear");
    }
    Some(Score { points: sum.points, fields: sum.fields, caps: sum.caps })
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
    let cut = |text: &str| text.chars().take(length).collect::<Vec<char>>();
    let similarity = fuzz::ratio(cut(&a.abstract_start), cut(&b.abstract_start));
    match similarity {
        s if s >= 0.85 => Agreement::Agrees,
        s if s < 0.55 => Agreement::Differs,
        _ => Agreement::Unknown,
    }
}

#[derive(Default)]
struct Sum {
    points: i32,
    fields: Vec<Evidence>,
    caps: Vec<&'static str>,
}

impl Sum {
    fn add(&mut self, points: i32, field: &'static str, says: &str) {
        self.points += points;
        self.fields.push(Evidence { field, says: says.to_owned(), points });
    }
    fn field(&mut self, name: &'static str, agreement: Agreement, agrees: i32, differs: i32) {
        match agreement {
            Agreement::Agrees => self.add(agrees, name, "equal"),
            Agreement::Differs => self.add(differs, name, "differs"),
            Agreement::Unknown => {}
        }
    }
    /// Whatever else agrees, a person decides.
    fn cap(&mut self, why: &'static str) {
        self.points = self.points.min(THRESHOLD - 1);
        self.caps.push(why);
    }
    fn title(&mut self, titles: TitleMatch, words: usize) {
        // An equal title of twelve words is rarely borne by two works; of two words often.
        let length = 200 * i32::try_from(words.min(12)).unwrap_or(12) / 12;
        if titles.similarity >= 1.0 {
            return self.add(500 + length, "title", "equal");
        }
        // Whole percent: the same on every machine.
        #[expect(clippy::cast_possible_truncation, reason = "0 to 100")]
        let percent = (titles.similarity * 100.0).round() as i32;
        let length = if percent >= 93 { length } else { 0 };
        let alike = if titles.similarity < SIMILAR { 0 } else { (percent - 60) * 500 / 40 + length };
        if titles.contains && alike < 300 {
            self.add(300, "title", "one within the other");
        } else if alike > 0 {
            self.add(alike, "title", &format!("{percent} % alike"));
        } else {
            self.add(0, "title", "differs (a translation?), but the same pages");
        }
    }
    fn authors(&mut self, a: &Features, b: &Features) {
        if a.names.is_empty() || b.names.is_empty() {
            return;
        }
        let shared = a.names.iter().filter(|name| b.names.contains(*name)).count();
        let fewest = a.names.len().min(b.names.len());
        let percent = 100 * shared / fewest;
        match (percent, shared) {
            (60.., 2..) => self.add(250, "authors", "alike"),
            (60.., _) => self.add(200, "authors", "alike"),
            (30.., _) => self.add(100, "authors", "partly alike"),
            _ => self.add(-300, "authors", "differ"),
        }
    }
}
