//! Draws the IPC namespaces of the machine.

use ratatui::buffer::Buffer;

use super::panel;
use crate::app::App;
use crate::app::layout::Areas;
use crate::model::format;
use crate::model::scan::{Namespace, NamespaceScan};

pub(super) fn draw(app: &App, areas: &Areas, buffer: &mut Buffer) {
    let remark = match &app.namespaces.list {
        None => "scanning every process".to_owned(),
        Some(Err(_)) => String::new(),
        Some(Ok(scan)) => coverage(scan),
    };
    panel::caption(app, areas.caption, "IPC namespaces", &remark, buffer);
    match &app.namespaces.list {
        None => {}
        Some(Err(why)) => panel::sentence(app, areas, why, app.theme.failure(), buffer),
        Some(Ok(scan)) => {
            let cursor = app.namespaces.cursor;
            panel::lines(app, areas, cursor, scan.list.iter(), buffer, |namespace| {
                let shown = match app.namespaces.entered {
                    None => namespace.own,
                    Some(inode) => namespace.inode == inode,
                };
                let style = match shown {
                    true => app.theme.title(),
                    false => app.theme.plain(),
                };
                (line(namespace, shown), style)
            });
        }
    }
}

/// Returns their number, and whether the list is complete.
fn coverage(scan: &NamespaceScan) -> String {
    let mut words = format!("{} with processes", scan.list.len());
    if let Some(gaps) = scan.gaps() {
        words.push_str("; ");
        words.push_str(&gaps);
    }
    words
}

fn line(namespace: &Namespace, shown: bool) -> String {
    let segments = match &namespace.usage {
        Ok(usage) => {
            let count = format::counted(usage.segments, "segment");
            let resident = usage
                .resident
                .map(|bytes| format!(", {} resident", format::size(bytes)));
            format!(
                "{count}, {}{}",
                format::size(usage.bytes),
                resident.unwrap_or_default()
            )
        }
        // Entering it shows why.
        Err(_) => "no access".to_owned(),
    };
    let own = if namespace.own { "own" } else { "" };
    let sign = if shown { "*" } else { " " };
    let first = namespace.processes.first();
    let process = first.map(|(pid, command)| format!("{pid} {command}"));
    let more = match namespace.count.saturating_sub(1) {
        0 => String::new(),
        count => format!(" and {count} more"),
    };
    format!(
        "{sign} {:>10} {own:<4} {segments:<34} {}{more}",
        namespace.inode,
        process.unwrap_or_else(|| "no process".to_owned()),
    )
}
