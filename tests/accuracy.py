#!/usr/bin/env python3
"""Fails when the F1 of a score is below the figure in accuracy.toml by more than the tolerance there.

    score.py GOLD.jsonl PRED.jsonl --json > score.json
    python3 tests/accuracy.py score.json
"""

import json
import sys
import tomllib
from pathlib import Path


def main(path):
    score = json.loads(Path(path).read_text())
    wanted = tomllib.loads(Path(__file__).with_name("accuracy.toml").read_text())
    f1, floor = score["f1"], wanted["f1"] - wanted["tolerance"]
    print(f"F1 {f1:.4f} (precision {score['precision']:.4f}, recall {score['recall']:.4f}) over {score['gold']} rows")
    print(f"expected {wanted['f1']:.4f}, at least {floor:.4f}")
    return 0 if f1 >= floor else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
