//! How sure rows are, and what their flags remark: one sentence beside the same with a reason to doubt.

use zhibiao::model::{Document, Flags, Observation, Origin, Stated};
use zhibiao::resolve;

use crate::reading::{LEXICON, titled};

/// The last row of a report of 衢州 whose title is `title`.
fn last(text: &str, title: &str) -> Observation {
    last_of(of_quzhou(text, title))
}

fn of_quzhou(text: &str, title: &str) -> Document {
    titled(text, "330800", "2022-08-19", title)
}

fn last_of(document: Document) -> Observation {
    resolve::read(&LEXICON, &document).observations.pop().unwrap()
}

#[test]
fn a_statement_that_names_all_it_is_about_is_sure() {
    let row = last("2022年1—7月,全市出口总额实现26.1亿元。", "");
    assert!(row.confidence > 0.9, "{row:?}");
    assert!(row.flags.is_empty(), "{row:?}");
}

#[test]
fn each_reason_to_doubt_makes_a_row_less_sure() {
    let sure = last("2022年1—7月,全市出口总额实现26.1亿元。", "").confidence;
    for doubtful in [
        "2022年1—7月,全市竹藤编织品实现26.1亿元。",
        "2022年1—7月,全市出口总额实现26.1亿元,增加1.3亿元。",
        "2022年1—7月,全市形势向好。出口总额实现26.1亿元。",
        "2022年1—7月,全市出口总额预计实现26.1亿元。",
        "2022年,全市出口总额实现26.1亿元。",
        "2022年1—7月,全市外贸继续增长(出口总额实现26.1亿元)。",
        "2022年1—7月,出口总额实现26.1亿元。",
    ] {
        let row = last(doubtful, "");
        assert!(row.confidence < sure, "{} in {doubtful}, and {sure} without doubt", row.confidence);
    }
}

#[test]
fn a_region_that_was_guessed_makes_a_row_less_sure() {
    let text = "2022年1—7月,全市出口总额实现26.1亿元。";
    let mut guessed = of_quzhou(text, "");
    guessed.region = guessed.region.map(|region| Stated::new(region.value, Origin::Text));
    assert!(last_of(guessed).confidence < last(text, "").confidence);
}

#[test]
fn what_the_text_does_not_name_is_flagged() {
    for (text, title, place, period) in [
        ("1—7月,全市出口总额实现26.1亿元。", "2022年1—7月经济运行情况", false, false),
        ("1—7月,出口总额实现26.1亿元。", "2022年1—7月经济运行情况", true, false),
        ("全市出口总额实现26.1亿元。", "2022年1—7月经济运行情况", false, true),
        ("出口总额实现26.1亿元。", "", true, true),
        ("指标|1—7月（亿元）\n出口总额|26.1\n进口总额|5.3", "", true, false),
        ("指标|绝对数（亿元）\n出口总额|26.1\n进口总额|5.3", "2022年1—7月主要指标", true, true),
        ("地区|出口总额（亿元）\n柯城区|6.1\n龙游县|5.3", "2022年1—7月主要指标", false, true),
    ] {
        let flags = last(text, title).flags;
        assert_eq!(flags.contains(Flags::REGION_INFERRED), place, "{text}");
        assert_eq!(flags.contains(Flags::PERIOD_FROM_TITLE), period, "{text}");
    }
}
