//! What holds for every text and every expression: no panic, and what is written is
//! read again.

use proptest::prelude::*;

use super::super::*;

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
        Expression::All(parts) => list(parts, " && "),
        Expression::Not(inner) => format!("!({})", write(inner)),
        Expression::Word(word) => quote(word),
        Expression::Pattern(glob) => glob.clone(),
        Expression::Flag(flag) => flag.clone(),
        Expression::Test(field, comparison, values) => {
            let definition = field.definition();
            let values: Vec<String> = values
                .iter()
                .map(|value| match value {
                    Value::Number(number) if definition.kind == Kind::Mode => format!("{number:o}"),
                    Value::Number(number) => number.to_string(),
                    Value::Bits(mask, None) => format!("{mask:03o}"),
                    Value::Bits(mask, Some(bits)) => format!("{mask:03o}={bits:o}"),
                    Value::Seconds(seconds) => format!("{seconds}s"),
                    Value::Moment(Moment::At(at)) => format!("@{at}"),
                    Value::Moment(moment) => panic!("not generated: {moment:?}"),
                    Value::Text(text) => quote(text),
                    Value::Glob(glob) => glob.clone(),
                })
                .collect();
            let (name, symbol) = (definition.name(), comparison.symbol());
            format!("{name}{symbol}{}", values.join(","))
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
        let values = vec![Value::Number(number)];
        Expression::Test(Field::Size, comparisons[comparison], values)
    });
    let modes = proptest::collection::vec((0..0o1000u64).prop_map(Value::Number), 1..4);
    let owners = "[a-z ,\"\\\\()!=~&|*?:]{0,6}".prop_map(Value::Text);
    prop_oneof![
        number,
        modes.prop_map(|modes| Expression::Test(Field::Mode, Comparison::Equal, modes)),
        (1..0o1000u64, proptest::option::of(0..0o1000u64)).prop_map(|(mask, bits)| {
            Expression::Test(Field::Mode, Comparison::Bits, vec![Value::Bits(mask, bits)])
        }),
        (0..i64::from(i32::MAX)).prop_map(|s| Expression::Test(
            Field::Age,
            Comparison::Less,
            vec![Value::Seconds(s)]
        )),
        (0..i64::from(i32::MAX)).prop_map(|s| Expression::Test(
            Field::AttachTime,
            Comparison::GreaterOrEqual,
            vec![Value::Moment(Moment::At(s))]
        )),
        proptest::collection::vec(owners, 1..3).prop_map(|owners| Expression::Test(
            Field::Owner,
            Comparison::Contains,
            owners
        )),
        "[a-z]{1,3}[*][a-z?]{0,3}".prop_map(|glob| Expression::Test(
            Field::Command,
            Comparison::NotEqual,
            vec![Value::Glob(glob)]
        )),
        "[a-z \"\\\\()!=~&|*?:]{1,6}".prop_map(Expression::Word),
        "[*][a-z]{1,4}".prop_map(Expression::Pattern),
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
                "dest", "0x1", "2d", "&", "&&", "||", ":", ",", "mode", "002", "o+w", "*", "1",
                "d", "ctime", "today", "08:00", "-2h",
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
