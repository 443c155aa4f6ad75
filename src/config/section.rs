//! One table of the config: every value is asked for by name and type, and an unknown name is a
//! mistake.

use std::ops::{Range, RangeInclusive};

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::names::{list, nearest};
use super::reader::{Reader, SECRET_KEYS};

/// A text of the config, and where it stands.
#[derive(Clone, Debug)]
pub(super) struct Text {
    pub value: String,
    pub span: Range<usize>,
}

/// A table of the config.
pub(super) struct Section<'a> {
    pub reader: &'a Reader,
    table: &'a DeTable<'a>,
    /// Its header.
    pub span: Range<usize>,
    /// What messages call it.
    pub name: String,
    /// The known keys that unknown ones seem to mean.
    meant: Vec<String>,
}

impl<'a> Section<'a> {
    /// A table whose only keys are `known`; every other is told as a mistake.
    pub fn open(
        reader: &'a Reader,
        name: impl Into<String>,
        span: Range<usize>,
        table: &'a DeTable<'a>,
        known: &[&str],
    ) -> Self {
        let mut section = Self { reader, table, span, name: name.into(), meant: Vec::new() };
        for key in table.keys() {
            let word: &str = key.get_ref();
            if !known.contains(&word) {
                section.unknown(word, &key.span(), known);
                section.meant.extend(nearest(word, known.iter().copied()).map(str::to_owned));
            }
        }
        section
    }

    fn unknown(&self, word: &str, span: &Range<usize>, known: &[&str]) {
        if SECRET_KEYS.contains(&word.to_lowercase().as_str()) {
            let remedy = if known.contains(&"key_env") {
                "name an environment variable with key_env, and keep the key there"
            } else {
                "name an environment variable with key_env in [sources.ID], and keep the key there"
            };
            self.reader.error(span, format!("`{word}`: a key never stands in config.toml"), remedy);
            return;
        }
        let remedy = match nearest(word, known.iter().copied()) {
            Some(name) => format!("did you mean `{name}`?"),
            None => format!("known here: {}", known.join(", ")),
        };
        self.reader.error(span, format!("unknown key `{word}` in {}", self.name), remedy);
    }

    /// Whether the key is there, whatever its value.
    pub fn has(&self, key: &str) -> bool {
        self.table.contains_key(key)
    }

    /// Whether the key is missing, and not only misspelt: that was told already.
    pub fn lacks(&self, key: &str) -> bool {
        !self.has(key) && !self.meant.iter().any(|meant| meant == key)
    }

    /// The span of a key's value, or of the header where the key is absent.
    pub fn span_of(&self, key: &str) -> Range<usize> {
        self.table.get(key).map_or_else(|| self.span.clone(), Spanned::span)
    }

    fn wrong(&self, key: &str, value: &Spanned<DeValue<'_>>, wanted: &str, example: &str) {
        let message = format!("`{key}` is {}, not {wanted}", kind(value.get_ref()));
        self.reader.error(&value.span(), message, format!("write {key} = {example}"));
    }

    /// A text, without surrounding white space; an empty one is a mistake.
    pub fn text(&self, key: &str) -> Option<Text> {
        let value = self.table.get(key)?;
        let DeValue::String(text) = value.get_ref() else {
            self.wrong(key, value, "a text", "\"…\"");
            return None;
        };
        let trimmed = text.trim();
        if trimmed.is_empty() {
            self.reader.error(&value.span(), format!("`{key}` is empty"), format!("fill it, or leave `{key}` out"));
            return None;
        }
        Some(Text { value: trimmed.to_owned(), span: value.span() })
    }

    /// A text as it stands.
    pub fn string(&self, key: &str) -> Option<String> {
        self.text(key).map(|text| text.value)
    }

    /// A text that must be there.
    pub fn required(&self, key: &str, what: &str) -> Option<Text> {
        if self.lacks(key) {
            self.reader.misfit(&self.span, format!("{} has no `{key}`", self.name), format!("add {key} = {what}"));
        }
        self.text(key)
    }

    pub fn boolean(&self, key: &str) -> Option<bool> {
        let value = self.table.get(key)?;
        if let DeValue::Boolean(value) = value.get_ref() {
            return Some(*value);
        }
        self.wrong(key, value, "true or false", "true");
        None
    }

    /// A whole number within a range.
    pub fn integer(&self, key: &str, range: RangeInclusive<u64>) -> Option<u64> {
        let value = self.table.get(key)?;
        let DeValue::Integer(number) = value.get_ref() else {
            self.wrong(key, value, "a whole number", &range.start().to_string());
            return None;
        };
        let digits = number.as_str().replace('_', "");
        let number = u64::from_str_radix(digits.trim_start_matches('+'), number.radix()).ok();
        let number = number.filter(|number| range.contains(number));
        if number.is_none() {
            let message = format!("`{key}` is out of range");
            let remedy = format!("choose a number from {} to {}", range.start(), range.end());
            self.reader.error(&value.span(), message, remedy);
        }
        number
    }

    /// A number above 0 and at most `most`.
    pub fn positive(&self, key: &str, most: f64) -> Option<f64> {
        let value = self.table.get(key)?;
        let number = match value.get_ref() {
            DeValue::Integer(number) => number.as_str().replace('_', "").parse::<f64>().ok(),
            DeValue::Float(number) => number.as_str().replace('_', "").parse::<f64>().ok(),
            _ => {
                self.wrong(key, value, "a number", "1");
                return None;
            }
        };
        let number = number.filter(|number| *number > 0.0 && *number <= most);
        if number.is_none() {
            let remedy = format!("choose a number above 0 and at most {most}");
            self.reader.error(&value.span(), format!("`{key}` is out of range"), remedy);
        }
        number
    }

    /// A list of texts, none of them empty or named twice.
    pub fn texts(&self, key: &str) -> Option<Vec<Text>> {
        let value = self.table.get(key)?;
        let DeValue::Array(array) = value.get_ref() else {
            self.wrong(key, value, "a list of texts", "[\"…\"]");
            return None;
        };
        let mut texts: Vec<Text> = Vec::new();
        for item in array.iter() {
            let DeValue::String(text) = item.get_ref() else {
                let message = format!("`{key}` holds {}, not a text", kind(item.get_ref()));
                self.reader.error(&item.span(), message, "put every item in quotation marks");
                continue;
            };
            let text = Text { value: text.trim().to_owned(), span: item.span() };
            if text.value.is_empty() {
                self.reader.error(&text.span, format!("`{key}` holds an empty text"), "fill it, or take it out");
            } else if texts.iter().any(|earlier| earlier.value == text.value) {
                self.reader.error(&text.span, format!("`{key}` names `{}` twice", text.value), "name it once");
            } else {
                texts.push(text);
            }
        }
        Some(texts)
    }

    /// One of a few names.
    pub fn choice<T: Copy>(&self, key: &str, choices: &[(&str, T)]) -> Option<T> {
        let text = self.text(key)?;
        if let Some((_, value)) = choices.iter().find(|(name, _)| *name == text.value) {
            return Some(*value);
        }
        let names = || choices.iter().map(|(name, _)| *name);
        let message = format!("`{key}` cannot be `{}`", text.value);
        let remedy = match nearest(&text.value, names()) {
            Some(name) => format!("did you mean `{name}`? it may be {}", list(names(), "or")),
            None => format!("it may be {}", list(names(), "or")),
        };
        self.reader.error(&text.span, message, remedy);
        None
    }

    /// A table within this one.
    pub fn table(&self, key: &str, name: &str, known: &[&str]) -> Option<Self> {
        let value = self.table.get(key)?;
        let DeValue::Table(table) = value.get_ref() else {
            self.wrong(key, value, "a table", "{ … }");
            return None;
        };
        Some(Self::open(self.reader, name, value.span(), table, known))
    }

    /// The tables named by this one's keys, in the order of the file, each with its own name.
    pub fn named(&self, key: &str) -> Vec<(Text, Range<usize>, &'a DeTable<'a>)> {
        let Some(value) = self.table.get(key) else { return Vec::new() };
        let DeValue::Table(tables) = value.get_ref() else {
            let message = format!("`{key}` is {}, not a table", kind(value.get_ref()));
            self.reader.error(&value.span(), message, format!("write [{key}.NAME] and its keys below"));
            return Vec::new();
        };
        let mut named = Vec::new();
        for (word, value) in tables {
            let DeValue::Table(table) = value.get_ref() else {
                let message = format!("`{}` in [{key}] is {}, not a table", word.get_ref(), kind(value.get_ref()));
                self.reader.error(&word.span(), message, format!("write [{key}.NAME] and its keys below"));
                continue;
            };
            named.push((Text { value: word.get_ref().to_string(), span: word.span() }, value.span(), table));
        }
        named.sort_by_key(|(name, ..)| name.span.start);
        named
    }

    /// The tables of `[[key]]`, in the order of the file, each with its header's span.
    pub fn tables(&self, key: &str, header: &str) -> Vec<(Range<usize>, &'a DeTable<'a>)> {
        let Some(value) = self.table.get(key) else { return Vec::new() };
        let remedy = format!("write [[{header}]] and its keys below, once for each");
        let DeValue::Array(array) = value.get_ref() else {
            let message = format!("`{key}` is {}, not a list of tables", kind(value.get_ref()));
            self.reader.error(&value.span(), message, remedy);
            return Vec::new();
        };
        let mut tables = Vec::new();
        for item in array.iter() {
            match item.get_ref() {
                DeValue::Table(table) => tables.push((item.span(), table)),
                other => {
                    self.reader.error(&item.span(), format!("`{key}` holds {}, not a table", kind(other)), &remedy);
                }
            }
        }
        tables
    }

    /// An id: what stands in addresses, files and reports.
    pub fn id(&self, key: &str) -> Option<Text> {
        let text = self.required(key, "\"a-short-name\"")?;
        check_id(self.reader, &text).then_some(text)
    }
}

/// Whether a name can stand in addresses and file names: letters, digits, `-`, `_` and `.`.
pub(super) fn check_id(reader: &Reader, text: &Text) -> bool {
    let plain = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.');
    let sound = text.value.chars().all(plain)
        && text.value.chars().count() <= 64
        && text.value.chars().next().is_some_and(char::is_alphanumeric);
    if !sound {
        let remedy = "use letters, digits, hyphens and underscores, at most 64, a letter or digit first";
        reader.error(&text.span, format!("`{}` cannot be an id", text.value), remedy);
    }
    sound
}

/// What a value is, for messages.
fn kind(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "a text",
        DeValue::Integer(_) => "a whole number",
        DeValue::Float(_) => "a number",
        DeValue::Boolean(_) => "true or false",
        DeValue::Datetime(_) => "a date without quotation marks",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    }
}
