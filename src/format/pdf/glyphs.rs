//! What is drawn on a page: glyphs, and the rules of tables.

use std::panic::resume_unwind;

use hayro_interpret::font::GlyphRun;
use hayro_interpret::hayro_cmap::BfString;
use hayro_interpret::hayro_syntax::Pdf;
use hayro_interpret::hayro_syntax::page::Page;
use hayro_interpret::kurbo::{BezPath, PathEl, Point, Rect, Shape};
use hayro_interpret::{
    BlendMode, ClipPath, Context, Device, DrawMode, DrawProps, Image, ImageDrawProps, InterpreterCache,
    InterpreterSettings, SoftMask, TransformExt, interpret_page,
};

/// Glyphs, rules and other acts of drawing in a document.
const MOST_ACTS: usize = 8_000_000;

/// A stroke thicker than this many points is no rule.
const THICKEST_RULE: f64 = 3.0;

/// A rule is longer than this many points.
const SHORTEST_RULE: f64 = 6.0;

/// Stands for a character that the font does not tell.
pub(super) const UNKNOWN: &str = "\u{fffd}";

/// The document draws more than any report does.
pub(super) struct Exhausted(pub &'static str);

/// A glyph; lengths in points, `y` from the top of the page.
#[derive(Clone, Debug)]
pub(super) struct Glyph {
    pub text: String,
    pub left: f64,
    pub right: f64,
    /// Of the line that it stands on.
    pub base: f64,
    pub size: f64,
    pub visible: bool,
}

/// A line across or down the page.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Rule {
    pub across: bool,
    /// Distance from the top or the left.
    pub at: f64,
    pub from: f64,
    pub to: f64,
}

/// A page.
#[derive(Debug, Default)]
pub(super) struct Drawn {
    pub glyphs: Vec<Glyph>,
    pub rules: Vec<Rule>,
    pub height: f64,
    acts: usize,
}

/// What is drawn on the pages of `pdf`. Leaves by a panic with [`Exhausted`] when that is too much: what draws has no
/// other way to stop the interpreter.
pub(super) fn drawn(pdf: &Pdf) -> Vec<Drawn> {
    let cache = InterpreterCache::new();
    let mut acts = 0;
    let pages = pdf.pages().iter().map(|page| {
        let drawn = on_page(page, &cache, acts);
        acts = drawn.acts;
        drawn
    });
    pages.collect()
}

fn on_page<'a>(page: &Page<'a>, cache: &InterpreterCache<'a>, acts: usize) -> Drawn {
    let (width, height) = page.render_dimensions();
    let (width, height) = (f64::from(width), f64::from(height));
    let mut drawn = Drawn { height, acts, ..Drawn::default() };
    let transform = page.initial_transform(true).to_kurbo();
    let bounds = Rect::new(0.0, 0.0, width, height);
    let mut context = Context::new(transform, bounds, cache, page.xref(), InterpreterSettings::default());
    interpret_page(page, &mut context, &mut drawn);
    // What lies outside the page is not shown.
    drawn.glyphs.retain(|glyph| {
        (0.0..=height).contains(&glyph.base) && glyph.right >= 0.0 && glyph.left <= width && glyph.size > 0.5
    });
    drawn
}

impl Drawn {
    fn act(&mut self) {
        self.acts += 1;
        if self.acts > MOST_ACTS {
            resume_unwind(Box::new(Exhausted("pages that draw millions of things")));
        }
    }

    /// Adds a straight line that lies across or down the page.
    fn line(&mut self, from: Point, to: Point) {
        let (dx, dy) = ((to.x - from.x).abs(), (to.y - from.y).abs());
        if dy < 0.5 && dx > SHORTEST_RULE {
            let (left, right) = (from.x.min(to.x), from.x.max(to.x));
            self.rules.push(Rule { across: true, at: (from.y + to.y) / 2.0, from: left, to: right });
        } else if dx < 0.5 && dy > SHORTEST_RULE {
            let (top, bottom) = (from.y.min(to.y), from.y.max(to.y));
            self.rules.push(Rule { across: false, at: (from.x + to.x) / 2.0, from: top, to: bottom });
        }
    }

    /// Adds the lines of a path that is stroked.
    fn stroked(&mut self, path: &BezPath) {
        let (mut start, mut at) = (Point::ZERO, Point::ZERO);
        for element in path.elements() {
            let to = match *element {
                PathEl::MoveTo(to) => {
                    (start, at) = (to, to);
                    continue;
                }
                PathEl::LineTo(to) => to,
                PathEl::ClosePath => start,
                PathEl::QuadTo(_, to) | PathEl::CurveTo(_, _, to) => {
                    at = to;
                    continue;
                }
            };
            self.act();
            self.line(at, to);
            at = to;
        }
    }

    /// Adds each thin part of a path that is filled: many programs draw rules as boxes.
    fn filled(&mut self, path: &BezPath) {
        for part in path.elements().split_inclusive(|element| matches!(element, PathEl::ClosePath)) {
            self.act();
            let bounds = BezPath::from_vec(part.to_vec()).bounding_box();
            let middle = bounds.center();
            if bounds.height() <= THICKEST_RULE && bounds.width() > bounds.height() {
                self.line(Point::new(bounds.x0, middle.y), Point::new(bounds.x1, middle.y));
            } else if bounds.width() <= THICKEST_RULE {
                self.line(Point::new(middle.x, bounds.y0), Point::new(middle.x, bounds.y1));
            }
        }
    }
}

impl<'a> Device<'a> for Drawn {
    fn draw_glyph_run(&mut self, run: &GlyphRun<'_, 'a>, props: DrawProps<'a>, mode: &DrawMode) {
        for glyph in run.glyphs() {
            self.act();
            let transform = props.transform * glyph.transform();
            let [a, b, c, d, x, y] = transform.as_coeffs();
            // Stamps and watermarks across the page are not read, nor is what runs down it.
            if b.abs() > 0.1 * a.abs() || c.abs() > 0.5 * d.abs() || a <= 0.0 {
                continue;
            }
            let width = match &**glyph {
                hayro_interpret::font::Glyph::Outline(outline) => outline.advance_width().unwrap_or_default(),
                hayro_interpret::font::Glyph::Type3(glyph) => glyph.advance_width().unwrap_or_default(),
            };
            let text = match glyph.as_unicode() {
                Some(BfString::Char(c)) => c.to_string(),
                Some(BfString::String(text)) => text,
                None => UNKNOWN.to_owned(),
            };
            self.glyphs.push(Glyph {
                text,
                left: x,
                right: x + a * f64::from(width),
                base: y,
                size: d.abs() * 1000.0,
                visible: !matches!(mode, DrawMode::Invisible),
            });
        }
    }

    fn draw_path(&mut self, path: &BezPath, props: DrawProps<'a>, mode: &DrawMode) {
        let path = props.transform * path;
        match mode {
            DrawMode::Fill(_) => self.filled(&path),
            DrawMode::Stroke(_) | DrawMode::FillAndStroke(..) => self.stroked(&path),
            DrawMode::Invisible => {}
        }
    }

    fn push_clip_path(&mut self, _: &ClipPath) {
        self.act();
    }

    fn push_clip_rect(&mut self, _: &Rect) {
        self.act();
    }

    fn push_transparency_group(&mut self, _: f32, _: Option<SoftMask<'a>>, _: BlendMode) {
        self.act();
    }

    fn draw_image(&mut self, _: Image<'a, '_>, _: ImageDrawProps<'a>) {
        self.act();
    }

    fn pop_clip(&mut self) {}

    fn pop_transparency_group(&mut self) {}
}
