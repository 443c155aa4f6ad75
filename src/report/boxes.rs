//! The boxes of PRISMA 2020's flow diagram, in its words (Page et al., BMJ 2021;372:n71): what the
//! picture, the Markdown and the CSV of the flow have in common.

use super::words::source_name;
use crate::flow::{ArmFlow, ByWhom, Flow, Ordered, StreamFlow};

/// A stream's diagram.
#[derive(Clone, Debug)]
pub struct Diagram {
    pub id: String,
    pub title: String,
    /// A column an arm.
    pub arms: Vec<ArmBoxes>,
    /// What the last release had included, in an updated review.
    pub previous: Option<BoxText>,
    pub included: BoxText,
}

/// An arm's column. A stage that the arm does not have is `None`.
#[derive(Clone, Debug)]
pub struct ArmBoxes {
    pub id: String,
    pub label: String,
    /// `Identification of studies via …`.
    pub heading: String,
    pub identified: Row,
    pub screened: Option<Row>,
    pub sought: Option<Row>,
    pub assessed: Option<Row>,
    pub included: u64,
}

impl ArmBoxes {
    /// The rows of the diagram from top to bottom, always four.
    pub fn rows(&self) -> [Option<&Row>; 4] {
        [Some(&self.identified), self.screened.as_ref(), self.sought.as_ref(), self.assessed.as_ref()]
    }
}

/// A box, what leaves there, and what waits there.
#[derive(Clone, Debug)]
pub struct Row {
    pub main: BoxText,
    pub side: BoxText,
    pub awaiting: Option<BoxText>,
}

/// A box's text: its first line and the lines under it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BoxText {
    pub title: String,
    /// `None` where the lines hold the numbers.
    pub number: Option<u64>,
    pub lines: Vec<Line>,
}

/// A line under a box's title.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    pub text: String,
    pub value: Value,
    /// Part of the line above it.
    pub part: bool,
}

/// A number, or why there is none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    Number(u64),
    NotSearched,
}

impl Value {
    /// `(n = 12)`.
    pub fn bracketed(&self) -> String {
        match self {
            Self::Number(number) => format!("(n = {number})"),
            Self::NotSearched => "(not searched)".to_owned(),
        }
    }
}

impl BoxText {
    fn new(title: impl Into<String>, number: Option<u64>) -> Self {
        Self { title: title.into(), number, lines: Vec::new() }
    }
    fn line(mut self, text: impl Into<String>, number: u64) -> Self {
        self.lines.push(Line { text: text.into(), value: Value::Number(number), part: false });
        self
    }
    fn by(mut self, by: ByWhom) -> Self {
        for (text, number) in [("by automation", by.rule), ("by a reviewer", by.reviewer)] {
            self.lines.push(Line { text: text.to_owned(), value: Value::Number(number), part: true });
        }
        self
    }
    fn reasons(mut self, reasons: &Ordered<u64>) -> Self {
        for (reason, number) in reasons.iter() {
            self = self.line(reason, *number);
        }
        self
    }
    /// The first line as it is written.
    pub fn headline(&self) -> String {
        match self.number {
            Some(number) => format!("{} (n = {number})", self.title),
            None => self.title.clone(),
        }
    }
}

/// The diagrams of a flow, one a stream.
pub fn diagrams(flow: &Flow) -> Vec<Diagram> {
    flow.streams.iter().map(diagram).collect()
}

fn diagram(stream: &StreamFlow) -> Diagram {
    let updated = stream.previous.reports > 0 || stream.previous.studies > 0;
    let previous = updated.then(|| {
        let title = "Previous studies";
        let kept = BoxText::new(title, None)
            .line("Studies included in previous version of review", stream.previous.studies)
            .line("Reports of studies included in previous version of review", stream.previous.reports);
        if stream.previous.withdrawn.reports > 0 {
            kept.line("Reports withdrawn", stream.previous.withdrawn.reports)
        } else {
            kept
        }
    });
    let included = if updated {
        BoxText::new("New studies included in review", Some(stream.new.studies))
            .line("Reports of new included studies", stream.new.reports)
            .line("Total studies included in review", stream.total.studies)
            .line("Reports of total included studies", stream.total.reports)
    } else {
        BoxText::new("Studies included in review", Some(stream.studies))
            .line("Reports of included studies", stream.included)
    };
    Diagram {
        id: stream.id.clone(),
        title: stream.title.clone(),
        arms: stream.arms.iter().map(arm_boxes).collect(),
        previous,
        included,
    }
}

fn arm_boxes(arm: &ArmFlow) -> ArmBoxes {
    let awaiting = |title: &str, number: u64| (number > 0).then(|| BoxText::new(title, Some(number)));
    let screened = arm.abstract_stage.as_ref().map(|stage| Row {
        main: BoxText::new("Records screened", Some(stage.screened)),
        side: BoxText::new("Records excluded", Some(stage.excluded)).by(stage.excluded_by).reasons(&stage.reasons),
        awaiting: awaiting("Records awaiting screening", stage.awaiting),
    });
    let sought = arm.retrieval.map(|stage| Row {
        main: BoxText::new("Reports sought for retrieval", Some(stage.sought)),
        side: BoxText::new("Reports not retrieved", Some(stage.not_retrieved)),
        awaiting: awaiting("Reports awaiting retrieval", stage.awaiting),
    });
    let assessed = arm.fulltext.as_ref().map(|stage| Row {
        main: BoxText::new("Reports assessed for eligibility", Some(stage.assessed)),
        side: BoxText::new("Reports excluded", Some(stage.excluded)).by(stage.excluded_by).reasons(&stage.reasons),
        awaiting: awaiting("Reports awaiting assessment", stage.awaiting),
    });
    ArmBoxes {
        id: arm.id.clone(),
        label: arm.label.clone(),
        heading: heading(arm).to_owned(),
        identified: identified(arm),
        screened,
        sought,
        assessed,
        included: arm.included,
    }
}

fn heading(arm: &ArmFlow) -> &'static str {
    let databases = arm.kinds.iter().any(|kind| kind == "database") || arm.id == "database";
    if databases {
        "Identification of studies via databases and registers"
    } else if arm.id == "previous" {
        "Studies from the previous version of the review"
    } else {
        "Identification of studies via other methods"
    }
}

/// Where a kind of search stands in the diagram: call-outs are Organisations, websites Websites.
fn origin(kind: &str) -> &str {
    match kind {
        "database" => "Databases",
        "citation" => "Citation searching",
        "website" => "Websites",
        "submitted" => "Organisations",
        "import" => "Imported records",
        "previous" => "Previous version of the review",
        other => other,
    }
}

fn identified(arm: &ArmFlow) -> Row {
    let origins: Vec<&str> = arm.kinds.iter().map(|kind| origin(kind)).collect();
    let mut main = BoxText::new("Records identified from:", None).line(origins.join(", "), arm.identified);
    for (source, number) in arm.by_source.iter() {
        let value = number.map_or(Value::NotSearched, Value::Number);
        main.lines.push(Line { text: source_name(source), value, part: true });
    }
    let removed = arm.removed;
    let mut side = BoxText::new("Records removed before screening:", None)
        .line("Duplicate records removed", removed.duplicates)
        .line("Records marked as ineligible by automation tools", removed.automation)
        .line("Records removed for other reasons", removed.other);
    if removed.already_screened > 0 {
        side = side.line("Records already screened", removed.already_screened);
    }
    Row { main, side, awaiting: None }
}

/// One number of a diagram, in order: what tables are made of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// The box's title.
    pub title: String,
    /// The line in the box; empty for its own number.
    pub line: String,
    pub part: bool,
    pub value: Option<Value>,
}

/// The numbers of an arm, in the order of the diagram.
pub fn items(arm: &ArmBoxes) -> Vec<Item> {
    let mut items = Vec::new();
    for row in arm.rows().into_iter().flatten() {
        for text in [Some(&row.main), Some(&row.side), row.awaiting.as_ref()].into_iter().flatten() {
            items_of(text, &mut items);
        }
    }
    let value = Some(Value::Number(arm.included));
    items.push(Item { title: "Reports included".to_owned(), line: String::new(), part: false, value });
    items
}

/// The numbers of one box.
pub fn items_of(text: &BoxText, items: &mut Vec<Item>) {
    let title = text.title.trim_end_matches(':').to_owned();
    let value = text.number.map(Value::Number);
    items.push(Item { title: title.clone(), line: String::new(), part: false, value });
    for line in &text.lines {
        items.push(Item {
            title: title.clone(),
            line: line.text.clone(),
            part: line.part,
            value: Some(line.value.clone()),
        });
    }
}
