//! The page around the data: its own style and script, which its policy names by their hashes.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};

const PAGE: &str = include_str!("page/index.html");
const STYLE: &str = include_str!("page/style.css");

/// The files of the script, each after those that it uses. They run as one, so that one hash names them.
const SCRIPT: [&str; 19] = [
    include_str!("page/words.js"),
    include_str!("page/terms.js"),
    include_str!("page/dom.js"),
    include_str!("page/table.js"),
    include_str!("page/store.js"),
    include_str!("page/decisions.js"),
    include_str!("page/facets.js"),
    include_str!("page/grid.js"),
    include_str!("page/text.js"),
    include_str!("page/evidence.js"),
    include_str!("page/workbench.js"),
    include_str!("page/chart.js"),
    include_str!("page/series.js"),
    include_str!("page/coverage.js"),
    include_str!("page/overview.js"),
    include_str!("page/unused.js"),
    include_str!("page/checks.js"),
    include_str!("page/definitions.js"),
    include_str!("page/main.js"),
];

/// The page with `tables` and, where they are in it, `reports`, all of them encoded. `files` is the folder where the
/// reports are otherwise.
pub(super) fn page(tables: &str, reports: &[String], files: Option<&str>) -> String {
    let script = SCRIPT.concat();
    let policy = policy(&script, files.is_some());
    let mut blocks = block("tables", tables);
    for (number, report) in reports.iter().enumerate() {
        blocks += &block(&format!("report-{number}"), report);
    }
    if let Some(folder) = files {
        blocks += &block("files", folder);
    }
    let mut page = String::with_capacity(blocks.len() + script.len() + 2 * STYLE.len() + PAGE.len());
    let mut rest = PAGE;
    for (mark, content) in [
        ("{{policy}}", policy.as_str()),
        ("{{style}}", STYLE),
        ("{{blocks}}", blocks.as_str()),
        ("{{script}}", script.as_str()),
    ] {
        let (before, after) = rest.split_once(mark).unwrap_or((rest, ""));
        page += before;
        page += content;
        rest = after;
    }
    page + rest
}

/// What the page may do: run this script, use this style, and, where reports are files of their own, run those beside
/// it. Everything else is forbidden, above all to ask any server for anything.
fn policy(script: &str, files: bool) -> String {
    let beside = if files { " 'self' file:" } else { "" };
    format!(
        "default-src 'none'; script-src '{}'{beside}; style-src '{}'; base-uri 'none'; form-action 'none'",
        hash(script),
        hash(STYLE)
    )
}

fn hash(content: &str) -> String {
    format!("sha256-{}", STANDARD.encode(Sha256::digest(content)))
}

/// Data that the script finds by its `id`, and that no browser runs.
fn block(id: &str, json: &str) -> String {
    format!("<script type=\"application/json\" id=\"{id}\">{json}</script>\n")
}
