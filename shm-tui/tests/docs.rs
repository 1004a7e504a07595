//! Compares the guide with the program: its tables of keys, columns and filter fields are
//! generated, and its links must resolve.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

use std::fs;
use std::path::{Path, PathBuf};

use shm_tui::app::keymap::BINDINGS;
use shm_tui::model::column::COLUMNS;
use shm_tui::model::query::{FIELDS, Filter};
use shm_tui::model::threshold::Threshold;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// A cell of a table: a bar would end it.
fn code(text: &str) -> String {
    format!("`{}`", text.replace('|', "\\|"))
}

fn keys() -> String {
    let mut places = Vec::new();
    for binding in BINDINGS {
        if !places.contains(&binding.place) {
            places.push(binding.place);
        }
    }
    let mut text = String::new();
    for place in places {
        text.push_str(&format!(
            "### {}\n\n| key | what it does |\n| --- | --- |\n",
            place.title()
        ));
        for binding in BINDINGS.iter().filter(|binding| binding.place == place) {
            let keys: Vec<String> = binding
                .keys
                .iter()
                .map(|key| code(&key.to_string()))
                .collect();
            text.push_str(&format!("| {} | {} |\n", keys.join(" "), binding.about));
        }
        text.push('\n');
    }
    text
}

fn columns() -> String {
    let mut text = "| column | what it shows |\n| --- | --- |\n".to_owned();
    for column in COLUMNS {
        text.push_str(&format!("| {} | {} |\n", code(column.name), column.about));
    }
    text.push('\n');
    text
}

fn fields() -> String {
    let mut text = "| field | example |\n| --- | --- |\n".to_owned();
    for field in FIELDS {
        let names: Vec<String> = field.names.iter().map(|name| code(name)).collect();
        text.push_str(&format!(
            "| {} | {} |\n",
            names.join(", "),
            code(field.example)
        ));
    }
    text.push('\n');
    text
}

#[test]
fn the_tables_of_the_guide_are_those_of_the_program() {
    let path = root().join("docs").join("browser.md");
    let is = fs::read_to_string(&path).unwrap();
    let mut wanted = is.clone();
    for (name, table) in [
        ("keys", keys()),
        ("columns", columns()),
        ("fields", fields()),
    ] {
        let (begin, end) = (
            format!("<!-- {name} -->\n"),
            format!("<!-- end of {name} -->"),
        );
        let start = wanted.find(&begin).unwrap() + begin.len();
        let stop = wanted.find(&end).unwrap();
        wanted.replace_range(start..stop, &format!("\n{table}"));
    }
    if std::env::var_os("UPDATE_DOCS").is_some() {
        fs::write(&path, wanted).unwrap();
        return;
    }
    assert!(
        is == wanted,
        "docs/browser.md is not what the program does: UPDATE_DOCS=1 cargo test -p shm-tui --test docs"
    );
}

#[test]
fn relative_links_lead_somewhere() {
    let docs = fs::read_dir(root().join("docs")).unwrap();
    let mut pages: Vec<PathBuf> = docs.map(|entry| entry.unwrap().path()).collect();
    pages.extend(["README.md", "CONTRIBUTING.md"].map(|page| root().join(page)));
    pages.retain(|page| page.extension().is_some_and(|extension| extension == "md"));
    assert!(pages.len() > 3);
    for page in pages {
        let text = fs::read_to_string(&page).unwrap();
        for part in text.split("](").skip(1) {
            let target = part.split([')', '#']).next().unwrap();
            if target.is_empty() || target.contains("://") {
                continue;
            }
            let file = page.parent().unwrap().join(target);
            assert!(file.exists(), "{}: {target}", page.display());
        }
    }
}

#[test]
fn the_filters_and_thresholds_of_the_documents_are_right() {
    let mut found = 0;
    for document in ["scripts", "troubleshooting", "browser", "monitoring"] {
        let path = format!("{}/../docs/{document}.md", env!("CARGO_MANIFEST_DIR"));
        let text = std::fs::read_to_string(path).unwrap();
        for (option, is_right) in [
            (
                "--filter ",
                (|text| Filter::parse(text).is_ok()) as fn(&str) -> bool,
            ),
            ("--fail-if ", |text| text.parse::<Threshold>().is_ok()),
        ] {
            for rest in text.split(option).skip(1) {
                let quoted = rest
                    .strip_prefix('\'')
                    .and_then(|rest| rest.split('\'').next());
                let bare = rest.split([' ', '`', '\n']).next().unwrap();
                let value = quoted.unwrap_or(bare);
                // A placeholder of a table or of a usage line.
                if value.chars().all(|c| c.is_ascii_uppercase()) {
                    continue;
                }
                found += 1;
                assert!(is_right(value), "{document}.md: {option}{value}");
            }
        }
    }
    assert!(found > 10, "only {found} found");
}
