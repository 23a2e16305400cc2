"""Compares the K-means of augment-cli with NumPy, Numba, OpenCV and pngquant, in turn, on the same images.

Needs the Python that has Numba, OpenCV and imagequant, and pngquant (Debian: pngquant). Writes
results/<date>-<machine>-<commit>/quantize/.
"""

import argparse
import json
import os
import pathlib
import shutil
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(1, os.fspath(HERE.parent / "common"))

import charts  # noqa: E402
import machine  # noqa: E402
import palettes  # noqa: E402
import pictures  # noqa: E402
import programs  # noqa: E402
import records  # noqa: E402
import summary  # noqa: E402

COLUMNS = [
    "input", "widthPixels", "heightPixels", "distinctColors", "implementation", "way", "padded", "colors", "threads",
    "moreThreadsThanCores", "repetition", "seconds", "iterations", "inertia",
]  # fmt: skip
SCENE_SIZE = "1024x1024"


class Bench:
    def __init__(self, options, work, rows):
        self.options, self.work, self.rows = options, work, rows
        self.inputs = {}  # by name

    def make_images(self):
        """A generated scene in two resolutions, and a photograph likewise, if one is given."""
        programs.generate(self.options.cli, self.work / "scene", "--size", SCENE_SIZE, "--images", 1)
        sources = {"scene": next((self.work / "scene").iterdir())}
        if self.options.photograph:
            sources["photograph"] = self.options.photograph
        for kind, source in sources.items():
            for resolution, side in zip(("high", "low"), self.options.sides, strict=True):
                name = f"{kind}-{resolution}"
                self.inputs[name] = pictures.cut(source, self.work / f"{name}.png", side)

    def run(self):
        """Each repetition measures all sides on all images."""
        for repetition in range(1, self.options.runs + 1):
            for picture in self.inputs.values():
                self.measure_ours(picture, repetition, "yes")
                self.measure_peers(picture, repetition, ["numba", "opencv"])
                self.measure_ours(picture, repetition, "no")
                self.measure_peers(picture, repetition, ["numpy"])
            print(f"run {repetition} of {self.options.runs}", file=sys.stderr)

    def measure_ours(self, picture, repetition, padded):
        """One run of each number of colours and threads; without the padding of the sums, only of the threads."""
        folder = self.work / "kmeans"
        lists = ["--colors", numbers(self.options.colors), "--threads", numbers(self.options.threads)]
        flags = ["--ways", "threads,ranks"] if padded == "yes" else ["--ways", "threads", "--unpadded"]
        flags += ["--runs", "1", "--seed", str(repetition)]
        command = [self.options.cli, "bench", "kmeans", picture.path, *lists, *flags]
        run = programs.run([*command, "--output", folder], self.options.run_timeout)
        if run.outcome == "ok":
            for row in records.read(folder / "runs.csv"):
                self.add(picture, repetition, summary.OURS, row | {"padded": padded})
        shutil.rmtree(folder, ignore_errors=True)

    def measure_peers(self, picture, repetition, ways):
        shape = ["--colors", *map(str, self.options.colors), "--threads", *map(str, self.options.threads)]
        command = [sys.executable, HERE / "clustering.py", picture.path, "--ways", *ways, *shape]
        run = programs.run([*command, "--seed", str(repetition)], self.options.run_timeout)
        for line in run.text.splitlines() if run.outcome == "ok" else []:
            said = json.loads(line)
            self.add(picture, repetition, said["way"], said | {"way": ""})

    def add(self, picture, repetition, implementation, said):
        """A row; `said` has the columns that a program tells."""
        told = {key: said.get(key) for key in ("way", "padded", "colors", "threads", "iterations")}
        self.rows.add({
            "input": picture.path.stem, "widthPixels": picture.width, "heightPixels": picture.height,
            "distinctColors": picture.distinct_colors, "implementation": implementation, **told,
            "moreThreadsThanCores": records.yes(int(said["threads"]) > machine.cores()), "repetition": repetition,
            "seconds": f"{float(said['seconds']):.6f}", "inertia": f"{float(said['inertia']):.1f}",
        })  # fmt: skip


def numbers(values):
    return ",".join(map(str, values))


def sheet(options, inputs, results, work):
    """The scene and what ours makes of it, in each resolution. A photograph is not ours to keep."""
    rows = []
    for picture in (picture for name, picture in inputs.items() if name.startswith("scene")):
        outcomes = []
        for colors in options.colors:
            folder = work / f"sheet-{picture.path.stem}-{colors}"
            command = [options.cli, "quantize", picture.path, folder, "--colors", str(colors), "--quiet"]
            subprocess.run(command, check=True)
            outcomes.append(folder / picture.path.name)
        rows.append((picture.path, outcomes))
    pictures.sheet(rows, options.colors, results / "pictures.png")


def parsed_options():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    records.add_options(parser)
    parser.add_argument("--photograph", type=pathlib.Path, help="measured besides the generated scene")
    parser.add_argument("--sides", type=int, nargs=2, default=[1024, 150], help="width and height: high and low")
    parser.add_argument("--colors", type=int, nargs="+", default=[8, 16, 32])
    parser.add_argument("--threads", type=int, nargs="+", default=[1, 2, 4, 8])
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--run-timeout", type=float, default=600, help="seconds after which a program is given up")
    return parser.parse_args()


def main():
    options = parsed_options()
    for program, package in [("pngquant", "pngquant"), ("gnuplot", "gnuplot-nox")]:
        if not shutil.which(program):
            sys.exit(f"{program} is missing; Debian has it in {package}")
    with records.opened(options, "quantize", __file__) as (results, work):
        rows = records.Rows(results / "runs.csv", COLUMNS)
        commands = records.Rows(results / "commands.csv", palettes.COLUMNS)
        bench = Bench(options, work, rows)
        bench.make_images()
        bench.run()
        palettes.Bench(options, work, commands).run(bench.inputs.values())
        rows.close()
        commands.close()
        records.keep_summary(results, summary.tables(rows.rows, commands.rows))
        summary.keep_study_table(rows.rows, results / "study.csv")
        charts.draw(rows.rows, results)
        sheet(options, bench.inputs, results, work)


if __name__ == "__main__":
    main()
