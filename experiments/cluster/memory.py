"""Measures what a task costs the driver: time and memory over many tasks that do nothing.

Needs the Python of .venv-cluster. Writes results/<date>-<machine>-<commit>/cluster-memory/.
"""

import argparse
import asyncio
import os
import pathlib
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
sys.path[1:1] = [os.fspath(HERE.parent / "common"), os.fspath(ROOT / "Cluster")]

import dask_nodes  # noqa: E402
import records  # noqa: E402
from augment_cluster import options as command_line  # noqa: E402
from augment_cluster.cluster import Cluster  # noqa: E402
from augment_cluster.ranges import Range  # noqa: E402
from augment_cluster.run import Run  # noqa: E402

COLUMNS = ["tasks", "seconds", "millisecondsPerTask", "driverBytes", "schedulerBytes", "workerBytes"]


def done_at_once(command, folder, time_limit):
    said = {"images": 1, "copies": 1, "imagesFailed": 0, "skipped": 0, "wallSeconds": 0.0}
    return {"status": 0, "said": said, "errors": "x" * 1024, "reason": "", "host": "h", "worker": "w", "seconds": 0.001}


def resident(pid):
    pages = int(pathlib.Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


async def sample(run, rows, nodes, step):
    begin, before, next_at = time.monotonic(), 0.0, min(1000, step)
    while True:
        await asyncio.sleep(0.05)
        if run.schedule is None or run.schedule.counts.tasks < next_at:
            continue
        tasks, seconds = run.schedule.counts.tasks, time.monotonic() - begin
        last = int(rows.rows[-1]["tasks"]) if rows.rows else 0
        each = 1000 * (seconds - before) / max(tasks - last, 1)
        worker = next(iter(nodes.nodes.values())).worker()
        row = rows.add(dict(zip(COLUMNS, [
            tasks, seconds, each, resident(os.getpid()), resident(nodes.scheduler.pid), resident(worker)])))
        print(*row.values(), flush=True)
        before, next_at = seconds, (tasks // step + 1) * step


async def measure(options, rows, nodes):
    words = ["run", "--scheduler", nodes.address, "--shards", str(options.tasks), "--shards-per-task", "1", "--quiet"]
    run = Run(command_line.parse([*words, "--", "augment", "in", "out"]))
    run.cluster, run.missing = Cluster(done_at_once), [Range(0, options.tasks - 1)]
    sampling = asyncio.create_task(sample(run, rows, nodes, options.tasks // 20))
    status = await run.run_missing()
    await asyncio.sleep(0.1)
    sampling.cancel()
    return status


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    records.add_options(parser)
    parser.add_argument("--tasks", type=int, default=100_000, help="(default: %(default)s)")
    parser.add_argument("--workers", type=int, default=4, help="(default: %(default)s)")
    options = parser.parse_args()
    with records.opened(options, "cluster-memory", __file__) as (results, work):
        rows = records.Rows(results / "memory.csv", COLUMNS)
        with dask_nodes.Cluster(work / "dask") as nodes:
            for number in range(options.workers):
                nodes.start_worker(f"node-{number}", f"127.0.0.{number + 2}")
            nodes.wait_for_workers()
            status = asyncio.run(measure(options, rows, nodes))
        rows.close()
    sys.exit(status)


if __name__ == "__main__":
    main()
