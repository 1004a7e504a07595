//! Validates JSON against `docs/shm-tui.schema.json`: as much of JSON Schema as that file
//! uses. An unknown keyword fails, so that nothing in the file goes unchecked.
#![allow(dead_code, unreachable_pub)]
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

use serde_json::Value;

/// Fails unless `value` is a `name` of the schema.
#[track_caller]
pub fn assert_is(name: &str, value: &Value) {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/shm-tui.schema.json");
    let root: Value = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
    let schema = serde_json::json!({ "$ref": format!("#/$defs/{name}") });
    let mut faults = Vec::new();
    check(&root, &schema, value, name, &mut faults);
    assert!(faults.is_empty(), "{faults:#?}\n{value:#}");
}

fn check(root: &Value, schema: &Value, value: &Value, at: &str, faults: &mut Vec<String>) {
    for (keyword, rule) in schema.as_object().unwrap() {
        let holds = match keyword.as_str() {
            "description" => true,
            "$ref" => {
                let name = rule.as_str().unwrap().strip_prefix("#/$defs/").unwrap();
                let known = root["$defs"].get(name);
                let known = known.unwrap_or_else(|| panic!("no definition of {name}"));
                check(root, known, value, at, faults);
                true
            }
            "type" => match rule {
                Value::Array(kinds) => kinds.iter().any(|kind| is_a(kind, value)),
                kind => is_a(kind, value),
            },
            "const" => value == rule,
            "enum" => rule.as_array().unwrap().contains(value),
            "minimum" => value.is_null() || value.as_u64() >= rule.as_u64(),
            "pattern" => {
                let text = value.as_str();
                text.is_none_or(|text| fits(rule.as_str().unwrap(), text))
            }
            "required" => {
                let mut names = rule.as_array().unwrap().iter();
                names.all(|name| value.get(name.as_str().unwrap()).is_some())
            }
            "properties" => {
                for (name, schema) in rule.as_object().unwrap() {
                    if let Some(inner) = value.get(name) {
                        check(root, schema, inner, &format!("{at}.{name}"), faults);
                    }
                }
                true
            }
            "additionalProperties" => {
                assert_eq!(rule, &Value::Bool(false));
                let known = schema["properties"].as_object().unwrap();
                let mut names = value
                    .as_object()
                    .into_iter()
                    .flat_map(|object| object.keys());
                names.all(|name| known.contains_key(name))
            }
            "items" => {
                for (index, inner) in value.as_array().into_iter().flatten().enumerate() {
                    check(root, rule, inner, &format!("{at}[{index}]"), faults);
                }
                true
            }
            _ => panic!("this test does not know `{keyword}`"),
        };
        if !holds {
            faults.push(format!("{at}: {value} breaks {keyword} {rule}"));
        }
    }
}

fn is_a(kind: &Value, value: &Value) -> bool {
    match kind.as_str().unwrap() {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "integer" => value.is_i64() || value.is_u64(),
        "boolean" => value.is_boolean(),
        "null" => value.is_null(),
        other => panic!("this test does not know the type `{other}`"),
    }
}

/// The few patterns of the schema, each by hand.
fn fits(pattern: &str, text: &str) -> bool {
    let hex = |text: &str| {
        let lower = |c: char| c.is_ascii_digit() || ('a'..='f').contains(&c);
        !text.is_empty() && text.chars().all(lower)
    };
    match pattern {
        "^0x[0-9a-f]{8,16}$" => {
            (10..=18).contains(&text.len()) && text.strip_prefix("0x").is_some_and(hex)
        }
        "^0x[0-9a-f]+$" => text.strip_prefix("0x").is_some_and(hex),
        "^0[0-7]{3}$" => {
            let octal = |c: char| ('0'..='7').contains(&c);
            text.len() == 4 && text.starts_with('0') && text.chars().all(octal)
        }
        "^[0-9-]+T[0-9:]+Z$" => text.parse::<jiff::Timestamp>().is_ok() && text.ends_with('Z'),
        other => panic!("this test does not know the pattern {other}"),
    }
}
