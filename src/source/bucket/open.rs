//! The client of an object store, from the pipeline file and the environment.

use std::sync::Arc;
use std::time::Duration;

use object_store::aws::{AmazonS3Builder, AmazonS3ConfigKey};
use object_store::azure::{AzureConfigKey, MicrosoftAzureBuilder};
use object_store::gcp::{GoogleCloudStorageBuilder, GoogleConfigKey};
use object_store::{BackoffConfig, ClientConfigKey, ObjectStore, RetryConfig};

use crate::config::{Bucket, Provider};
use crate::source::tls;

/// What a request may take: a document of the largest size over a slow line, but no silence on it.
const WAITS: [(ClientConfigKey, &str); 3] = [
    (ClientConfigKey::ConnectTimeout, "10 seconds"),
    (ClientConfigKey::ReadTimeout, "30 seconds"),
    (ClientConfigKey::Timeout, "10 minutes"),
];

/// Faults of the server or the line pass within seconds, or it is better to try again in the next run.
fn retries() -> RetryConfig {
    let backoff = BackoffConfig { max_backoff: Duration::from_secs(5), ..BackoffConfig::default() };
    RetryConfig { backoff, max_retries: 4, retry_timeout: Duration::from_secs(60) }
}

/// The store that `bucket` describes, with the credentials that the environment holds for its provider.
pub(super) fn open(bucket: &Bucket) -> Result<Arc<dyn ObjectStore>, object_store::Error> {
    tls::prepare();
    let allow_http = bucket.allow_http.to_string();
    let client = WAITS.into_iter().chain([(ClientConfigKey::AllowHttp, allow_http.as_str())]);
    Ok(match bucket.provider {
        Provider::S3 => {
            let mut builder = AmazonS3Builder::from_env().with_bucket_name(&bucket.name).with_retry(retries());
            for (key, value) in client {
                builder = builder.with_config(AmazonS3ConfigKey::Client(key), value);
            }
            if let Some(region) = &bucket.region {
                builder = builder.with_region(region);
            }
            if let Some(endpoint) = &bucket.endpoint {
                builder = builder.with_config(AmazonS3ConfigKey::S3Endpoint, endpoint);
            }
            if bucket.anonymous {
                builder = builder.with_skip_signature(true);
            }
            Arc::new(builder.build()?)
        }
        Provider::Azure => {
            let mut builder = MicrosoftAzureBuilder::from_env().with_container_name(&bucket.name).with_retry(retries());
            for (key, value) in client {
                builder = builder.with_config(AzureConfigKey::Client(key), value);
            }
            if let Some(endpoint) = &bucket.endpoint {
                builder = builder.with_endpoint(endpoint.clone());
            }
            if bucket.anonymous {
                builder = builder.with_skip_signature(true);
            }
            Arc::new(builder.build()?)
        }
        Provider::Google => {
            let mut builder =
                GoogleCloudStorageBuilder::from_env().with_bucket_name(&bucket.name).with_retry(retries());
            for (key, value) in client {
                builder = builder.with_config(GoogleConfigKey::Client(key), value);
            }
            if let Some(endpoint) = &bucket.endpoint {
                builder = builder.with_base_url(endpoint);
            }
            if bucket.anonymous {
                builder = builder.with_skip_signature(true);
            }
            Arc::new(builder.build()?)
        }
    })
}
