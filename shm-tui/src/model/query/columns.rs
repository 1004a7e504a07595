//! The columns on which a filter depends, so that only those are looked up.

use super::{Expression, Field};
use crate::model::column::{COLUMNS, Column};

/// Adds the columns whose values decide whether `expression` holds.
pub(super) fn add(expression: &Expression, columns: &mut Vec<Column>) {
    match expression {
        Expression::Any(parts) | Expression::All(parts) => {
            for part in parts {
                add(part, columns);
            }
        }
        Expression::Not(inner) => add(inner, columns),
        Expression::Test(field, ..) => columns.extend_from_slice(of(*field)),
        // Any cell may contain it.
        Expression::Word(_) | Expression::Pattern(_) => {
            let every = COLUMNS.map(|definition| definition.column);
            columns.extend(every.into_iter().filter(|column| !is_scanned(*column)));
        }
        Expression::Flag(_) => columns.push(Column::Status),
    }
}

/// Returns whether a column needs a scan of all processes. A filter that does not name
/// such a column uses it only if it is printed.
fn is_scanned(column: Column) -> bool {
    column == Column::AttachedCommands
}

/// Returns the columns that show what a field holds.
fn of(field: Field) -> &'static [Column] {
    match field {
        Field::Id => &[Column::Id],
        Field::Key => &[Column::Key],
        Field::Owner => &[Column::Owner],
        Field::Group => &[Column::Group],
        Field::Creator => &[Column::Creator],
        Field::Mode => &[Column::Perms],
        Field::Size => &[Column::Size],
        Field::Attached => &[Column::Attached],
        Field::Status => &[Column::Status],
        Field::State => &[Column::State],
        Field::Resident => &[Column::Resident],
        Field::ResidentShare => &[Column::ResidentShare],
        Field::Swapped => &[Column::Swapped],
        Field::CreatorPid => &[Column::CreatorPid],
        Field::LastPid => &[Column::LastPid],
        Field::Pid => &[Column::CreatorPid, Column::LastPid],
        Field::Command => &[Column::CreatorCommand, Column::LastCommand],
        Field::CreatorCommand => &[Column::CreatorCommand],
        Field::LastCommand => &[Column::LastCommand],
        Field::AttachedCommands => &[Column::AttachedCommands],
        Field::Age => &[Column::Age],
        Field::Attach => &[Column::AttachAge],
        Field::Detach => &[Column::DetachAge],
        Field::Unused => &[Column::AttachAge, Column::DetachAge, Column::Age],
        Field::OwnerUid => &[Column::OwnerUid],
        Field::GroupGid => &[Column::GroupGid],
        Field::CreatorUid => &[Column::CreatorUid],
        Field::CreatorGroup => &[Column::CreatorGroup],
        Field::CreatorGid => &[Column::CreatorGid],
        Field::ChangeTime => &[Column::ChangeTime],
        Field::AttachTime => &[Column::AttachTime],
        Field::DetachTime => &[Column::DetachTime],
    }
}
