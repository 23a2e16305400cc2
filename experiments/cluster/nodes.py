"""Measures a job in shards by one, two and four node processes on this machine, and how far `predict --nodes` is off.

A node process takes the next shards from a queue when it is free, as the nodes of a cluster do: `augment-cli augment …
--shard A-B/N --ranks 1`. Writes results/<date>-<machine>-<commit>/nodes/run/, a run of `strong` that the prediction starts
from, with nodes.csv, what was measured, and prediction-nodes.csv, which has both.
"""

import argparse
import itertools
import os
import pathlib
import queue
import resource
import statistics
import subprocess
import sys
import threading
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(1, os.fspath(HERE.parent / "common"))

import disturb  # noqa: E402
import figures  # noqa: E402
import machine  # noqa: E402
import processor  # noqa: E402
import programs  # noqa: E402
import records  # noqa: E402

# Those of MeasuredNodes in Sources/Studies, which reads them.
COLUMNS = [
    "nodes", "ranks", "cores", "moreRanksThanCores", "widthPixels", "heightPixels", "images", "copies", "shards",
    "shardsPerTask", "repetition", "outcome", "wallSeconds", "startSeconds", "processorSeconds", "othersSeconds",
    "loadBefore",
]  # fmt: skip
TINY = 10  # tasks of one tiny image, for the start of a task
# Cores that others may use before a reader must be told.
CROWD = 0.1
HEAD = """# Node processes, measured and simulated

`augment` with the default pipeline, {copies} copies of each of {images} images of {size}, in shards. Each node is a process
of one rank on the {cores} cores of one machine, and takes the next task from a queue; `*`: more nodes than cores. Measured:
from the start of the first task to the end of the last, medians of {repetitions} with the least and the most. Simulated:
`predict --nodes`, from the run of `sequential` and the start of a task, {start:.0f} ms with a tiny image. These are not
several machines: nothing here says how a network or a shared storage behaves.

{load}

"""


def usage():
    """Processor seconds of all processes that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


class Job:
    """A job in shards, and the node processes that do it."""

    def __init__(self, options, source, output, shards):
        self.options, self.output, self.shards = options, output, shards
        self.words = ["augment", source, output, "--copies", options.copies]
        self.call("plan", *self.words, "--shards", shards)

    def call(self, *words):
        subprocess.run([self.options.cli, *map(str, words), "--quiet"], check=True)

    def run_shards(self, first, last):
        self.call(*self.words, "--ranks", 1, "--shard", f"{first}-{last}/{self.shards}")

    def work(self, nodes, per_task):
        """Seconds until all shards are done."""
        waiting, failed = queue.SimpleQueue(), []
        for first in range(0, self.shards, per_task):
            waiting.put((first, min(first + per_task, self.shards) - 1))

        def node():
            try:
                while True:
                    self.run_shards(*waiting.get_nowait())
            except queue.Empty:
                pass
            except subprocess.CalledProcessError as error:
                failed.append(error)

        threads = [threading.Thread(target=node) for _ in range(nodes)]
        begin = time.monotonic()
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        seconds = time.monotonic() - begin
        if failed:
            raise failed[0]
        return seconds


class Nodes:
    def __init__(self, options, work, rows):
        self.options, self.work, self.rows = options, work, rows
        self.numbers = itertools.count()
        self.width, self.height = map(int, options.size.split("x"))
        self.source, self.tiny = work / "input", work / "tiny"
        programs.generate(options.cli, self.source, "--images", options.images, "--size", options.size)
        programs.generate(options.cli, self.tiny, "--images", TINY, "--size", "16x16")
        self.files = None

    def job(self, source, shards):
        return Job(self.options, source, self.work / f"output-{next(self.numbers)}", shards)

    def start_seconds(self):
        """Of a task before its first image: with one that is next to nothing."""
        job = self.job(self.tiny, TINY)
        seconds = []
        for shard in range(TINY):
            begin = time.monotonic()
            job.run_shards(shard, shard)
            seconds.append(time.monotonic() - begin)
        programs.remove(job.output)
        return statistics.median(seconds)

    def measure(self, nodes, shards, repetition):
        options, start = self.options, self.start_seconds()
        job = self.job(self.source, shards)
        os.sync()
        load, busy, used = os.getloadavg()[0], processor.busy_seconds(), usage()
        seconds = job.work(nodes, options.shards_per_task)
        busy, used = processor.busy_seconds() - busy, usage() - used
        job.call("finalize", job.output)
        files = disturb.tree(job.output)
        self.files = self.files or files
        programs.remove(job.output)
        self.rows.add({
            "nodes": nodes, "ranks": 1, "cores": machine.cores(), "widthPixels": self.width,
            "moreRanksThanCores": records.yes(nodes > machine.cores()), "heightPixels": self.height,
            "images": options.images, "copies": options.copies, "shards": shards,
            "shardsPerTask": options.shards_per_task, "repetition": repetition,
            "outcome": "ok" if files == self.files else "other bytes", "wallSeconds": seconds, "startSeconds": start,
            "processorSeconds": used, "othersSeconds": max(0.0, busy - used), "loadBefore": load,
        })  # fmt: skip


def measure_run(options, folder):
    """The run that the prediction starts from: one process, and a rank for each core."""
    flags = ["--ranks", f"1..{machine.cores()}", "--strategies", "worker-reads", "--repetitions", options.repetitions]
    flags += ["--size", options.size, "--images", options.images, "--copies", options.copies, "--no-wait"]
    programs.strong_scaling(options.cli, folder, *flags)


def cell(row):
    return [row[column] for column in ("nodes", "images", "copies", "shards")]


def load(rows):
    others = statistics.median(float(row["othersSeconds"]) / float(row["wallSeconds"]) for row in rows)
    loads = [float(row["loadBefore"]) for row in rows]
    text = f"Load average before a run: {min(loads):.1f} to {max(loads):.1f}, this experiment's own included."
    if others > CROWD:
        text += f" **The machine was not idle: other programs used {others:.2f} of its {machine.cores()} cores meanwhile.**"
    return text


def lines(rows, predicted):
    for simulated in predicted:
        if simulated["kind"] != "validation":
            continue
        measured = [float(row["wallSeconds"]) for row in rows if cell(row) == cell(simulated) and row["outcome"] == "ok"]
        star = "*" if int(simulated["nodes"]) * int(simulated["ranks"]) > int(simulated["cores"]) else ""
        yield [
            f"{simulated['nodes']}{star}", simulated["tasks"], figures.spread(measured),
            f"{float(simulated['simulatedSeconds']):.2f}", f"{float(simulated['errorPercent']):+.1f} %"]


def summary(options, rows, predicted):
    text = HEAD.format(
        copies=options.copies, images=options.images, size=options.size, cores=machine.cores(),
        repetitions=options.repetitions, load=load(rows),
        start=1000 * statistics.median(float(row["startSeconds"]) for row in rows))
    return text + figures.table([">nodes", ">tasks", ">measured s", ">simulated s", ">error"], lines(rows, predicted))


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    records.add_options(parser)
    parser.add_argument("--nodes", type=int, nargs="+", default=[1, 2, 4])
    parser.add_argument("--images", type=int, default=240)
    parser.add_argument("--size", default="640x480")
    parser.add_argument("--copies", type=int, default=5)
    parser.add_argument("--shards", type=int, nargs="+", default=[24, 96])
    parser.add_argument("--shards-per-task", type=int, default=1)
    parser.add_argument("--repetitions", type=int, default=3)
    options = parser.parse_args()
    with records.opened(options, "nodes", __file__) as (results, work):
        run = results / "run"
        measure_run(options, run)
        rows = records.Rows(run / "nodes.csv", COLUMNS)
        nodes = Nodes(options, work, rows)
        for repetition in range(1, options.repetitions + 1):
            for shards, count in itertools.product(options.shards, options.nodes):
                nodes.measure(count, shards, repetition)
        rows.close()
        cli, folder = options.cli, os.fspath(run)
        subprocess.run([cli, "predict", folder, "--nodes", "1..1000"], check=True, stdout=subprocess.DEVNULL)
        subprocess.run([cli, "report", folder], check=True, stdout=subprocess.DEVNULL)
        records.keep_summary(results, summary(options, rows.rows, records.read(run / "prediction-nodes.csv")))


if __name__ == "__main__":
    main()
