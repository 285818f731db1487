//! A line of a chart in one line of text.

const STEPS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

/// What stands for a value that there is not.
pub(super) const GAP: char = '·';

/// `values` from the least to the greatest of them, a character each.
pub(super) fn sparkline(values: &[Option<f64>]) -> String {
    let stated = || values.iter().flatten().copied();
    let (least, greatest) = (stated().fold(f64::INFINITY, f64::min), stated().fold(f64::NEG_INFINITY, f64::max));
    let step = |value: f64| {
        let share = if greatest > least { (value - least) / (greatest - least) } else { 0.5 };
        STEPS[(share * (STEPS.len() - 1) as f64).round() as usize]
    };
    values.iter().map(|value| value.map_or(GAP, step)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gaps_stay_gaps() {
        assert_eq!(sparkline(&[Some(-2.0), None, Some(12.0), Some(5.0)]), "▁·█▅");
        assert_eq!(sparkline(&[Some(3.0), Some(3.0)]), "▅▅");
        assert_eq!(sparkline(&[None]), "·");
    }
}
