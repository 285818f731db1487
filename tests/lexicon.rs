//! Lints of `config/lexicon/*.tsv`, and facts of the gazetteer.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use zhibiao::lexicon::{Class, Lexicon};
use zhibiao::model::{Level, RegionCode};

use crate::reading::LEXICON;

/// Tables of words: a column of texts, a column of classes.
const WORDS: [&str; 7] = ["entities", "heads", "names", "periods", "scopes", "verbs", "words"];

/// Base units of catalogue indicators that are never written after a number.
const UNWRITTEN: [&str; 2] = ["指数", "系数"];

/// Base units of the catalogue that `units.tsv` lacks or converts to another. The list may only become shorter.
const GAPS: [&str; 12] =
    ["1/10万", "‰", "信道", "千伏安时", "千升", "千瓦时/万元", "峰", "把", "月", "线", "芯千米", "蒸发量吨"];

#[test]
fn tables_are_sorted_and_have_no_row_twice() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("config/lexicon");
    let mut tables = 0;
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|extension| extension != "tsv") {
            continue;
        }
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        let rows = rows(&name);
        // A code has a row for every name that it bore.
        let key = |row: &Vec<String>| (row[0].clone(), if name == "regions" { row[5].parse().unwrap() } else { 0 });
        let keys: Vec<(String, i16)> = rows.iter().map(key).collect();
        for pair in keys.windows(2) {
            assert!(pair[0] < pair[1], "{name}.tsv: {:?} stands before {:?}", pair[0], pair[1]);
        }
        for row in &rows {
            assert!(row.iter().all(|cell| cell.trim() == cell), "{name}.tsv: blanks around a cell of {row:?}");
        }
        tables += 1;
    }
    assert!(tables >= 11, "{tables} tables");
}

#[test]
fn no_word_stands_in_two_tables() {
    let mut places: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for table in WORDS.into_iter().chain(["region_traps"]) {
        for row in rows(table) {
            places.entry(row[0].clone()).or_default().push(table);
        }
    }
    let twice: Vec<_> = places.iter().filter(|(_, tables)| tables.len() > 1).collect();
    assert!(twice.is_empty(), "the class of the last one wins: {twice:?}");
}

#[test]
fn every_word_is_found_with_the_class_of_its_table() {
    for table in WORDS {
        for row in rows(table) {
            let class = LEXICON.class_of(&row[0]).map(Class::as_str);
            assert_eq!(class, Some(row[1].as_str()), "{} of {table}.tsv", row[0]);
        }
    }
    for row in rows("region_traps") {
        assert_eq!(LEXICON.class_of(&row[0]), Some(Class::Trap), "{}", row[0]);
    }
}

#[test]
fn a_table_with_an_unknown_class_is_refused() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("config/lexicon");
    let folder = tempfile::TempDir::new().unwrap();
    for entry in fs::read_dir(source).unwrap() {
        let path = entry.unwrap().path();
        fs::copy(&path, folder.path().join(path.file_name().unwrap())).unwrap();
    }
    assert_eq!(Lexicon::load(folder.path()).unwrap().version(), LEXICON.version());
    let verbs = folder.path().join("verbs.tsv");
    fs::write(&verbs, "#text\tclass\n增长\tupward\n").unwrap();
    let error = Lexicon::load(folder.path()).err().unwrap().to_string();
    assert!(error.contains("verbs.tsv:2") && error.contains("upward"), "{error}");
    fs::remove_file(verbs).unwrap();
    let error = Lexicon::load(folder.path()).err().unwrap().to_string();
    assert!(error.contains("verbs.tsv"), "{error}");
}

#[test]
fn names_lead_to_one_indicator_and_ids_are_plain() {
    let mut owners: BTreeMap<&str, &str> = BTreeMap::new();
    let indicators = LEXICON.indicators();
    assert!(indicators.len() >= 250);
    for (index, indicator) in (0u32..).zip(indicators) {
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
        assert!(indicator.id.chars().all(plain) && !indicator.id.is_empty(), "{}", indicator.id);
        for text in [&indicator.name, &indicator.english, &indicator.unit, &indicator.theme] {
            assert!(!text.is_empty(), "{} has an empty column", indicator.id);
        }
        assert!(["higher", "lower", "neutral"].contains(&indicator.better.as_str()), "{}", indicator.id);
        for name in std::iter::once(&indicator.name).chain(&indicator.synonyms) {
            let other = owners.insert(name, &indicator.id);
            assert!(other.is_none_or(|other| other == indicator.id), "{name}: {other:?} and {}", indicator.id);
            assert_eq!(LEXICON.indicator_named(name), Some(index), "{name}");
        }
    }
}

#[test]
fn base_units_of_the_catalogue_are_in_the_table_of_units() {
    let unknown: BTreeSet<&str> = LEXICON
        .indicators()
        .iter()
        .map(|indicator| indicator.unit.as_str())
        .filter(|unit| {
            let base = LEXICON.base_unit(unit);
            !(UNWRITTEN.contains(unit) || GAPS.contains(unit) || base.known && base.power == 0)
        })
        .collect();
    assert!(unknown.is_empty(), "no base units of units.tsv: {unknown:?}");
}

#[test]
fn units_lead_to_units_that_are_their_own_base() {
    for row in rows("units") {
        let base = LEXICON.base_unit(&row[0]);
        assert_eq!((base.name, base.power.to_string(), base.known), (row[1].as_str(), row[2].clone(), true));
        let own = LEXICON.base_unit(base.name);
        assert_eq!((own.name, own.power), (base.name, 0), "the base of {}", row[0]);
    }
    for (unit, base, power) in [
        ("亿元", "元", 8),
        ("万人次", "人次", 4),
        ("元/吨", "元/吨", 0),
        ("万亿元", "元", 12),
        ("亿千瓦时", "千瓦时", 8),
    ] {
        let found = LEXICON.base_unit(unit);
        assert_eq!((found.name, found.power, found.known), (base, power, true), "{unit}");
    }
    assert!(!LEXICON.base_unit("亿坨").known);
}

#[test]
fn titles_and_publishers_tell_the_kind_of_a_source() {
    let bulletin = "衢州市2021年国民经济和社会发展统计公报";
    for (title, publisher, kind) in [
        ("", "衢州市统计局", Some("office")),
        ("", "国家统计局衢州调查队", Some("office")),
        ("", "浙江省统计局网站", Some("office")),
        ("", "衢州市人民政府办公室", Some("office")),
        ("", "衢州日报", Some("press")),
        ("", "人民网", Some("press")),
        ("", "中国信息报", Some("press")),
        ("", "某某研究院", None),
        ("上半年我市经济稳中加固", "", None),
        (bulletin, "衢州日报", Some("bulletin")),
        ("统计公报里的衢州", "衢州日报", Some("press")),
    ] {
        let given = |text: &'static str| Some(text).filter(|text| !text.is_empty());
        let found = LEXICON.source_kind(given(title), given(publisher)).map(|kind| kind.as_str());
        assert_eq!(found, kind, "{title} {publisher}");
    }
}

#[test]
fn every_word_about_levels_stands_in_a_name_of_the_catalogue() {
    for row in rows("levels") {
        assert!(LEXICON.indicators().iter().any(|indicator| indicator.name.contains(&row[0])), "{}", row[0]);
    }
}

#[test]
fn regions_have_parents_and_successors_that_exist() {
    let regions = LEXICON.regions();
    assert!(regions.all().len() > 3000);
    for region in regions.all() {
        let name = format!("{} {}", region.code, region.name);
        assert!(region.to.is_none_or(|to| region.from <= to), "{name}");
        match region.parent {
            None => assert_eq!(region.level, Level::Nation, "{name}"),
            Some(parent) => {
                let above = regions.at(parent, region.from).unwrap_or_else(|| panic!("{name} lies in {parent}"));
                assert!(above.level < region.level, "{name} lies in {}", above.name);
            }
        }
        for successor in &region.successors {
            assert!(regions.at(*successor, 2022).is_some(), "{name} became {successor}");
        }
        assert!(regions.contains(RegionCode::NATION, region.code, region.from), "{name}");
    }
}

#[test]
fn codes_and_names_stand_for_each_other_in_their_years() {
    for (code, year, name) in [
        ("330802", 2022, "柯城区"),
        ("330825", 2022, "龙游县"),
        ("330821", 1999, "衢县"),
        ("330803", 2022, "衢江区"),
        ("420600", 2009, "襄樊市"),
        ("420600", 2012, "襄阳市"),
        ("371200", 2017, "莱芜市"),
        ("370116", 2020, "莱芜区"),
        ("450000", 2022, "广西壮族自治区"),
        ("500000", 2022, "重庆市"),
        ("532300", 2022, "楚雄彝族自治州"),
        ("152500", 2022, "锡林郭勒盟"),
        ("429004", 2022, "仙桃市"),
    ] {
        let region = LEXICON.regions().at(code.parse().unwrap(), year).unwrap();
        assert_eq!((region.name.as_str(), region.in_force(year)), (name, true), "{code} in {year}");
        assert_eq!(LEXICON.regions().named(name, year), Some(region.code), "{name} in {year}");
    }
    for (short, year, code) in
        [("柯城", 2022, "330802"), ("襄樊", 2009, "420600"), ("广西", 2022, "450000"), ("莱芜", 2017, "371200")]
    {
        assert_eq!(LEXICON.regions().named(short, year).map(|code| code.to_string()).as_deref(), Some(code), "{short}");
    }
    assert_eq!(LEXICON.regions().named("无此县", 2022), None);
}

#[test]
fn regions_lie_in_the_ones_above_in_their_years() {
    let [zhejiang, quzhou, kecheng, laiwu, jinan] =
        ["330000", "330800", "330802", "370116", "370100"].map(|code| code.parse::<RegionCode>().unwrap());
    let regions = LEXICON.regions();
    assert!(regions.contains(quzhou, kecheng, 2022) && regions.contains(zhejiang, kecheng, 2022));
    assert!(!regions.contains(kecheng, quzhou, 2022) && !regions.contains(jinan, kecheng, 2022));
    assert!(regions.contains(jinan, laiwu, 2020));
    let retired = regions.at("371200".parse().unwrap(), 2018).unwrap();
    assert!(retired.in_force(2018) && !retired.in_force(2019));
    assert!(retired.successors.contains(&laiwu), "{:?}", retired.successors);
}

/// The rows of a table, as cells.
fn rows(table: &str) -> Vec<Vec<String>> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("config/lexicon/{table}.tsv"));
    let text = fs::read_to_string(path).unwrap();
    let lines = text.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines.map(|line| line.split('\t').map(str::to_owned).collect()).collect()
}
