//! esearch: how many hits there are, what PubMed made of the query, and where the hits are kept.

use jiff::{ToSpan, civil::Date};

use super::{At, Days, History, Slice, error};
use crate::sources::{Next, Page, SourceError, State};
use crate::text::xml::{self, Element};

/// No more hits of one search can be read.
const REACH: u64 = 9_999;
/// How often a split may leave the total as it was before it is given up.
const UNCHANGED: u32 = 6;

/// The parameters of a search.
pub fn form(slice: &Slice) -> Vec<(String, String)> {
    let pair = |name: &str, value: String| (name.to_owned(), value);
    let mut form = vec![pair("usehistory", "y".into()), pair("retmax", "0".into())];
    let year = |end: Option<i16>, open: &str| end.map_or(open.to_owned(), |year| year.to_string());
    let years = (slice.years.from.is_some() || slice.years.to.is_some())
        .then(|| (year(slice.years.from, "1500"), year(slice.years.to, "3000")));
    // There is one date limit a request: with days of entry, the years go into the term.
    match (&slice.entered, years) {
        (Some(days), years) => {
            let term = match years {
                Some((from, to)) => format!("({}) AND {from}:{to}[dp]", slice.term),
                None => slice.term.clone(),
            };
            let day =
                |end: Option<Date>, open: &str| end.map_or(open.to_owned(), |day| day.strftime("%Y/%m/%d").to_string());
            form.insert(0, pair("term", term));
            form.push(pair("datetype", "edat".into()));
            form.push(pair("mindate", day(days.from, "1500/01/01")));
            form.push(pair("maxdate", day(days.to, "3000/01/01")));
        }
        (None, Some((from, to))) => {
            form.insert(0, pair("term", slice.term.clone()));
            form.push(pair("datetype", "pdat".into()));
            form.push(pair("mindate", from));
            form.push(pair("maxdate", to));
        }
        (None, None) => form.insert(0, pair("term", slice.term.clone())),
    }
    form
}

/// What a search found.
pub fn page(slice: Slice, again: bool, size: u64, text: &str) -> Result<Page, SourceError> {
    let result = xml::parse(text).map_err(|reason| match reason.starts_with("cut short") {
        true => SourceError::Unavailable(format!("the answer is {reason}")),
        false => SourceError::Shape(format!("no XML: {reason}")),
    })?;
    if let Some(message) = result.all("ERROR").find_map(Element::text) {
        return Err(error::named(&message));
    }
    let total: u64 = result
        .text_at("Count")
        .and_then(|count| count.parse().ok())
        .ok_or_else(|| SourceError::Shape(format!("{} without Count", result.name)))?;
    let whole = !slice.part && !again;
    let mut page = Page { reported: whole.then_some(total), ..Page::default() };
    if whole {
        page.warnings = warnings(&result);
    }
    if total == 0 {
        return Ok(page);
    }
    if total > REACH {
        let unchanged = if slice.split_from == Some(total) { slice.unchanged + 1 } else { 0 };
        match halves(&slice).filter(|_| unchanged < UNCHANGED) {
            Some(halves) => {
                let part = |slice: Slice| {
                    let slice = Slice { part: true, split_from: Some(total), unchanged, ..slice };
                    State::of(&At::Search { slice, again: false })
                };
                page.next = Next::Split(halves.into_iter().map(part).collect());
                return Ok(page);
            }
            None => {
                page.warnings.push(format!("only {REACH} of {total} hits of one day can be reached: narrow the query"))
            }
        }
    }
    let mut history = history(&result)?;
    if !history.ids.is_empty() && (history.ids.len() as u64) < total.min(REACH) {
        page.warnings.push(format!("PubMed lists only {} of its {total} hits", history.ids.len()));
    }
    history.total = if history.ids.is_empty() { total.min(REACH) } else { history.ids.len() as u64 };
    history.size = size;
    page.next = Next::More(State::of(&At::Fetch { slice, history, again }));
    Ok(page)
}

/// Where the hits are kept: on the history server, or in the answer itself.
fn history(result: &Element) -> Result<History, SourceError> {
    if let (Some(web_env), Some(query_key)) = (result.text_at("WebEnv"), result.text_at("QueryKey")) {
        return Ok(History { web_env, query_key, ..History::default() });
    }
    let ids: Vec<String> =
        result.at("IdList").into_iter().flat_map(|list| list.all("Id")).filter_map(Element::text).collect();
    if ids.is_empty() {
        return Err(SourceError::Shape("eSearchResult without WebEnv and QueryKey".into()));
    }
    Ok(History { ids, ..History::default() })
}

/// Two slices that make up the whole: by year, then by day of entry.
fn halves(slice: &Slice) -> Option<[Slice; 2]> {
    if slice.entered.is_none()
        && let Some(halves) = slice.years.halves()
    {
        return Some(halves.map(|years| Slice { years, ..slice.clone() }));
    }
    let days = slice.entered.unwrap_or(Days { from: None, to: None });
    // A citation may be entered before its year, and long after; the outer slices stay open.
    let year = slice.years.from.or(slice.years.to).unwrap_or(2000);
    let far = 20.years();
    let early = Date::new(year - 1, 1, 1).ok().filter(|early| days.to.is_none_or(|to| *early < to));
    let from = days.from.or(early).or_else(|| days.to?.checked_sub(far).ok())?;
    let late = Date::new(year + 3, 12, 31).ok().filter(|late| *late > from);
    let to = days.to.or(late).or_else(|| from.checked_add(far).ok())?;
    let span = from.until(to).ok()?.get_days();
    if span < 1 {
        return None;
    }
    let middle = from.checked_add((span / 2).days()).ok()?;
    let after = middle.tomorrow().ok()?;
    let part = |from, to| Slice { entered: Some(Days { from, to }), ..slice.clone() };
    Some([part(days.from, Some(middle)), part(Some(after), days.to)])
}

/// What PubMed made of the query: words it did not find are dropped by it in silence otherwise.
fn warnings(result: &Element) -> Vec<String> {
    let mut warnings = Vec::new();
    for list in ["ErrorList", "WarningList"] {
        for told in result.at(list).into_iter().flat_map(Element::elements) {
            let Some(text) = told.text() else { continue };
            warnings.push(match told.name.as_str() {
                "PhraseNotFound" => format!("PubMed does not find the phrase: {text}"),
                "QuotedPhraseNotFound" => format!("PubMed does not find the quoted phrase: {text}"),
                "FieldNotFound" => format!("PubMed does not know the field: {text}"),
                "PhraseIgnored" => format!("PubMed ignores: {text}"),
                _ => text,
            });
        }
    }
    warnings.extend(result.text_at("QueryTranslation").map(|text| format!("PubMed read the query as: {text}")));
    warnings
}
