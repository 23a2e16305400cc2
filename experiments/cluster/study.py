"""Compares anonymize on a Dask cluster with the original study's program and with our pool, alternating, same images.

Our shards run on a cluster that is started for the run, and on one that stays up. Also measures what a shard costs
before its first image, and what the cluster costs where shards are long.

Needs the Python that has OpenCV and Dask. Writes results/<date>-<machine>-<commit>/cluster/.
"""

import argparse
import contextlib
import dataclasses
import itertools
import os
import pathlib
import signal
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path[1:1] = [os.fspath(HERE.parent / "common"), os.fspath(HERE.parent / "blur")]

import bench as blur  # noqa: E402
import dask_nodes  # noqa: E402
import disturb  # noqa: E402
import machine  # noqa: E402
import processor  # noqa: E402
import programs  # noqa: E402
import records  # noqa: E402
import study_summary as summary  # noqa: E402

COLUMNS = [
    "part", "side", "workers", "ranks", "moreRanksThanCores", "images", "widthPixels", "heightPixels", "shards",
    "repetition", "outcome", "wholeSeconds", "clusterSeconds", "workSeconds", "processorSeconds", "othersSeconds",
    "writtenBytes", "tasks", "retries", "duplicates", "loadBefore",
]  # fmt: skip
START_COLUMNS = [
    "what", "plannedImages", "widthPixels", "heightPixels", "repetition", "outcome", "milliseconds",
    "processorMilliseconds",
]  # fmt: skip
DRIVER = {"PYTHONPATH": os.fspath(records.ROOT / "Cluster")}
BATCH = 4  # images in a task of the original study
LONG_SHARDS_PER_WORKER = 2


@dataclasses.dataclass(frozen=True)
class Side:
    part: str  # job or long
    name: str
    workers: int  # processes that take tasks from the cluster; 0 without one
    ranks: int  # of all workers together
    shards: int = 0

    @property
    def stays_up(self):
        return self.name == summary.STAYS_UP


@dataclasses.dataclass(frozen=True)
class Images:
    folder: pathlib.Path
    count: int
    files: dict  # hashes of what every run of ours must write, by name; filled by the first


class Study:
    def __init__(self, options, work, rows):
        self.options, self.work, self.rows = options, work, rows
        self.numbers = itertools.count()
        # The images, the commands and the comparison with OpenCV are those of the other experiment.
        self.blur = blur.Bench(options, work, rows)
        self.phase = self.blur.phase(2, options.images, BATCH)
        self.images = {
            "job": Images(self.phase.folder, options.images, {}),
            "long": Images(self.linked(), options.long_images, {}),
        }
        self.python = work / "driver"
        self.python.write_text(f'#!/bin/sh\nexec "{sys.executable}" "{HERE / "timed_driver.py"}" "$@"\n')
        self.python.chmod(0o755)

    def linked(self):
        """As many images as long shards need: the same under many names."""
        folder = self.work / "input-long"
        folder.mkdir()
        sources = itertools.cycle(sorted(self.phase.folder.iterdir()))
        for number, source in zip(range(self.options.long_images), sources):
            os.link(source, folder / f"{number:05}_{source.name}")
        return folder

    def sides(self):
        """One round, in running order. Ours have a shard for each batch of the original study."""
        shards = -(-self.options.images // BATCH)
        most = self.options.workers[-1]
        yield Side("job", summary.DASK, most, most)
        for count in self.options.workers:
            yield Side("job", summary.POOL, 0, count)
            yield Side("job", summary.LOCAL, count, count, shards)
            yield Side("job", summary.STAYS_UP, count, count, shards)
        cores = machine.cores()
        yield Side("long", summary.POOL, 0, cores)
        yield Side("long", summary.LOCAL, cores, cores, LONG_SHARDS_PER_WORKER * cores)

    def command(self, side, output, address):
        folder = self.images[side.part].folder
        phase = dataclasses.replace(self.phase, folder=folder)
        if side.name == summary.DASK:
            return self.blur.command(phase, (blur.summary.DASK, "dask", side.workers), output)
        # A worker is one process, as a worker of the original study is.
        ranks = side.ranks // max(side.workers, 1)
        command = self.blur.command(phase, (blur.summary.OURS, "adaptive", ranks), output)
        if not side.workers:
            return command
        return [*command, "--shards", str(side.shards), "--cluster", address or f"local:{side.workers}"]

    @contextlib.contextmanager
    def cluster(self, side):
        """A cluster that has done something before; None for a side that needs none.

        It is started here, because idle workers would slow down the other sides.
        """
        if not side.stays_up:
            yield None
            return
        with dask_nodes.Cluster(self.work / f"cluster-{next(self.numbers)}") as cluster:
            for number in range(side.workers):
                cluster.start_worker(f"worker-{number}", "127.0.0.1")
            cluster.wait_for_workers()
            before = self.work / f"before-{next(self.numbers)}"
            flags = ["--ranks", "1", "--quiet", "--shards", str(side.workers), "--cluster", cluster.address]
            self.run([self.options.cli, "anonymize", self.small, before, *flags])
            programs.remove(before)
            yield cluster

    def run(self, command):
        environment = {**DRIVER, "AUGMENT_CLUSTER_PYTHON": os.fspath(self.python)}
        return programs.run(command, self.options.run_timeout, environment)

    def measure(self, side, repetition):
        """Runs one side once; returns its row, with an outcome other than `ok` if it did not do all."""
        output = self.work / f"output-{next(self.numbers)}"
        with self.cluster(side) as cluster:
            nodes = [node.pid for node in cluster.nodes.values()] + [cluster.scheduler.pid] if cluster else []
            load, busy, used = os.getloadavg()[0], processor.busy_seconds(), processor.family_seconds(nodes)
            run = self.run(self.command(side, output, cluster and cluster.address))
            busy = processor.busy_seconds() - busy
            used = processor.family_seconds(nodes) - used + run.user_seconds + run.system_seconds
        said = run.said()
        files = [path.stat().st_size for path in output.glob("*.jp*g")]
        outcome = "incomplete" if said and len(files) != self.images[side.part].count else run.outcome
        if outcome == "ok":
            self.check(side, output)
        programs.remove(output)
        told = said.get("wallSeconds")
        cluster_seconds = said.get("clusterSeconds") if side.workers else None
        # The driver's seconds contain its cluster, those of the original study's program do not.
        contained = (cluster_seconds or 0) if side.name in (summary.LOCAL, summary.STAYS_UP) else 0
        return {
            "part": side.part, "side": side.name, "workers": side.workers or None, "ranks": side.ranks,
            "moreRanksThanCores": records.yes(side.ranks > machine.cores()),
            "images": self.images[side.part].count, "widthPixels": self.blur.width, "heightPixels": self.blur.height,
            "shards": side.shards or None, "repetition": repetition, "outcome": outcome,
            "wholeSeconds": run.process_seconds, "clusterSeconds": cluster_seconds,
            "workSeconds": None if told is None else told - contained,
            "processorSeconds": used, "othersSeconds": max(0.0, busy - used),
            "writtenBytes": sum(files), "tasks": said.get("tasks"), "retries": said.get("retries"),
            "duplicates": said.get("duplicates"), "loadBefore": load,
        }  # fmt: skip

    def check(self, side, output):
        """Ends the experiment if a side did other work: another blur than OpenCV's, or other bytes than ours before."""
        if side.part == "job":
            decibels = self.blur.decibels(self.phase, output)
            if decibels < blur.SAME_BLUR_DECIBELS:
                sys.exit(f"{side.name}: {decibels:.1f} dB from OpenCV's blur: not the same work")
        if side.name != summary.DASK:
            files, wanted = disturb.tree(output), self.images[side.part].files
            wanted.update(wanted or files)
            if files != wanted:
                sys.exit(f"{side.name} on {side.ranks} ranks: other bytes than the first run of ours")

    def rounds(self, deadline):
        """Runs all sides in turn, after a run of the pool that is not counted and fills the cache of files."""
        for repetition in range(self.options.trials + 1):
            for side in self.sides() if repetition else [Side("job", summary.POOL, 0, self.options.workers[0])]:
                if time.monotonic() > deadline:
                    print("The time is over: fewer repetitions than asked for.", file=sys.stderr)
                    return
                values = self.measure(side, repetition)
                if repetition > 0:
                    print(progress(self.rows.add(values)), file=sys.stderr)

    def starts(self, rows):
        """What a shard costs that has one small image, in a plan of few images and in one of many."""
        self.small = self.work / "small"
        flags = ["--images", self.options.small_images[0], "--size", self.options.small_size]
        programs.generate(self.options.cli, self.small, *flags)
        for planned in self.options.small_images:
            folder = self.work / f"small-{planned}"
            folder.mkdir()
            for number, source in zip(range(planned), itertools.cycle(sorted(self.small.iterdir()))):
                os.link(source, folder / f"{number:06}.jpg")
            self.start_rounds(rows, folder, planned)
            programs.remove(folder)

    def start_rounds(self, rows, folder, planned):
        output = self.work / f"planned-{planned}"
        cli, job = self.options.cli, ["anonymize", folder, output, "--ranks", "1"]
        self.run([cli, "plan", *job, "--shards", str(planned)])
        width, height = self.options.small_size.split("x")
        # Spread over the plan; the first is not counted.
        for repetition in range(self.options.start_trials + 1):
            number = repetition * (planned - 1) // self.options.start_trials
            shard = [cli, *job, "--shard", f"{number}/{planned}", "--json", "--quiet", "--die-with-parent"]
            alone = [cli, "anonymize", folder / f"{number:06}.jpg", self.work / f"alone-{planned}-{number}", "--ranks"]
            commands = {
                summary.VERSION: [cli, "--version"], summary.SHARD: shard, summary.DONE_BEFORE: shard,
                summary.ALONE: [*alone, "1", "--json", "--quiet"],
            }  # fmt: skip
            for what, command in commands.items():
                run = self.run(command)
                values = {
                    "what": what, "plannedImages": planned, "widthPixels": width, "heightPixels": height,
                    "repetition": repetition, "outcome": run.outcome, "milliseconds": 1000 * run.process_seconds,
                    "processorMilliseconds": 1000 * (run.user_seconds + run.system_seconds),
                }  # fmt: skip
                if repetition > 0:
                    rows.add(values)
        programs.remove(output)


def progress(row):
    """A progress line for the terminal."""
    side = f"{row['part']}, {row['side']}, {row['ranks']} ranks"
    return f"trial {row['repetition']}: {side}: {row['outcome']} {row['wholeSeconds']} ({row['clusterSeconds']})"


def parsed_options():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    records.add_options(parser)
    parser.add_argument("--images", type=int, default=160, metavar="N", help="of the job (default: %(default)s)")
    parser.add_argument("--size", default="2000x2000", help="WIDTHxHEIGHT of the images (default: %(default)s)")
    parser.add_argument("--workers", type=int, nargs="+", default=[2, 8], help="the original study's number last")
    parser.add_argument("--long-images", type=int, default=720, metavar="N", help="of the job in long shards")
    parser.add_argument("--small-images", type=int, nargs="+", default=[100, 10_000], metavar="N", help="of the plans")
    parser.add_argument("--small-size", default="320x240", help="of the images of short shards (default: %(default)s)")
    parser.add_argument("--trials", type=int, default=5, help="rounds, besides the one that is not counted")
    parser.add_argument("--start-trials", type=int, default=20, help="of short shards, likewise")
    parser.add_argument("--minutes", type=float, default=20, help="no run begins after these (default: %(default)s)")
    parser.add_argument("--run-timeout", type=float, default=300, help="seconds after which a run is given up")
    return parser.parse_args()


def main():
    options = parsed_options()
    options.cli = options.cli.resolve()
    deadline = time.monotonic() + 60 * options.minutes
    # The nodes of a cluster are in sessions of their own: they end only because this ends in order.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    with records.opened(options, "cluster", __file__) as (results, work):
        rows, starts = records.Rows(results / "runs.csv", COLUMNS), records.Rows(results / "starts.csv", START_COLUMNS)
        study = Study(options, work, rows)
        study.starts(starts)
        study.rounds(deadline)
        rows.close()
        starts.close()
        records.keep_summary(results, summary.tables(rows.rows, starts.rows))


if __name__ == "__main__":
    main()
