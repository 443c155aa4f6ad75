//! Every form of a flow with the published table's numbers.

use std::path::Path;

use super::table::{StreamTexts, TableInput};
use super::*;
use crate::config::Settings;
use crate::flow::{
    AbstractFlow, ArmFlow, ByWhom, FulltextFlow, NotSearched, Ordered, Removed, RetrievalFlow, SCHEMA, StreamFlow,
    StudiesReports, conserve,
};

/// An arm whose rules excluded `at_abstract` of `screened` and `at_fulltext` of what went on.
struct Counts<'a> {
    id: &'a str,
    kind: &'a str,
    label: &'a str,
    sources: &'a [(&'a str, u64)],
    /// Screened at the abstract stage and excluded there.
    screened: Option<(u64, u64)>,
    assessed: (u64, u64),
    abstract_reasons: &'a [(&'a str, u64)],
    fulltext_reasons: &'a [(&'a str, u64)],
}

fn reasons(reasons: &[(&str, u64)]) -> Ordered<u64> {
    Ordered(reasons.iter().map(|(reason, number)| ((*reason).to_owned(), *number)).collect())
}

fn arm(counts: &Counts<'_>) -> ArmFlow {
    let identified: u64 = counts.sources.iter().map(|(_, number)| number).sum();
    let (assessed, excluded) = counts.assessed;
    let owned = counts.screened.map_or(assessed, |(screened, _)| screened);
    let by_rule = |number| ByWhom { rule: number, reviewer: 0 };
    ArmFlow {
        id: counts.id.into(),
        kinds: counts.kind.split('+').map(str::to_owned).collect(),
        label: counts.label.into(),
        identified,
        by_source: Ordered(counts.sources.iter().map(|(source, n)| ((*source).to_owned(), Some(*n))).collect()),
        removed: Removed { duplicates: identified - owned, ..Removed::default() },
        abstract_stage: counts.screened.map(|(screened, excluded)| AbstractFlow {
            screened,
            excluded,
            excluded_by: by_rule(excluded),
            advanced_by: by_rule(screened - excluded),
            reasons: reasons(counts.abstract_reasons),
            awaiting: 0,
        }),
        retrieval: Some(RetrievalFlow { sought: assessed, ..RetrievalFlow::default() }),
        fulltext: Some(FulltextFlow {
            assessed,
            excluded,
            excluded_by: by_rule(excluded),
            reasons: reasons(counts.fulltext_reasons),
            awaiting: 0,
        }),
        included: assessed - excluded,
        included_by: by_rule(assessed - excluded),
        ..ArmFlow::default()
    }
}

fn stream(id: &str, title: &str, arms: Vec<ArmFlow>) -> StreamFlow {
    let included = arms.iter().map(|arm| arm.included).sum();
    let new = StudiesReports { studies: included, reports: included };
    StreamFlow {
        id: id.into(),
        title: title.into(),
        arms,
        included,
        studies: included,
        new,
        total: new,
        ..StreamFlow::default()
    }
}

const TOPIC: &str = "Not relevant to topic";
const CORE: &str = "No multisector collaboration on community action";

fn case_studies() -> StreamFlow {
    let call_out = Counts {
        id: "submitted",
        kind: "submitted",
        label: "Call out",
        sources: &[("call-out", 97)],
        screened: None,
        assessed: (95, 0),
        abstract_reasons: &[],
        fulltext_reasons: &[("Does not tell what happened", 0)],
    };
    stream("case-studies", "Practice-based case studies", vec![arm(&call_out)])
}

fn grey() -> StreamFlow {
    let sources = Counts {
        id: "sources",
        kind: "import+website",
        label: "Sources",
        sources: &[("members", 40), ("charities", 48), ("councils", 20)],
        screened: None,
        assessed: (101, 43),
        abstract_reasons: &[],
        fulltext_reasons: &[(CORE, 43)],
    };
    stream("grey", "Grey literature", vec![arm(&sources)])
}

fn academic() -> StreamFlow {
    let article = "Not a journal article";
    let database = Counts {
        id: "database",
        kind: "database",
        label: "Database",
        sources: &[("scopus", 470), ("wos", 412)],
        screened: Some((640, 451)),
        assessed: (189, 152),
        abstract_reasons: &[(TOPIC, 390), (article, 61)],
        fulltext_reasons: &[(CORE, 150), (article, 2)],
    };
    let citation = Counts {
        id: "citation",
        kind: "citation",
        label: "Citation",
        sources: &[("openalex", 24)],
        screened: None,
        assessed: (19, 9),
        abstract_reasons: &[],
        fulltext_reasons: &[(CORE, 9), (article, 0)],
    };
    stream("academic", "Academic research", vec![arm(&database), arm(&citation)])
}

fn pre_pandemic() -> StreamFlow {
    let grey = "Neither an academic review nor grey literature";
    let database = Counts {
        id: "database",
        kind: "database",
        label: "Database",
        sources: &[
            ("scopus", 210),
            ("wos", 190),
            ("openalex", 240),
            ("crossref", 60),
            ("pubmed", 110),
            ("medline", 130),
        ],
        screened: Some((641, 581)),
        assessed: (60, 51),
        abstract_reasons: &[(TOPIC, 500), (grey, 81)],
        fulltext_reasons: &[(CORE, 51), (grey, 0)],
    };
    let other = Counts {
        id: "citation-and-web",
        kind: "citation+website",
        label: "Citation and web search",
        sources: &[("openalex", 50), ("charities", 16), ("councils", 8)],
        screened: None,
        assessed: (68, 40),
        abstract_reasons: &[],
        fulltext_reasons: &[(CORE, 38), (grey, 2)],
    };
    stream("pre-pandemic", "Pre-pandemic literature", vec![arm(&database), arm(&other)])
}

fn flow() -> Flow {
    let flow = Flow {
        schema: SCHEMA.into(),
        review: "Multisector collaboration to support community action".into(),
        version: "1".into(),
        generated_at: "2026-11-24T08:00:00Z".into(),
        streams: vec![case_studies(), grey(), academic(), pre_pandemic()],
        review_totals: crate::flow::ReviewTotals { works: 1084, in_several_streams: 3 },
        ..Flow::default()
    };
    assert_eq!(conserve(&flow), Ok(()));
    flow
}

/// The same while work awaits and a source is missing.
fn interim() -> Flow {
    let mut flow = flow();
    flow.interim = true;
    let call_out = &mut flow.streams[0].arms[0];
    if let (Some(retrieval), Some(stage)) = (&mut call_out.retrieval, &mut call_out.fulltext) {
        (retrieval.awaiting, stage.awaiting, stage.assessed) = (2, 1, 92);
    }
    (call_out.included, call_out.included_by.rule) = (92, 92);
    flow.streams[0] = stream("case-studies", "Practice-based case studies", flow.streams[0].arms.clone());
    let database = &mut flow.streams[2].arms[0];
    let stage = database.abstract_stage.as_mut().unwrap();
    (stage.awaiting, database.removed.duplicates) = (12, database.removed.duplicates - 12);
    database.by_source.0[1].1 = None;
    database.by_source.0[0].1 = Some(database.identified);
    database.not_searched = vec![NotSearched { source: "wos".into(), reason: "WOS_API_KEY is not set".into() }];
    assert_eq!(conserve(&flow), Ok(()));
    flow
}

fn settings() -> Settings {
    let (settings, _) = crate::config::load(&Path::new(env!("CARGO_MANIFEST_DIR")).join("config.toml")).unwrap();
    settings
}

fn log() -> Vec<SearchLog> {
    let run = SearchLog {
        stream: "Academic research".into(),
        search: "database".into(),
        kind: "database".into(),
        source: "scopus".into(),
        refresh: 1,
        queries: vec!["TITLE-ABS-KEY((\"community action\") AND (partner* OR `x`))".into()],
        exact: true,
        from: Some("2020-03".into()),
        to: Some("2023-07".into()),
        started_at: "2026-11-24T07:00:00Z".into(),
        finished_at: Some("2026-11-24T07:02:00Z".into()),
        reported: Some(470),
        received: 470,
        status: "complete".into(),
        ..SearchLog::default()
    };
    let failed = SearchLog {
        source: "wos".into(),
        exact: false,
        started_at: "2026-11-23T07:00:00Z".into(),
        reported: None,
        received: 0,
        status: "failed".into(),
        reason: Some("the key was refused".into()),
        ..run.clone()
    };
    vec![run, failed]
}

fn exclusions() -> Vec<Exclusion> {
    vec![Exclusion {
        work: "scopus:2-s2.0-1".into(),
        title: "=HYPERLINK | a title that bites <b>".into(),
        doi: Some("10.1000/x".into()),
        year: Some(2021),
        stream: "Academic research".into(),
        stage: "abstract".into(),
        reason: TOPIC.into(),
        criterion: Some("topic-core".into()),
        by: "rule".into(),
        at: "2026-11-24T07:10:00Z".into(),
        evidence: vec!["no match for partner*".into()],
        ..Exclusion::default()
    }]
}

fn rendered(form: Form, format: OutputFormat, flow: &Flow) -> String {
    let (settings, log, exclusions) = (settings(), log(), exclusions());
    render(form, format, &ReportInput { settings: &settings, flow, searches: &log, exclusions: &exclusions }).unwrap()
}

/// The published table, as Markdown prints it.
const TABLE: &str = "\
| | Practice-based case studies | Grey literature | Academic research | Pre-pandemic literature |
| --- | --- | --- | --- | --- |
| Description/e.g. | Pre-written descriptions of practice | Published reports, blogs, videos | Published, peer reviewed research | Academic reviews and grey literature |
| Geography | Wales | UK | UK | UK |
| Timeframe | March 2020-Jul 2023 | March 2020-Jul 2023 | March 2020-Jul 2023 | Jan 2013 - March 2020 |
| Search strategy | 'Call out' to RCP members and their wider networks | Sources provided by RCP members + systematic online search | Database search (Scopus + Web of Science), citation searching | Database search (6 databases), citation searching, website searching |
| Screening | Tells a story about what happened | Relevance to topic | Relevance to topic<br>Journal articles only | Relevance to topic<br>Academic reviews and grey literature only |
| Sources excluded | None | 43 of 101 at full text | Database: 451 of 640 at abstract; 152 of 189 at full text<br>Citation: 9 of 19 at full text | Database: 581 of 641 at abstract; 51 of 60 at full text<br>Citation and web search: 40 of 68 at full text |
| Sources included | 95 | 58 | 47 (37 database; 10 other sources) | 37 (9 database; 28 other sources) |
";

#[test]
fn the_published_table() {
    assert_eq!(rendered(Form::Table, OutputFormat::Md, &flow()), TABLE);
}

#[test]
fn every_form_in_every_format() {
    for form in Form::ALL {
        for format in form.formats() {
            let text = rendered(form, *format, &flow());
            insta::assert_snapshot!(format!("{}_{}", form.name(), format.name()), text);
        }
    }
}

#[test]
fn what_awaits_and_what_was_not_searched_is_said() {
    for (form, format) in
        [(Form::Table, OutputFormat::Md), (Form::Flow, OutputFormat::Md), (Form::Flow, OutputFormat::Svg)]
    {
        let text = rendered(form, format, &interim());
        insta::assert_snapshot!(format!("interim_{}_{}", form.name(), format.name()), text);
    }
}

#[test]
fn texts_that_config_leaves_out_are_generated() {
    let mut settings = settings();
    for stream in &mut settings.streams {
        (stream.timeframe, stream.strategy, stream.screening) = (None, None, None);
    }
    settings.streams[0].window.to = None;
    let texts: Vec<String> = settings
        .streams
        .iter()
        .map(|stream| {
            let texts = StreamTexts::of(&settings, stream);
            format!("{} / {} / {}", texts.timeframe, texts.strategy, texts.screening.replace('\n', " + "))
        })
        .collect();
    insta::assert_snapshot!(texts.join("\n"));
}

#[test]
fn a_form_without_such_a_format_says_which_it_has() {
    let (settings, flow) = (settings(), flow());
    let input = ReportInput { settings: &settings, flow: &flow, searches: &[], exclusions: &[] };
    let failure = render(Form::Table, OutputFormat::Svg, &input).unwrap_err();
    assert_eq!((failure.exit as u8, failure.remedy.as_deref()), (2, Some("its formats are md, csv, html, json")));
    assert!(TableInput::new(&settings, &Flow::default()).streams.is_empty());
    for form in Form::ALL {
        for format in form.formats() {
            let empty = Flow::default();
            render(form, *format, &ReportInput { flow: &empty, ..input }).unwrap();
        }
    }
}
