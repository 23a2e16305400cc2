"""Compares augment-cli prepare with Pillow and vipsthumbnail, alternating, on the same images.

Needs the Python that has Pillow and SciPy, and vipsthumbnail (Debian: libvips-tools). Writes
results/<date>-<machine>-<commit>/prepare/.
"""

import argparse
import dataclasses
import itertools
import os
import pathlib
import shutil
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(1, os.fspath(HERE.parent / "common"))

import machine  # noqa: E402
import programs  # noqa: E402
import quality  # noqa: E402
import records  # noqa: E402
import summary  # noqa: E402

QUALITY, SIZE = 95, 128
CLASSES = ["cars", "cats", "dogs", "flowers"]
WATERMARK = "SAMPLE"
COLUMNS = [
    "task", "implementation", "way", "ranks", "moreRanksThanCores", "images", "repetition", "outcome", "wallSeconds",
    "processSeconds", "userSeconds", "systemSeconds", "nodeSeconds", "writtenBytes",
]  # fmt: skip
QUALITY_COLUMNS = ["implementation", "way", "images", "lanczosMean", "lanczosLeast", "areaMean", "writtenBytes"]


@dataclasses.dataclass(frozen=True)
class Side:
    """A program and how it goes about a task: `mark` to resize and watermark, `resize` to resize alone."""

    task: str
    implementation: str
    way: str
    ranks: int


def mark_sides(ranks):
    """The study: both programs sequentially, in parallel, and on two nodes."""
    yield from [Side("mark", summary.OURS, "sequential", 1), Side("mark", summary.PILLOW, "sequential", 1)]
    for count in ranks:
        yield from [Side("mark", summary.OURS, "ranks", count), Side("mark", summary.PILLOW, "executor", count)]
    yield from [Side("mark", summary.OURS, "nodes", 2), Side("mark", summary.PILLOW, "nodes", 2)]


def resize_sides():
    """Thumbnails, without a mark, as vipsthumbnail draws none."""
    cores = machine.cores()
    for way, ranks in [("one call, 1 thread", 1), (summary.ONE_CALL, cores), (summary.CALL_EACH, 1)]:
        yield Side("resize", summary.OURS, way, ranks)
        yield Side("resize", summary.VIPS, way, ranks)
    yield Side("resize", summary.OURS, "one call, 1 thread, --exact", 1)
    for way in ["bicubic", "lanczos", "lanczos, draft"]:
        yield Side("resize", summary.PILLOW, way, 1)


class Bench:
    def __init__(self, options, work):
        self.options, self.work = options, work
        self.classes, self.flat = work / "classes", work / "flat"
        self.numbers = itertools.count()

    def make_images(self):
        """Generates the class folders, and a folder with the same files for vipsthumbnail, which keeps no folders."""
        self.flat.mkdir()
        for number, name in enumerate(CLASSES):
            count = (self.options.images + len(CLASSES) - 1 - number) // len(CLASSES)
            flags = ["--size", self.options.size, "--images", count, "--seed", 1000 * number]
            programs.generate(self.options.cli, self.classes / name, *flags)
            for path in sorted((self.classes / name).iterdir()):
                path = path.rename(path.with_stem(f"{name}_{path.stem}"))
                os.link(path, self.flat / path.name)
        self.sources = sorted(self.flat.iterdir())

    def commands(self, side, output):
        """The commands of a run: one, or one for each image."""
        if side.way == summary.CALL_EACH:
            return [self.command(side, source, output / source.stem) for source in self.sources]
        return [self.command(side, self.classes if side.task == "mark" else self.flat, output)]

    def command(self, side, source, output):
        size = f"{SIZE}x{SIZE}"
        if side.implementation == summary.OURS:
            strategy = {"nodes": "nodes", "ranks": "adaptive"}.get(side.way)
            strategy = strategy or ("sequential" if side.ranks == 1 else "adaptive")
            flags = ["--quality", str(QUALITY), "--quiet", "--json", *(["--exact"] if "--exact" in side.way else [])]
            flags += ["--watermark", WATERMARK] if side.task == "mark" else []
            shape = ["--size", size, "--strategy", strategy, "--ranks", str(side.ranks)]
            return [self.options.cli, "prepare", source, output, *shape, *flags]
        if side.implementation == summary.VIPS:
            output.mkdir(parents=True)
            files = [source] if source.is_file() else self.sources
            form = f"{output}/%s.jpg[Q={QUALITY},subsample_mode=on,strip]"
            return ["vipsthumbnail", *files, "--size", f"{size}!", "--output", form]
        program = [sys.executable, HERE / "prepare_folder.py", source, output, "--size", str(SIZE)]
        if side.task == "mark":
            return [*program, "--way", side.way, "--ranks", str(side.ranks), "--watermark", WATERMARK]
        name, _, draft = side.way.partition(", ")
        return [*program, "--filter", name, *(["--draft"] if draft else [])]

    def run_all(self, side, output):
        """Runs the commands of a side one after the other; returns their runs."""
        threads = {"VIPS_CONCURRENCY": str(side.ranks)} if side.implementation == summary.VIPS else {}
        commands = self.commands(side, output)
        runs = []
        for command in commands:
            runs.append(programs.run(command, self.options.run_timeout, threads))
            if runs[-1].outcome != "ok":
                break
        return runs

    def measure(self, side, repetition):
        """Runs a side once; returns its row, with an outcome other than `ok` if it did not do all, and its output."""
        output = self.work / f"output-{next(self.numbers)}"
        runs = self.run_all(side, output)
        files = [path.stat().st_size for path in output.rglob("*.jp*g")]
        outcome = runs[-1].outcome
        if outcome == "ok" and len(files) != len(self.sources):
            outcome = "incomplete"
        own = {} if side.implementation == summary.VIPS else runs[-1].said()
        is_one = len(runs) == 1
        nodes = [f"{node['seconds']:.4f}" for node in own.get("nodes") or []]
        values = {
            **dataclasses.asdict(side), "moreRanksThanCores": records.yes(side.ranks > machine.cores()),
            "images": len(self.sources), "repetition": repetition, "outcome": outcome,
            "wallSeconds": own.get("wallSeconds") if is_one else None,
            "processSeconds": sum(run.process_seconds for run in runs),
            "userSeconds": sum(run.user_seconds for run in runs),
            "systemSeconds": sum(run.system_seconds for run in runs), "nodeSeconds": " ".join(nodes),
            "writtenBytes": sum(files),
        }  # fmt: skip
        return values, output

    def run(self, rows, quality_rows):
        """All sides in turn, after a round that is not counted, whose thumbnails are compared with the reference."""
        sides = [*mark_sides(self.options.ranks), *resize_sides()]
        for repetition in range(self.options.repetitions + 1):
            for side in sides:
                values, output = self.measure(side, repetition)
                if repetition > 0:
                    rows.add(values)
                elif side.task == "resize" and values["outcome"] == "ok":
                    quality_rows.add(self.judged(side, output))
                programs.remove(output)
            print(f"round {repetition} of {self.options.repetitions}", file=sys.stderr)

    def judged(self, side, output):
        """How near the thumbnails of a side are to the references."""
        kinds = {kind: quality.similarities(self.sources, output, SIZE, kind) for kind in ("lanczos", "area")}
        return {
            "implementation": side.implementation, "way": side.way, "images": len(self.sources),
            "lanczosMean": sum(kinds["lanczos"]) / len(self.sources), "lanczosLeast": min(kinds["lanczos"]),
            "areaMean": sum(kinds["area"]) / len(self.sources),
            "writtenBytes": sum(path.stat().st_size for path in output.rglob("*.jp*g")),
        }  # fmt: skip


def study(options, results):
    """The same work as a study of augment-cli alone, with its report."""
    shape = ["--images", options.images, "--size", options.size, "--repetitions", options.repetitions]
    ranks = ",".join(map(str, sorted({1, *options.ranks})))
    programs.strong_scaling(options.cli, results / "study", "--job", "prepare", "--ranks", ranks, *shape)


def parsed_options():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    records.add_options(parser)
    parser.add_argument("--images", type=int, default=94, help="in all class folders together")
    parser.add_argument("--size", default="500x500", help="WIDTHxHEIGHT of the images")
    parser.add_argument("--ranks", type=int, nargs="+", default=[1, 2, 4, 8])
    parser.add_argument("--repetitions", type=int, default=10, help="rounds, besides the one that is not counted")
    parser.add_argument("--run-timeout", type=float, default=60, help="seconds after which a run is given up")
    parser.add_argument("--without-study", action="store_true", help="only the comparison, without `strong`")
    return parser.parse_args()


def main():
    options = parsed_options()
    if not shutil.which("vipsthumbnail"):
        sys.exit("vipsthumbnail is missing; Debian has it in libvips-tools")
    with records.opened(options, "prepare", __file__) as (results, work):
        rows = records.Rows(results / "runs.csv", COLUMNS)
        quality_rows = records.Rows(results / "quality.csv", QUALITY_COLUMNS)
        bench = Bench(options, work)
        bench.make_images()
        bench.run(rows, quality_rows)
        rows.close()
        quality_rows.close()
        records.keep_summary(results, summary.tables(rows.rows, quality_rows.rows))
        if not options.without_study:
            study(options, results)


if __name__ == "__main__":
    main()
