//! Values as people read them.

/// The power of ten that values up to `largest` are read in, one for all that stand together, and its word before the
/// unit.
pub(crate) fn scale(largest: f64, unit: &str) -> (f64, &'static str) {
    match largest {
        _ if unit.is_empty() || unit.starts_with(['%', '百']) => (1.0, ""),
        largest if largest >= 1e8 => (1e8, "亿"),
        largest if largest >= 1e5 => (1e4, "万"),
        _ => (1.0, ""),
    }
}

/// At most four digits after the point, and no zeros at the end.
pub(crate) fn number(value: f64) -> String {
    let digits = format!("{value:.4}");
    let digits = digits.trim_end_matches('0').trim_end_matches('.');
    if digits == "-0" { "0".to_owned() } else { digits.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_short() {
        assert_eq!([number(30.3), number(-4.0), number(0.0), number(-0.00001)], ["30.3", "-4", "0", "0"]);
        assert_eq!(scale(3.03e9, "元"), (1e8, "亿"));
        assert_eq!(scale(1e9, "%"), (1.0, ""));
    }
}
