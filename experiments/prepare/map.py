"""Finds where several ranks overtake one process: a job on few to many, small to large images, all ways alternating.

Writes results/<date>-<machine>-<commit>/map-<job>/. Needs only augment-cli, and gnuplot for the picture.
"""

import argparse
import csv
import dataclasses
import datetime
import json
import os
import pathlib
import shlex
import shutil
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
sys.path.insert(1, os.fspath(HERE.parent / "common"))

import machine  # noqa: E402
import map_chart  # noqa: E402

COLUMNS = [
    "job", "sidePixels", "images", "way", "ranks", "moreRanksThanCores", "repetition", "wallSeconds", "processSeconds",
]  # fmt: skip
DISTINCT_IMAGES = 8  # of each size; more are further names of these


@dataclasses.dataclass
class Cell:
    """So many square images of one size."""

    side: int
    images: int
    folder: pathlib.Path

    @property
    def megapixels(self):
        return self.images * self.side * self.side / 1e6


class Map:
    def __init__(self, options, work):
        self.options, self.work = options, work
        sequential = {map_chart.SEQUENTIAL: ["--ranks", "1", "--strategy", "sequential"]}
        parallel = {str(ranks): ["--ranks", str(ranks)] for ranks in options.ranks}
        self.ways = sequential | parallel | {map_chart.AUTO: ["--ranks", "auto"]}

    def generate(self, side):
        """A few images of a size, in a folder."""
        folder = self.work / f"images-{side}"
        command = [self.options.cli, "generate", folder, "--size", f"{side}x{side}", "--images", str(DISTINCT_IMAGES)]
        subprocess.run(command, check=True)
        return sorted(folder.iterdir())

    def cells(self):
        """Every cell that is not too large: where the work is much, more ranks are faster anyway."""
        for side in self.options.sizes:
            sources = self.generate(side)
            for images in self.options.counts:
                cell = Cell(side, images, self.work / f"{side}-{images}")
                if cell.megapixels > self.options.most_megapixels:
                    continue
                cell.folder.mkdir()
                for number in range(images):
                    os.link(sources[number % len(sources)], cell.folder / f"{number:05}.jpg")
                yield cell
                shutil.rmtree(cell.folder)

    def measure(self, cell, way, repetition):
        """Runs the job once; returns its row."""
        output = self.work / "output"
        command = [self.options.cli, self.options.job, cell.folder, output, "--quiet", "--json", *self.ways[way]]
        begin = time.monotonic()
        run = subprocess.run([*command, *self.options.option], stdout=subprocess.PIPE)
        process_seconds = time.monotonic() - begin
        if run.returncode != 0:
            sys.exit(f"{shlex.join(map(str, command))} ended with status {run.returncode}")
        said = json.loads(run.stdout)
        if said["images"] != cell.images or said["imagesFailed"]:
            sys.exit(f"{cell.folder}: {cell.images} images were there, {said['images']} found")
        shutil.rmtree(output)
        crowded = "yes" if said["ranks"] > machine.cores() else "no"
        values = [
            self.options.job, cell.side, cell.images, way, said["ranks"], crowded, repetition,
            f"{said['wallSeconds']:.6f}", f"{process_seconds:.6f}",
        ]  # fmt: skip
        return dict(zip(COLUMNS, map(str, values), strict=True))

    def run(self, results):
        """Measures all cells; the rows of a repetition are kept as soon as it has ended."""
        rows = []
        with (results / "runs.csv").open("w", newline="") as file:
            writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
            writer.writeheader()
            for cell in self.cells():
                for repetition in range(self.options.repetitions + 1):
                    ways = list(self.ways)
                    # Every way goes first in turn, as the first finds the caches cold.
                    turn = repetition % len(ways)
                    found = [self.measure(cell, way, repetition) for way in ways[turn:] + ways[:turn]]
                    if repetition == 0:  # a warm-up
                        continue
                    rows += found
                    writer.writerows(found)
                    file.flush()
                print(map_chart.progress(rows, cell.side, cell.images), file=sys.stderr)
        return rows


def relative(text):
    """A path relative to the repository: stored results must not reveal where a user's files are."""
    return os.path.relpath(text, ROOT) if os.path.isabs(text) else text


def parsed_options():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--cli", type=pathlib.Path, default=ROOT / ".build/release/augment-cli")
    parser.add_argument("--job", default="prepare")
    parser.add_argument("--option", action="append", default=[], help="passed on to the job; --option=--size=64x64")
    parser.add_argument("--sizes", type=int, nargs="+", default=[64, 128, 250, 500, 1000, 2000], help="sides in pixels")
    parser.add_argument("--counts", type=int, nargs="+", default=[2**power for power in range(11)], help="of images")
    parser.add_argument("--ranks", type=int, nargs="+", default=[2, 4, 8])
    parser.add_argument("--most-megapixels", type=float, default=130, help="larger cells are left out")
    parser.add_argument("--repetitions", type=int, default=5)
    parser.add_argument("--results", type=pathlib.Path, default=ROOT / "results")
    parser.add_argument("--work", type=pathlib.Path, help="where the runs write; removed (default: made in $TMPDIR)")
    return parser.parse_args()


def main():
    options = parsed_options()
    day = datetime.datetime.now(datetime.timezone.utc).date().isoformat()
    results = options.results / f"{day}-{machine.name()}-{machine.commit(ROOT)}" / f"map-{options.job}"
    results.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="augment-map-", dir=options.work) as work:
        work = pathlib.Path(work)
        machine.spread_folders(work)
        facts = json.dumps(machine.facts(ROOT, work), indent=2)
        (results / "machine.json").write_text(facts + "\n")
        command = ["python", "experiments/prepare/map.py", *map(relative, sys.argv[1:])]
        (results / "command.txt").write_text(shlex.join(command) + "\n")
        rows = Map(options, work).run(results)
    (results / "summary.md").write_text(map_chart.tables(rows))
    map_chart.draw(rows, results)
    print(f"kept in {results}", file=sys.stderr)


if __name__ == "__main__":
    main()
