"""Compares the strategies of augment-cli with those of the original study in Python, alternating, on equal images.

Needs the Python that has Albumentations. Writes results/<date>-<machine>-<commit>/study-peers/.
"""

import argparse
import csv
import dataclasses
import datetime
import itertools
import json
import os
import pathlib
import resource
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
sys.path.insert(1, os.fspath(HERE.parent / "peers"))

import machine  # noqa: E402
import summary  # noqa: E402

QUALITY = 95
COLUMNS = [
    "implementation", "strategy", "ranks", "moreRanksThanCores", "saving", "widthPixels", "heightPixels", "images",
    "copies", "repetition", "outcome", "wallSeconds", "processSeconds", "userSeconds", "systemSeconds", "writtenBytes",
]  # fmt: skip


@dataclasses.dataclass
class Setting:
    """One piece of work for all strategies of a round."""

    saving: bool
    ranks: int
    repetition: int

    def strategies(self):
        """Implementations and strategies in running order; some need several ranks, and saving."""
        if self.ranks == 1:
            return [(summary.OURS, "sequential"), (summary.PEER, "sequential")]
        pairs = [pair for pair in summary.PAIRS if self.saving or pair != ("savers", "PQ")]
        both = [side for ours, peer in pairs for side in ((summary.OURS, ours), (summary.PEER, peer))]
        return [*both, (summary.OURS, "adaptive")]


class Bench:
    def __init__(self, options, work):
        self.options, self.work, self.input = options, work, work / "input"
        self.output = work  # of the current run
        self.numbers = itertools.count()
        self.width, self.height = options.size.split("x")

    def settings(self):
        for saving in {"on": [True], "off": [False], "both": [True, False]}[self.options.saving]:
            for ranks in self.options.ranks:
                for repetition in range(1, self.options.repetitions + 1):
                    yield Setting(saving, ranks, repetition)

    def command(self, implementation, strategy, setting):
        program = {
            summary.OURS: [self.options.cli, "augment", "--quiet", "--json", "--name", "aug_{stem}_{copy:06}"],
            summary.PEER: [sys.executable, HERE / "strategies.py"],
        }[implementation]
        arguments = {
            "--strategy": strategy, "--copies": self.options.copies, "--ranks": setting.ranks,
            "--seed": setting.repetition, "--quality": QUALITY,
        }  # fmt: skip
        flags = [str(part) for pair in arguments.items() for part in pair] + ([] if setting.saving else ["--no-saving"])
        return [*program, self.input, self.output, *flags]

    def measure(self, implementation, strategy, setting):
        """Runs one strategy once; returns its row, with an outcome other than `ok` if it did not do all."""
        self.output = self.work / f"output-{next(self.numbers)}"
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        begin = time.monotonic()
        outcome, text = bounded_run(self.command(implementation, strategy, setting), self.options.run_timeout)
        seconds = time.monotonic() - begin
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        files = [path.stat().st_size for path in self.output.glob("aug_*")] if setting.saving else []
        made = self.options.images * self.options.copies
        said = json.loads(text) if outcome == "ok" else {}
        if said and (said["copies"] != made or len(files) != (made if setting.saving else 0)):
            outcome = "incomplete"
        shutil.rmtree(self.output, ignore_errors=True)
        os.sync()
        values = [
            implementation, strategy, setting.ranks, yes(setting.ranks > machine.cores()), yes(setting.saving),
            self.width, self.height, self.options.images, self.options.copies, setting.repetition, outcome,
            said.get("wallSeconds", ""), seconds, after.ru_utime - before.ru_utime, after.ru_stime - before.ru_stime,
            sum(files),
        ]  # fmt: skip
        return {
            column: f"{value:.4f}" if isinstance(value, float) else str(value)
            for column, value in zip(COLUMNS, values, strict=True)
        }

    def prepare(self):
        """Generates the images and runs both sides once uncounted, which brings files and programs into memory."""
        size, count = ["--size", self.options.size], ["--images", str(self.options.images)]
        subprocess.run(
            [self.options.cli, "generate", self.input, "--pattern", "checkerboard", *size, *count], check=True
        )
        for implementation in (summary.OURS, summary.PEER):
            self.measure(implementation, "sequential", Setting(saving=False, ranks=1, repetition=0))

    def run(self, results):
        """Runs all settings, every strategy in each; each row is kept at once."""
        self.prepare()
        rows = []
        with (results / "runs.csv").open("w", newline="") as file:
            writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
            writer.writeheader()
            for setting in self.settings():
                for implementation, strategy in setting.strategies():
                    rows.append(self.measure(implementation, strategy, setting))
                    writer.writerow(rows[-1])
                    file.flush()
                    print(progress(rows[-1]), file=sys.stderr)
        return rows


def bounded_run(command, timeout):
    """Outcome and standard output of a program; it is killed with all its processes if it takes too long."""
    with subprocess.Popen(command, stdout=subprocess.PIPE, start_new_session=True) as process:
        try:
            text, _ = process.communicate(timeout=timeout)
        except BaseException as error:  # Ctrl-C in the terminal reaches this process only
            os.killpg(process.pid, signal.SIGKILL)
            if not isinstance(error, subprocess.TimeoutExpired):
                raise
            return "timeout", ""
    return ("ok" if process.returncode == 0 else "failed"), text


def progress(row):
    """A progress line for the terminal."""
    setting = f"saving {row['saving']}, ranks {row['ranks']}, {row['repetition']}: "
    return f"{setting}{row['implementation']} {row['strategy']}: {row['outcome']} {row['wallSeconds']}"


def yes(truth):
    return "yes" if truth else "no"


def relative(text):
    """A path relative to the repository: stored results must not reveal where a user's files are."""
    return os.path.relpath(text, ROOT) if os.path.isabs(text) else text


def parsed_options():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--cli", type=pathlib.Path, default=ROOT / ".build/release/augment-cli")
    parser.add_argument("--ranks", type=int, nargs="+", default=[1, 2, 4, 16, 64])
    parser.add_argument("--saving", choices=["on", "off", "both"], default="on")
    parser.add_argument("--size", default="2000x1000", help="WIDTHxHEIGHT of the checkerboards")
    parser.add_argument("--images", type=int, default=10)
    parser.add_argument("--copies", type=int, default=20, help="of each image; the report has 100")
    parser.add_argument("--repetitions", type=int, default=3)
    parser.add_argument("--run-timeout", type=float, default=300, help="seconds after which a run is given up")
    parser.add_argument("--results", type=pathlib.Path, default=ROOT / "results")
    parser.add_argument("--work", type=pathlib.Path, help="where the runs write; removed (default: made in $TMPDIR)")
    return parser.parse_args()


def main():
    options = parsed_options()
    day = datetime.datetime.now(datetime.timezone.utc).date().isoformat()
    results = options.results / f"{day}-{machine.name()}-{machine.commit(ROOT)}" / "study-peers"
    results.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="augment-bench-", dir=options.work) as work:
        work = pathlib.Path(work)
        machine.spread_folders(work)
        facts = json.dumps(machine.facts(ROOT, work), indent=2)
        (results / "machine.json").write_text(facts + "\n")
        command = ["python", "experiments/study/bench.py", *map(relative, sys.argv[1:])]
        (results / "command.txt").write_text(shlex.join(command) + "\n")
        rows = Bench(options, work).run(results)
    tables = summary.tables(rows)
    (results / "summary.md").write_text(tables)
    print(tables, end="")
    print(f"kept in {results}", file=sys.stderr)


if __name__ == "__main__":
    main()
