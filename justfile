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

# a long run of the fuzz test, on one core (10 million inputs: some twenty minutes)
fuzz COUNT='10000000':
    ZHIBIAO_FUZZ={{COUNT}} cargo test --release --locked fuzz -- --nocapture
