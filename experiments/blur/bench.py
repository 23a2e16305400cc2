"""Compares augment-cli anonymize with OpenCV and with Dask's LocalCluster, alternating, on the same images.

Needs the Python that has OpenCV and Dask. Writes results/<date>-<machine>-<commit>/blur/.
"""

import argparse
import dataclasses
import itertools
import os
import pathlib
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(1, os.fspath(HERE.parent / "common"))

import cv2  # noqa: E402
import machine  # noqa: E402
import programs  # noqa: E402
import records  # noqa: E402
import summary  # noqa: E402

KERNEL, SIGMA, QUALITY = 61, 10, 95
COLUMNS = [
    "phase", "images", "widthPixels", "heightPixels", "batch", "implementation", "strategy", "ranks",
    "moreRanksThanCores", "repetition", "outcome", "wallSeconds", "clusterSeconds", "processSeconds", "userSeconds",
    "systemSeconds", "writtenBytes", "largestProcessBytes", "decibels", "megahertz", "celsius",
]  # fmt: skip
# Images of another blur stay far below; those of the same blur differ by JPEG and rounding only.
SAME_BLUR_DECIBELS = 40


@dataclasses.dataclass
class Phase:
    """One of the two measurements of the original study."""

    number: int
    images: int
    batch: int
    folder: pathlib.Path
    first: pathlib.Path  # of its images
    wanted: object  # the first image, blurred by OpenCV and not yet encoded


class Bench:
    def __init__(self, options, work, rows):
        self.options, self.work, self.rows = options, work, rows
        self.width, self.height = map(int, options.size.split("x"))
        self.numbers = itertools.count()

    def phase(self, number, images, batch):
        folder = self.work / f"input-{number}"
        programs.generate(self.options.cli, folder, "--size", self.options.size, "--images", images)
        first = min(folder.iterdir())
        wanted = cv2.GaussianBlur(cv2.imread(os.fspath(first)), (KERNEL, KERNEL), SIGMA)
        return Phase(number, images, batch, folder, first, wanted)

    def sides(self):
        """Implementations, strategies and ranks of a round, in running order."""
        yield from [(summary.OURS, "sequential", 1), (summary.OPENCV, "sequential", 1)]
        for ranks in self.options.ranks:
            yield from [(summary.OURS, "worker-reads", ranks), (summary.DASK, "dask", ranks)]
            yield from [(summary.OURS, "savers", ranks), (summary.OURS, "adaptive", ranks)]

    def command(self, phase, side, output):
        implementation, strategy, ranks = side
        folders, blur = [phase.folder, output], ["--kernel", str(KERNEL), "--sigma", str(SIGMA)]
        shape = ["--ranks", str(ranks), "--batch", str(phase.batch)]
        if implementation == summary.OURS:
            flags = ["--strategy", strategy, "--quality", str(QUALITY), "--quiet", "--json"]
            return [self.options.cli, "anonymize", *folders, *blur, *shape, *flags]
        return [sys.executable, HERE / "blur_folder.py", *folders, *blur, *shape, "--way", strategy]

    def measure(self, phase, side, repetition):
        """Runs one side once; returns its row, with an outcome other than `ok` if it did not do all."""
        implementation, strategy, ranks = side
        output = self.work / f"output-{next(self.numbers)}"
        run = programs.run(self.command(phase, side, output), self.options.run_timeout)
        said = run.said()
        files = [path.stat().st_size for path in output.glob("*.jp*g")]
        outcome = "incomplete" if said and len(files) != phase.images else run.outcome
        decibels = self.decibels(phase, output) if outcome == "ok" else None
        if decibels is not None and decibels < SAME_BLUR_DECIBELS:
            sys.exit(f"{implementation} {strategy}: {decibels:.1f} dB from OpenCV's blur: not the same work")
        programs.remove(output)
        return {
            "phase": phase.number, "images": phase.images, "widthPixels": self.width, "heightPixels": self.height,
            "batch": phase.batch, "implementation": implementation, "strategy": strategy, "ranks": ranks,
            "moreRanksThanCores": records.yes(ranks > machine.cores()), "repetition": repetition, "outcome": outcome,
            "wallSeconds": said.get("wallSeconds"), "clusterSeconds": said.get("clusterSeconds"),
            "processSeconds": run.process_seconds, "userSeconds": run.user_seconds,
            "systemSeconds": run.system_seconds, "writtenBytes": sum(files),
            "largestProcessBytes": run.largest_process_bytes, "decibels": decibels, "megahertz": run.megahertz,
            "celsius": run.celsius,
        }  # fmt: skip

    @staticmethod
    def decibels(phase, output):
        """How near the first image written is to OpenCV's blur, by peak signal-to-noise ratio."""
        return cv2.PSNR(cv2.imread(os.fspath(output / phase.first.name)), phase.wanted)

    def run(self, phase):
        """Runs all sides in turn, after a round that is not counted."""
        for repetition in range(self.options.trials + 1):
            for side in self.sides():
                values = self.measure(phase, side, repetition)
                if repetition > 0:
                    print(progress(self.rows.add(values)), file=sys.stderr)
        programs.remove(phase.folder)


def progress(row):
    """A progress line for the terminal."""
    side = f"{row['implementation']} {row['strategy']}, ranks {row['ranks']}"
    return f"phase {row['phase']}, trial {row['repetition']}: {side}: {row['outcome']} {row['wallSeconds']}"


def study(options, results, phase, batch):
    """The same phase as a study of augment-cli alone, with all its strategies, with saving and without."""
    shape = ["--images", options.images[phase - 1], "--size", options.size, "--batch", batch]
    ranks = ",".join(map(str, sorted({1, *options.ranks})))
    flags = ["--job", "anonymize", "--ranks", ranks, "--repetitions", options.trials, "--saving", "both"]
    programs.strong_scaling(options.cli, results / f"phase-{phase}", *shape, *flags)


def parsed_options():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    records.add_options(parser)
    parser.add_argument("--images", type=int, nargs=2, default=[20, 160], metavar="N", help="in phase 1 and phase 2")
    parser.add_argument("--batches", type=int, nargs=2, default=[1, 4], metavar="N", help="images in a task, likewise")
    parser.add_argument("--size", default="2000x2000", help="WIDTHxHEIGHT of the images")
    parser.add_argument("--ranks", type=int, nargs="+", default=[2, 4, 8])
    parser.add_argument("--trials", type=int, default=3, help="rounds, besides the one that is not counted")
    parser.add_argument("--run-timeout", type=float, default=300, help="seconds after which a run is given up")
    parser.add_argument("--without-study", action="store_true", help="only the comparison, without `strong`")
    return parser.parse_args()


def main():
    options = parsed_options()
    phases = list(enumerate(zip(options.images, options.batches, strict=True), start=1))
    with records.opened(options, "blur", __file__) as (results, work):
        rows = records.Rows(results / "runs.csv", COLUMNS)
        bench = Bench(options, work, rows)
        for number, (images, batch) in phases:
            bench.run(bench.phase(number, images, batch))
        rows.close()
        records.keep_summary(results, summary.tables(rows.rows))
        if not options.without_study:
            for number, (_, batch) in phases:
                study(options, results, number, batch)


if __name__ == "__main__":
    main()
