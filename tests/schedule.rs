//! When jobs run: cron expressions through summer time and years, and the turns of several jobs with a clock that is made up.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;
use zhibiao::config::Schedule;
use zhibiao::pipeline::{Agenda, Turn};

/// Zones with and without summer time, of whole and half hours, east and west.
const ZONES: [&str; 6] =
    ["Asia/Shanghai", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "America/Santiago", "UTC"];

fn schedule(expression: &str, zone: &str) -> Schedule {
    Schedule::new(expression, TimeZone::get(zone).unwrap()).unwrap()
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn minutes(count: i64) -> SignedDuration {
    SignedDuration::from_mins(count)
}

/// The moments from `start` to `end` at which `schedule` is due.
fn dues(schedule: &Schedule, start: Timestamp, end: Timestamp) -> Vec<Timestamp> {
    std::iter::successors(schedule.after(start), |&due| schedule.after(due)).take_while(|&due| due <= end).collect()
}

#[test]
fn a_schedule_follows_its_own_time_zone() {
    let daily = schedule("30 6 * * *", "Asia/Shanghai");
    assert_eq!(daily.after(at("2026-01-01T00:00:00Z")), Some(at("2026-01-01T22:30:00Z")));
    assert_eq!(daily.after(at("2026-01-01T22:30:00Z")), Some(at("2026-01-02T22:30:00Z")));
    // China had summer time in 1987.
    assert_eq!(daily.after(at("1987-07-01T00:00:00Z")), Some(at("1987-07-01T21:30:00Z")));
}

#[test]
fn a_time_that_the_clock_leaves_out_comes_at_the_end_of_the_gap_and_one_that_comes_twice_counts_once() {
    let daily = schedule("30 2 * * *", "Europe/Berlin");
    let spring = dues(&daily, at("2026-03-28T00:00:00Z"), at("2026-03-31T00:00:00Z"));
    assert_eq!(spring, [at("2026-03-28T01:30:00Z"), at("2026-03-29T01:00:00Z"), at("2026-03-30T00:30:00Z")]);
    let autumn = dues(&daily, at("2026-10-24T00:00:00Z"), at("2026-10-26T12:00:00Z"));
    assert_eq!(autumn, [at("2026-10-24T00:30:00Z"), at("2026-10-25T00:30:00Z"), at("2026-10-26T01:30:00Z")]);
}

#[test]
fn a_schedule_that_never_comes_is_none() {
    for expression in ["0 0 30 2 *", "0 0 31 4 *", "60 0 * * *", "0 0 * *", "0 0 0 * * *", "soon"] {
        assert!(Schedule::new(expression, TimeZone::UTC).is_err(), "{expression}");
    }
    assert!(Schedule::new("0 0 29 2 *", TimeZone::UTC).is_ok());
}

#[test]
fn a_first_start_waits_and_a_later_one_catches_up_once() {
    let daily = || schedule("30 6 * * *", "Asia/Shanghai");
    let now = at("2026-05-04T10:00:00Z");
    let next = at("2026-05-04T22:30:00Z");
    assert_eq!(Agenda::new([(daily(), now)]).turn(now), Turn::Wait(next));

    let mut agenda = Agenda::new([(daily(), at("2026-05-01T22:31:00Z"))]);
    assert_eq!(agenda.turn(now), Turn::Run { job: 0, due: at("2026-05-02T22:30:00Z") });
    agenda.settle(0, now);
    assert_eq!(agenda.turn(now), Turn::Wait(next), "two were missed and one run is enough");
}

#[test]
fn the_job_that_waits_longest_has_its_turn() {
    let now = at("2026-05-04T10:00:00Z");
    let settled = at("2026-05-03T10:00:00Z");
    let mut agenda = Agenda::new([(schedule("0 8 * * *", "UTC"), settled), (schedule("0 7 * * *", "UTC"), settled)]);
    assert!(matches!(agenda.turn(now), Turn::Run { job: 1, .. }));
    agenda.settle(1, now);
    assert!(matches!(agenda.turn(now), Turn::Run { job: 0, .. }));
    agenda.settle(0, now);
    assert_eq!(agenda.turn(now), Turn::Wait(at("2026-05-05T07:00:00Z")));
}

#[test]
fn a_clock_that_was_years_ahead_keeps_no_job_waiting() {
    let mut agenda = Agenda::new([(schedule("0 7 * * *", "UTC"), at("2099-01-01T00:00:00Z"))]);
    assert_eq!(agenda.turn(at("2026-05-04T06:59:00Z")), Turn::Wait(at("2026-05-04T07:00:00Z")));
    assert!(matches!(agenda.turn(at("2026-05-04T07:00:00Z")), Turn::Run { .. }));
}

#[test]
fn a_clock_set_back_a_little_repeats_nothing() {
    let mut agenda = Agenda::new([(schedule("0 * * * *", "UTC"), at("2026-05-04T07:00:02Z"))]);
    assert_eq!(agenda.turn(at("2026-05-04T06:59:58Z")), Turn::Wait(at("2026-05-04T08:00:00Z")));
}

/// A day between 1990 and 2030.
fn day() -> impl Strategy<Value = Date> {
    (1990i16..2030, 1i8..=12, 1i8..=28).prop_map(|(year, month, day)| jiff::civil::date(year, month, day))
}

fn zone() -> impl Strategy<Value = &'static str> {
    proptest::sample::select(&ZONES[..])
}

fn expression() -> impl Strategy<Value = String> {
    let minute = prop_oneof![(0..60u8).prop_map(|minute| minute.to_string()), Just("*/20".to_owned())];
    let hour =
        prop_oneof![(0..24u8).prop_map(|hour| hour.to_string()), Just("*".to_owned()), Just("8-18/2".to_owned())];
    let weekday = prop_oneof![Just("*"), Just("1-5"), Just("0")];
    (minute, hour, weekday).prop_map(|(minute, hour, weekday)| format!("{minute} {hour} * * {weekday}"))
}

proptest! {
    #[test]
    fn a_fixed_time_comes_once_a_day_in_any_zone(start in day(), zone in zone(), hour in 0..24, minute in 0..60) {
        let daily = schedule(&format!("{minute} {hour} * * *"), zone);
        let from = start.to_zoned(daily.zone().clone()).unwrap();
        let to = from.checked_add(jiff::Span::new().years(1)).unwrap();
        let found = dues(&daily, from.timestamp() - minutes(1), to.timestamp() - minutes(1));
        let days: Vec<Date> = found.iter().map(|due| due.to_zoned(daily.zone().clone()).date()).collect();
        let expected: Vec<Date> = start.series(jiff::Span::new().days(1)).take_while(|day| *day < to.date()).collect();
        prop_assert_eq!(days, expected);
    }

    #[test]
    fn every_moment_that_comes_due_is_settled_by_exactly_one_run(
        start in day(),
        jobs in proptest::collection::vec((expression(), zone()), 1..4),
        // How long each run takes and, now and then, how long nothing runs at all, in minutes.
        events in proptest::collection::vec((0i64..90, proptest::option::weighted(0.2, 1i64..5000)), 1..60),
    ) {
        let schedules: Vec<Schedule> = jobs.iter().map(|(expression, zone)| schedule(expression, zone)).collect();
        let start = start.to_zoned(TimeZone::UTC).unwrap().timestamp();
        let mut now = start;
        let mut agenda = Agenda::new(schedules.iter().map(|schedule| (schedule.clone(), start)));
        // When each job's runs began and ended.
        let mut runs: Vec<Vec<(Timestamp, Timestamp)>> = vec![Vec::new(); schedules.len()];
        for (takes, downtime) in events {
            if let Turn::Wait(until) = agenda.turn(now) {
                prop_assert!(until > now);
                now = until;
            }
            if let Some(downtime) = downtime {
                now += minutes(downtime);
                // What a new scheduler knows is what the last one has written down.
                let ends = |job: usize| runs[job].last().map_or(start, |(_, end)| *end);
                agenda = Agenda::new(schedules.iter().enumerate().map(|(job, schedule)| (schedule.clone(), ends(job))));
            }
            let Turn::Run { job, due } = agenda.turn(now) else { return Err(TestCaseError::fail("nothing was due")) };
            prop_assert!(due <= now);
            let before = runs[job].last().map_or(start, |(_, end)| *end);
            prop_assert_eq!(schedules[job].after(before), Some(due), "the first that was not settled");
            let longest = schedules.iter().zip(&runs).filter_map(|(schedule, runs)| {
                schedule.after(runs.last().map_or(start, |(_, end)| *end))
            });
            prop_assert_eq!(longest.min(), Some(due), "nobody has waited longer");
            let end = now + minutes(takes);
            runs[job].push((now, end));
            agenda.settle(job, end);
            now = end;
        }
        // Every run was for something, and what came due between two runs was settled by the later one.
        for (schedule, runs) in schedules.iter().zip(&runs) {
            let mut settled = start;
            for (began, end) in runs {
                prop_assert!(!dues(schedule, settled, *began).is_empty());
                settled = *end;
            }
        }
    }
}
