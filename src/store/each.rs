//! The same work on many things, on all cores.

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

/// What `work` makes of each of `items`, in their order; or the first failure, after which no further item is begun. No more than a
/// core's worth of them is held at once.
pub(super) fn each<I, O, E>(items: Vec<I>, work: impl Fn(I) -> Result<O, E> + Sync) -> Result<Vec<O>, E>
where
    I: Send,
    O: Send,
    E: Send,
{
    let threads = thread::available_parallelism().map_or(1, usize::from).min(items.len());
    if threads <= 1 {
        return items.into_iter().map(work).collect();
    }
    let results: Vec<Mutex<Option<Result<O, E>>>> = items.iter().map(|_| Mutex::new(None)).collect();
    let queue = Mutex::new(items.into_iter().zip(&results));
    let failed = AtomicBool::new(false);
    // The lock is let go before the work is begun.
    let next = || queue.lock().unwrap_or_else(|poisoned| poisoned.into_inner()).next();
    let labour = || {
        while let Some((item, result)) = next().filter(|_| !failed.load(Ordering::Relaxed)) {
            let done = work(item);
            failed.fetch_or(done.is_err(), Ordering::Relaxed);
            *result.lock().unwrap_or_else(|poisoned| poisoned.into_inner()) = Some(done);
        }
    };
    thread::scope(|scope| (0..threads).for_each(|_| drop(scope.spawn(labour))));
    let results =
        results.into_iter().map(|result| result.into_inner().unwrap_or_else(|poisoned| poisoned.into_inner()));
    // Behind a failure there may be items that nobody began.
    results.flatten().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_keep_their_order_and_a_failure_is_told() {
        let double = |number: usize| if number == 77 { Err(number) } else { Ok(2 * number) };
        assert_eq!(each((0..50).collect(), double), Ok((0..50).map(|number| 2 * number).collect()));
        assert_eq!(each((0..100).collect(), double), Err(77));
        assert_eq!(each(Vec::new(), double), Ok(Vec::new()));
    }
}
