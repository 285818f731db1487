# syntax=docker/dockerfile:1
#
#   docker build -t zhibiao .
#   docker run --rm -v "$PWD/reports:/reports:ro" -v zhibiao-store:/store zhibiao
#
# The default command runs /pipelines/job.toml, which reads what lies in /reports and writes /store; mount another file there, or
# name one: docker run … zhibiao run /pipelines/mine.toml. The container ends with the exit code of the run. From cron on
# the host, one line as for the program itself:
#
#   30 6 * * *  docker run --rm -v /srv/reports:/reports:ro -v zhibiao-store:/store zhibiao
#
# Or without cron, by the `schedule` of the pipeline file, until the container is stopped:
#
#   docker run --rm -v /srv/reports:/reports:ro -v zhibiao-store:/store -v /srv/job.toml:/pipelines/job.toml:ro \
#       zhibiao schedule /pipelines/job.toml
#
# A second run that meets a slow first one ends with exit code 75 and changes nothing: the lock is in the store.

FROM rust:1.95-slim-trixie AS build
WORKDIR /build
# Without rust-toolchain.toml, which would have rustup fetch what only a developer needs.
COPY Cargo.toml Cargo.lock ./
COPY src src
COPY config config
# Cargo wants to see every target that Cargo.toml names.
COPY tests/main.rs tests/main.rs
COPY benches benches
RUN cargo build --release --locked --bin zhibiao

FROM debian:trixie-slim
RUN apt-get update \
    && apt-get install --yes --no-install-recommends ca-certificates tzdata \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --user-group --uid 10001 --home-dir /nonexistent --no-create-home zhibiao \
    && install -d -o zhibiao -g zhibiao /reports /store
COPY --from=build /build/target/release/zhibiao /usr/local/bin/zhibiao
# The lexicon is compiled in; its tables are here to be read, or copied, changed and named in a pipeline file.
COPY config /config
COPY pipelines /pipelines
COPY pipelines/container.toml /pipelines/job.toml
COPY examples /examples
ENV TZ=Asia/Shanghai ZHIBIAO_STORE=/store
USER zhibiao
VOLUME ["/reports", "/store"]
ENTRYPOINT ["zhibiao"]
CMD ["run", "/pipelines/job.toml"]
