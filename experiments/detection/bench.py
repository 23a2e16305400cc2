"""Compares the ways of augment-cli with those of the original study in Python, alternating, on the same dataset.

Needs the Python that has Albumentations and joblib. Writes results/<date>-<machine>-<commit>/detection/.
"""

import argparse
import dataclasses
import itertools
import os
import pathlib
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(1, os.fspath(HERE.parent / "common"))

import charts  # noqa: E402
import machine  # noqa: E402
import programs  # noqa: E402
import records  # noqa: E402
import summary  # noqa: E402

QUALITY = 95
PIPELINE = HERE / "thermal.json"
SIZE = "640x512"
COLUMNS = [
    "dataset", "images", "labels", "implementation", "way", "ranks", "moreRanksThanCores", "repetition", "outcome",
    "wallSeconds", "processSeconds", "userSeconds", "systemSeconds", "minorFaults", "contextSwitches",
    "largestProcessBytes", "writtenBytes", "megahertz", "celsius",
]  # fmt: skip


@dataclasses.dataclass
class Dataset:
    """One of the three sizes."""

    name: str
    images: int
    folder: pathlib.Path


class Bench:
    def __init__(self, options, work):
        self.options, self.work = options, work
        self.numbers = itertools.count()

    def datasets(self):
        """Generates the images, or takes the first of a folder, for each size in turn."""
        for name, images in zip(summary.DATASETS, self.options.images, strict=True):
            folder = self.work / name
            if self.options.dataset:
                take_first(self.options.dataset, folder, images, self.options.labels)
            else:
                labels = ["--labels", "voc"] if self.options.labels else []
                flags = ["--pattern", "thermal", "--size", SIZE, "--images", images, *labels]
                programs.generate(self.options.cli, folder, *flags)
            yield Dataset(name, images, folder)
            programs.remove(folder)

    def sides(self):
        """Implementations, ways and ranks of a round, in running order: ours and its peer next to each other."""
        yield from [(summary.OURS, "sequential", 1), (summary.PEER, "sequential", 1)]
        for ranks in self.options.ranks:
            for ours, peers in summary.PAIRS:
                yield from [(summary.OURS, ours, ranks), *((summary.PEER, peer, ranks) for peer in peers)]

    def command(self, dataset, side, output, seed):
        implementation, way, ranks = side
        shared = [dataset.folder, output, "--pipeline", PIPELINE, "--ranks", ranks, "--seed", seed, "--quality", QUALITY]
        if implementation == summary.PEER:
            threads = self.options.opencv_threads
            flags = ["--way", way] + ([] if threads is None else ["--opencv-threads", threads])
            command = [sys.executable, HERE / "detect_folder.py", *shared, *flags]
            command += [] if self.options.labels else ["--without-labels"]
        else:
            command = [self.options.cli, "augment", *shared, "--strategy", way, "--copies", 1, "--quiet", "--json"]
        return [str(part) for part in command]

    def measure(self, dataset, side, repetition):
        """Runs one side once; returns its row, with an outcome other than `ok` if it did not do all."""
        implementation, way, ranks = side
        output = self.work / f"output-{next(self.numbers)}"
        run = programs.run(self.command(dataset, side, output, repetition), self.options.run_timeout)
        said = run.said()
        sizes = {path: path.stat().st_size for path in output.rglob("*") if path.is_file()}
        pictures = sum(path.suffix == ".jpg" for path in sizes)
        labels = sum(path.suffix == ".xml" for path in sizes)
        is_whole = pictures == dataset.images and (not self.options.labels or labels >= dataset.images)
        programs.remove(output)
        return {
            "dataset": dataset.name, "images": dataset.images, "labels": records.yes(self.options.labels),
            "implementation": implementation, "way": way, "ranks": ranks,
            "moreRanksThanCores": records.yes(ranks > machine.cores()), "repetition": repetition,
            "outcome": "incomplete" if said and not is_whole else run.outcome, "wallSeconds": said.get("wallSeconds"),
            "processSeconds": run.process_seconds, "userSeconds": run.user_seconds,
            "systemSeconds": run.system_seconds, "minorFaults": run.minor_faults,
            "contextSwitches": run.context_switches, "largestProcessBytes": run.largest_process_bytes,
            "writtenBytes": sum(sizes.values()), "megahertz": run.megahertz, "celsius": run.celsius,
        }  # fmt: skip

    def run(self, rows):
        """Runs all sides in turn for each dataset; a first round on two sides brings files and programs into memory."""
        for dataset in self.datasets():
            for side in itertools.islice(self.sides(), 2):
                self.measure(dataset, side, 0)
            for repetition in range(1, self.options.repetitions + 1):
                for side in self.sides():
                    print(progress(rows.add(self.measure(dataset, side, repetition))), file=sys.stderr)


def take_first(source, folder, images, labels):
    """Links the first images of a folder in the layout of VOC, and their labels."""
    pictures = sorted((source / "JPEGImages" if labels else source).iterdir())
    pictures = [path for path in pictures if path.suffix.lower() in {".jpg", ".jpeg"}][:images]
    if len(pictures) < images:
        sys.exit(f"{source}: {len(pictures)} images, fewer than {images}")
    for path in pictures:
        places = {folder / "JPEGImages": path} if labels else {folder: path}
        if labels:
            places[folder / "Annotations"] = source / "Annotations" / f"{path.stem}.xml"
        for place, file in places.items():
            place.mkdir(parents=True, exist_ok=True)
            (place / file.name).symlink_to(file.resolve())


def progress(row):
    """A progress line for the terminal."""
    place = f"{row['dataset']}, repetition {row['repetition']}"
    return f"{place}: {row['implementation']} {row['way']}, ranks {row['ranks']}: {row['outcome']} {row['wallSeconds']}"


def study(options, results):
    """The three tables of the original study for augment-cli alone, by its own command."""
    cli = options.cli
    for name, images in zip(summary.DATASETS, options.images, strict=True):
        flags = ["--dataset", name, "--images", images, "--strategies", "executor,threads,spawn"]
        flags += ["--ranks", ",".join(map(str, options.ranks)), "--repetitions", options.repetitions, "--no-wait"]
        programs.strong_scaling(cli, results / name, *flags)
        with (results / name / "tables.txt").open("w") as tables:
            subprocess.run([cli, "compare", results / name], check=True, stdout=tables)


def parsed_options():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    records.add_options(parser)
    parser.add_argument(
        "--images", type=int, nargs=3, default=[100, 500, 1000], metavar="N",
        help="in the small, the medium and the big dataset (default: a tenth of 1000, 5000 and 10000)",
    )  # fmt: skip
    parser.add_argument("--ranks", type=int, nargs="+", default=[2, 4, 8], help="the report has 2 4 6 8 10 12")
    parser.add_argument("--repetitions", type=int, default=3)
    parser.add_argument("--dataset", type=pathlib.Path, help="a folder in the layout of VOC, in place of scenes")
    parser.add_argument("--without-labels", dest="labels", action="store_false", help="images alone, on both sides")
    parser.add_argument("--opencv-threads", type=int, help="in Python (default: those that OpenCV takes, as there)")
    parser.add_argument("--run-timeout", type=float, default=600, help="seconds after which a run is given up")
    parser.add_argument("--without-study", action="store_true", help="only the comparison, without `strong`")
    options = parser.parse_args()
    if len(options.images) != len(set(options.images)):
        parser.error("--images: the three datasets must differ")
    return options


def main():
    options = parsed_options()
    with records.opened(options, "detection", __file__) as (results, work):
        rows = records.Rows(results / "runs.csv", COLUMNS)
        Bench(options, work).run(rows)
        rows.close()
        charts.draw(rows.rows, results)
        records.keep_summary(results, summary.tables(rows.rows))
        if not options.without_study:
            study(options, results)


if __name__ == "__main__":
    main()
