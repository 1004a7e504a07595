//! Asks an expression about a segment.

use super::{Comparison, Expression, Field, Value};
use crate::model::column::{COLUMNS, Context};
use crate::model::segment::Segment;
use crate::model::state;

/// Whether `expression` holds for `segment`. What is not known is never equal
/// to, larger or smaller than anything.
pub(super) fn holds(expression: &Expression, segment: &Segment, context: &Context<'_>) -> bool {
    let asked = |part: &Expression| holds(part, segment, context);
    match expression {
        Expression::Any(parts) => parts.iter().any(asked),
        Expression::All(parts) => parts.iter().all(asked),
        Expression::Not(inner) => !asked(inner),
        Expression::Flag(label) => segment.flags.labels().any(|set| set == label),
        Expression::Word(word) => COLUMNS.iter().any(|definition| {
            let cell = definition.column.cell(segment, context);
            cell.to_lowercase().contains(word)
        }),
        Expression::Test(field, comparison, value) => {
            test(*field, *comparison, value, segment, context)
        }
    }
}

fn test(
    field: Field,
    comparison: Comparison,
    value: &Value,
    segment: &Segment,
    context: &Context<'_>,
) -> bool {
    match value {
        Value::Number(wanted) => {
            let numbers = numbers(field, segment);
            any_or_none(comparison, numbers.into_iter().flatten(), |number| {
                compares(comparison, &number, wanted)
            })
        }
        Value::Seconds(wanted) => {
            let since = |time: Option<i64>| time.map(|time| context.now.saturating_sub(time));
            let age = match field {
                Field::Attach => since(segment.attach_time),
                Field::Detach => since(segment.detach_time),
                Field::Unused => segment.unused_for(context.now),
                _ => since(segment.change_time),
            };
            age.is_some_and(|age| compares(comparison, &age, wanted))
        }
        Value::Text(wanted) => any_or_none(
            comparison,
            texts(field, segment, context).into_iter(),
            |text| text_compares(comparison, &text.to_lowercase(), wanted),
        ),
    }
}

/// Of several values one must do; a negated comparison must hold for all.
fn any_or_none<T>(
    comparison: Comparison,
    mut values: impl Iterator<Item = T>,
    holds: impl Fn(T) -> bool,
) -> bool {
    match comparison {
        Comparison::NotEqual | Comparison::ContainsNot => values.all(holds),
        _ => values.any(holds),
    }
}

fn compares<T: Ord>(comparison: Comparison, value: &T, wanted: &T) -> bool {
    match comparison {
        Comparison::Equal | Comparison::Contains => value == wanted,
        Comparison::NotEqual | Comparison::ContainsNot => value != wanted,
        Comparison::Less => value < wanted,
        Comparison::LessOrEqual => value <= wanted,
        Comparison::Greater => value > wanted,
        Comparison::GreaterOrEqual => value >= wanted,
    }
}

fn text_compares(comparison: Comparison, text: &str, wanted: &str) -> bool {
    match comparison {
        Comparison::Contains => text.contains(wanted),
        Comparison::ContainsNot => !text.contains(wanted),
        Comparison::NotEqual => text != wanted,
        _ => text == wanted,
    }
}

fn numbers(field: Field, segment: &Segment) -> [Option<u64>; 2] {
    let one = |number: u64| [Some(number), None];
    let signed = |number: i32| u64::try_from(number).ok();
    match field {
        Field::Id => [signed(segment.id), None],
        Field::Key => one(segment.key.bits()),
        Field::Mode => one(segment.mode.into()),
        Field::Size => one(segment.size),
        Field::Attached => one(segment.attached),
        Field::Resident => [segment.memory.map(|memory| memory.resident), None],
        Field::Swapped => [segment.memory.map(|memory| memory.swapped), None],
        Field::CreatorPid => [signed(segment.creator_pid), None],
        Field::LastPid => [signed(segment.last_pid), None],
        Field::Pid => [signed(segment.creator_pid), signed(segment.last_pid)],
        _ => [None, None],
    }
}

fn texts(field: Field, segment: &Segment, context: &Context<'_>) -> Vec<String> {
    let names = context.directory;
    match field {
        Field::Owner => vec![
            names.user(segment.owner).to_string(),
            segment.owner.to_string(),
        ],
        Field::Creator => vec![
            names.user(segment.creator).to_string(),
            segment.creator.to_string(),
        ],
        Field::Group => vec![
            names.group(segment.group).to_string(),
            segment.group.to_string(),
        ],
        Field::Status => segment.flags.labels().map(str::to_owned).collect(),
        Field::State => {
            let state = state::classify(segment, names, context.now);
            let mut texts = vec![state.name().to_owned()];
            texts.extend(state.is_orphan().then(|| "orphan".to_owned()));
            texts
        }
        Field::Command => [
            names.command(segment.creator_pid, segment.existed_at()),
            names.command(segment.last_pid, segment.last_use()),
            names.attached_commands(segment.id),
        ]
        .into_iter()
        .flatten()
        .map(str::to_owned)
        .collect(),
        _ => Vec::new(),
    }
}
