"""Kills runs and makes the system refuse them, at every step of the store's protocol, and looks at what is left.

    python tests/crash.py PROGRAM [--every N] [--random N] [--readers SECONDS]

PROGRAM is a built zhibiao. Needs pyarrow, and strace for the steps: they are the calls by which the process changes the
store (open for writing, write, fsync, rename, unlink, mkdir, rmdir), found by tracing one run. A run is stopped at one
of them, by SIGKILL or by an error that the call comes back with, and then run again undisturbed. What must hold:

- whenever it was stopped, every file that readers see is whole, and holds what it held before or what it shall hold;
- a run that met an error says so with a path and one of the documented exit codes, or went on without harm;
- the next run leaves the content of a run that nothing disturbed, and nothing of its own state.

--every N tries one in N of the calls that there are many of, --random N kills at N random moments, --readers SECONDS
reads all tables in a loop while runs publish.
"""

import argparse
import pathlib
import random
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import time

import pyarrow as pa
import pyarrow.parquet as pq

PROJECT = pathlib.Path(__file__).resolve().parent.parent
OF_THE_RUN = {"run_id", "ingested_at", "rejected_at", "checked_at"}
CALLS = ["openat", "write", "fsync", "rename", "unlink", "mkdir", "rmdir"]
FEW = {"rename", "unlink", "rmdir"}
ERRORS = {
    "openat": ["EACCES"],
    "write": ["ENOSPC", "EIO"],
    "fsync": ["EIO"],
    "rename": ["EACCES"],
    "unlink": ["EACCES"],
    "mkdir": ["ENOSPC"],
    "rmdir": ["EIO"],
}
CODES = {0, 1, 74}


class Bench:
    """A job whose second run adds, changes and removes reports, and the two states of its store."""

    def __init__(self, program, folder):
        self.program, self.folder = program, folder
        reports = folder / "reports"
        shutil.copytree(PROJECT / "examples" / "reports", reports)
        self.job = folder / "job.toml"
        self.job.write_text('name = "job"\nstore = "store"\n[[source]]\nkind = "files"\ninclude = ["reports/*.txt"]\n')
        self.store = folder / "store"
        added = sorted(reports.glob("*.txt"))[6:]
        for report in added:
            report.rename(report.with_suffix(".later"))
        self.run()
        self.first = shutil.copytree(self.store, folder / "first")
        for report in added:
            report.with_suffix(".later").rename(report)
        changed = sorted(reports.glob("*.txt"))[0]
        changed.write_text(changed.read_text().replace("增长", "下降"))
        # An input that cannot be read, so that `rejects` is written too.
        (reports / "empty.txt").write_text("")
        self.run(codes={3})
        self.before, self.after = content(self.first), content(self.store)

    def command(self):
        return [str(self.program), "run", str(self.job)]

    def run(self, codes=frozenset({0})):
        done = subprocess.run(self.command(), capture_output=True, text=True)
        assert done.returncode in codes, f"exit {done.returncode}: {done.stderr}"

    def reset(self):
        shutil.rmtree(self.store)
        shutil.copytree(self.first, self.store)

    def check_stopped(self):
        """Every file that readers see is whole and one of the two that there may be."""
        seen = content(self.store)
        for path in seen.keys() | self.before.keys() | self.after.keys():
            here = seen.get(path)
            states = (self.before.get(path), self.after.get(path))
            assert any(same(here, state) for state in states), f"{path} is neither the old nor the new one"
        return seen

    def check_mended(self):
        """Runs once more: now all is as if nothing had happened."""
        self.run(codes={3})
        mended = content(self.store)
        assert mended.keys() == self.after.keys(), f"other files: {mended.keys() ^ self.after.keys()}"
        for path, rows in mended.items():
            assert rows.equals(self.after[path]), f"{path} differs from that of an undisturbed run"
        left = {entry.name for entry in (self.store / "meta").iterdir()} - {"lock", "schema.json", "raw", "runs"}
        assert not left, f"state left behind: {left}"


def same(one, other):
    return one is None and other is None or one is not None and other is not None and one.equals(other)


def content(store):
    """The rows of every file of the store, without the columns that tell of the run."""
    files = {}
    for path in sorted((store / "v1").rglob("*")):
        if path.is_file():
            assert path.name == "data.parquet", f"{path} is no finished file"
            rows = pq.ParquetFile(path).read()
            files[str(path.relative_to(store))] = rows.drop_columns([c for c in rows.column_names if c in OF_THE_RUN])
    return files


def steps(bench):
    """The calls by which a run changes the store: name, how many of its name came before, what it is about."""
    bench.reset()
    log = bench.folder / "trace"
    subprocess.run(["strace", "-qq", "-y", "-o", log, "-e", "trace=" + ",".join(CALLS), *bench.command()],
                   capture_output=True, check=False)
    counts, found = {}, []
    for line in log.read_text(errors="replace").splitlines():
        call = re.match(r"\w+", line)
        if not call or call[0] not in CALLS:
            continue
        counts[call[0]] = counts.get(call[0], 0) + 1
        if "/store/" not in line or call[0] == "openat" and "O_CREAT" not in line or "EEXIST" in line:
            continue
        about = re.findall(r"/store/([^\">]+)", line)
        found.append((call[0], counts[call[0]], " to ".join(about)))
    return found


def inject(bench, call, count, how):
    bench.reset()
    fault = f"inject={call}:{how}:when={count}"
    return subprocess.run(["strace", "-qq", "-o", "/dev/null", "-e", f"trace={call}", "-e", fault, *bench.command()],
                          capture_output=True, text=True)


def try_steps(bench, every):
    found = steps(bench)
    assert len(found) > 50, f"only {len(found)} steps were traced"
    chosen = [step for index, step in enumerate(found) if step[0] in FEW or index % every == 0]
    killed = refused = unharmed = 0
    for call, count, about in chosen:
        place = f"{call} {about}"
        try:
            done = inject(bench, call, count, "signal=SIGKILL")
            assert done.returncode in (-9, 137), f"not killed: exit {done.returncode}"
            bench.check_stopped()
            bench.check_mended()
            killed += 1
            for error in ERRORS.get(call, []):
                done = inject(bench, call, count, f"error={error}")
                assert done.returncode in CODES | {3}, f"{error}: exit {done.returncode}: {done.stderr}"
                if done.returncode in (0, 3):
                    unharmed += 1
                else:
                    assert "/" in done.stderr, f"{error}: no path in: {done.stderr}"
                    refused += 1
                bench.check_stopped()
                bench.check_mended()
        except AssertionError as failure:
            sys.exit(f"failed at {place}: {failure}")
    print(f"steps: {len(found)} calls change the store; killed at {killed} of them, "
          f"{refused} errors refused, {unharmed} met without harm; each time the next run mended all")


def try_moments(bench, number):
    """SIGKILL at random moments of a run."""
    began = time.monotonic()
    bench.reset()
    bench.run(codes={3})
    length = time.monotonic() - began
    chance = random.Random(20220819)
    early = 0
    for index in range(number):
        bench.reset()
        process = subprocess.Popen(bench.command(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(chance.uniform(0, length))
        process.kill()
        early += process.wait() == -9
        try:
            bench.check_stopped()
            bench.check_mended()
        except AssertionError as failure:
            sys.exit(f"failed at random moment {index}: {failure}")
    print(f"random moments: {number} within {length:.2f} s, {early} before the end of the run; all mended")


def try_readers(bench, seconds):
    """Readers read in a loop while runs publish the one state and then the other.

    A file that is opened once is always whole. DuckDB opens one twice, first for its footer; when it was replaced in
    between the query fails, and must succeed when it is asked again.
    """
    import duckdb

    bench.reset()
    end = time.monotonic() + seconds
    counts, failures = {"files": 0, "queries": 0, "again": 0}, []

    def files():
        for path in bench.store.glob("v1/*/*/*.parquet"):
            try:
                handle = path.open("rb")
            except FileNotFoundError:  # a partition without rows is removed
                continue
            with handle:
                pq.ParquetFile(handle).read()
            counts["files"] += 1

    def queries():
        for table in ("observations", "series", "documents"):
            query = f"SELECT count(*), min(run_id) FROM read_parquet('{bench.store}/v1/{table}/*/*.parquet')"
            try:
                rows = duckdb.execute(query).fetchall()
            except duckdb.Error:
                counts["again"] += 1
                rows = duckdb.execute(query).fetchall()
            assert rows[0][0] > 0
            counts["queries"] += 1

    def hammer(look):
        try:
            while time.monotonic() < end:
                look()
        except Exception as failure:  # noqa: BLE001 - any failure of a reader is the finding
            failures.append(failure)

    readers = [threading.Thread(target=hammer, args=[look]) for look in (files, queries)]
    for reader in readers:
        reader.start()
    changed = sorted((bench.folder / "reports").glob("*.txt"))[0]
    text, runs = changed.read_text(), 0
    while time.monotonic() < end:
        text = text.translate(str.maketrans("增长下降", "下降增长"))
        changed.write_text(text)
        bench.run(codes={3})
        runs += 1
    for reader in readers:
        reader.join()
    assert not failures, f"a reader failed: {failures[0]!r}"
    print(f"readers: {counts['files']} files opened and {counts['queries']} queries of DuckDB answered while {runs} runs "
          f"published; {counts['again']} queries had to be asked again")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program", type=pathlib.Path)
    parser.add_argument("--every", type=int, default=1)
    parser.add_argument("--random", type=int, default=200)
    parser.add_argument("--readers", type=float, default=10)
    arguments = parser.parse_args()
    print(f"pyarrow {pa.__version__}")
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(arguments.program.resolve(), pathlib.Path(folder).resolve())
        if shutil.which("strace"):
            try_steps(bench, arguments.every)
        else:
            print("steps: skipped, strace is not installed")
        try_moments(bench, arguments.random)
        try_readers(bench, arguments.readers)


if __name__ == "__main__":
    main()
