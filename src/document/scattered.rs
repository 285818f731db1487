//! Prose whose figures stand on lines of their own, for the page had set each in an element of another font:
//! `全社会用电量增长⏎4%⏎。清洁能源利用率达到⏎97.7%⏎,是近⏎10⏎年最高水平。`

use super::grid::is_figure;
use super::layout::starts_list_item;

/// Where fewer figures stand so, a table with a cell a line may do the same by chance.
const LEAST: usize = 3;

const INNER: [char; 6] = ['，', ',', '、', '。', '；', ';'];

/// What a sentence goes on with behind a figure: a mark, its unit, or 左右 and the like. Of words the first character.
const BEHIND: &str =
    "，,、。；;）)%％‰万亿元个位年月日家户人吨次倍公平名项亩套所千条座辆台种件批头只左以多余和与及至到";

/// Whether each of `lines` is one with the next. `is_row` tells the rows of tables.
pub(super) fn joints(lines: &[&str], is_row: impl Fn(&str) -> bool) -> Vec<bool> {
    let mut joined = vec![false; lines.len()];
    let is_open = |line: &str| !line.ends_with(['。', '！', '？', '!', '?', '；', ';', '：', ':', '”', '》', '】']);
    let mut found = 0;
    for (at, around) in lines.windows(3).enumerate() {
        let [before, figure, behind] = around else { continue };
        let alone = figure.starts_with(|c: char| c.is_ascii_digit()) && is_figure(figure);
        let goes_on = behind.starts_with(|c| BEHIND.contains(c)) && (before.contains(INNER) || behind.contains(INNER));
        if alone && goes_on && is_open(before) && !is_figure(before) && !is_row(before) && !is_row(behind) {
            joined[at] = true;
            joined[at + 1] = true;
            found += 1;
        }
    }
    if found < LEAST {
        return vec![false; lines.len()];
    }
    // 月份开始回暖复苏，预计全年地区生⏎产总值增长⏎3.5%⏎左右: words that lead up to a figure may be parted too.
    for at in 1..lines.len() {
        let (before, words) = (lines[at - 1], lines[at]);
        let leads_up = joined[at] && !joined[at - 1] && !starts_list_item(words);
        if leads_up && is_open(before) && before.contains(INNER) && !is_row(before) {
            joined[at - 1] = true;
        }
    }
    joined
}

#[cfg(test)]
mod tests {
    use super::*;

    fn joined(text: &str) -> Vec<String> {
        let lines: Vec<&str> = text.lines().collect();
        let joints = joints(&lines, |_| false);
        let mut whole = vec![String::new()];
        for (line, joint) in lines.iter().zip(joints) {
            if let Some(last) = whole.last_mut() {
                last.push_str(line);
            }
            if !joint {
                whole.push(String::new());
            }
        }
        whole.retain(|line| !line.is_empty());
        whole
    }

    #[test]
    fn a_sentence_is_put_together_around_its_figures() {
        let text = "一、过去一年\n——工业回升。\n全年用电量增长\n4%\n，清洁能源利用率达到\n97.7%\n，是近\n10\n年最高。出口\n12\n亿元，预计全年生\n产总值增长\n3.5%\n左右。";
        let whole = [
            "一、过去一年",
            "——工业回升。",
            "全年用电量增长4%，清洁能源利用率达到97.7%，是近10年最高。出口12亿元，预计全年生产总值增长3.5%左右。",
        ];
        assert_eq!(joined(text), whole);
    }

    #[test]
    fn a_table_with_a_cell_a_line_stays_one() {
        let text = "指标\n单位\n数值\n粮食产量\n吨\n308\n小麦产量\n吨\n32\n公路里程\n公里\n78\n全年各项指标完成较好，详见附表。";
        assert_eq!(joined(text).len(), 13);
    }
}
