//! The closed vocabularies of an observation.

/// Gives an enum its published words, one a variant.
macro_rules! vocabulary {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $word:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $($(#[$vdoc])* $variant),+ }

        impl $name {
            /// Every value, in the order of the documentation.
            pub const ALL: &[$name] = &[$($name::$variant),+];

            /// The word that stands in the tables.
            pub fn as_str(self) -> &'static str {
                match self { $($name::$variant => $word),+ }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(self.as_str())
            }
        }
    };
}

vocabulary! {
    /// What kind of statement about the indicator a number is.
    Measure {
        /// An amount, count, price, or a ratio that is itself the indicator: 产值30.1亿元, 城镇化率43.6%.
        Level = "level",
        /// Rate of change against the same period of the year before; the default where no base is named: 增长6%.
        Yoy = "yoy",
        /// Rate against the month or quarter before: 环比上涨0.4%.
        Mom = "mom",
        /// Rate against another named earlier period: 较年初增长3.1%.
        VsPrior = "vs_prior",
        /// Compound rate over several years: 年均增长7.2%.
        AvgAnnual = "avg_annual",
        /// Absolute change of a level, in its unit or in percentage points: 比上年末增加0.1万人.
        Change = "change",
        /// Change of a growth rate in percentage points, signed as a change of the rate: 较1—6月回落2.2个百分点.
        Accel = "accel",
        /// Distance from another place, group or plan: 高于全省1.5个百分点.
        Gap = "gap",
        /// Part of a whole in percent: 占GDP的比重66.2%.
        Share = "share",
        /// Position: 居全市第7位.
        Rank = "rank",
        /// Change of position, up is positive: 较上月前移2位.
        RankMove = "rank_move",
        /// Contribution to, or pull on, another indicator's growth: 贡献率101.5%, 拉动增长1.2个百分点.
        Contribution = "contribution",
        /// Completion of a plan or budget in percent: 完成年度目标的80.2%.
        Progress = "progress",
        /// Ratio to an earlier period's level: 是2012年的2.4倍.
        Multiple = "multiple",
        /// For how many periods something has held: 连续5个月.
        Streak = "streak",
    }
}

impl Measure {
    /// Whether it is a rate of change of the indicator itself, in percent.
    pub fn is_growth(self) -> bool {
        matches!(self, Measure::Yoy | Measure::Mom | Measure::VsPrior | Measure::AvgAnnual)
    }
}

vocabulary! {
    /// How the stated number bounds the true one.
    Bound {
        /// As stated.
        Exact = "exact",
        /// 约, 左右
        Approx = "approx",
        /// 超, 突破, 多, 余
        Gt = "gt",
        /// 以上, 至少
        Ge = "ge",
        /// 近, 不足
        Lt = "lt",
        /// 以内, 前三
        Le = "le",
        /// Between `value` and `value_high`.
        Range = "range",
    }
}

vocabulary! {
    /// Whether the number is a fact, an estimate of one, or a wish.
    Status {
        /// Measured (SDMX `A`).
        Actual = "actual",
        /// 预计, of a period that is over or nearly so (SDMX `E`).
        Estimate = "estimate",
        /// 目标, 力争, 计划, 预期, 预算 (SDMX `F`).
        Target = "target",
    }
}

impl Status {
    /// SDMX code list CL_OBS_STATUS.
    pub fn sdmx(self) -> &'static str {
        match self {
            Status::Actual => "A",
            Status::Estimate => "E",
            Status::Target => "F",
        }
    }
}

vocabulary! {
    /// Why a number of the text is no observation.
    Reason {
        /// Part of a date, year or time of day.
        Date = "date",
        /// Part of a period expression.
        Period = "period",
        /// Number of a heading, list, footnote, table or document.
        Label = "label",
        /// Part of a name or fixed expression: 第三产业, 500强, 一带一路.
        Name = "name",
        /// Threshold that defines a class: 亿元以上项目.
        Threshold = "threshold",
        /// Duration of a plan or of work: 三年行动.
        Duration = "duration",
        /// A base or benchmark that is no statement of its own.
        Base = "base",
        /// No indicator could be found for it.
        NoIndicator = "no_indicator",
        /// No unit, and nothing else that tells what it measures.
        NoUnit = "no_unit",
        /// A table whose header is not certain.
        Table = "table",
        /// Written in a way that cannot be read as one number.
        Unreadable = "unreadable",
        /// Address, telephone, web address, postal code.
        Contact = "contact",
    }
}
