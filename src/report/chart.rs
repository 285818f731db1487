//! A trend as a picture: one SVG that any browser, word processor or page takes, without script, font or outside request.

use quick_xml::escape::escape;
use unicode_width::UnicodeWidthStr;

use super::axis::ticks;
use crate::model::Measure;
use crate::query::{Frequency, Line, Point, Trend, number};

/// The picture and, inside it, what the lines are drawn in, in pixels.
const WIDTH: f64 = 960.0;
const PLOT_HEIGHT: f64 = 360.0;
const LEFT: f64 = 76.0;
const RIGHT: f64 = 24.0;
const LINE_HEIGHT: f64 = 18.0;

/// Half-width characters of the small text that fit into a line of the picture.
const COLUMNS: usize = 140;

/// Months that get a label below the axis, at most.
const LABELS: usize = 12;

/// Colours that people of every sight tell apart; with more lines they come again, dashed.
const COLOURS: [&str; 8] = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#56b4e9", "#e69f00", "#000000", "#8a6d00"];

/// Chinese first: the names are.
const FONTS: &str =
    "'Noto Sans CJK SC','Source Han Sans SC','PingFang SC','Microsoft YaHei','WenQuanYi Micro Hei',sans-serif";

/// Draws `trend`. Only neighbouring periods are joined, so that a gap is seen as one; what no report states, but follows
/// from others, is hollow. Every point tells its period, value and origin when pointed at.
pub fn chart(trend: &Trend) -> String {
    let heading = format!("<text x=\"{LEFT}\" y=\"30\" class=\"title\">{}</text>", escape(title(trend)));
    let (legend, below) = legend(trend, 58.0);
    let plot = Plot::of(trend, below);
    let notes: Vec<String> = notes(trend).iter().flat_map(|note| wrapped(note, COLUMNS)).collect();
    let first_note = plot.bottom + 48.0;
    let notes_drawn =
        notes.iter().enumerate().map(|(at, note)| text(LEFT, first_note + LINE_HEIGHT * at as f64, "note", note));
    let height = first_note + LINE_HEIGHT * notes.len() as f64;
    let style = format!(
        "text{{font-family:{FONTS};fill:#222}}.title{{font-size:20px;font-weight:bold}}.name{{font-size:14px}}\
         .tick,.note{{font-size:12px;fill:#555}}.rule{{stroke:#ddd}}.zero{{stroke:#888}}.gap{{fill:#f3f3f3}}\
         .line{{fill:none;stroke-width:2}}"
    );
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {height}\" width=\"{WIDTH}\" height=\"{height}\" \
         role=\"img\">\n<title>{}</title>\n<style>{style}</style>\n<rect width=\"{WIDTH}\" height=\"{height}\" \
         fill=\"#fff\"/>\n{heading}\n{legend}{}{}</svg>\n",
        escape(title(trend)),
        plot.draw(),
        notes_drawn.collect::<String>()
    )
}

/// What the picture shows, in one line.
pub(super) fn title(trend: &Trend) -> String {
    let (_, prefix) = trend.scale();
    format!("{}{}, {prefix}{}, {}", trend.indicator_name, trend.of_it(), trend.unit, trend.frequency.as_str())
}

/// Which reports a trend rests on, in one line.
pub fn sources(trend: &Trend) -> String {
    let days = || trend.reports.iter().filter_map(|report| report.published);
    let between = match (days().min(), days().max()) {
        (Some(first), Some(last)) if first < last => format!(", published {first} to {last}"),
        (Some(day), _) => format!(", published {day}"),
        _ => String::new(),
    };
    let known = trend.as_of.map(|day| format!(", as known on {day}")).unwrap_or_default();
    match trend.reports.len() {
        1 => format!("source: 1 report{between}{known}"),
        count => format!("source: {count} reports{between}{known}"),
    }
}

/// What must be known to read the picture rightly.
fn notes(trend: &Trend) -> Vec<String> {
    let points = || trend.lines.iter().flat_map(|line| line.points.values());
    let derived = points().any(Point::is_derived);
    let has_gaps = trend.lines.iter().any(|line| line.points.len() < trend.months.len());
    let is_sawtooth = trend.frequency == Frequency::YearToDate && trend.measure == Measure::Level;
    let vague = points().filter(|point| point.bound != "exact").count();
    let mut notes = Vec::new();
    let mut note = |is: bool, text: String| notes.extend(Some(text).filter(|_| is));
    note(
        trend.measure == Measure::Yoy,
        "Growth as the reports state it, which for amounts may be at constant prices.".to_owned(),
    );
    let is_contribution = trend.measure == Measure::Contribution;
    note(is_contribution, "Growth and contributions are reckoned from levels at current prices.".to_owned());
    note(
        derived && !is_contribution,
        "Hollow points are stated in no report; they follow from cumulative values.".to_owned(),
    );
    note(has_gaps, "Where a line breaks, no report states a value.".to_owned());
    note(is_sawtooth, "Values add up from January and start again each year: compare the same months.".to_owned());
    note(vague > 0, format!("{vague} values are bounds or rounded in words, not exact."));
    note(trend.in_other_units > 0, format!("{} values in another unit are left out.", trend.in_other_units));
    notes.push(sources(trend).replacen('s', "S", 1) + ".");
    notes
}

/// A swatch and a name a line, as many beside each other as fit; and where the rest may begin.
fn legend(trend: &Trend, top: f64) -> (String, f64) {
    let (mut drawn, mut x, mut y) = (String::new(), LEFT, top);
    for (at, line) in trend.lines.iter().enumerate() {
        let width = 50.0 + 7.5 * line.name.width() as f64;
        if x + width > WIDTH - RIGHT {
            (x, y) = (LEFT, y + LINE_HEIGHT + 4.0);
        }
        let (colour, dash) = pen(at);
        drawn += &format!(
            "<line x1=\"{x}\" y1=\"{y}\" x2=\"{}\" y2=\"{y}\" class=\"line\" stroke=\"{colour}\"{dash}/>",
            x + 24.0
        );
        drawn += &text(x + 30.0, y + 5.0, "name", &line.name);
        x += width;
    }
    (drawn, y + 24.0)
}

/// Where values and periods lie in the picture.
struct Plot<'t> {
    trend: &'t Trend,
    factor: f64,
    ticks: Vec<f64>,
    top: f64,
    bottom: f64,
}

impl<'t> Plot<'t> {
    fn of(trend: &'t Trend, top: f64) -> Plot<'t> {
        let (factor, _) = trend.scale();
        let values = || trend.lines.iter().flat_map(|line| line.points.values()).map(|point| point.value / factor);
        let (low, high) = (values().fold(f64::INFINITY, f64::min), values().fold(f64::NEG_INFINITY, f64::max));
        // Growth is read against zero.
        let (low, high) = if matches!(trend.measure, Measure::Yoy | Measure::Contribution) {
            (low.min(0.0), high.max(0.0))
        } else {
            (low, high)
        };
        Plot { trend, factor, ticks: ticks(low, high), top, bottom: top + PLOT_HEIGHT }
    }

    fn x(&self, at: usize) -> f64 {
        let step = (WIDTH - LEFT - RIGHT) / self.trend.months.len() as f64;
        round(LEFT + step * (at as f64 + 0.5))
    }

    fn y(&self, value: f64) -> f64 {
        let (low, high) = (self.ticks[0], self.ticks[self.ticks.len() - 1]);
        round(self.bottom - (value - low) / (high - low) * PLOT_HEIGHT)
    }

    fn draw(&self) -> String {
        let lines = self.trend.lines.iter().enumerate().map(|(at, line)| self.line(at, line));
        self.gaps() + &self.rules() + &lines.collect::<String>()
    }

    /// Periods that no line has a value of.
    fn gaps(&self) -> String {
        let step = (WIDTH - LEFT - RIGHT) / self.trend.months.len() as f64;
        let is_empty = |at: &usize| self.trend.lines.iter().all(|line| !line.points.contains_key(at));
        let empty = (0..self.trend.months.len()).filter(is_empty);
        let band = |at: usize| {
            let (x, y) = (round(LEFT + step * at as f64), self.top);
            format!("<rect x=\"{x}\" y=\"{y}\" width=\"{}\" height=\"{PLOT_HEIGHT}\" class=\"gap\"/>\n", round(step))
        };
        empty.map(band).collect()
    }

    fn rules(&self) -> String {
        let right = WIDTH - RIGHT;
        let mut drawn = String::new();
        for &tick in &self.ticks {
            let y = self.y(tick);
            let class = if tick == 0.0 { "zero" } else { "rule" };
            drawn += &format!("<line x1=\"{LEFT}\" x2=\"{right}\" y1=\"{y}\" y2=\"{y}\" class=\"{class}\"/>");
            drawn += &format!(
                "<text x=\"{}\" y=\"{}\" class=\"tick\" text-anchor=\"end\">{}</text>\n",
                LEFT - 8.0,
                y + 4.0,
                number(tick)
            );
        }
        let every = self.trend.months.len().div_ceil(LABELS);
        for (at, &month) in self.trend.months.iter().enumerate().step_by(every) {
            let label = self.trend.frequency.label(month);
            drawn += &format!(
                "<text x=\"{}\" y=\"{}\" class=\"tick\" text-anchor=\"middle\">{label}</text>\n",
                self.x(at),
                self.bottom + 20.0
            );
        }
        drawn
    }

    fn line(&self, number_of_line: usize, line: &Line) -> String {
        let (colour, dash) = pen(number_of_line);
        let mut drawn = String::new();
        let at = |(at, point): &(usize, &Point)| (self.x(*at), self.y(point.value / self.factor));
        for run in self.trend.runs(line) {
            let places: Vec<String> = run.iter().map(at).map(|(x, y)| format!("{x},{y}")).collect();
            if places.len() > 1 {
                let places = places.join(" ");
                drawn += &format!("<polyline points=\"{places}\" class=\"line\" stroke=\"{colour}\"{dash}/>\n");
            }
            for place in &run {
                let ((x, y), (_, point)) = (at(place), place);
                let fill = if point.is_derived() { "#fff" } else { colour };
                let told = escape(self.told(line, point)).into_owned();
                drawn += &format!(
                    "<circle cx=\"{x}\" cy=\"{y}\" r=\"4\" fill=\"{fill}\" stroke=\"{colour}\" stroke-width=\"2\">\
                     <title>{told}</title></circle>\n"
                );
            }
        }
        drawn
    }

    /// All that is known of a point.
    fn told(&self, line: &Line, point: &Point) -> String {
        let (_, prefix) = self.trend.scale();
        let value = format!("{} {prefix}{}", number(point.value / self.factor), self.trend.unit);
        let published = point.published.map(|day| format!("published {day}"));
        let bound = Some(&point.bound).filter(|bound| *bound != "exact").cloned();
        let facts = [Some(value), bound, Some(point.derivation.clone()), published, Some(point.flags.clone())];
        let facts: Vec<String> = facts.into_iter().flatten().filter(|fact| !fact.is_empty()).collect();
        format!("{} {}: {}", line.name, point.time_period, facts.join(", "))
    }
}

/// Colour and dashes of a line.
fn pen(line: usize) -> (&'static str, &'static str) {
    let dash = if line < COLOURS.len() { "" } else { " stroke-dasharray=\"6 4\"" };
    (COLOURS[line % COLOURS.len()], dash)
}

fn text(x: f64, y: f64, class: &str, words: &str) -> String {
    format!("<text x=\"{x}\" y=\"{y}\" class=\"{class}\">{}</text>\n", escape(words))
}

/// `text` in lines of at most `columns` half-width characters, cut between words.
fn wrapped(text: &str, columns: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split(' ') {
        let last = lines.len() - 1;
        match lines[last].is_empty() {
            true => lines[last].push_str(word),
            false if lines[last].width() + 1 + word.width() <= columns => {
                lines[last].push(' ');
                lines[last].push_str(word);
            }
            false => lines.push(word.to_owned()),
        }
    }
    lines
}

/// A tenth of a pixel is enough.
fn round(pixels: f64) -> f64 {
    (pixels * 10.0).round() / 10.0
}
