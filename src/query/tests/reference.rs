//! A slow matcher that does what the documentation says and nothing else, and the fast one beside it.

use std::collections::BTreeSet;

use proptest::prelude::*;
use regex::Regex;

use super::super::field::{Field, Scope};
use super::super::term::{Joint, Term};
use super::super::tree::{Kind, Node, Tree};
use super::super::{Fields, Hit, Matcher};
use super::properties;
use crate::model::{PartialDate, Truth};

/// Ways to write the same letters; the first is how they are folded.
const LETTERS: [&[&str]; 9] = [
    &["a", "A", "á", "a\u{301}", "Ａ"],
    &["b", "B", "b\u{ad}"],
    &["ss", "ß", "SS", "ẞ"],
    &["ae", "æ", "Æ"],
    &["α", "Α", "ά"],
    &["и", "й", "И\u{306}"],
    &["9", "⁹"],
    &["fi", "ﬁ"],
    &["中"],
];

/// Writes the letters a, b, c and d of a text in other ways: which, `choice` says by turns.
fn respelled(text: &str, letters: [usize; 4], choice: &mut impl FnMut() -> usize) -> String {
    let mut out = String::new();
    for c in text.chars() {
        match c {
            'a'..='d' => {
                let ways = LETTERS[letters[c as usize - 'a' as usize]];
                out.push_str(ways[choice() % ways.len()]);
            }
            other => out.push(other),
        }
    }
    out
}

fn respell(node: &mut Node, letters: [usize; 4], choice: &mut impl FnMut() -> usize) {
    match &mut node.kind {
        Kind::Term(term) => {
            for word in &mut term.words {
                // What a wildcard means beside signs without spaces is not said.
                let has_wildcard = word.has_wildcard();
                let letters = letters.map(|class| if has_wildcard { class.min(LETTERS.len() - 2) } else { class });
                word.text = respelled(&word.text, letters, choice);
            }
        }
        Kind::Heading(heading) => heading.name = respelled(&heading.name, letters, choice),
        Kind::And(nodes) | Kind::Or(nodes) => nodes.iter_mut().for_each(|node| respell(node, letters, choice)),
        Kind::Not(node) | Kind::Limit { node, .. } => respell(node, letters, choice),
        Kind::Near { left, right, .. } => {
            respell(left, letters, choice);
            respell(right, letters, choice);
        }
        Kind::Dates(_) | Kind::Native(_) => {}
    }
}

/// One sign of a text, folded.
fn folded(c: char) -> String {
    let plain = match c {
        'á' | 'Ａ' => "a",
        'ß' | 'ẞ' => "ss",
        'æ' | 'Æ' => "ae",
        'Α' | 'ά' => "α",
        'й' | 'И' => "и",
        '⁹' => "9",
        'ﬁ' => "fi",
        '’' => "'",
        '\u{301}' | '\u{306}' | '\u{ad}' => "",
        '中' => " 中 ",
        other => return other.to_lowercase().collect(),
    };
    plain.to_owned()
}

#[derive(Clone, Debug)]
struct Word {
    text: String,
    start: usize,
    end: usize,
    position: usize,
}

/// The words of a text.
fn words(text: &str) -> Vec<Word> {
    let mut words: Vec<Word> = Vec::new();
    let mut inside = false;
    let mut position = 0;
    for (at, c) in text.char_indices() {
        let end = at + c.len_utf8();
        let folded = folded(c);
        if folded.is_empty() {
            // A mark belongs to the letter before it.
            if let Some(last) = words.last_mut().filter(|last| last.end == at) {
                last.end = end;
            }
            continue;
        }
        for letter in folded.chars() {
            if !letter.is_alphanumeric() {
                inside = false;
                continue;
            }
            if !inside {
                words.push(Word { text: String::new(), start: at, end, position });
                position += 1;
                inside = true;
            }
            let last = words.last_mut().unwrap();
            last.text.push(letter);
            last.end = end;
        }
    }
    // The s of a possessive is not counted.
    let mut less = 0;
    for at in 0..words.len() {
        let before = &text[..words[at].start];
        let apostrophe = before.strip_suffix('\'').or_else(|| before.strip_suffix('’'));
        let letter = apostrophe.and_then(|before| before.chars().rfind(|c| !folded(*c).is_empty()));
        // A sign of a script without spaces stands apart.
        let possessive = letter.is_some_and(|c| folded(c).ends_with(char::is_alphanumeric));
        less += usize::from(words[at].text == "s" && possessive);
        words[at].position -= less;
    }
    words
}

/// The ways to write a term: its ties apart or together, each word a pattern.
fn forms(term: &Term) -> Vec<Vec<Regex>> {
    let mut forms: Vec<Vec<String>> = vec![Vec::new()];
    for (at, word) in term.words.iter().enumerate() {
        let mut more = Vec::new();
        for form in &forms {
            let mut apart = form.clone();
            apart.push(word.text.clone());
            more.push(apart);
            if at > 0 && matches!(word.joint, Joint::Hyphen | Joint::Apostrophe) {
                let mut together = form.clone();
                together.last_mut().unwrap().push_str(&word.text);
                more.push(together);
            }
        }
        forms = more;
    }
    let pattern = |word: &str| {
        let folded: String = word.chars().map(folded).collect();
        let pieces = folded.split_whitespace().map(|piece| {
            format!("^{}$", regex::escape(piece).replace("\\*", ".*").replace("\\?", ".").replace("\\$", ".?"))
        });
        pieces.collect::<Vec<_>>()
    };
    let compiled = |word: &String| pattern(word).into_iter().map(|word| Regex::new(&word).unwrap()).collect::<Vec<_>>();
    forms.iter().map(|form| form.iter().flat_map(compiled).collect()).collect()
}

/// A text of a record: a field's, or one of the keywords.
struct Text {
    field: &'static str,
    base: usize,
    words: Vec<Word>,
}

/// A place: first and last word, and the parts of the text that make it up.
type Place = (usize, usize, BTreeSet<(String, usize, usize)>);

fn places_of_term(term: &Term, text: &Text) -> Vec<Place> {
    let mut places = Vec::new();
    for form in forms(term) {
        for window in text.words.windows(form.len()) {
            if form.iter().zip(window).all(|(wanted, word)| wanted.is_match(&word.text)) {
                let (first, last) = (&window[0], &window[window.len() - 1]);
                let part = (term.text(), text.base + first.start, text.base + last.end);
                places.push((first.position, last.position, BTreeSet::from([part])));
            }
        }
    }
    places
}

fn places(node: &Node, text: &Text) -> Vec<Place> {
    match &node.kind {
        Kind::Term(term) => places_of_term(term, text),
        Kind::Or(nodes) => nodes.iter().flat_map(|node| places(node, text)).collect(),
        Kind::Near { distance, ordered, left, right } => {
            let (lefts, rights) = (places(left, text), places(right, text));
            let near = |one: &Place, other: &Place| other.0 > one.1 && other.0 - one.1 - 1 <= usize::from(*distance);
            let mut pairs = Vec::new();
            for one in &lefts {
                for other in &rights {
                    if near(one, other) || !ordered && near(other, one) {
                        let parts = one.2.union(&other.2).cloned().collect();
                        pairs.push((one.0.min(other.0), one.1.max(other.1), parts));
                    }
                }
            }
            pairs
        }
        other => panic!("no operand of NEAR: {other:?}"),
    }
}

/// A record, as a platform's documentation would speak of it.
struct Reference<'a> {
    fields: Fields<'a>,
    texts: Vec<Text>,
    hits: BTreeSet<(&'static str, String, usize, usize)>,
}

impl<'a> Reference<'a> {
    fn new(fields: Fields<'a>) -> Self {
        let mut texts = Vec::new();
        let mut add = |field, base, text: &str| {
            if !text.trim().is_empty() {
                texts.push(Text { field, base, words: words(text) });
            }
        };
        add("title", 0, fields.title.unwrap_or_default());
        add("abstract", 0, fields.abstract_text.unwrap_or_default());
        let mut base = 0;
        for keyword in fields.keywords.unwrap_or_default() {
            add("keywords", base, keyword);
            base += keyword.len() + 2;
        }
        add("fulltext", 0, fields.full_text.unwrap_or_default());
        Self { fields, texts, hits: BTreeSet::new() }
    }

    fn has(&self, field: &str) -> bool {
        self.texts.iter().any(|text| text.field == field)
    }

    fn value(&mut self, node: &Node, scope: Scope, shown: bool) -> Truth {
        match &node.kind {
            Kind::Term(_) | Kind::Near { .. } => self.words(node, scope, shown),
            Kind::And(nodes) => nodes.iter().fold(Truth::True, |all, node| all.and(self.value(node, scope, shown))),
            Kind::Or(nodes) => nodes.iter().fold(Truth::False, |any, node| any.or(self.value(node, scope, shown))),
            Kind::Not(node) => !self.value(node, scope, false),
            Kind::Limit { scope, node } => self.value(node, *scope, shown),
            Kind::Heading(heading) => {
                let wanted = words(&heading.name).into_iter().map(|word| word.text).collect::<Vec<_>>();
                let mut base = 0;
                let mut value = Truth::Unknown;
                for keyword in self.fields.keywords.unwrap_or_default() {
                    let mut parts = keyword.split('/');
                    let said = words(parts.next().unwrap());
                    let parts: Vec<String> = parts.map(|part| part.trim_matches('*').to_owned()).collect();
                    let subheading = heading.subheadings.is_empty()
                        || heading.subheadings.iter().any(|wanted| parts.contains(wanted));
                    if said.iter().map(|word| &word.text).eq(&wanted)
                        && subheading
                        && (!heading.major || keyword.contains('*'))
                    {
                        value = Truth::True;
                        let place = (base + said[0].start, base + said[said.len() - 1].end);
                        if shown {
                            let term = heading.term().unwrap().text();
                            self.hits.insert(("keywords", term, place.0, place.1));
                        }
                    }
                    base += keyword.len() + 2;
                }
                value
            }
            Kind::Dates(_) if self.fields.dates.is_empty() => Truth::Unknown,
            Kind::Dates(dates) => {
                self.fields.dates.iter().fold(Truth::False, |value, date| value.or(dates.holds(*date)))
            }
            Kind::Native(_) => Truth::Unknown,
        }
    }

    fn words(&mut self, node: &Node, scope: Scope, shown: bool) -> Truth {
        let names = ["title", "abstract", "keywords", "fulltext"];
        let looked_at: Vec<&str> = match scope {
            Scope::Default | Scope::All => names.to_vec(),
            Scope::Named(set) => set.fields().map(Field::name).collect(),
        };
        let mut found = false;
        for text in self.texts.iter().filter(|text| looked_at.contains(&text.field)) {
            for (_, _, parts) in places(node, text) {
                found = true;
                if shown {
                    self.hits.extend(parts.into_iter().map(|(term, start, end)| (text.field, term, start, end)));
                }
            }
        }
        let known = match scope {
            Scope::Default => self.has("fulltext") || self.has("title") && self.has("abstract"),
            Scope::All => self.has("fulltext"),
            Scope::Named(_) => looked_at.iter().all(|field| self.has(field)),
        };
        match (found, known) {
            (true, _) => Truth::True,
            (false, true) => Truth::False,
            (false, false) => Truth::Unknown,
        }
    }

    /// Of what begins at one place with one term the longest.
    fn hits(&self) -> BTreeSet<(&'static str, String, usize, usize)> {
        let longer = |one: &(&str, String, usize, usize)| {
            self.hits.iter().any(|other| (other.0, &other.1, other.2) == (one.0, &one.1, one.2) && other.3 > one.3)
        };
        self.hits.iter().filter(|hit| !longer(hit)).cloned().collect()
    }
}

fn text() -> impl Strategy<Value = String> {
    let mark =
        prop_oneof![6 => Just(" "), 1 => Just("-"), 1 => Just("’"), 1 => Just(". "), 1 => Just("'s "), 1 => Just("")];
    let word = prop_oneof![6 => "[ab]{4}[cd]{0,2}", 1 => Just("zzz".to_owned())];
    prop::collection::vec((word, mark), 0..14)
        .prop_map(|words| words.into_iter().flat_map(|(word, mark)| [word, mark.to_owned()]).collect())
}

fn keyword() -> impl Strategy<Value = String> {
    "\\*?[ab]{4}( [ab]{4}[cd]?)?(/\\*?[cd]{2})?"
}

proptest! {
    #[test]
    fn the_matcher_is_the_slow_one(
        tree in properties::tree(),
        letters in [0..LETTERS.len(), 0..LETTERS.len(), 0..LETTERS.len(), 0..LETTERS.len()],
        seed in any::<u64>(),
        texts in (prop::option::of(text()), prop::option::of(text()), prop::option::weighted(0.2, text())),
        keywords in prop::option::of(prop::collection::vec(keyword(), 0..4)),
        years in prop::collection::vec(2018..2025_i32, 0..3),
    ) {
        let mut state = seed;
        let mut choice = || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) as usize
        };
        let mut tree: Tree = tree;
        respell(&mut tree.root, letters, &mut choice);
        let mut spell = |text: Option<String>| text.map(|text| respelled(&text, letters, &mut choice));
        let (title, abstract_text, full_text) = (spell(texts.0), spell(texts.1), spell(texts.2));
        // Subheadings stay as they are: they are told by their own words.
        let keywords: Option<Vec<String>> = keywords.map(|keywords| {
            keywords.into_iter().map(|keyword| match keyword.split_once('/') {
                Some((heading, rest)) => format!("{}/{rest}", spell(Some(heading.to_owned())).unwrap()),
                None => spell(Some(keyword)).unwrap(),
            }).collect()
        });
        let dates: Vec<PartialDate> = years.into_iter().filter_map(|year| PartialDate::new(year, None, None)).collect();
        let fields = Fields {
            title: title.as_deref(),
            abstract_text: abstract_text.as_deref(),
            keywords: keywords.as_deref(),
            full_text: full_text.as_deref(),
            dates: &dates,
            ..Fields::default()
        };
        let mut reference = Reference::new(fields);
        let value = reference.value(&tree.root, Scope::Default, true);
        let matcher = Matcher::new(&tree);
        let found = matcher.evaluate(&fields);
        prop_assert_eq!(found.value, value, "{}\n{:?}", tree, fields);
        prop_assert_eq!(matcher.truth(&fields), value, "{}\n{:?}", tree, fields);
        let hits: BTreeSet<_> =
            found.hits.iter().map(|Hit { field, term, start, end }| (*field, term.clone(), *start, *end)).collect();
        prop_assert_eq!(hits.len(), found.hits.len(), "no hit twice: {:?}", found.hits);
        prop_assert_eq!(hits, reference.hits(), "{}\n{:?}", tree, fields);
    }
}
