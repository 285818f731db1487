#!/usr/bin/env python3
"""Prints how many rows of each confidence are right, and fails when too few of the surest are.

    zhibiao extract --format jsonl DOCUMENTS.jsonl > pred.jsonl
    python3 tests/calibration.py SCORE.py GOLD.jsonl pred.jsonl [LEAST]

SCORE.py is the scorer beside the gold files: what it takes for the same number, and for right, holds here. Rows of a
company or project are left out, as are those that the gold file leaves open. LEAST is the share of the rows above 0.9
that must be right.
"""

import importlib.util
import json
import sys
from collections import defaultdict

SURE = 0.9


def scorer(path):
    spec = importlib.util.spec_from_file_location("score", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def judged(score, gold_path, pred_path):
    """Each row with whether it is right."""
    gold, rows = score.load(gold_path), score.load(pred_path)
    of_doc = lambda items, key: {doc: [i for i in items if i[key] == doc] for doc in {g["doc"] for g in gold}}
    golds, preds = of_doc(gold, "doc"), of_doc(rows, "document")
    for doc in sorted(golds):
        yield from judged_in(score, golds[doc], preds[doc])


def judged_in(score, gold, rows):
    """The rows of one document, matched as the scorer does: best agreement first, each number once."""
    preds = [score.prediction(row) for row in rows]
    pairs = []
    for i, g in enumerate(gold):
        for j, p in enumerate(preds):
            over = score.overlap(g["span"], p["span"])
            if over > 0 and score.same_quantity(g, p):
                agree = score.compare(g, p)
                pairs.append((sum(agree.values()), over, -abs(p["span"][0] - g["span"][0]), i, j, agree))
    pairs.sort(key=lambda pair: pair[:3], reverse=True)
    matched, taken = {}, set()
    for *_, i, j, agree in pairs:
        if i not in taken and j not in matched:
            matched[j] = (gold[i], agree)
            taken.add(i)
    for j, (row, pred) in enumerate(zip(rows, preds)):
        if pred.get("entity"):
            continue
        if j in matched:
            g, agree = matched[j]
            if g["tier"] != "optional":
                yield row, all(agree.values()) and g["tier"] != "entity"
        elif not any(g["tier"] == "optional" and score.overlap(g["span"], pred["span"]) > 0 for g in gold):
            yield row, False


def main(score_path, gold_path, pred_path, least="0"):
    bins = defaultdict(lambda: [0, 0])
    sure = [0, 0]
    for row, right in judged(scorer(score_path), gold_path, pred_path):
        counts = [bins[min(int(row["confidence"] * 10), 9)]] + [sure] * (row["confidence"] > SURE)
        for count in counts:
            count[0] += 1
            count[1] += right
    print("confidence   rows  right  share")
    for at, (rows, right) in sorted(bins.items()):
        print(f"{at / 10:.1f} to {at / 10 + 0.1:.1f}  {rows:5}  {right:5}  {right / rows:.3f}")
    share = sure[1] / sure[0] if sure[0] else 0.0
    print(f"above {SURE}   {sure[0]:5}  {sure[1]:5}  {share:.3f}, at least {float(least):.3f} expected")
    return 0 if share >= float(least) else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
