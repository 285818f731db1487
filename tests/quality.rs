//! Numbers that do not fit together are found, told with their evidence, and can keep a run from publishing.

use std::fs;

use crate::fixture::Fixture;

/// A line of a JSONL source.
fn line(id: &str, published: &str, region: &str, text: &str) -> String {
    serde_json::json!({"id": id, "published": published, "region": region, "text": text}).to_string() + "\n"
}

/// A report of 衢州市 on 2022.
fn report(text: &str) -> String {
    line("a", "2023-03-01", "330800", text)
}

/// What the rules say of `lines`: rule and evidence of each finding, duplicates left out.
fn findings(lines: &str) -> Vec<(String, String)> {
    let fixture = Fixture::jsonl(lines);
    fixture.run(&[], 0);
    found(&fixture)
}

fn found(fixture: &Fixture) -> Vec<(String, String)> {
    let Some(rows) = fixture.rows("checks") else { return Vec::new() };
    let text = |name: &str| rows.column(name).unwrap().str().unwrap().clone();
    let (rules, words) = (text("rule"), text("evidence"));
    let pairs = rules.iter().zip(words.iter());
    pairs.map(|(rule, words)| (rule.unwrap().to_owned(), words.unwrap().to_owned())).collect()
}

#[track_caller]
fn only(lines: &str, rule: &str, words: &[&str]) {
    let found = findings(lines);
    assert_eq!(found.iter().map(|(rule, _)| rule.as_str()).collect::<Vec<_>>(), [rule], "{found:?}");
    assert!(words.iter().all(|word| found[0].1.contains(word)), "{words:?} not in {found:?}");
}

#[track_caller]
fn none(lines: &str) {
    assert_eq!(findings(lines), []);
}

const INDUSTRIES: &str = "2022年全市地区生产总值2003.4亿元，其中第一产业增加值92.1亿元，第二产业增加值856.1亿元，\
                          第三产业增加值1055.2亿元。";

#[test]
fn industries_make_up_gdp() {
    none(&report(INDUSTRIES));
    // Each of the four numbers may be off by half of its last digit: 0.2 in all.
    none(&report(&INDUSTRIES.replace("2003.4", "2003.6")));
    only(
        &report(&INDUSTRIES.replace("2003.4", "2003.7")),
        "gdp_industries",
        &["= 2003.4亿元", "地区生产总值 2003.7亿元"],
    );
    only(&report(&INDUSTRIES.replace("2003.4", "2013.4")), "gdp_industries", &["2013.4亿元"]);
    // An amount in whole 亿元 is rounded by more.
    none(&report(&INDUSTRIES.replace("2003.4", "2004")));
}

#[test]
fn parts_that_are_left_out_only_leave_less() {
    let some = "2022年全市地区生产总值2003.4亿元，其中第二产业增加值856.1亿元，第三产业增加值1055.2亿元。";
    none(&report(some));
    only(&report(&some.replace("856.1", "1056.1")), "gdp_industries", &["≥ 2111.3亿元"]);
}

#[test]
fn parts_of_another_report_prove_nothing() {
    let whole = line("a", "2023-01-20", "330800", "2022年全市地区生产总值2003.4亿元。");
    let parts = INDUSTRIES.replace("地区生产总值2003.4亿元，其中", "").replace("856.1", "846.1");
    none(&(whole + &line("b", "2023-03-01", "330800", &parts)));
}

#[test]
fn a_part_is_no_more_than_its_whole() {
    let text = "2022年全社会用电量220.5亿千瓦时，其中工业用电量168.2亿千瓦时。";
    none(&report(text));
    only(&report(&text.replace("168.2", "268.2")), "electricity_parts", &["工业用电量 268.2亿千瓦时", "220.5"]);
}

#[test]
fn new_and_continued_projects_are_all_projects() {
    let text = "2022年，全市实施重点项目320个，其中新建项目120个，续建项目200个。";
    none(&report(text));
    only(&report(&text.replace("200个", "210个")), "projects_new_continued", &["= 330个", "320个"]);
}

#[test]
fn shares_give_a_hundred() {
    let text = "2022年三次产业结构为4.6:42.7:52.7。";
    none(&report(text));
    none(&report(&text.replace("4.6", "4.7")));
    only(&report(&text.replace("4.6", "5.6")), "gdp_structure", &["= 101%"]);
}

#[test]
fn a_change_makes_its_rate() {
    let text = "2022年末金融机构本外币贷款余额3352.7亿元，比年初增加542.4亿元，增长19.3%。";
    none(&report(text));
    only(&report(&text.replace("19.3", "19.6")), "change", &["19.30%", "19.6%"]);
    // Against another base there is nothing to compare.
    none(&report(&text.replace("增长19.3%", "同比增长21.6%")));
}

#[test]
fn a_gap_lies_between_two_rates() {
    let city = "2022年全市规上工业增加值增长6.2%，高于全省1.2个百分点。";
    let province = line("b", "2023-02-01", "330000", "2022年全省规上工业增加值增长5.0%。");
    none(&report(city));
    none(&(report(city) + &province));
    // Three roundings of 0.05 each.
    none(&(report(&city.replace("1.2", "1.3")) + &province));
    only(&(report(&city.replace("1.2", "2.1")) + &province), "gap", &["+1.20", "浙江省", "2.1个百分点"]);
    none(&(report(&city.replace("高于全省1.2", "低于全省1.2").replace("6.2", "3.8")) + &province));
}

#[test]
fn a_rank_has_a_place() {
    let text = "2022年全市规上工业增加值增长6.2%，居全省第4位。";
    none(&report(text));
    only(&report(&text.replace("第4位", "第40位")), "rank", &["第40位", "全省 has 11 places"]);
    only(&report(&text.replace("全省第4位", "山区26县第28位")), "rank", &["山区26县 are 26"]);
    none(&report("2022年全市规上工业增加值增长6.2%，居全国第40位。"));
    let district = line("a", "2023-03-01", "310115", "2022年全区规上工业增加值增长6.2%，居全市第2位。");
    none(&district);
    only(&district.replace("第2位", "第22位"), "rank", &["全市 has 16 places"]);
    let county = "2022年龙游县规上工业增加值增长6.2%，居江山市第2位。";
    only(&report(county), "rank", &["龙游县 is no part of 江山市"]);
}

#[test]
fn an_amount_does_not_change_its_unit() {
    let text = "2022年全市一般公共预算收入169.8亿元。";
    let before = line("b", "2022-03-01", "330800", "2021年全市一般公共预算收入166.9亿元。");
    none(&(report(text) + &before));
    only(&(report(&text.replace("亿元", "万元")) + &before), "magnitude", &["0.0001 times", "166.9亿元 of 2021"]);
    // Flows are held against each other by the month.
    let quarter = line("c", "2022-04-20", "330800", "2022年一季度全市一般公共预算收入49.6亿元。");
    none(&(report(text) + &before + &quarter));
    only(&(report(text) + &before + &quarter.replace("49.6", "496")), "magnitude", &["by the month", "496亿元"]);
    // Other reports of the period.
    let other = line("d", "2023-01-20", "330800", "2022年全市一般公共预算收入169.8万元。");
    only(&(report(text) + &other), "magnitude", &["169.8万元"]);
}

#[test]
fn a_sign_agrees_with_its_verb() {
    let text = "2022年全市固定资产投资增长8.7%，进口总值下降3.1%。";
    none(&report(text));
    only(&report(&text.replace("8.7", "-8.7")), "sign", &["-8.7% ", "增长"]);
}

#[test]
fn an_outlier_is_far_from_the_others_of_its_series() {
    let quarters: String = (2019..2022)
        .flat_map(|year| [(year, "一季度", 3), (year, "上半年", 6), (year, "前三季度", 9)])
        .map(|(year, words, month)| {
            let text = format!("{year}年{words}全市工业用电量增长{}.{month}%。", month % 4 + 4);
            line(&format!("{year}-{month}"), &format!("{year}-{:02}-20", month + 1), "330800", &text)
        })
        .collect();
    none(&(quarters.clone() + &report("2022年全市工业用电量增长7.1%。")));
    only(&(quarters + &report("2022年全市工业用电量增长71%。")), "outlier", &["工业用电量 71%", "of 10 values"]);
}

#[test]
fn a_report_says_a_thing_once() {
    let text = "2022年全市固定资产投资增长8.7%。工业生产平稳。全年固定资产投资增长8.7%。";
    only(&report(text), "duplicate", &["2 times"]);
}

#[test]
fn reports_of_one_day_agree() {
    let text = "2022年全市地区生产总值2003.4亿元。";
    let other = |value: &str, day: &str| line("b", day, "330800", &text.replace("2003.4", value));
    none(&(report(text) + &other("2003", "2023-03-01")));
    only(&(report(text) + &other("2013.4", "2023-03-01")), "conflict", &["in.jsonl#a", "in.jsonl#b"]);
    // A later value is a revision.
    none(&(report(text) + &other("2013.4", "2023-03-02")));
    none(&report("2022年全市地区生产总值由1998.1亿元修订为2003.4亿元。"));
}

#[test]
fn facts_are_of_what_is_over() {
    let text = "2023年上半年全市地区生产总值1025.5亿元。";
    only(&report(text), "early", &["2023-06-30", "2023-03-01"]);
    none(&report(&text.replace("地区生产总值", "地区生产总值预计")));
}

#[test]
fn reports_are_on_what_is_recent() {
    only(&report("2019年全市地区生产总值1573.5亿元。"), "late", &["2019", "1156 days"]);
    none(&report("2019年全市地区生产总值1573.5亿元，2022年为2003.4亿元。"));
}

#[test]
fn a_finding_has_its_numbers_its_statements_and_the_run_that_found_it() {
    let fixture = Fixture::jsonl(&report(&INDUSTRIES.replace("2003.4", "2013.4")));
    fixture.run(&[], 0);
    let rows = fixture.rows("checks").unwrap();
    let number = |name: &str| rows.column(name).unwrap().f64().unwrap().get(0).unwrap();
    let near = |name: &str, value: f64| assert!((number(name) / value - 1.0).abs() < 1e-9, "{name} {}", number(name));
    near("expected", 200_340_000_000.0);
    near("found", 201_340_000_000.0);
    near("tolerance", 20_000_000.0);
    let ids = fixture.texts("observations", "obs_id");
    let involved = fixture.texts("checks", "obs_ids").remove(0);
    assert_eq!(involved.split(';').count(), 4);
    assert!(involved.split(';').all(|id| ids.contains(&id.to_owned())));
    let first = fixture.texts("checks", "run_id");

    // Another finding of the year does not make it a new one.
    let more = line("b", "2023-03-02", "330800", "2022年全市固定资产投资增长8.7%。全年固定资产投资增长8.7%。");
    fixture.write("in.jsonl", report(&INDUSTRIES.replace("2003.4", "2013.4")) + &more);
    fixture.run(&[], 0);
    let runs = fixture.texts("checks", "run_id");
    assert_eq!(runs.len(), 2);
    assert!(runs.contains(&first[0]) && runs[0] != runs[1], "{runs:?} {first:?}");
}

#[test]
fn a_finding_goes_with_its_cause() {
    let wrong = INDUSTRIES.replace("2003.4", "2013.4");
    let fixture = Fixture::new(&[("a.txt", &wrong)]);
    assert!(fixture.run(&[], 0).contains("does not add up: gdp_industries 衢州市 2022"));
    assert_eq!(found(&fixture).len(), 1);
    let before = fixture.store();
    assert_eq!(fixture.run(&[], 0), "");
    fixture.run(&["--full"], 0);
    assert_eq!(fixture.store(), before, "a second run writes nothing");
    fixture.write("reports/a.txt", INDUSTRIES);
    fixture.run(&[], 0);
    assert_eq!(found(&fixture), []);
    assert!(!fixture.path("store/v1/checks").join("year=2022").exists());
}

#[test]
fn a_year_is_checked_again_when_one_before_it_changes() {
    let report = |year: &str, amount: &str| format!("{year}年全市一般公共预算收入{amount}。\n");
    let fixture = Fixture::new(&[("b.txt", &report("2022", "169.8万元"))]);
    fixture.run(&[], 0);
    assert_eq!(found(&fixture), []);
    fixture.write("reports/a.txt", report("2021", "166.9亿元"));
    fixture.run(&[], 0);
    assert_eq!(found(&fixture).len(), 1);
    fixture.write("reports/a.txt", report("2021", "166.9万元"));
    fixture.run(&[], 0);
    assert_eq!(found(&fixture), []);
}

#[test]
fn too_many_new_errors_publish_nothing() {
    let fixture = Fixture::new(&[("good.txt", INDUSTRIES)]);
    let job = fs::read_to_string(fixture.path("job.toml")).unwrap();
    fixture.write("job.toml", format!("{job}[quality]\nmax_errors = 0\n"));
    fixture.run(&[], 0);
    let before = fixture.store();
    let wrong = INDUSTRIES.replace("2022", "2021").replace("2003.4", "2013.4");
    fixture.write("reports/wrong.txt", &wrong);
    for arguments in [&["--dry-run"][..], &[]] {
        let log = fixture.run(arguments, 4);
        for words in
            ["new errors in the numbers: 1", "quality.max_errors = 0", "gdp_industries 衢州市 2021", "2013.4亿元"]
        {
            assert!(log.contains(words), "{words} not in {log}");
        }
        assert_eq!(fixture.store(), before, "not even the archive has changed");
    }

    // Errors that are stored already are not of the run that comes after.
    fixture.write("job.toml", format!("{job}[quality]\nmax_errors = 1\n"));
    fixture.run(&[], 0);
    fixture.write("job.toml", format!("{job}[quality]\nmax_errors = 0\n"));
    fixture.write("reports/more.txt", "2021年全市固定资产投资增长8.7%。");
    fixture.run(&[], 0);
    assert_eq!(fixture.count("documents"), 3);
}

#[test]
fn a_pipeline_has_rules_of_its_own() {
    let fixture = Fixture::new(&[("a.txt", &INDUSTRIES.replace("2003.4", "2013.4"))]);
    let job = fs::read_to_string(fixture.path("job.toml")).unwrap();
    fixture.write("job.toml", format!("{job}[quality]\nrules = \"rules.toml\"\n"));
    assert!(fixture.run(&[], 78).contains("job.toml:9: quality.rules"));
    fixture.write("rules.toml", "history_years = 0\n[sign]\nseverity = \"warn\"\n");
    fixture.run(&[], 0);
    assert_eq!(found(&fixture), []);
    let rule = "[[part]]\nid = \"a\"\nseverity = \"info\"\nwhole = \"gdp\"\nparts = [\"value_added_tertary\"]\n";
    fixture.write("rules.toml", format!("history_years = 0\n{rule}"));
    assert!(fixture.run(&[], 78).contains("rules.toml:6: parts: expected the id of an indicator"));
}
