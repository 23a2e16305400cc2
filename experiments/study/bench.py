"""Compares the strategies of augment-cli with those of the original study in Python, alternating, on equal images.

Needs the Python that has Albumentations. Writes results/<date>-<machine>-<commit>/study-peers/.
"""

import argparse
import dataclasses
import itertools
import os
import pathlib
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(1, os.fspath(HERE.parent / "common"))

import machine  # noqa: E402
import programs  # noqa: E402
import records  # noqa: E402
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
        run = programs.run(self.command(implementation, strategy, setting), self.options.run_timeout)
        outcome, said = run.outcome, run.said()
        files = [path.stat().st_size for path in self.output.glob("aug_*")] if setting.saving else []
        made = self.options.images * self.options.copies
        if said and (said["copies"] != made or len(files) != (made if setting.saving else 0)):
            outcome = "incomplete"
        programs.remove(self.output)
        values = [
            implementation, strategy, setting.ranks, records.yes(setting.ranks > machine.cores()),
            records.yes(setting.saving), self.width, self.height, self.options.images, self.options.copies,
            setting.repetition, outcome, said.get("wallSeconds"), run.process_seconds, run.user_seconds,
            run.system_seconds, sum(files),
        ]  # fmt: skip
        return dict(zip(COLUMNS, values, strict=True))

    def prepare(self):
        """Generates the images and runs both sides once uncounted, which brings files and programs into memory."""
        shape = ["--pattern", "checkerboard", "--size", self.options.size, "--images", self.options.images]
        programs.generate(self.options.cli, self.input, *shape)
        for implementation in (summary.OURS, summary.PEER):
            self.measure(implementation, "sequential", Setting(saving=False, ranks=1, repetition=0))

    def run(self, rows):
        """Runs all settings, every strategy in each."""
        self.prepare()
        for setting in self.settings():
            for implementation, strategy in setting.strategies():
                row = rows.add(self.measure(implementation, strategy, setting))
                print(progress(row), file=sys.stderr)


def progress(row):
    """A progress line for the terminal."""
    setting = f"saving {row['saving']}, ranks {row['ranks']}, {row['repetition']}: "
    return f"{setting}{row['implementation']} {row['strategy']}: {row['outcome']} {row['wallSeconds']}"


def parsed_options():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    records.add_options(parser)
    parser.add_argument("--ranks", type=int, nargs="+", default=[1, 2, 4, 16, 64])
    parser.add_argument("--saving", choices=["on", "off", "both"], default="on")
    parser.add_argument("--size", default="2000x1000", help="WIDTHxHEIGHT of the checkerboards")
    parser.add_argument("--images", type=int, default=10)
    parser.add_argument("--copies", type=int, default=20, help="of each image; the report has 100")
    parser.add_argument("--repetitions", type=int, default=3)
    parser.add_argument("--run-timeout", type=float, default=300, help="seconds after which a run is given up")
    return parser.parse_args()


def main():
    options = parsed_options()
    with records.opened(options, "study-peers", __file__) as (results, work):
        rows = records.Rows(results / "runs.csv", COLUMNS)
        Bench(options, work).run(rows)
        rows.close()
        records.keep_summary(results, summary.tables(rows.rows))


if __name__ == "__main__":
    main()
