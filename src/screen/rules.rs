//! A stage's criteria, compiled, with the version that decisions name.

use serde_json::json;

use crate::config::{Criterion, Effect, Pass, Settings, Stream, Test};
use crate::ids::sha256_hex;
use crate::model::{MonthWindow, Stage};
use crate::query::Matcher;

/// A criterion ready to be applied.
pub struct Rule {
    pub criterion: Criterion,
    /// For query criteria.
    pub matcher: Option<Matcher>,
}

/// The criteria of one stage of one stream.
pub struct RuleSet {
    /// 16 hex digits of the hash of `rules`.
    pub version: String,
    pub stage: Stage,
    pub rules: Vec<Rule>,
    pub pass: Pass,
    pub window: MonthWindow,
    /// What the version stands for, as JSON.
    pub text: String,
}

impl RuleSet {
    /// The rules of a stream's stage; `None` where the stream has no such stage.
    pub fn of(settings: &Settings, stream: &Stream, stage: Stage) -> Option<Self> {
        let stage_settings = match stage {
            Stage::Abstract => stream.abstract_stage.as_ref()?,
            Stage::Fulltext => stream.fulltext_stage.as_ref()?,
            Stage::Identification | Stage::Retrieval => return None,
        };
        let criteria: Vec<&Criterion> =
            stage_settings.criteria.iter().filter_map(|index| settings.criteria.get(*index)).collect();
        let text = json!({
            "stream": stream.id,
            "stage": stage.name(),
            "pass": if stage_settings.pass == Pass::Rule { "rule" } else { "person" },
            "criteria": criteria.iter().map(|criterion| described(criterion, stream.window)).collect::<Vec<_>>(),
        })
        .to_string();
        let rules = criteria
            .into_iter()
            .map(|criterion| Rule {
                matcher: match &criterion.test {
                    Test::Query { query, .. } => Some(Matcher::new(&query.tree)),
                    _ => None,
                },
                criterion: criterion.clone(),
            })
            .collect();
        Some(Self {
            version: sha256_hex(text.as_bytes())[..16].to_owned(),
            stage,
            rules,
            pass: stage_settings.pass,
            window: stream.window,
            text,
        })
    }
}

fn described(criterion: &Criterion, window: MonthWindow) -> serde_json::Value {
    let test = match &criterion.test {
        Test::Query { query, fails_on_match } => {
            json!({ "query": query.text, "fails": if *fails_on_match { "match" } else { "no-match" } })
        }
        Test::Types(types) => json!({ "types": types }),
        Test::Languages(languages) => json!({ "languages": languages }),
        Test::Window => {
            json!({ "window": [window.from.map(|month| month.to_string()), window.to.map(|month| month.to_string())] })
        }
        Test::Countries(countries) => json!({ "countries": countries }),
    };
    let effect = match criterion.effect {
        Effect::Exclude => "exclude",
        Effect::Flag => "flag",
        Effect::Order => "order",
    };
    json!({ "id": criterion.id, "reason": criterion.reason, "test": test, "effect": effect, "min_text": criterion.min_text })
}
