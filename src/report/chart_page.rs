//! A trend as a page: the picture, its values, and the reports that it rests on.

use quick_xml::escape::escape;

use super::chart::{chart, title};
use crate::query::{Trend, number};

const STYLE: &str = "body{font-family:'Noto Sans CJK SC','PingFang SC','Microsoft YaHei',sans-serif;margin:2rem auto;\
max-width:60rem;color:#222}svg{max-width:100%;height:auto}table{border-collapse:collapse;margin:1rem 0}\
td,th{padding:.2rem .8rem;border-bottom:1px solid #ddd;text-align:right}th:first-child,td:first-child{text-align:left}\
li{margin:.2rem 0}small{color:#555}";

/// The page of `trend`, which opens from the disk and asks nobody for anything.
pub fn chart_page(trend: &Trend) -> String {
    let heading = title(trend);
    let heading = escape(heading.as_str());
    let (factor, _) = trend.scale();
    let names = trend.lines.iter().map(|line| format!("<th>{}</th>", escape(line.name.as_str())));
    let row = |at: usize| {
        let stated = trend.lines.iter().find_map(|line| line.points.get(&at));
        let period = stated.map_or_else(|| trend.frequency.label(trend.months[at]), |point| point.time_period.clone());
        let cells = trend.lines.iter().map(|line| match line.points.get(&at) {
            Some(point) => {
                let derived = if point.is_derived() { "*" } else { "" };
                let bound = if point.bound == "exact" { String::new() } else { format!("{} ", point.bound) };
                format!("<td>{bound}{}{derived}</td>", number(point.value / factor))
            }
            None => "<td>·</td>".to_owned(),
        });
        format!("<tr><td>{}</td>{}</tr>\n", escape(period.as_str()), cells.collect::<String>())
    };
    let rows: String = (0..trend.months.len()).map(row).collect();
    let reports = trend.reports.iter().map(|report| {
        let day = report.published.map_or("no date".to_owned(), |day| day.to_string());
        format!(
            "<li>{day} {}<br><small>{}</small></li>\n",
            escape(report.title.as_str()),
            escape(report.source_uri.as_str())
        )
    });
    format!(
        "<!doctype html>\n<html lang=\"zh\">\n<meta charset=\"utf-8\">\n<meta http-equiv=\"Content-Security-Policy\" \
         content=\"default-src 'none'; style-src 'unsafe-inline'\">\n<title>{heading}</title>\n<style>{STYLE}</style>\n{}\
         <table>\n<tr><th>period</th>{}</tr>\n{rows}</table>\n<p>* follows from cumulative values; · stated in no \
         report</p>\n<ol>\n{}</ol>\n</html>\n",
        chart(trend),
        names.collect::<String>(),
        reports.collect::<String>()
    )
}
