//! Which job of a store has the next turn: a function of what was done before and of what the clock says.

use jiff::{SignedDuration, Timestamp};

use crate::config::Schedule;

/// How far the clock may be set back before what was done after that time is forgotten.
const SET_BACK: SignedDuration = SignedDuration::from_hours(1);

/// The jobs of a store, which run in turn.
#[derive(Debug)]
pub struct Agenda {
    jobs: Vec<Job>,
}

#[derive(Debug)]
struct Job {
    schedule: Schedule,
    /// Up to here everything that came due is done.
    settled: Timestamp,
}

/// What is to be done now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    /// Run a job.
    Run {
        /// Its place in the agenda.
        job: usize,
        /// When it first came due; later ones up to now are done with the same run.
        due: Timestamp,
    },
    /// Nothing before this moment.
    Wait(Timestamp),
}

impl Agenda {
    /// An agenda of jobs and the moments up to which each is settled.
    pub fn new(jobs: impl IntoIterator<Item = (Schedule, Timestamp)>) -> Agenda {
        Agenda { jobs: jobs.into_iter().map(|(schedule, settled)| Job { schedule, settled }).collect() }
    }

    /// What is to be done at `now`. Of several jobs that are due the one that waits longest has its turn; one that came due more
    /// than once since it was settled is run once.
    pub fn turn(&mut self, now: Timestamp) -> Turn {
        let mut turn = (Timestamp::MAX, 0);
        for (index, job) in self.jobs.iter_mut().enumerate() {
            // A clock that was far ahead and is right again must not keep a job waiting for years.
            if job.settled.duration_since(now) > SET_BACK {
                job.settled = now;
            }
            let due = job.schedule.after(job.settled).unwrap_or(Timestamp::MAX);
            turn = turn.min((due, index));
        }
        let (due, job) = turn;
        if due <= now { Turn::Run { job, due } } else { Turn::Wait(due) }
    }

    /// Notes that everything of `job` that came due up to `now` is done.
    pub fn settle(&mut self, job: usize, now: Timestamp) {
        if let Some(job) = self.jobs.get_mut(job) {
            job.settled = now;
        }
    }

    /// Gives `job` another schedule from now on.
    pub fn reschedule(&mut self, job: usize, schedule: Schedule) {
        if let Some(job) = self.jobs.get_mut(job) {
            job.schedule = schedule;
        }
    }
}
