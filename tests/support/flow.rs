//! What every flow must obey.

use serde_json::Value;

/// A number that must be there.
pub fn number(value: &Value, path: &str) -> u64 {
    value.pointer(path).and_then(Value::as_u64).unwrap_or_else(|| panic!("{path} in {value}"))
}

/// Every equation of the interface, worked out here by another road than the program's.
pub fn conserves(flow: &Value) {
    for stream in flow["streams"].as_array().unwrap() {
        let mut included = 0;
        for arm in stream["arms"].as_array().unwrap() {
            let removed: u64 = ["duplicates", "automation", "other", "already_screened"]
                .iter()
                .map(|name| number(arm, &format!("/removed/{name}")))
                .sum();
            let mut on = number(arm, "/identified") - removed;
            let by_source: u64 = arm["by_source"].as_object().unwrap().values().filter_map(Value::as_u64).sum();
            assert_eq!(by_source, number(arm, "/identified"), "{arm}");
            if !arm["abstract"].is_null() {
                assert_eq!(on, number(arm, "/abstract/screened") + number(arm, "/abstract/awaiting"));
                on = number(arm, "/abstract/screened") - number(arm, "/abstract/excluded");
            }
            assert_eq!(arm["retrieval"].is_null(), arm["fulltext"].is_null());
            if !arm["fulltext"].is_null() {
                assert_eq!(on, number(arm, "/retrieval/sought"));
                let assessed = number(arm, "/fulltext/assessed");
                assert_eq!(
                    on,
                    number(arm, "/retrieval/not_retrieved")
                        + number(arm, "/retrieval/awaiting")
                        + assessed
                        + number(arm, "/fulltext/awaiting")
                );
                on = assessed - number(arm, "/fulltext/excluded");
            }
            assert_eq!(on, number(arm, "/included"), "{arm}");
            included += on;
        }
        assert_eq!(included, number(stream, "/included"));
    }
}
