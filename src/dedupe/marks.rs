//! Words by which a title announces a notice, or turns out to be a mere heading.

/// Words by which a title says that it is about another document, or not the document itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Mark {
    Reply,
    Comment,
    Erratum,
    Retraction,
    Withdrawn,
    Protocol,
    Letter,
    BookReview,
}

impl Mark {
    /// The name of the rule by which only one of two records has it.
    pub fn rule(self) -> &'static str {
        match self {
            Self::Reply => "only-one-reply",
            Self::Comment => "only-one-comment",
            Self::Erratum => "only-one-erratum",
            Self::Retraction => "only-one-retraction",
            Self::Withdrawn => "only-one-withdrawn",
            Self::Protocol => "only-one-protocol",
            Self::Letter => "only-one-letter",
            Self::BookReview => "only-one-book-review",
        }
    }
    /// The mark in words.
    pub fn name(self) -> &'static str {
        match self {
            Self::Reply => "a reply",
            Self::Comment => "a comment",
            Self::Erratum => "an erratum",
            Self::Retraction => "a retraction",
            Self::Withdrawn => "withdrawn",
            Self::Protocol => "a protocol",
            Self::Letter => "a letter",
            Self::BookReview => "a book review",
        }
    }
}

/// The marks that a title's words are.
pub fn marks_of(words: &[String], text: &str) -> Vec<Mark> {
    let word = |index: usize| words.get(index).map_or("", String::as_str);
    let mut marks = Vec::new();
    let re = word(0) == "re" && text.trim_start().get(2..3) == Some(":");
    if re || matches!(word(0), "reply" | "rejoinder") || (word(0) == "response" && word(1) == "to") {
        marks.push(Mark::Reply);
    }
    let says_reply = |pair: &[String]| {
        matches!(pair[0].as_str(), "author" | "authors" | "in" | "s")
            && matches!(pair[1].as_str(), "reply" | "response")
    };
    if words.windows(2).any(says_reply) && words.len() < 8 {
        marks.push(Mark::Reply);
    }
    if matches!(word(0), "comment" | "comments" | "commentary") {
        marks.push(Mark::Comment);
    }
    let corrects = |word: &str| matches!(word, "erratum" | "errata" | "corrigendum" | "corrigenda" | "addendum");
    if words.iter().any(|word| corrects(word))
        || matches!(word(0), "correction" | "corrections")
        || (matches!(word(0), "author" | "publisher") && word(1) == "correction")
    {
        marks.push(Mark::Erratum);
    }
    if word(0) == "retraction" || (word(0) == "expression" && word(2) == "concern") {
        marks.push(Mark::Retraction);
    }
    if word(0) == "withdrawn" {
        marks.push(Mark::Withdrawn);
    }
    let near_the_end = words.len().saturating_sub(5);
    if words.iter().skip(near_the_end).any(|word| word == "protocol")
        || words
            .windows(2)
            .any(|pair| matches!(pair[0].as_str(), "study" | "trial" | "review") && pair[1] == "protocol")
    {
        marks.push(Mark::Protocol);
    }
    if word(0) == "letter" && words.len() < 8 {
        marks.push(Mark::Letter);
    }
    if word(0) == "book" && word(1).starts_with("review") {
        marks.push(Mark::BookReview);
    }
    marks
}

/// A title that many documents bear: a heading rather than a name.
pub fn is_generic(words: &[String]) -> bool {
    const HEADINGS: &[&str] = &[
        "editorial",
        "editorials",
        "introduction",
        "preface",
        "foreword",
        "contents",
        "index",
        "news",
        "abstracts",
        "abstract",
        "letter",
        "letters",
        "comment",
        "commentary",
        "reply",
        "discussion",
        "announcement",
        "announcements",
        "erratum",
        "errata",
        "correction",
        "corrections",
        "corrigendum",
        "obituary",
        "correspondence",
        "proceedings",
        "book",
        "review",
        "reviews",
        "notes",
        "note",
        "summary",
        "conclusion",
        "conclusions",
        "response",
        "acknowledgments",
        "acknowledgements",
        "miscellaneous",
        "overview",
        "editor",
        "editors",
        "from",
        "guest",
        "this",
        "issue",
        "special",
        "call",
        "papers",
        "table",
        "author",
        "authors",
        "reviewers",
        "members",
        "board",
    ];
    const FILLERS: &[&str] =
        &["the", "to", "of", "a", "an", "and", "in", "for", "s", "on", "about", "comments", "letter", "section"];
    let plain = |word: &String| {
        HEADINGS.contains(&word.as_str())
            || FILLERS.contains(&word.as_str())
            || word.chars().all(|c| c.is_ascii_digit())
    };
    let word = |index: usize| words.get(index).map_or("", String::as_str);
    let opens_a_collection = word(0) == "introduction"
        && words.iter().any(|word| matches!(word.as_str(), "minitrack" | "issue" | "section" | "track" | "volume"));
    let joined = words.join(" ");
    let column = ["editor s comments", "from the editor", "remarks from", "editor s introduction"];
    words.len() == 1
        || column.iter().any(|column| joined.contains(column))
        || words.iter().all(plain)
        || opens_a_collection
        || (word(0) == "book" && word(1).starts_with("review"))
}
