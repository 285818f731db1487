//! The wish to stop, from Ctrl-C or SIGTERM.

use std::sync::Arc;

use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;

use super::RunError;

/// Told when a signal came; any number of listeners, on threads and in tasks.
#[derive(Clone, Debug)]
pub struct Stop {
    requested: watch::Receiver<bool>,
    _listener: Arc<Listener>,
}

/// The task that waits for signals; it ends with the last listener.
#[derive(Debug)]
struct Listener(tokio::task::JoinHandle<()>);

impl Drop for Listener {
    fn drop(&mut self) {
        self.0.abort();
    }
}

impl Stop {
    /// Listens to the signals that ask a process to end. Must be called on a tokio runtime.
    ///
    /// # Errors
    /// When the system lets no one listen.
    pub fn on_signals() -> Result<Stop, RunError> {
        let mut interrupt = signal(SignalKind::interrupt()).map_err(RunError::Signals)?;
        let mut terminate = signal(SignalKind::terminate()).map_err(RunError::Signals)?;
        let (tell, requested) = watch::channel(false);
        let listener = tokio::spawn(async move {
            tokio::select! {
                _ = interrupt.recv() => {}
                _ = terminate.recv() => {}
            }
            tell.send_replace(true);
            // Held open, so that those who wait are not told of an end that nobody asked for.
            tell.closed().await;
        });
        Ok(Stop { requested, _listener: Arc::new(Listener(listener)) })
    }

    /// Whether a signal came.
    pub fn is_requested(&self) -> bool {
        *self.requested.borrow()
    }

    /// Waits for a signal.
    pub async fn requested(&self) {
        let mut requested = self.requested.clone();
        if requested.wait_for(|&requested| requested).await.is_err() {
            std::future::pending().await
        }
    }
}
