"""Compares augment-cli with Albumentations on multiprocessing.Pool, alternating, on the same images and pipeline.

Needs the Python that has Albumentations. Writes results/<date>-<machine>-<commit>/peers/.
"""

import argparse
import csv
import dataclasses
import datetime
import itertools
import json
import os
import pathlib
import shlex
import shutil
import subprocess
import sys
import tempfile
import time

import machine
import summary

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
QUALITY = 95
COLUMNS = [
    "implementation", "input", "widthPixels", "heightPixels", "images", "copies", "ranks", "moreRanksThanCores",
    "saving", "repetition", "wallSeconds", "processSeconds", "userSeconds", "systemSeconds", "imagesPerSecond",
    "writtenBytes", "largestProcessBytes",
]  # fmt: skip


@dataclasses.dataclass
class Input:
    """A folder of images; width and height if all have the same size."""

    name: str
    folder: pathlib.Path
    copies: int
    width: int | None = None
    height: int | None = None


@dataclasses.dataclass
class Setting:
    """One piece of work for both sides."""

    input: Input
    saving: bool
    ranks: int
    repetition: int
    copies: int


class Bench:
    def __init__(self, options, work):
        self.options, self.work = options, work
        self.output = work  # of the current run
        self.numbers = itertools.count()

    def inputs(self):
        """Generates the scenes; photographs are read in place."""
        for name, width, height, images, copies in [
            ("large scenes", 2000, 1000, self.options.images, 4),
            ("small scenes", 640, 480, 3 * self.options.images, 4),
        ]:
            folder = self.work / name.replace(" ", "-")
            size, count = f"{width}x{height}", str(images)
            command = [self.options.cli, "generate", folder, "--size", size, "--images", count]
            subprocess.run(command, check=True)
            yield Input(name, folder, copies, width, height)
        if self.options.photographs:
            yield Input("photographs", self.options.photographs, 2)

    def settings(self):
        """Every setting, and whether it is a warm-up, which brings files and programs into memory."""
        for source in self.inputs():
            yield Setting(source, saving=False, ranks=machine.cores(), repetition=0, copies=1), True
            for saving in (False, True):
                for ranks in self.options.ranks:
                    for repetition in range(1, self.options.repetitions + 1):
                        yield Setting(source, saving, ranks, repetition, source.copies), False

    def command(self, implementation, setting):
        """Both sides get the same arguments; the seed, and so the draws, differ between repetitions."""
        program = {
            summary.OURS: [self.options.cli, "augment", "--quiet", "--json"],
            summary.PEER: [sys.executable, HERE / "augment_folder.py"],
        }[implementation]
        arguments = {
            "--pipeline": self.options.pipeline, "--copies": setting.copies, "--ranks": setting.ranks,
            "--seed": setting.repetition, "--quality": QUALITY,
        }  # fmt: skip
        flags = [str(part) for pair in arguments.items() for part in pair] + ([] if setting.saving else ["--no-saving"])
        return [*program, setting.input.folder, self.output, *flags]

    def measure(self, implementation, setting):
        """Runs one side once; returns its row."""
        self.output = self.work / f"output-{next(self.numbers)}"
        begin = time.monotonic()
        process = subprocess.Popen(self.command(implementation, setting), stdout=subprocess.PIPE)
        with process.stdout:
            text = process.stdout.read()
        _, status, usage = os.wait4(process.pid, 0)
        process_seconds = time.monotonic() - begin
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode != 0:
            sys.exit(f"{shlex.join(map(str, process.args))} ended with status {process.returncode}")
        said = json.loads(text)
        self.check(said, setting)
        return self.row(implementation, setting, said, process_seconds, usage)

    def check(self, said, setting):
        """Ends the benchmark if a side did less than it was asked to."""
        made = said["images"] * setting.copies
        found = sum(path.is_file() for path in self.output.rglob("*_aug*"))
        if said["copies"] != made or found != (made if setting.saving else 0):
            sys.exit(f"{made} copies were asked for, {said['copies']} made, {found} files found")
        shutil.rmtree(self.output, ignore_errors=True)
        os.sync()

    def row(self, implementation, setting, said, process_seconds, usage):
        values = [
            implementation, setting.input.name, setting.input.width, setting.input.height, said["images"],
            setting.copies, setting.ranks, yes(setting.ranks > machine.cores()), yes(setting.saving),
            setting.repetition, said["wallSeconds"], process_seconds, usage.ru_utime, usage.ru_stime,
            said["copies"] / said["wallSeconds"], said["writtenBytes"], usage.ru_maxrss * 1024,
        ]  # fmt: skip
        return dict(zip(COLUMNS, map(cell, values), strict=True))

    def run(self, results):
        """Runs all settings, both sides in each; the rows are kept as soon as there are both."""
        rows = []
        with (results / "runs.csv").open("w", newline="") as file:
            writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
            writer.writeheader()
            for setting, is_warm_up in self.settings():
                pair = [self.measure(implementation, setting) for implementation in (summary.OURS, summary.PEER)]
                if pair[0]["images"] != pair[1]["images"]:
                    sys.exit(f"{setting.input.folder}: the two sides do not find the same images")
                if is_warm_up:
                    continue
                rows += pair
                writer.writerows(pair)
                file.flush()
                print(progress(pair), file=sys.stderr)
        return rows


def progress(pair):
    """A progress line for the terminal."""
    setting = f"{pair[0]['input']}, ranks {pair[0]['ranks']}, saving {pair[0]['saving']}: "
    return setting + ", ".join(f"{row['implementation']} {float(row['imagesPerSecond']):.1f}/s" for row in pair)


def yes(truth):
    return "yes" if truth else "no"


def cell(value):
    """Text that is safe in a spreadsheet, which would evaluate anything that begins like a formula."""
    if isinstance(value, float):
        return f"{value:.4f}"
    text = "" if value is None else str(value)
    return f"'{text}" if text[:1] in {"=", "+", "-", "@"} else text


def relative(text):
    """A path relative to the repository: stored results must not reveal where a user's files are."""
    return os.path.relpath(text, ROOT) if os.path.isabs(text) else text


def parsed_options():
    cores = machine.cores()
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--cli", type=pathlib.Path, default=ROOT / ".build/release/augment-cli")
    parser.add_argument("--pipeline", type=pathlib.Path, default=HERE / "default.json")
    parser.add_argument("--photographs", type=pathlib.Path, help="a folder of them, measured besides the scenes")
    parser.add_argument("--images", type=int, default=32, help="large scenes; three times as many small ones")
    parser.add_argument("--ranks", type=int, nargs="+", default=sorted({1, 2, cores}))
    parser.add_argument("--repetitions", type=int, default=3)
    parser.add_argument("--results", type=pathlib.Path, default=ROOT / "results")
    parser.add_argument("--work", type=pathlib.Path, help="where the runs write; removed (default: made in $TMPDIR)")
    return parser.parse_args()


def main():
    options = parsed_options()
    day = datetime.datetime.now(datetime.timezone.utc).date().isoformat()
    results = options.results / f"{day}-{machine.name()}-{machine.commit(ROOT)}" / "peers"
    results.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="augment-bench-", dir=options.work) as work:
        work = pathlib.Path(work)
        machine.spread_folders(work)
        facts = json.dumps(machine.facts(ROOT, work), indent=2)
        (results / "machine.json").write_text(facts + "\n")
        command = ["python", "experiments/peers/bench.py", *map(relative, sys.argv[1:])]
        (results / "command.txt").write_text(shlex.join(command) + "\n")
        rows = Bench(options, work).run(results)
    table = summary.table(rows)
    (results / "summary.md").write_text(table)
    print(table, end="")
    print(f"kept in {results}", file=sys.stderr)


if __name__ == "__main__":
    main()
