//! The cryptography of TLS, one for the process.

use rustls::crypto::ring;

/// Makes ready what every client of this process encrypts with.
pub(super) fn prepare() {
    // It only fails when that was done before.
    let _ = ring::default_provider().install_default();
}
