//! Evaluates an expression for a segment.

use std::borrow::Cow;

use super::{Comparison, Expression, Field, Value, pattern};
use crate::model::column::{COLUMNS, Context};
use crate::model::scan::program;
use crate::model::segment::Segment;
use crate::model::state;

/// Returns whether `expression` holds for `segment`. An unknown value is never equal to,
/// larger or smaller than anything.
pub(super) fn holds(expression: &Expression, segment: &Segment, context: &Context<'_>) -> bool {
    let holds_too = |part: &Expression| holds(part, segment, context);
    match expression {
        Expression::Any(parts) => parts.iter().any(holds_too),
        Expression::All(parts) => parts.iter().all(holds_too),
        Expression::Not(inner) => !holds_too(inner),
        Expression::Flag(label) => segment.flags.labels().any(|set| set == label),
        Expression::Word(word) => any_cell(segment, context, |cell| cell.contains(word)),
        Expression::Pattern(glob) => {
            any_cell(segment, context, |cell| pattern::matches(glob, cell))
        }
        Expression::Test(field, comparison, values) => {
            test(*field, *comparison, values, segment, context)
        }
    }
}

fn any_cell(segment: &Segment, context: &Context<'_>, fits: impl Fn(&str) -> bool) -> bool {
    let mut cell = String::new();
    COLUMNS.iter().any(|definition| {
        cell.clear();
        definition.column.write(segment, context, &mut cell);
        fits(&lower(&cell))
    })
}

/// Converts to lower case, without an allocation if it already is.
fn lower(text: &str) -> Cow<'_, str> {
    match text.chars().any(|c| c.is_uppercase() || !c.is_ascii()) {
        true => Cow::Owned(text.to_lowercase()),
        false => Cow::Borrowed(text),
    }
}

/// Compares with several values: one must match; a negated comparison must hold for all
/// of them.
fn test(
    field: Field,
    comparison: Comparison,
    values: &[Value],
    segment: &Segment,
    context: &Context<'_>,
) -> bool {
    let (negated, comparison) = match comparison {
        Comparison::NotEqual => (true, Comparison::Equal),
        Comparison::ContainsNot => (true, Comparison::Contains),
        comparison => (false, comparison),
    };
    let mut values = values.iter();
    if let Some(time) = time_of(field, segment, context) {
        // Unknown is neither equal nor unequal.
        let Some(time) = time else {
            return false;
        };
        return values.any(|value| time_compares(comparison, time, value, context)) != negated;
    }
    values.any(|value| one(field, comparison, value, segment, context)) != negated
}

/// Returns the age or the time in a field that has one, if known.
fn time_of(field: Field, segment: &Segment, context: &Context<'_>) -> Option<Option<i64>> {
    let since = |time: Option<i64>| time.map(|time| context.now.saturating_sub(time));
    Some(match field {
        Field::Age => since(segment.change_time),
        Field::Attach => since(segment.attach_time),
        Field::Detach => since(segment.detach_time),
        Field::Unused => segment.unused_for(context.now),
        Field::ChangeTime => segment.change_time,
        Field::AttachTime => segment.attach_time,
        Field::DetachTime => segment.detach_time,
        _ => return None,
    })
}

fn time_compares(comparison: Comparison, time: i64, value: &Value, context: &Context<'_>) -> bool {
    match value {
        Value::Seconds(seconds) => compares(comparison, &time, seconds),
        Value::Moment(moment) => {
            let zone = context.directory.zone.as_ref();
            let Some((from, to)) = moment.resolve(context.now, zone) else {
                return false;
            };
            match comparison {
                Comparison::Less => time < from,
                Comparison::LessOrEqual => time < to,
                Comparison::Greater => time >= to,
                Comparison::GreaterOrEqual => time >= from,
                _ => (from..to).contains(&time),
            }
        }
        _ => false,
    }
}

fn one(
    field: Field,
    comparison: Comparison,
    value: &Value,
    segment: &Segment,
    context: &Context<'_>,
) -> bool {
    match value {
        Value::Number(number) => {
            let numbers = numbers(field, segment).into_iter().flatten();
            let mut numbers = numbers;
            numbers.any(|found| compares(comparison, &found, number))
        }
        Value::Bits(mask, expected) => {
            let bits = u64::from(segment.mode) & mask;
            match expected {
                Some(expected) => bits == *expected,
                None => bits != 0,
            }
        }
        Value::Text(_) | Value::Glob(_) => text(field, comparison, value, segment, context),
        Value::Seconds(_) | Value::Moment(_) => false,
    }
}

fn compares<T: Ord>(comparison: Comparison, found: &T, value: &T) -> bool {
    match comparison {
        Comparison::Less => found < value,
        Comparison::LessOrEqual => found <= value,
        Comparison::Greater => found > value,
        Comparison::GreaterOrEqual => found >= value,
        _ => found == value,
    }
}

fn numbers(field: Field, segment: &Segment) -> [Option<u64>; 2] {
    let signed = |number: i32| u64::try_from(number).ok();
    let first = match field {
        Field::Id => signed(segment.id),
        Field::Key => Some(segment.key.bits()),
        Field::Mode => Some(segment.mode.into()),
        Field::Size => Some(segment.size),
        Field::Attached => Some(segment.attached),
        Field::Resident => segment.memory.map(|memory| memory.resident),
        Field::ResidentShare => segment.resident_share(),
        Field::Swapped => segment.memory.map(|memory| memory.swapped),
        Field::CreatorPid => signed(segment.creator_pid),
        Field::LastPid => signed(segment.last_pid),
        Field::OwnerUid => Some(segment.owner.into()),
        Field::GroupGid => Some(segment.group.into()),
        Field::CreatorUid => Some(segment.creator.into()),
        Field::CreatorGid => Some(segment.creator_group.into()),
        Field::Pid => return [signed(segment.creator_pid), signed(segment.last_pid)],
        _ => None,
    };
    [first, None]
}

fn text(
    field: Field,
    comparison: Comparison,
    value: &Value,
    segment: &Segment,
    context: &Context<'_>,
) -> bool {
    let names = context.directory;
    let fits = |text: &str| text_compares(comparison, &lower(text), value);
    let creator = || names.command(segment.creator_pid, segment.existed_at());
    let last = || names.command(segment.last_pid, segment.last_use());
    let line = |line: Option<&str>| line.is_some_and(|line| command(comparison, line, value));
    let attached = || {
        let commands = names.attached_commands(segment.id).unwrap_or_default();
        // `postgres x7, psql`
        let mut commands = commands.split(", ").filter(|name| !name.is_empty());
        commands.any(|name| {
            let counted = name.rsplit_once(" x").filter(|(_, count)| is_number(count));
            line(Some(counted.map_or(name, |(name, _)| name)))
        })
    };
    match field {
        Field::Owner => fits(&names.user(segment.owner)) || number(segment.owner, value, fits),
        Field::Creator => {
            fits(&names.user(segment.creator)) || number(segment.creator, value, fits)
        }
        Field::Group => fits(&names.group(segment.group)) || number(segment.group, value, fits),
        Field::CreatorGroup => {
            fits(&names.group(segment.creator_group)) || number(segment.creator_group, value, fits)
        }
        Field::Status => segment.flags.labels().any(fits),
        Field::State => {
            let state = state::classify(segment, names, context.now);
            fits(state.name()) || (state.is_orphan() && fits("orphan"))
        }
        Field::CreatorCommand => line(creator()),
        Field::LastCommand => line(last()),
        Field::AttachedCommands => attached(),
        Field::Command => line(creator()) || line(last()) || attached(),
        Field::Key => fits(&segment.key.to_string()),
        _ => false,
    }
}

/// Compares a user or group by number, if the value is one.
fn number(number: u32, value: &Value, fits: impl Fn(&str) -> bool) -> bool {
    match value {
        Value::Text(text) if !is_number(text) => false,
        _ => fits(&number.to_string()),
    }
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn text_compares(comparison: Comparison, text: &str, value: &Value) -> bool {
    match (value, comparison) {
        (Value::Glob(glob), _) => pattern::matches(glob, text),
        (Value::Text(wanted), Comparison::Contains) => text.contains(wanted),
        (Value::Text(wanted), _) => text == wanted,
        _ => false,
    }
}

/// Compares a command line. Equality checks whether the name of the program contains the
/// value, because nobody types the whole line. A value with a slash or a space is
/// compared with the path, or with the whole line.
fn command(comparison: Comparison, line: &str, value: &Value) -> bool {
    let (Value::Text(wanted) | Value::Glob(wanted)) = value else {
        return false;
    };
    let part = match comparison {
        Comparison::Contains => line,
        _ if wanted.contains(' ') => line,
        _ if wanted.contains('/') => line.split_whitespace().next().unwrap_or(line),
        _ => program(line),
    };
    match value {
        Value::Glob(glob) => pattern::matches(glob, &lower(part)),
        _ => lower(part).contains(wanted),
    }
}
