//! Configs and what is said of them.

use std::path::Path;

use super::load::load_text;
use super::{Direction, Effect, Enter, Pass, SearchKind, Settings, Test};

const SOUND: &str = r#"[review]
title = "A review"

[criteria.zebra]
title = "Journal articles only"
reason = "Not a journal article"
types = ["Journal Article", "review"]
effect = "exclude"

[criteria.place]
title = "Setting"
reason = "Not in Wales"
countries = ["GB"]
effect = "flag"

[[streams]]
id = "s"
from = "2020-03"
to = "2023-07"
abstract = { criteria = ["zebra"] }
fulltext = { criteria = ["place", "zebra"], give_up_after = 3 }

[[streams.searches]]
id = "cited"
kind = "citation"
sources = ["openalex"]

[[streams.searches]]
id = "call-out"
kind = "submitted"
enter = "fulltext"

[[streams.searches]]
id = "alerts"
kind = "import"
path = "inbox/*.ris"
"#;

/// `line:column message` of every problem, in order.
fn told(text: &str) -> Vec<String> {
    let problems = match load_text(Path::new("r/config.toml"), text) {
        Ok((_, problems)) => problems,
        Err(errors) => errors.0,
    };
    let place = |problem: &super::ConfigProblem| {
        let place = &problem.place;
        format!("{}:{} {}", place.line.unwrap_or(0), place.column.unwrap_or(0), problem.message)
    };
    problems.iter().map(place).collect()
}

fn sound(text: &str) -> Settings {
    load_text(Path::new("r/config.toml"), text).unwrap().0
}

#[test]
fn defaults_are_filled_in() {
    let settings = sound(SOUND);
    assert_eq!(settings.store, Path::new("r/db/review.sqlite"));
    assert_eq!((settings.http.allow_private, settings.http.timeout_s, settings.http.retries), (false, 30, 5));
    assert_eq!(settings.review.version, "1");
    let names: Vec<&str> = settings.criteria.iter().map(|criterion| criterion.id.as_str()).collect();
    assert_eq!(names, ["zebra", "place"], "config order, not the alphabet's");
    assert_eq!(settings.criteria[1].effect, Effect::Flag);
    assert!(matches!(&settings.criteria[0].test, Test::Types(types) if types.len() == 2));
    let stream = settings.stream("s").unwrap();
    assert_eq!(stream.title, "s");
    let stages = (stream.abstract_stage.as_ref().unwrap(), stream.fulltext_stage.as_ref().unwrap());
    assert_eq!((stages.0.pass, stages.1.pass), (Pass::Rule, Pass::Person));
    assert_eq!(stages.1.criteria, [1, 0]);
    assert_eq!(stages.1.give_up_after, Some(3));
    let cited = stream.search("cited").unwrap();
    assert_eq!(cited.kind, SearchKind::Citation);
    assert_eq!(cited.directions, [Direction::Backward, Direction::Forward]);
    assert_eq!((cited.rounds, cited.enter, cited.label.as_str()), (1, Enter::Abstract, "Citation"));
    assert_eq!(stream.arms(), ["citation", "submitted", "database"]);
    assert_eq!(stream.search("alerts").unwrap().path.as_deref(), Some(Path::new("r/inbox/*.ris")));
}

#[test]
fn each_mistake_has_its_place() {
    // What is replaced in the sound config, by what, and what is then told.
    let table: &[(&str, &str, &[&str])] = &[
        ("title = \"A review\"", "titel = \"A review\"", &["2:1 unknown key `titel` in [review]"]),
        ("title = \"A review\"", "title = 3", &["2:9 `title` is a whole number, not a text"]),
        ("title = \"A review\"", "title = \" \"", &["2:9 `title` is empty"]),
        ("title = \"A review\"", "title = \"A\"\ncontact = \"nobody\"", &["3:11 `nobody` is no e-mail address"]),
        (
            "[criteria.zebra]",
            "[http]\ntimeout_s = 0\nretries = 99\n[criteria.zebra]",
            &["5:13 `timeout_s` is out of range", "6:11 `retries` is out of range"],
        ),
        ("[criteria.zebra]", "[sources.pubmd]\n[criteria.zebra]", &["4:10 unknown source `pubmd`"]),
        (
            "[criteria.zebra]",
            "[sources.wos]\nbase_url = \"ftp://x\"\nproduct = \"start\"\n[criteria.zebra]",
            &["5:12 `ftp` is neither http nor https", "6:11 `product` cannot be `start`"],
        ),
        (
            "[criteria.zebra]",
            "[sources.wos]\nrequests_per_second = 0\nkey = \"abc\"\n[criteria.zebra]",
            &["5:23 `requests_per_second` is out of range", "6:1 `key`: a key never stands in config.toml"],
        ),
        (
            "[criteria.zebra]",
            "[sources.openalex]\nproduct = \"starter\"\n[criteria.zebra]",
            &["5:1 unknown key `product` in [sources.openalex]"],
        ),
        ("\"Journal Article\"", "\"artikle\"", &["7:10 unknown type `artikle`"]),
        ("effect = \"exclude\"", "effect = \"exlude\"", &["8:10 `effect` cannot be `exlude`"]),
        ("effect = \"exclude\"", "", &["4:1 [criteria.zebra] has no `effect`"]),
        (
            "effect = \"flag\"",
            "effect = \"exclude\"",
            &["14:10 `countries` may only flag: where a study took place is no field that a rule can trust"],
        ),
        (
            "countries = [\"GB\"]",
            "countries = [\"GB\"]\nwindow = true",
            &["14:10 [criteria.place] has both `countries` and `window`"],
        ),
        ("countries = [\"GB\"]", "languages = [\"en\", \"Klingon\"]", &["13:20 unknown language `Klingon`"]),
        ("countries = [\"GB\"]", "", &["10:1 [criteria.place] tests nothing"]),
        ("from = \"2020-03\"", "from = \"2020-3\"", &["18:8 `from`: '2020-3' is no month"]),
        ("from = \"2020-03\"", "from = \"2024-03\"", &["19:6 the window ends (2023-07) before it begins (2024-03)"]),
        ("criteria = [\"zebra\"] }", "criteria = [\"zebr\"] }", &["20:26 unknown criterion `zebr`"]),
        ("criteria = [\"zebra\"] }", "criteria = [\"zebra\"], pass = \"persn\" }", &["20:43 `pass` cannot be `persn`"]),
        (
            "criteria = [\"zebra\"] }",
            "criteria = [\"zebra\"], give_up_after = 1 }",
            &["20:52 `give_up_after` belongs to `fulltext`: it closes what could not be retrieved"],
        ),
        ("kind = \"citation\"", "kind = \"citations\"", &["25:8 `kind` cannot be `citations`"]),
        (
            "kind = \"citation\"",
            "kind = \"citation\"\npath = \"x\"",
            &["26:8 `path` does not belong to a search of kind `citation`"],
        ),
        ("sources = [\"openalex\"]", "sources = []", &["26:11 `sources` is empty"]),
        ("sources = [\"openalex\"]", "sources = [\"open-alex\"]", &["26:12 unknown source `open-alex`"]),
        (
            "sources = [\"openalex\"]",
            "sources = [\"openalex\"]\ndirections = [\"forwards\"]",
            &["27:14 `directions` names none", "27:15 unknown direction `forwards`"],
        ),
        (
            "sources = [\"openalex\"]",
            "sources = [\"openalex\"]\nseeds = \"seeds.txt\"",
            &["27:9 the file of seeds is not there: r/seeds.txt"],
        ),
        ("id = \"call-out\"", "id = \"cited\"", &["29:6 two searches of `s` have the id `cited`"]),
        ("id = \"call-out\"", "id = \"call out\"", &["29:6 `call out` cannot be an id"]),
        (
            "enter = \"fulltext\"",
            "enter = \"fulltext\"\narm = \"citation\"",
            &["31:9 the searches `cited` and `call-out` of the arm `citation` enter at different stages"],
        ),
        (
            "enter = \"fulltext\"",
            "enter = \"full-text\"\narm = \"previous\"",
            &[
                "31:9 `enter` cannot be `full-text`",
                "32:7 `previous` is the arm of what an earlier version of the review found",
            ],
        ),
        (
            "kind = \"import\"",
            "kind = \"database\"",
            &[
                "33:1 [[streams.searches]] has no `query`",
                "33:1 a search of kind `database` has no `sources`",
                "36:8 `path` does not belong to a search of kind `database`",
            ],
        ),
    ];
    for (old, new, expected) in table {
        assert!(SOUND.contains(old), "{old}");
        let text = SOUND.replacen(old, new, 1);
        assert!(load_text(Path::new("r/config.toml"), &text).is_err(), "{new}");
        assert_eq!(told(&text), *expected, "{new}");
    }
}

#[test]
fn every_mistake_is_told_at_once_and_broken_syntax_hides_none_that_is_certain() {
    let text = "[review]\ntitel = 1\n[store]\npath = \"x\n[http]\nretires = 1\n";
    assert_eq!(
        told(text),
        [
            "2:1 unknown key `titel` in [review]",
            "4:10 invalid basic string, expected `\"`",
            "6:1 unknown key `retires` in [http]"
        ]
    );
}

#[test]
fn what_works_but_may_not_be_meant_is_a_warning() {
    let text =
        SOUND.replace("abstract = { criteria = [\"zebra\"] }", "strategy = \"6 databases\"").replace("\"place\", ", "");
    assert_eq!(
        told(&text),
        [
            "10:11 no stage uses the criterion `place`",
            "20:12 `strategy` holds a number, which no search will keep true"
        ]
    );
    sound(&text);
    let text = SOUND.replace("[criteria.zebra]", "[sources.openalex]\nenabled = false\n[criteria.zebra]");
    assert_eq!(told(&text), ["28:12 `openalex` is switched off and will not be searched"]);
}

#[test]
fn a_key_is_never_shown() {
    for line in [
        "api_key = \"s3cr3t\"",
        "key_env = \"s3cr3t0000000000\"",
        "base_url = \"https://u:s3cr3t@x.org\"",
        "base_url = \"https://x.org/?apikey=s3cr3t\"",
        "key = s3cr3t",
    ] {
        let text = format!("{SOUND}\n[sources.openalex]\n{line}\n");
        let errors = load_text(Path::new("r/config.toml"), &text).unwrap_err();
        assert!(!errors.to_string().contains("s3cr3t"), "{errors}");
        assert!(errors.0.iter().all(|problem| problem.excerpt.is_none()), "{errors:?}");
    }
}

#[test]
fn strange_bytes_are_mistakes_and_no_panic() {
    for text in [
        "",
        "\u{0}",
        "[",
        "[[streams]]",
        "streams = 3",
        "streams = [1]",
        "criteria = []",
        "a.b.c.d = [[[[[[",
        "[review]\ntitle = \"é\u{301}\"",
    ] {
        let _ = told(text);
    }
    let deep = format!("[review]\ntitle = {}1{}", "[".repeat(2000), "]".repeat(2000));
    assert!(!told(&deep).is_empty());
}
