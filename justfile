# Short names for what one does often. `just` lists them.

_default:
    @just --list

# the main job on the bundled reports
run *ARGS:
    cargo run -- run pipelines/quzhou.toml --summary {{ARGS}}

# every test
test *ARGS:
    cargo test {{ARGS}}

# everything that must hold before a change is merged
ci:
    .ci/run

# throughput, in a release build (the first takes long)
bench *ARGS:
    cargo bench {{ARGS}}

# make config/lexicon/regions.tsv anew from its sources
regions *ARGS:
    python3 tools/derive_regions.py {{ARGS}}
