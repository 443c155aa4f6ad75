//! Lists of authors in one field.

use crate::model::Author;

/// What stands between the names of a field that holds a whole list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Separator {
    Semicolon,
    Bar,
    /// The word `and`, as in `BibTeX`.
    And,
    /// Between whole names (`Smith JA, Jones B`); a name of the shape `Smith, J.` is not possible then.
    Comma,
    /// Nothing at all stands between names: `Andy SmithTom Weber`, as Springer writes them.
    Glued,
    /// The field is one name.
    Nothing,
}

/// What separates the names of a column, judged by all its values together, since one alone
/// (`Garcia Lopez, Maria Jose`) often cannot tell.
pub(super) fn separator<'a>(values: impl Iterator<Item = &'a str>) -> Separator {
    let values: Vec<String> = values.map(crate::text::squeeze).filter(|value| !value.is_empty()).collect();
    let filled = values.iter().map(String::as_str);
    let total = filled.clone().count();
    let share = |test: &dyn Fn(&str) -> bool| filled.clone().filter(|value| test(value)).count() * 5 >= total.max(1);
    if share(&|value| value.contains(';')) {
        Separator::Semicolon
    } else if share(&|value| value.contains('|')) {
        Separator::Bar
    } else if share(&is_and_list) {
        Separator::And
    } else if share(&is_comma_list) {
        Separator::Comma
    } else {
        Separator::Nothing
    }
}

/// Whether `and` stands between all names: each piece has the comma of one name, or none has any.
fn is_and_list(value: &str) -> bool {
    let commas = |piece: &str| piece.matches(',').count();
    let pieces: Vec<&str> = value.split(" and ").collect();
    pieces.len() > 1 && (pieces.iter().all(|piece| commas(piece) == 1) || pieces.iter().all(|piece| commas(piece) == 0))
}

/// Whether commas stand between names rather than within them: most pieces are whole names.
fn is_comma_list(value: &str) -> bool {
    let pieces: Vec<&str> = value.split(',').map(str::trim).filter(|piece| !piece.is_empty()).collect();
    let whole = pieces.iter().filter(|piece| piece.contains(' ')).count();
    pieces.len() > 1 && whole * 10 >= pieces.len() * 6
}

/// The names of a list.
pub(super) fn split(value: &str, separator: Separator) -> Vec<Author> {
    if let Some(names) = bracketed(value) {
        return names.iter().filter_map(|name| one(name)).collect();
    }
    let names: Vec<&str> = match separator {
        Separator::Semicolon => value.split(';').collect(),
        Separator::Bar => value.split('|').collect(),
        Separator::And => value.split(" and ").collect(),
        Separator::Comma => {
            // The full stop ends the list, unless the names have their own.
            let own = value.split(',').next().is_some_and(|name| name.trim().ends_with('.'));
            let value = if own { value } else { value.trim_end().trim_end_matches('.') };
            value.split(',').flat_map(|piece| piece.split(" and ")).collect()
        }
        Separator::Glued => unglued(value),
        Separator::Nothing => vec![value],
    };
    names.into_iter().filter_map(one).collect()
}

/// Parts names where a small letter meets a capital, but for `McDonald`, `DeVries` and their like.
fn unglued(value: &str) -> Vec<&str> {
    const STARTS: [&str; 12] = ["Mc", "Mac", "De", "Di", "Du", "Da", "La", "Le", "Van", "Von", "Fitz", "Del"];
    let (mut names, mut from) = (Vec::new(), 0);
    let mut previous = ' ';
    for (at, c) in value.char_indices() {
        if c.is_uppercase() && (previous.is_lowercase() || previous == '.') {
            let word = value[from..at].rsplit([' ', '-']).next().unwrap_or_default();
            if !STARTS.contains(&word) && (previous != '.' || word.chars().count() > 3) {
                names.push(&value[from..at]);
                from = at;
            }
        }
        previous = c;
    }
    names.push(&value[from..]);
    names
}

/// A list as Python prints it: `['Marx, Karl', "O'Neil, A"]`.
pub(super) fn bracketed(value: &str) -> Option<Vec<String>> {
    let inner = value.trim().strip_prefix('[')?.strip_suffix(']')?;
    let mut names = Vec::new();
    let mut rest = inner.trim_start();
    while let Some(quote) = rest.chars().next().filter(|c| matches!(c, '\'' | '"')) {
        let end = rest[1..].find(quote)? + 1;
        names.push(rest[1..end].to_owned());
        rest = rest[end + 1..].trim_start_matches([',', ' ']);
    }
    (rest.trim().is_empty() && !names.is_empty()).then_some(names)
}

/// One name; `et al.`, dots and empty names are none. A name that ends with a comma or holds a word
/// that only groups have is a group's.
pub(super) fn one(name: &str) -> Option<Author> {
    // Scopus adds its author ids in brackets, Zoological Record addresses; Lens writes a missing given
    // name as `null`.
    let name = match name.rsplit_once('(') {
        Some((before, id)) if id.trim_end().trim_end_matches(')').chars().all(|c| c.is_ascii_digit()) => before,
        Some((before, address)) if address.contains('@') && !address.contains(' ') => before,
        _ => name,
    };
    let name = name.trim();
    let name = name.strip_prefix("null ").unwrap_or(name).trim_matches(|c: char| c.is_whitespace() || c == ';');
    let bare = name.trim_matches([',', '.', '…', ' ']).to_lowercase();
    if !bare.chars().any(char::is_alphanumeric) || matches!(bare.as_str(), "et al" | "others" | "anonymous" | "anon") {
        return None;
    }
    let name = name.strip_prefix("and ").unwrap_or(name);
    let group = name.trim_end_matches(',');
    if (name.ends_with(',') && group.contains(' ') && !group.contains(',')) || is_group(group) {
        return Some(Author::collective(&group.split_whitespace().collect::<Vec<_>>().join(" ")));
    }
    Author::read(name)
}

/// The author of `Smith (2021)`, `Smith and Jones (2021)`, `Smith et al. (2021)`: the first.
pub(super) fn cited(text: &str) -> Option<Author> {
    let (name, year) = text.trim().strip_suffix(')')?.rsplit_once(" (")?;
    let good = year.len() == 4 && year.chars().all(|c| c.is_ascii_digit());
    let name = name.split(" and ").next()?.trim_end_matches("et al.").trim_end_matches("et al").trim();
    (good && !name.is_empty()).then(|| Author { family: name.to_owned(), ..Author::default() })
}

fn is_group(name: &str) -> bool {
    const WORDS: [&str; 24] = [
        "group",
        "consortium",
        "collaboration",
        "collaborators",
        "committee",
        "society",
        "association",
        "department",
        "university",
        "network",
        "organization",
        "organisation",
        "institute",
        "council",
        "foundation",
        "team",
        "investigators",
        "ministry",
        "agency",
        "centre",
        "commission",
        "trust",
        "office",
        "federation",
    ];
    let words: Vec<String> = name.split(|c: char| !c.is_alphanumeric()).map(str::to_lowercase).collect();
    // The ends of these words may be a family name, but no given name stands with them.
    !name.contains(',') && words.len() > 2 && words.iter().any(|word| WORDS.contains(&word.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn families(value: &str, separator: Separator) -> Vec<String> {
        split(value, separator).iter().map(Author::display).collect()
    }

    #[test]
    fn separators_are_told_by_the_whole_column() {
        for (values, expected) in [
            (vec!["Yang, Z.; Jiang, B.", "Garcia Lopez, Maria Jose"], Separator::Semicolon),
            (vec!["Massimo Aria|Corrado Cuccurullo"], Separator::Bar),
            (vec!["Yang, Z. and Jiang, B.", "Smith, A."], Separator::And),
            (vec!["Griffin DK, Larkin DM, O'Connor RE."], Separator::Comma),
            (vec!["Longrich, N.R.\n and Bardet, N.\n and Khaldoun, F."], Separator::And),
            (vec!["Smith JA, Jones B and Brown C"], Separator::Comma),
            (vec!["Smith, John A."], Separator::Nothing),
        ] {
            assert_eq!(separator(values.iter().copied()), expected, "{values:?}");
        }
    }

    #[test]
    fn names_come_apart() {
        assert_eq!(families("Griffin DK, Larkin DM, ...", Separator::Comma), ["Griffin, DK", "Larkin, DM"]);
        assert_eq!(
            families("Liu, Fengyuan (60410297700); null Walcher", Separator::Semicolon),
            ["Liu, Fengyuan", "Walcher"]
        );
        assert_eq!(families("Griffin DK, O'Connor RE.", Separator::Comma), ["Griffin, DK", "O'Connor, RE"]);
        assert_eq!(
            families("Araz R. AlievNigar T. McDonald", Separator::Glued),
            ["Aliev, Araz R.", "McDonald, Nigar T."]
        );
        assert_eq!(families("['Marx, Karl', \"O'Neil, A\"]", Separator::Nothing), ["Marx, Karl", "O'Neil, A"]);
        assert!(one("World Health Organization,").is_some_and(|author| author.collective));
        assert!(one("et al.").is_none());
        let family = |text: &str| cited(text).map(|author| author.family);
        assert_eq!(family("van Dale et al. (2021)").as_deref(), Some("van Dale"));
        assert_eq!(family("A title of 2021"), None);
    }
}
