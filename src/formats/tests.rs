//! What holds for all formats: what is written is read again, and no bytes make a reader panic.

use proptest::prelude::*;

use super::{Format, Item, read, write};
use crate::model::{Author, Identifiers, PartialDate, Record, Verdict, WorkType};

fn sample() -> Record {
    let author = |family: &str, given: &str| Author { family: family.into(), given: given.into(), collective: false };
    Record {
        source: "file".into(),
        title: Some("Community action & wellbeing: =1+1 {x} 50% of 'multi--sector' work, \u{fc}ber $5".into()),
        abstract_text: Some(
            "Background: we asked 20 groups. TY - no tag; @article{no, entry} <b and c> p < 0.05.".into(),
        ),
        authors: vec![
            author("Núñez-O'Neil", "María J."),
            author("van den Berg", "A. B."),
            Author::collective("Royal Community Partnership Group"),
        ],
        dates: vec![PartialDate::of_year(2021).unwrap(), PartialDate::read("2020-11-24").unwrap()],
        venue: Some("Journal of Health & Place".into()),
        volume: Some("12".into()),
        issue: Some("3-4".into()),
        pages: Some("123-130".into()),
        publisher: Some("Open Press".into()),
        identifiers: Identifiers {
            doi: Some("10.1000/ab_c(12)3".into()),
            pmid: Some("31366609".into()),
            pmcid: Some("PMC6750137".into()),
            openalex: Some("W2755950973".into()),
            scopus: Some("2-s2.0-85016520957".into()),
            wos: Some("WOS:000425064400008".into()),
            arxiv: Some("2101.00001".into()),
            issn: vec!["15230406".into(), "1545046X".into()],
            isbn: vec!["9783161484100".into()],
            other: vec!["trial:NCT01234567".into()],
        },
        types: vec![WorkType::Review, WorkType::CaseStudy],
        languages: vec!["en".into(), "cy".into()],
        keywords: vec!["-omics".into(), "third sector".into(), "+wellbeing".into()],
        urls: vec!["https://example.org/a?b=c&d=e".into()],
        ..Record::default()
    }
}

/// A record without what the formats do not hold, for comparison.
fn held(record: &Record) -> Record {
    let mut record = record.clone();
    record.extra.retain(|name, _| name.starts_with("gleaner-"));
    record.source_key.clear();
    record.source_types.clear();
    record.locations.clear();
    record
}

fn round_trip(format: Format, records: &[Record]) -> Vec<Record> {
    let items: Vec<Item<'_>> = records
        .iter()
        .map(|record| Item { id: "scopus:1", record, extra: vec![("status".into(), "included".into())] })
        .collect();
    let mut bytes = Vec::new();
    write(format, &items, &mut bytes).unwrap();
    let contents = read(&bytes, None).unwrap();
    assert_eq!(contents.format, format, "{}", String::from_utf8_lossy(&bytes));
    assert!(contents.set_aside.is_empty(), "{:?}", contents.set_aside);
    contents.entries.into_iter().map(|entry| entry.record).collect()
}

#[test]
fn every_format_gives_back_what_it_was_given() {
    let mut bare = Record { title: Some("A title alone".into()), ..Record::default() };
    bare.source = "file".into();
    let records = [sample(), bare];
    for format in Format::WRITTEN {
        let read = round_trip(format, &records);
        assert_eq!(read.len(), 2, "{format:?}");
        for (before, after) in records.iter().zip(&read) {
            assert_eq!(after.extra.get("gleaner-id"), Some(&vec!["scopus:1".to_owned()]), "{format:?}");
            let mut expected = held(before);
            expected.extra = held(after).extra;
            let mut found = held(after);
            if format == Format::BibTeX {
                // BibTeX has no original title; commas part its keywords. Both are absent here.
                found.original_title = None;
            }
            assert_eq!(found, expected, "{format:?}");
        }
    }
}

#[test]
fn an_entry_is_the_same_record_in_any_order_and_layout() {
    let one = b"TY  - JOUR\r\nTI  - One\r\nAU  - Smith, A\r\nAU  - Jones, B\r\nPY  - 2020\r\nER  - \r\n";
    let two = b"\n\nTY  - JOUR\nPY  - 2020\nAU  - Smith, A\nTI  -   One\nAU  - Jones, B\nER  -\n";
    let swapped = b"TY  - JOUR\nTI  - One\nAU  - Jones, B\nAU  - Smith, A\nPY  - 2020\nER  -\n";
    let key = |bytes: &[u8]| read(bytes, None).unwrap().entries[0].record.source_key.clone();
    assert_eq!(key(one), key(two));
    assert_ne!(key(one), key(swapped));
    assert_eq!(key(one).len(), 16);
}

#[test]
fn what_was_decided_elsewhere_comes_with_the_record_and_does_not_change_it() {
    let bare = "TY  - JOUR\nTI  - One\nDO  - 10.1000/one\n";
    let plain = read(format!("{bare}ER  - \n").as_bytes(), None).unwrap().entries.remove(0);
    for note in ["ASReview_irrelevant", "<p>ASReview_irrelevant</p>", "RAYYAN-INCLUSION: {\"Ann\"=>\"Excluded\"}"] {
        let contents = read(format!("{bare}N1  - {note}\nER  - \n").as_bytes(), None).unwrap();
        assert_eq!(contents.entries[0].record.source_key, plain.record.source_key, "{note}");
        assert_eq!(contents.entries[0].labels.len(), 1, "{note}");
        assert_eq!(contents.entries[0].labels[0].verdict, Verdict::Exclude, "{note}");
    }
    let bib = "@article{a, title={One}, doi={10.1000/one}, note={RAYYAN-INCLUSION: {\"Ann\"=>\"Maybe\"}}}";
    let labels = read(bib.as_bytes(), None).unwrap().entries.remove(0).labels;
    assert_eq!((labels[0].reviewer.as_deref(), labels[0].verdict), (Some("Ann"), Verdict::Maybe));
    let both = format!("{bare}N1  - ASReview_relevant\nN1  - ASReview_irrelevant\nER  - \n");
    let contents = read(both.as_bytes(), None).unwrap();
    assert!(contents.entries[0].labels.is_empty() && contents.warnings[0].contains("different things"), "{contents:?}");
}

#[test]
fn our_id_is_found_among_the_notes_of_others() {
    for note in [
        "gleaner-id: scopus:1",
        "gleaner-id: scopus:1 | RAYYAN-INCLUSION: {\"Ann\"=>\"Included\"}",
        "Cited By :3; gleaner-id: scopus:1; gleaner-status: s: awaiting ASReview_relevant",
        "gleaner-id: scopus:1 gleaner-types: review; report gleaner-dates: 2020",
        "<p>gleaner-id: scopus:1</p>",
    ] {
        let contents = read(format!("TY  - JOUR\nTI  - One\nN1  - {note}\nER  - \n").as_bytes(), None).unwrap();
        let extra = &contents.entries[0].record.extra;
        let id = extra.get("gleaner-id").map(|ids| ids[0].trim_end_matches("</p>"));
        assert_eq!(id, Some("scopus:1"), "{note}: {extra:?}");
    }
    let contents = read(b"TY  - JOUR\nTI  - On gleaner-id: and others\nER  - \n", None).unwrap();
    assert_eq!(contents.entries[0].record.title.as_deref(), Some("On gleaner-id: and others"));
}

#[test]
fn formulas_are_made_harmless_and_come_back() {
    let record = Record { title: Some("=HYPERLINK(\"x\")".into()), ..sample() };
    let mut bytes = Vec::new();
    write(Format::Csv, &[Item { id: "a", record: &record, extra: Vec::new() }], &mut bytes).unwrap();
    let text = String::from_utf8(bytes).unwrap();
    let mut rows = csv::ReaderBuilder::new().from_reader(text.as_bytes());
    for cell in rows.records().flatten().flat_map(|row| row.iter().map(str::to_owned).collect::<Vec<_>>()) {
        assert!(!cell.starts_with(['=', '+', '-', '@', '\t', '\r']), "{cell}");
    }
    assert_eq!(read(text.as_bytes(), None).unwrap().entries[0].record.title, record.title);
}

#[test]
fn files_that_are_no_export_are_named() {
    for (bytes, expected) in [
        (&b"%PDF-1.4 x"[..], "PDF"),
        (b"<!DOCTYPE html><html><body>Log in</body></html>", "HTML page"),
        (b"{\"a\": [1,\n2]}", "JSON"),
        (b"PK\x03\x04abc", "ZIP"),
        (b"", "empty"),
        (b"Dear all, please find the list below.", "text of another kind"),
    ] {
        let error = read(bytes, None).unwrap_err().to_string();
        assert!(error.contains(expected), "{error}");
    }
}

fn word() -> impl Strategy<Value = String> {
    "[A-Za-zäß0-9=+@'(][A-Za-z0-9äß,.:;'\"&<>{}$%#_~^\\\\()/ -]{0,30}[A-Za-z0-9]"
}

fn records() -> impl Strategy<Value = Vec<Record>> {
    let author = ("[A-Z][a-z]{1,8}", "[A-Z][a-z]{0,6}( [A-Z]\\.)?");
    let author = author.prop_map(|(family, given)| Author { family, given, collective: false });
    let one = (word(), proptest::option::of(word()), proptest::collection::vec(author, 0..4), 1900..2100_i32);
    let one = one.prop_map(|(title, venue, authors, year)| Record {
        title: Some(title),
        venue,
        authors,
        dates: PartialDate::of_year(year).into_iter().collect(),
        types: vec![WorkType::JournalArticle],
        ..Record::default()
    });
    proptest::collection::vec(one, 1..5)
}

#[test]
fn what_repeats_without_end_is_read_in_time() {
    let start = std::time::Instant::now();
    let many = |line: &str, times: usize| line.repeat(times);
    for text in [
        format!("TY  - JOUR\nTI  - a\n{}ER  - \n", many("M3  - x\nKW  - y\nAU  - z, z\n", 20_000)),
        many("TY  - JOUR\nTI  - <a\nER  - \n", 20_000),
        format!("TY  - JOUR\nTI  - {}\nER  - \n", many("<a", 500_000)),
        many("@a(k x={\n", 50_000),
        many("@a{k,x={\r", 50_000),
        format!(
            "<xml><records>{}</records></xml>",
            many("<record a=''><titles><title>x</title></titles></record>", 20_000)
        ),
        format!("title,doi\n{}", many("\"a,b\n\"\"\",c\n", 20_000)),
        format!("[{}", many("{\"title\":\"x\"},", 20_000)),
    ] {
        let _ = read(text.as_bytes(), None);
    }
    // In an unoptimised build; the time that a linear reader needs is a small part of it.
    assert!(start.elapsed() < std::time::Duration::from_secs(20), "{:?}", start.elapsed());
}

proptest! {
    #[test]
    fn no_bytes_make_a_reader_panic(bytes in proptest::collection::vec(any::<u8>(), 0..400), head in "(TY  - |@a\\{b,|<record>|title,doi\n|PMID- |\\[\\{|\\{\"title\":\"|PT J\nTI |<1. >\nTI  - |<1>\nTitle\n  |%0 Book\n%T |RT Book\nT1 |Record #1 of 1\nTI: |<PubmedArticle>|<mods>)?") {
        let mut all = head.into_bytes();
        all.extend(bytes);
        let _ = super::detect(&all);
        for format in std::iter::once(None).chain(Format::ALL.map(Some)) {
            let _ = read(&all, format);
        }
    }

    #[test]
    fn no_structured_text_makes_a_reader_panic(text in "([A-Z]{2}  ?- ?|@[a-z]{1,4}|[{}\"#=,();\\\\$%<>\r\n\t ]|title|</?record>|&[a-z]{1,3};|[é中]|[a-z0-9]){0,120}") {
        for format in std::iter::once(None).chain(Format::ALL.map(Some)) {
            let _ = read(text.as_bytes(), format);
        }
    }

    #[test]
    fn ris_and_csv_print_and_parse(records in records()) {
        for format in [Format::Ris, Format::Csv] {
            let read = round_trip(format, &records);
            prop_assert_eq!(read.len(), records.len());
            for (before, after) in records.iter().zip(&read) {
                // Titles and venues lose white space and markup on the way in.
                let plain = |text: &Option<String>| text.as_deref().map(crate::text::html::plain);
                prop_assert_eq!(&after.authors, &before.authors);
                prop_assert_eq!(&after.dates, &before.dates);
                prop_assert_eq!(&after.types, &before.types);
                prop_assert_eq!(&after.venue, &plain(&before.venue));
                prop_assert_eq!(&after.title, &plain(&before.title));
            }
        }
    }
}

#[test]
fn fixtures_read_as_they_did() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/formats");
    let names = [
        "dialects.ris",
        "pubmed.nbib",
        "screening.csv",
        "library.bib",
        "library.xml",
        "items.json",
        "savedrecs.ciw",
        "ovid-tagged.txt",
        "ovid-labels.txt",
        "scholar.enw",
        "refworks.txt",
        "cochrane.txt",
        "pubmed.xml",
        "catalogue.xml",
    ];
    for name in names {
        let bytes = std::fs::read(folder.join(name)).unwrap();
        let contents = read(&bytes, None).unwrap();
        let entries: Vec<_> = contents
            .entries
            .iter()
            .map(|entry| serde_json::json!({ "line": entry.line, "id": entry.id, "record": entry.record }))
            .collect();
        let aside: Vec<_> = contents
            .set_aside
            .iter()
            .map(|aside| serde_json::json!([aside.line, aside.reason, String::from_utf8_lossy(&aside.raw)]))
            .collect();
        insta::assert_json_snapshot!(
            name,
            serde_json::json!({
                "format": contents.format.name(), "entries": entries, "set_aside": aside, "warnings": contents.warnings,
            })
        );
    }
}
