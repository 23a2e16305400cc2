"""Does to a Dask cluster that runs shards of augment-cli what happens to clusters: workers, nodes, schedulers and
drivers killed, links cut, programs that hang, nodes that cannot. After each, the same command must complete the output,
to the tree of a run on one machine, and nothing may be left over.

Needs the Python of .venv-cluster. Prints a table, and writes results/<date>-<machine>-<commit>/cluster-chaos/. What
needs root is left out without it, and said so. With STUB="seconds=0.4", `--cli Cluster/tests/stub_cli.py` tries the
driver alone.
"""

import argparse
import os
import pathlib
import random
import re
import shutil
import signal
import subprocess
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(1, os.fspath(HERE.parent / "common"))

import links  # noqa: E402
import records  # noqa: E402
from chaos_bench import COLUMNS, NODES, Bench, Driver, programs_of  # noqa: E402
from dask_nodes import wait_for  # noqa: E402
from disturb import kill, may_mount, temporaries, tree  # noqa: E402

# For a program to be killed that nobody waits for.
PATIENCE_SECONDS = 15


def workers_killed(bench, rows, times):
    name = "worker killed in a shard, once" if times == 1 else f"workers killed in shards, {times} times"
    with bench.case(1, name, rows) as row:
        for output in bench.times():
            with bench.cluster() as cluster:
                bench.start_nodes(cluster)
                driver = Driver(bench, output, cluster.address)
                for _ in range(times):
                    node = bench.random.choice(list(cluster.nodes.values()))
                    bench.wait_for_shard(node, output)
                    bench.pause()
                    if worker := node.worker():
                        kill(worker, signal.SIGKILL)
                bench.expect(row, driver, 0)
                bench.trial(row, output, cluster.address)


def node_killed(bench, rows):
    with bench.case(2, "node gone: nanny, worker and program", rows) as row:
        for output in bench.times():
            with bench.cluster() as cluster:
                bench.start_nodes(cluster)
                driver = Driver(bench, output, cluster.address)
                node = bench.random.choice(list(cluster.nodes.values()))
                program = bench.wait_for_shard(node, output)
                bench.pause()
                # Not the program: that must end with its worker.
                for pid in [node.pid, node.worker()]:
                    kill(pid, signal.SIGKILL)
                wait_for(lambda: not os.path.exists(f"/proc/{program}"), 10)
                bench.expect(row, driver, 0)
                bench.trial(row, output, cluster.address)


def scheduler_killed(bench, rows):
    with bench.case(3, "scheduler killed", rows) as row:
        for output in bench.times():
            with bench.cluster() as cluster:
                bench.start_nodes(cluster)
                driver = Driver(bench, output, cluster.address)
                bench.wait_for_shard(cluster.nodes["node-0"], output)
                bench.pause()
                cluster.scheduler.kill()
                killed_at = time.monotonic()
                if bench.expect(row, driver, 75) == 75:
                    bench.complain(row, time.monotonic() - killed_at < 30, "no end within 30 s")
                    bench.complain(row, driver.said["missing"] and "are missing" in driver.errors, "nothing is named")
                cluster.start_scheduler()
                restart_nodes(bench, cluster)
                bench.trial(row, output, cluster.address)


def restart_nodes(bench, cluster):
    for node in cluster.nodes.values():
        node.close()
        node.log.unlink()
    bench.start_nodes(cluster)


def driver_killed(bench, rows, with_scheduler):
    number, name = (5, "driver and scheduler killed") if with_scheduler else (4, "driver killed, run again, and again")
    with bench.case(number, name, rows) as row:
        for output in bench.times():
            with bench.cluster() as cluster:
                bench.start_nodes(cluster)
                driver = Driver(bench, output, cluster.address)
                bench.wait_for_shard(cluster.nodes["node-1"], output)
                bench.pause()
                driver.kill()
                if with_scheduler:
                    cluster.scheduler.kill()
                for node in cluster.nodes.values():  # nobody waits for these programs any more
                    wait_for(lambda node=node: not programs_of(node, output) or node.process.poll() is not None, 60)
                row["disturbed"] += 1
                if with_scheduler:
                    cluster.start_scheduler()
                    restart_nodes(bench, cluster)
                bench.trial(row, output, cluster.address)
                third = Driver(bench, output, cluster.address)
                bench.complain(row, third.ended() == 0 and third.said["tasks"] == 0, "the third run did something")


def link_cut(bench, rows, seconds):
    """A node and its own network; for ever where `seconds` is None."""
    text = "for ever" if seconds is None else f"for {seconds} s"
    with bench.case(6, f"link of a node down {text}", rows) as row:
        for output in bench.times(max(1, bench.options.count // 3)):
            with links.Network(NODES) as network, bench.cluster(host=network.host, ttl="10s") as cluster:
                for number in range(NODES):
                    cluster.start_worker(f"node-{number}", network.address(number), network.prefix(number))
                cluster.wait_for_workers()
                driver = Driver(bench, output, cluster.address)
                bench.wait_for_shard(cluster.nodes["node-0"], output)
                bench.pause()
                network.down(0)
                if seconds is not None:
                    time.sleep(seconds)
                    network.up(0)
                bench.expect(row, driver, 0)
                bench.trial(row, output, cluster.address)


def program_hangs(bench, rows):
    with bench.case(7, "program hangs (stopped), --task-timeout", rows) as row:
        for output in bench.times():
            with bench.cluster() as cluster:
                bench.start_nodes(cluster)
                limit = bench.options.task_timeout
                driver = Driver(bench, output, cluster.address, "--task-timeout", limit, "--shards-per-task", "1")
                program = bench.wait_for_shard(bench.random.choice(list(cluster.nodes.values())), output)
                kill(program, signal.SIGSTOP)
                bench.expect(row, driver, 0)
                # If a second copy was faster, the program is no longer wanted, and is killed after some seconds.
                until = time.monotonic() + PATIENCE_SECONDS
                while os.path.exists(f"/proc/{program}") and time.monotonic() < until:
                    time.sleep(0.1)
                bench.complain(row, not os.path.exists(f"/proc/{program}"), "the program is still there")
                bench.trial(row, output, cluster.address)


def stands_still(bench, rows):
    with bench.case(19, "node stands still at the end: a second copy", rows) as row:
        for output in bench.times():
            with bench.cluster() as cluster:
                bench.start_nodes(cluster)
                driver = Driver(bench, output, cluster.address, "--shards-per-task", "1")
                pid = wait_for(lambda: last_shard(bench, cluster.nodes["node-0"], output))
                kill(pid, signal.SIGSTOP)
                bench.expect(row, driver, 0)
                bench.complain(row, driver.said.get("duplicates"), "no second copy")
                bench.trial(row, output, cluster.address)


def last_shard(bench, node, output):
    """A program once half of the shards have begun, so that there is a median."""
    done = len([path for path in (output / ".augment").rglob("*") if path.is_file()])
    return next(iter(programs_of(node, output)), None) if done > bench.shards // 2 else None


def another_version(bench, rows, late):
    name = "node with another binary, joins late" if late else "node with another binary"
    with bench.case(10, name, rows) as row:
        wrapper, other = bench.work / "chosen", bench.work / "other"
        # One path on all nodes, as it must be, which is another program on one of them.
        wrapper.write_text(f'#!/bin/sh\nexec "${{CHAOS_CLI:-{bench.cli}}}" "$@"\n')
        wrapper.chmod(0o755)
        alter(bench.cli, other)
        if (status := refusal(bench, other)) != 78:
            raise RuntimeError(f"left out: an altered copy of the program ends with {status}, not 78")
        bench.program = wrapper
        try:
            for output in bench.times():
                with bench.cluster() as cluster:
                    cluster.start_worker("good", "127.0.0.2")
                    if late:
                        cluster.wait_for_workers()
                        driver = Driver(bench, output, cluster.address, "--shards-per-task", "1")
                        bench.wait_for_shard(cluster.nodes["good"], output)
                    cluster.start_worker("bad", "127.0.0.3", environment={"CHAOS_CLI": os.fspath(other)})
                    cluster.wait_for_workers()
                    if not late:
                        driver = Driver(bench, output, cluster.address, "--shards-per-task", "1")
                    bench.expect(row, driver, 0)
                    bench.complain(row, driver.said.get("retiredNodes") == ["127.0.0.3"], "the node was not retired")
                    bench.complain(row, driver.said.get("retries") == 0, "a refusal counted as an attempt")
                    bench.trial(row, output, cluster.address)
        finally:
            bench.program = bench.cli


def alter(program, copy):
    """Another build, to those who read what the linker has written into it, and else the same program."""
    said = subprocess.run([program, "--version"], capture_output=True, text=True).stdout
    build = re.search(r"\(build ([0-9a-f]+)\)", said)
    number = bytes.fromhex(build[1]) if build else b"none"
    copy.write_bytes(program.read_bytes().replace(number, number[::-1]))
    copy.chmod(0o755)


def refusal(bench, other):
    """The status of another program at a shard of a plan."""
    output = bench.fresh()
    plan = [bench.cli, "plan", *bench.job(output), "--shards", str(bench.shards)]
    subprocess.run(plan, check=True, capture_output=True)
    command = [other, *bench.job(output), "--shard", f"0/{bench.shards}", "--json", "--quiet"]
    return subprocess.run(command, capture_output=True).returncode


def mount_missing(bench, rows):
    with bench.case(11, "mount missing on a node", rows) as row:
        for output in bench.times():
            with bench.cluster() as cluster:
                cluster.start_worker("good", "127.0.0.2")
                hide = f'mount -t tmpfs tmpfs "{bench.shared}" && exec "$@"'
                cluster.start_worker("bad", "127.0.0.3", ["unshare", "-m", "sh", "-c", hide, "sh"])
                cluster.wait_for_workers()
                driver = Driver(bench, output, cluster.address, "--shards-per-task", "1")
                bench.expect(row, driver, 0)
                bench.complain(row, driver.said.get("retiredNodes") == ["127.0.0.3"], "the node was not retired")
                bench.trial(row, output, cluster.address)


def scratch_full(bench, rows):
    with bench.case(9, "scratch disk of a node full", rows) as row, bench.packing():
        for output in bench.times():
            with bench.cluster() as cluster:
                cluster.start_worker("good", "127.0.0.2")
                full = bench.work / "full"
                full.mkdir(exist_ok=True)
                fill = f'mount -t tmpfs -o size=64k tmpfs "{full}" && exec "$@"'
                cluster.start_worker(
                    "bad", "127.0.0.3", ["unshare", "-m", "sh", "-c", fill, "sh"], {"TMPDIR": os.fspath(full)})
                cluster.wait_for_workers()
                driver = Driver(bench, output, cluster.address, "--shards-per-task", "1")
                bench.expect(row, driver, 0)
                bench.complain(row, driver.said.get("retries"), "the node did not try")
                bench.trial(row, output, cluster.address)


# What stays mounted for a process and those that it starts, each with a memory of its own.
REMEMBERING = """
bindfs -f -o attr_timeout=60,entry_timeout=60,negative_timeout=60 "{0}" "{0}" &
until mountpoint -q "{0}"; do sleep 0.05; done
"""


def storage_remembers(bench, rows):
    """As a network file system does, each machine believes for a minute what it knows of names, those that were not there
    too. The driver finds that no shard is done, machines do them, and it must see that at once."""
    mount = REMEMBERING.format(bench.shared)
    with bench.case(22, "storage is believed to be as it was, for 60 s", rows) as row:
        for output in bench.times():
            with bench.cluster() as cluster:
                for number in range(NODES):
                    cluster.start_worker(
                        f"node-{number}", f"127.0.0.{number + 2}", ["unshare", "-m", "sh", "-c", mount + 'exec "$@"', "sh"])
                cluster.wait_for_workers()
                ended = '"$@"; status=$?; kill $!; exit $status'
                prefix = ["unshare", "-m", "sh", "-c", mount + ended, "sh"]
                driver = Driver(bench, output, cluster.address, prefix=prefix)
                bench.expect(row, driver, 0)
                bench.complain(row, driver.seconds < 60, "it has taken a minute")
                bench.trial(row, output, cluster.address)


def twice_at_once(bench, rows):
    with bench.case(12, "each shard twice at once", rows) as row:
        for output in bench.times(-(-100 // bench.shards)):
            plan = [bench.cli, "plan", *bench.job(output), "--shards", str(bench.shards)]
            subprocess.run(plan, check=True, capture_output=True)
            for shard in range(bench.shards):
                command = [bench.cli, *bench.job(output), "--shard", f"{shard}/{bench.shards}", "--json", "--quiet"]
                both = [subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) for _ in range(2)]
                errors = [run.communicate()[1] for run in both]
                row["disturbed"] += 1
                bench.complain(row, not any(run.returncode for run in both), f"shard {shard}: {errors}")
            row["trials"] += 1
            final = subprocess.run([bench.cli, "finalize", output, "--json"], capture_output=True)
            bench.complain(row, final.returncode == 0, final.stderr[-300:].decode())
            row["notCompleted"] += tree(output) != bench.reference
            row["leftovers"] += len(temporaries(output))


def disturb(bench, rows, wanted):
    root = may_mount(bench.work)
    cases = [
        (1, lambda: workers_killed(bench, rows, 1)), (1, lambda: workers_killed(bench, rows, 4)),
        (2, lambda: node_killed(bench, rows)), (3, lambda: scheduler_killed(bench, rows)),
        (4, lambda: driver_killed(bench, rows, False)), (5, lambda: driver_killed(bench, rows, True)),
        (7, lambda: program_hangs(bench, rows)), (10, lambda: another_version(bench, rows, False)),
        (10, lambda: another_version(bench, rows, True)), (12, lambda: twice_at_once(bench, rows)),
        (19, lambda: stands_still(bench, rows)),
    ]  # fmt: skip
    if root:
        cases += [(9, lambda: scratch_full(bench, rows)), (11, lambda: mount_missing(bench, rows))]
    else:
        print("No file systems may be mounted: no cases 9, 11 and 22.")
    if root and not shutil.which("bindfs"):
        print("bindfs is not installed: no case 22.")
    elif root:
        cases.append((22, lambda: storage_remembers(bench, rows)))
    if reason := links.why_not():
        print(f"No networks may be made: no case 6. {reason}")
    else:
        cases += [(6, lambda seconds=seconds: link_cut(bench, rows, seconds)) for seconds in (4, 20, None)]
    for number, case in cases:
        if not wanted or number in wanted:
            case()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    records.add_options(parser)
    parser.add_argument("--minutes", type=float, default=55, help="no trial begins after these (default: %(default)s)")
    parser.add_argument("--count", type=int, default=3, help="trials of each case (default: %(default)s)")
    parser.add_argument("--case", type=int, action="append", help="only this number; may be repeated")
    parser.add_argument("--seed", type=int, default=random.randrange(1 << 30), help="of the random times and choices")
    parser.add_argument("--images", type=int, default=72, help="(default: %(default)s)")
    parser.add_argument("--size", default="1280x960", help="of an image (default: %(default)s)")
    parser.add_argument("--copies", type=int, default=6, help="of an image (default: %(default)s)")
    parser.add_argument("--shards", type=int, default=24, help="(default: %(default)s)")
    parser.add_argument("--task-timeout", type=float, default=10, help="of case 7 (default: %(default)s)")
    options = parser.parse_args()
    # Nodes are in sessions of their own: they end only because this ends in order.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    print(f"Seed {options.seed}.")
    with records.opened(options, "cluster-chaos", __file__) as (results, work):
        rows = records.Rows(results / "chaos.csv", COLUMNS)
        disturb(Bench(options, work), rows, options.case)
        rows.close()
    faults = ["wrongStatus", "wrongFiles", "notCompleted", "leftovers"]
    bad = sum(int(row[name]) for row in rows.rows for name in faults)
    print("Nothing was lost." if bad == 0 else f"{bad} faults; see {results}.")
    sys.exit(bad > 0)


if __name__ == "__main__":
    main()
