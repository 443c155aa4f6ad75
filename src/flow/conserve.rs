//! Every equation that a flow must satisfy, by name.

use super::shape::{ArmFlow, ByWhom, Flow, Ordered, StreamFlow, StudiesReports};

/// Checks every equation of the interface. What breaks is named with its stream, arm and numbers.
pub fn conserve(flow: &Flow) -> Result<(), Vec<String>> {
    let mut broken = Broken::default();
    for stream in &flow.streams {
        for arm in &stream.arms {
            broken.place = format!("{}, {}", stream.id, arm.id);
            check_arm(arm, &mut broken);
        }
        broken.place.clone_from(&stream.id);
        check_stream(stream, &mut broken);
    }
    broken.place = "review".to_owned();
    let awaiting: u64 = flow.streams.iter().map(StreamFlow::awaiting).sum();
    broken.unless(flow.interim == (awaiting > 0), || format!("interim is {} with {awaiting} awaiting", flow.interim));
    let totals = flow.review_totals;
    broken.unless(totals.in_several_streams <= totals.works, || {
        format!("{} works in several streams of {} works", totals.in_several_streams, totals.works)
    });
    if broken.found.is_empty() { Ok(()) } else { Err(broken.found) }
}

#[derive(Default)]
struct Broken {
    place: String,
    found: Vec<String>,
}

impl Broken {
    fn unless(&mut self, holds: bool, what: impl FnOnce() -> String) {
        if !holds {
            self.found.push(format!("{}: {}", self.place, what()));
        }
    }
    fn equal(&mut self, left_name: &str, left: u64, right_name: &str, right: u64) {
        self.unless(left == right, || format!("{left_name} is {left}, but {right_name} is {right}"));
    }
    /// An exclusion is counted once by whom and once by its reason.
    fn excluded(&mut self, stage: &str, excluded: u64, by: ByWhom, reasons: &Ordered<u64>) {
        let name = format!("{stage}.excluded");
        self.equal(&name, excluded, "the sum of excluded_by", by.total());
        self.equal(&name, excluded, "the sum of reasons", reasons.iter().map(|(_, number)| number).sum());
    }
}

fn check_arm(arm: &ArmFlow, broken: &mut Broken) {
    let by_source = arm.by_source.iter().filter_map(|(_, number)| *number).sum();
    broken.equal("identified", arm.identified, "the sum of by_source", by_source);
    for missing in &arm.not_searched {
        let listed = arm.by_source.get(&missing.source).is_some();
        broken.unless(listed, || format!("by_source lacks {}, which was not searched", missing.source));
    }
    broken.unless(arm.retrieval.is_some() == arm.fulltext.is_some(), || {
        "retrieval and fulltext must be there together".to_owned()
    });
    let removed = arm.removed.total();
    let after_abstract = arm.retrieval.map_or(arm.included, |retrieval| retrieval.sought);
    let after_name = if arm.retrieval.is_some() { "retrieval.sought" } else { "included" };
    if let Some(stage) = &arm.abstract_stage {
        let sum = removed + stage.screened + stage.awaiting;
        broken.equal("identified", arm.identified, "removed + screened + awaiting", sum);
        let name = format!("excluded + {after_name}");
        broken.equal("abstract.screened", stage.screened, &name, stage.excluded + after_abstract);
        broken.excluded("abstract", stage.excluded, stage.excluded_by, &stage.reasons);
        let sum = stage.excluded + stage.advanced_by.total();
        broken.equal("abstract.screened", stage.screened, "excluded + advanced_by", sum);
    } else {
        broken.equal("identified", arm.identified, &format!("removed + {after_name}"), removed + after_abstract);
    }
    if let (Some(retrieval), Some(stage)) = (&arm.retrieval, &arm.fulltext) {
        let sum = retrieval.not_retrieved + retrieval.awaiting + stage.assessed + stage.awaiting;
        broken.equal(
            "retrieval.sought",
            retrieval.sought,
            "not_retrieved + awaiting + fulltext.assessed + fulltext.awaiting",
            sum,
        );
        let sum = stage.excluded + arm.included;
        broken.equal("fulltext.assessed", stage.assessed, "excluded + included", sum);
        broken.excluded("fulltext", stage.excluded, stage.excluded_by, &stage.reasons);
    }
    broken.equal("included", arm.included, "the sum of included_by", arm.included_by.total());
}

fn check_stream(stream: &StreamFlow, broken: &mut Broken) {
    let included = stream.arms.iter().map(|arm| arm.included).sum();
    broken.equal("included", stream.included, "the sum of the arms' included", included);
    broken.equal("new.reports", stream.new.reports, "included", stream.included);
    broken.unless(stream.studies <= stream.included, || {
        format!("{} studies are about {} reports", stream.studies, stream.included)
    });
    broken.unless(stream.studies > 0 || stream.included == 0, || {
        format!("{} reports are about no study", stream.included)
    });
    broken.unless(stream.new.studies <= stream.studies, || {
        format!("new.studies is {}, but there are {} studies", stream.new.studies, stream.studies)
    });
    let previous = StudiesReports { studies: stream.previous.studies, reports: stream.previous.reports };
    let withdrawn = stream.previous.withdrawn;
    let sums = [
        ("studies", stream.total.studies, previous.studies, withdrawn.studies, stream.new.studies),
        ("reports", stream.total.reports, previous.reports, withdrawn.reports, stream.new.reports),
    ];
    for (what, total, previous, withdrawn, new) in sums {
        broken.unless(total + withdrawn == previous + new, || {
            format!("total.{what} is {total}, but previous − withdrawn + new is {previous} − {withdrawn} + {new}")
        });
    }
    let carried = stream.arms.iter().find(|arm| arm.id == "previous").map_or(0, |arm| arm.identified);
    broken.unless(stream.carried_over <= carried, || {
        format!("{} works were carried over, but the arm previous holds {carried}", stream.carried_over)
    });
}
