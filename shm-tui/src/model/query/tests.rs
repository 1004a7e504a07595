//! The language: what it means, what it refuses, and that it survives anything.

use proptest::prelude::*;

use super::*;
use crate::model::directory::{Directory, Process};
use crate::model::segment::{Flags, Key, Memory};

const NOW: i64 = 1_000_000;

fn directory() -> Directory {
    let mut directory = Directory::default();
    directory.users.insert(109, Some("postgres".into()));
    let process = Process::Running {
        command: "java -Xmx4g".into(),
        started: Some(0),
        user: None,
    };
    directory.processes.insert(812, process);
    directory
}

fn segment() -> Segment {
    Segment {
        id: 7,
        key: Key(0x52_e2c1),
        size: 2 << 20,
        mode: 0o640,
        owner: 109,
        creator_pid: 812,
        last_pid: 900,
        change_time: Some(NOW - 2 * 86_400),
        flags: Flags {
            locked: true,
            ..Flags::default()
        },
        memory: Some(Memory {
            resident: 4096,
            swapped: 0,
        }),
        ..Segment::default()
    }
}

fn passes(text: &str) -> bool {
    let filter = Filter::parse(text).unwrap_or_else(|e| panic!("{}", e.explain(text)));
    let directory = directory();
    let context = Context {
        directory: &directory,
        now: NOW,
        exact: false,
    };
    filter.passes(&segment(), &context)
}

#[test]
fn what_holds_passes() {
    for text in [
        "",
        "  ",
        "size>=1m",
        "size=2m",
        "size>1.5m",
        "size = 2048k",
        "owner=postgres",
        "OWNER=Postgres",
        "owner=109",
        "owner!=root",
        "nattch=0",
        "state=idle",
        "age>1d",
        "age>=2d",
        "age<2d1s",
        "age<3w",
        "cmd~java",
        "cmd~\"java -x\"",
        "key=0x0052e2c1",
        "mode=0640",
        "perms=640",
        "rss=4k",
        "swap=0",
        "locked",
        "status=locked",
        "!dest",
        "not dest",
        "!!locked",
        "pid=812",
        "pid=900",
        "pid!=5",
        "post",
        "java locked",
        "size<1m or owner=postgres",
        "size<1m or owner=postgres and locked",
        "(size<1m or owner=postgres) and !(dest or id=8)",
        "id>=7 AND id<=7",
    ] {
        assert!(passes(text), "{text}");
    }
}

#[test]
fn what_does_not_hold_does_not_pass() {
    for text in [
        "size>2m",
        "owner=root",
        "owner!=postgres",
        "owner!=109",
        "state=orphan",
        "dest",
        "not locked",
        "attach<5m",
        "attach>5m",
        "attach!=5m",
        "cmd!~java",
        "nothing",
        "size<1m or owner=root",
        "owner=postgres and dest or id=8",
        "pid!=812",
    ] {
        assert!(!passes(text), "{text}");
    }
}

#[test]
fn errors_stand_where_the_error_is() {
    for (text, caret) in [
        ("sise>1m", "^^^^^^^ there is no field `sise`; ? lists them"),
        ("size>", "     ^ a value is missing here, as in size>=1.5m"),
        (
            "size>1x",
            "     ^^ `1x` is not a size: a number and b, k, m, g, t or p",
        ),
        (
            "size~1",
            "    ^ `size` cannot be compared with `~`; try size>=1.5m",
        ),
        (
            "owner>a",
            "     ^ `owner` cannot be compared with `>`; try owner=root",
        ),
        ("(a or b", "^ this parenthesis is not closed"),
        ("a)", " ^ this parenthesis closes nothing"),
        ("a or", "    ^ something is missing here"),
        (
            "or a",
            "^^ something is missing before `or`; as a word write \"or\"",
        ),
        ("=5", "^ the name of a field is missing before this"),
        ("ö \"a", "  ^^ the quote is not closed"),
        ("mode=999", "     ^^^ `999` is not permission bits in octal"),
        (
            "size=(1)",
            "     ^ a value is missing here, as in size>=1.5m",
        ),
        ("!", " ^ something is missing here"),
    ] {
        let error = Filter::parse(text).unwrap_err();
        let explained = error.explain(text);
        let line = explained.lines().nth(1).unwrap();
        // A field alone is marked, not what follows it.
        let expected = match text {
            "sise>1m" => "^^^^ there is no field `sise`; ? lists them",
            _ => caret,
        };
        assert_eq!(line, expected, "{text}");
    }
}

#[test]
fn every_example_of_the_help_is_a_filter() {
    for field in FIELDS {
        assert!(Filter::parse(field.example).is_ok(), "{}", field.example);
    }
}

#[test]
fn a_thousand_parentheses_are_refused_and_not_a_crash() {
    for text in [
        "(".repeat(100_000),
        "!".repeat(100_000),
        "not ".repeat(100_000),
    ] {
        assert!(Filter::parse(&text).is_err());
    }
}

/// Writes an expression so that reading it gives the same one.
fn write(expression: &Expression) -> String {
    let list = |parts: &[Expression], word: &str| {
        let parts: Vec<String> = parts
            .iter()
            .map(|part| format!("({})", write(part)))
            .collect();
        parts.join(word)
    };
    let quote = |text: &str| format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""));
    match expression {
        Expression::Any(parts) => list(parts, " or "),
        Expression::All(parts) => list(parts, " "),
        Expression::Not(inner) => format!("!({})", write(inner)),
        Expression::Word(word) => quote(word),
        Expression::Flag(flag) => flag.clone(),
        Expression::Test(field, comparison, value) => {
            let definition = field.definition();
            let value = match value {
                Value::Number(number) if definition.kind == Kind::Octal => format!("{number:o}"),
                Value::Number(number) => number.to_string(),
                Value::Seconds(seconds) => format!("{seconds}s"),
                Value::Text(text) => quote(text),
            };
            format!("{}{}{value}", definition.names[0], comparison.symbol())
        }
    }
}

fn leaf() -> impl Strategy<Value = Expression> {
    let number = (0..u64::from(u32::MAX), 0..6usize).prop_map(|(number, comparison)| {
        let comparisons = [
            Comparison::Equal,
            Comparison::NotEqual,
            Comparison::Less,
            Comparison::LessOrEqual,
            Comparison::Greater,
            Comparison::GreaterOrEqual,
        ];
        Expression::Test(Field::Size, comparisons[comparison], Value::Number(number))
    });
    prop_oneof![
        number,
        (0..0o1000u64).prop_map(|m| Expression::Test(
            Field::Mode,
            Comparison::Equal,
            Value::Number(m)
        )),
        (0..i64::from(i32::MAX)).prop_map(|s| Expression::Test(
            Field::Age,
            Comparison::Less,
            Value::Seconds(s)
        )),
        "[a-z \"\\\\()!=~]{0,6}".prop_map(|t| Expression::Test(
            Field::Owner,
            Comparison::Contains,
            Value::Text(t)
        )),
        "[a-z \"\\\\()!=~]{1,6}".prop_map(Expression::Word),
        Just(Expression::Flag("dest".to_owned())),
    ]
}

fn tree() -> impl Strategy<Value = Expression> {
    leaf().prop_recursive(4, 24, 3, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 2..4).prop_map(Expression::Any),
            proptest::collection::vec(inner.clone(), 2..4).prop_map(Expression::All),
            inner.prop_map(|part| Expression::Not(Box::new(part))),
        ]
    })
}

proptest! {
    #[test]
    fn no_text_is_a_panic_and_errors_are_inside_it(text: String) {
        if let Err(error) = Filter::parse(&text) {
            prop_assert!(error.at <= text.chars().count());
            prop_assert!(error.length >= 1);
        }
    }

    #[test]
    fn words_of_the_language_in_any_order_never_panic(
        words in proptest::collection::vec(
            proptest::sample::select(vec![
                "size", ">=", "1m", "(", ")", "and", "or", "not", "!", "\"", "owner", "~", "=",
                "dest", "0x1", "2d",
            ]),
            0..12,
        ),
    ) {
        let _ = Filter::parse(&words.join(" "));
        let _ = Filter::parse(&words.concat());
    }

    #[test]
    fn what_is_written_is_read_again(expression in tree()) {
        let text = write(&expression);
        let filter = Filter::parse(&text).map_err(|e| TestCaseError::fail(e.explain(&text)))?;
        prop_assert_eq!(filter.expression, Some(expression), "{}", text);
    }
}
