"""Compares augment-cli with Albumentations on multiprocessing.Pool, alternating, on the same images and pipeline.

Needs the Python that has Albumentations. Writes results/<date>-<machine>-<commit>/peers/.
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
    "implementation", "pipeline", "input", "widthPixels", "heightPixels", "images", "copies", "ranks",
    "moreRanksThanCores", "saving", "repetition", "wallSeconds", "processSeconds", "userSeconds", "systemSeconds", "imagesPerSecond",
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

    pipeline: pathlib.Path
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
            if images == 0:
                continue
            folder = self.work / name.replace(" ", "-")
            programs.generate(self.options.cli, folder, "--size", f"{width}x{height}", "--images", images)
            yield Input(name, folder, copies, width, height)
        if self.options.photographs:
            yield Input("photographs", self.options.photographs, 2)

    def settings(self):
        """Every setting, and whether it is a warm-up, which brings files and programs into memory."""
        for source, pipeline in itertools.product(self.inputs(), self.options.pipeline):
            yield Setting(pipeline, source, saving=False, ranks=machine.cores(), repetition=0, copies=1), True
            for saving in (False, True):
                for ranks in self.options.ranks:
                    for repetition in range(1, self.options.repetitions + 1):
                        yield Setting(pipeline, source, saving, ranks, repetition, source.copies), False

    def command(self, implementation, setting):
        """Both sides get the same arguments; the seed, and so the draws, differ between repetitions."""
        program = {
            summary.OURS: [self.options.cli, "augment", "--quiet", "--json"],
            summary.PEER: [sys.executable, HERE / "augment_folder.py"],
        }[implementation]
        arguments = {
            "--pipeline": setting.pipeline, "--copies": setting.copies, "--ranks": setting.ranks,
            "--seed": setting.repetition, "--quality": QUALITY,
        }  # fmt: skip
        flags = [str(part) for pair in arguments.items() for part in pair] + ([] if setting.saving else ["--no-saving"])
        return [*program, setting.input.folder, self.output, *flags]

    def measure(self, implementation, setting):
        """Runs one side once; returns its row."""
        self.output = self.work / f"output-{next(self.numbers)}"
        run = programs.run(self.command(implementation, setting), timeout=None)
        if run.outcome != "ok":
            sys.exit(1)
        said = run.said()
        self.check(said, setting)
        return self.values(implementation, setting, said, run)

    def check(self, said, setting):
        """Ends the benchmark if a side did less than it was asked to."""
        made = said["images"] * setting.copies
        found = sum(path.is_file() for path in self.output.rglob("*_aug*"))
        if said["copies"] != made or found != (made if setting.saving else 0):
            sys.exit(f"{made} copies were asked for, {said['copies']} made, {found} files found")
        programs.remove(self.output)

    def values(self, implementation, setting, said, run):
        values = [
            implementation, setting.pipeline.stem, setting.input.name, setting.input.width, setting.input.height,
            said["images"],
            setting.copies, setting.ranks, records.yes(setting.ranks > machine.cores()), records.yes(setting.saving),
            setting.repetition, said["wallSeconds"], run.process_seconds, run.user_seconds, run.system_seconds,
            said["copies"] / said["wallSeconds"], said["writtenBytes"], run.largest_process_bytes,
        ]  # fmt: skip
        return dict(zip(COLUMNS, values, strict=True))

    def run(self, rows):
        """Runs all settings, both sides in each; the rows are kept as soon as there are both."""
        for setting, is_warm_up in self.settings():
            pair = [self.measure(implementation, setting) for implementation in (summary.OURS, summary.PEER)]
            if pair[0]["images"] != pair[1]["images"]:
                sys.exit(f"{setting.input.folder}: the two sides do not find the same images")
            if not is_warm_up:
                print(progress([rows.add(values) for values in pair]), file=sys.stderr)


def progress(pair):
    """A progress line for the terminal."""
    setting = f"{pair[0]['pipeline']}, {pair[0]['input']}, ranks {pair[0]['ranks']}, saving {pair[0]['saving']}: "
    return setting + ", ".join(f"{row['implementation']} {float(row['imagesPerSecond']):.1f}/s" for row in pair)


def parsed_options():
    cores = machine.cores()
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    records.add_options(parser)
    parser.add_argument("--pipeline", type=pathlib.Path, nargs="+", default=[HERE / "default.json"])
    parser.add_argument("--photographs", type=pathlib.Path, help="a folder of them, measured besides the scenes")
    parser.add_argument("--images", type=int, default=32,
                        help="large scenes; three times as many small ones; 0: photographs alone")
    parser.add_argument("--ranks", type=int, nargs="+", default=sorted({1, 2, cores}))
    parser.add_argument("--repetitions", type=int, default=3)
    return parser.parse_args()


def main():
    options = parsed_options()
    with records.opened(options, "peers", __file__) as (results, work):
        rows = records.Rows(results / "runs.csv", COLUMNS)
        Bench(options, work).run(rows)
        rows.close()
        records.keep_summary(results, summary.table(rows.rows))


if __name__ == "__main__":
    main()
