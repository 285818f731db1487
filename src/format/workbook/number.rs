//! Values of cells as the program shows them.

use calamine::{Data, ExcelDateTime};
use rust_decimal::prelude::FromPrimitive;
use rust_decimal::{Decimal, RoundingStrategy};

/// `value` as it is shown in the number format `code`.
pub(super) fn shown(value: &Data, code: &str) -> String {
    match value {
        Data::Empty | Data::Error(_) => String::new(),
        Data::String(words) => words.trim().to_owned(),
        Data::Bool(truth) => truth.to_string(),
        Data::DateTimeIso(day) | Data::DurationIso(day) => day.split('T').next().unwrap_or_default().to_owned(),
        Data::Int(number) => figure(Decimal::from(*number), code),
        // A float is exact to fifteen digits, and so is what comes out of this: 0.3 of 0.30000000000000004.
        Data::Float(number) => {
            Decimal::from_f64(*number).map_or_else(|| number.to_string(), |exact| figure(exact, code))
        }
        Data::DateTime(time) => day(time, code),
    }
}

/// A day, or a month where no day is shown.
fn day(time: &ExcelDateTime, code: &str) -> String {
    let (year, month, day, ..) = time.to_ymd_hms_milli();
    match code.to_ascii_lowercase().contains('d') || code == "General" {
        true => format!("{year}-{month:02}-{day:02}"),
        false => format!("{year}年{month}月"),
    }
}

/// A figure as the first section of its format shows it: `0.0`, `#,##0.00`, `0.0%`, `0"万元"`.
fn figure(value: Decimal, code: &str) -> String {
    let section = code.split(';').next().unwrap_or_default();
    let (pattern, words) = unquoted(section);
    if !pattern.contains(['0', '#']) {
        return value.normalize().to_string();
    }
    let digits = pattern.rfind(['0', '#', '?']).map_or("", |last| &pattern[..=last]);
    let thousands = pattern[digits.len()..].bytes().take_while(|byte| *byte == b',').count();
    let percent = pattern.contains('%');
    let mut value = if percent { value * Decimal::ONE_HUNDRED } else { value };
    (0..thousands).for_each(|_| value /= Decimal::ONE_THOUSAND);
    let decimals = digits.split_once('.').map_or(0, |(_, decimals)| decimals.len() as u32);
    let rounded = value.round_dp_with_strategy(decimals, RoundingStrategy::MidpointAwayFromZero);
    let shown = if digits.ends_with('#') {
        rounded.normalize().to_string()
    } else {
        format!("{rounded:.*}", decimals as usize)
    };
    format!("{shown}{}{words}", if percent { "%" } else { "" })
}

/// The pattern of a section without what stands in quotes, brackets or behind a mark, and the words in quotes.
fn unquoted(section: &str) -> (String, String) {
    let (mut pattern, mut words) = (String::new(), String::new());
    let mut chars = section.chars();
    while let Some(c) = chars.next() {
        match c {
            '"' => words.extend(chars.by_ref().take_while(|c| *c != '"')),
            '[' => chars.by_ref().take_while(|c| *c != ']').for_each(drop),
            '_' | '*' | '\\' => drop(chars.next()),
            c => pattern.push(c),
        }
    }
    (pattern, words.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use calamine::ExcelDateTimeType;

    use super::*;

    #[test]
    fn figures_are_as_they_are_shown() {
        for (value, code, words) in [
            (0.1 + 0.2, "General", "0.3"),
            (330.9, "General", "330.9"),
            (1875.0, "General", "1875"),
            (12.345, "0.0", "12.3"),
            (12.25, "0.0_ ", "12.3"),
            (0.062, "0.0%", "6.2%"),
            (-0.0425, "0.00%", "-4.25%"),
            (12345.678, "#,##0.00", "12345.68"),
            (1234567.0, "#,##0,", "1235"),
            (5.0, "0.00", "5.00"),
            (5.5, "0.##", "5.5"),
            (5.0, "0\"万元\"", "5万元"),
            (-3.16, "0.0_);[Red]\\(0.0\\)", "-3.2"),
        ] {
            assert_eq!(shown(&Data::Float(value), code), words, "{value} {code}");
        }
    }

    #[test]
    fn days_are_days_and_months_are_months() {
        let time = Data::DateTime(ExcelDateTime::new(44_773.0, ExcelDateTimeType::DateTime, false));
        assert_eq!(shown(&time, "yyyy-mm-dd"), "2022-07-31");
        assert_eq!(shown(&time, "yyyy\"年\"m\"月\";@"), "2022年7月");
    }
}
