"""The bench on which the cases of chaos.py are tried: input, reference, drivers, and what is counted of each case."""

import contextlib
import json
import os
import pathlib
import random
import shutil
import subprocess
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(1, os.fspath(HERE.parent / "common"))

import dask_nodes  # noqa: E402
import records  # noqa: E402
from dask_nodes import wait_for  # noqa: E402
from disturb import command_line, family, temporaries, tree  # noqa: E402

COLUMNS = [
    "number", "case", "trials", "disturbed", "wrongStatus", "wrongFiles", "notCompleted", "leftovers", "retries",
    "duplicates", "retiredNodes", "worst", "seconds",
]  # fmt: skip
CLUSTER = records.ROOT / "Cluster"
NODES = 2


class Driver:
    """One run of the driver, in a session of its own."""

    def __init__(self, bench, output, address, *options, environment=None, prefix=()):
        own = ["--scheduler", address, "--program", bench.program, "--shards", bench.shards, "--json", *options]
        command = [*prefix, sys.executable, "-m", "augment_cluster", "run", *own, "--", *bench.job(output)]
        self.begin = time.monotonic()
        self.process = subprocess.Popen(
            list(map(str, command)), env={**os.environ, "PYTHONPATH": os.fspath(CLUSTER), **(environment or {})},
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True)
        bench.drivers.append(self)

    def ended(self, seconds=300):
        """Its status; what it said is kept."""
        try:
            text, self.errors = self.process.communicate(timeout=seconds)
        except subprocess.TimeoutExpired:
            self.process.kill()
            text, self.errors = self.process.communicate()
            self.errors += f"did not end within {seconds} s"
        self.seconds = time.monotonic() - self.begin
        self.said = json.loads(text) if text.strip() else {}
        return self.process.returncode

    def kill(self):
        self.process.kill()
        self.ended()


class Bench:
    def __init__(self, options, work):
        self.cli, self.options, self.work = options.cli.resolve(), options, work
        self.random, self.shards, self.drivers = random.Random(options.seed), options.shards, []
        self.more = []
        self.program = self.cli
        self.deadline = time.monotonic() + 60 * options.minutes
        # What a node may lose is in a folder of its own, which something else can be mounted over.
        self.shared = work / "shared"
        self.shared.mkdir()
        self.input, self.number = self.shared / "in", 0
        subprocess.run(
            [self.cli, "generate", self.input, "--images", str(options.images), "--size", options.size], check=True,
            capture_output=True)
        subprocess.run([self.cli, *self.job(self.shared / "reference")], check=True, capture_output=True)
        self.reference = tree(self.shared / "reference")

    def job(self, output):
        options = ["--copies", str(self.options.copies), "--ranks", "1", *self.more]
        return ["augment", os.fspath(self.input), os.fspath(output), *options]

    @contextlib.contextmanager
    def packing(self):
        """As long as it lasts, a tar comes of each shard, as on one machine."""
        reference, self.more = self.reference, ["--tar"]
        output = self.shared / "reference-tars"
        try:
            plan = [self.cli, "plan", *self.job(output), "--shards", str(self.shards)]
            shards = [self.cli, *self.job(output), "--shard", f"0-{self.shards - 1}/{self.shards}"]
            for command in plan, shards:
                subprocess.run(command, check=True, capture_output=True)
            self.reference = tree(output)
            yield
        finally:
            self.reference, self.more = reference, []

    def fresh(self):
        self.number += 1
        shutil.rmtree(self.shared / f"out-{self.number - 1}", ignore_errors=True)
        return self.shared / f"out-{self.number}"

    @contextlib.contextmanager
    def cluster(self, **options):
        with dask_nodes.Cluster(self.work / f"dask-{self.number}", **options) as cluster:
            yield cluster

    def start_nodes(self, cluster, **environment):
        for number in range(NODES):
            cluster.start_worker(f"node-{number}", f"127.0.0.{number + 2}", environment=environment)
        cluster.wait_for_workers()

    def pause(self):
        """Until about the middle of some shard."""
        time.sleep(self.random.uniform(0.05, 1.5))

    def wait_for_shard(self, node, output):
        """The program that runs a shard of this output on a node, once there is one."""
        return wait_for(lambda: next(iter(programs_of(node, output)), None))

    @contextlib.contextmanager
    def case(self, number, name, rows):
        row = dict.fromkeys(COLUMNS, 0) | {"number": number, "case": name, "worst": "", "retiredNodes": 0}
        begin = time.monotonic()
        try:
            yield row
        except Exception as error:  # the other cases still count
            row["notCompleted"] += 1
            row["worst"] = f"{type(error).__name__}: {error}"[:300]
        finally:
            for driver in self.drivers:
                driver.process.kill()
            self.drivers.clear()
        row["seconds"] = time.monotonic() - begin
        rows.add(row)
        print(f"{number:>2} {name:48} {row['trials']:3} trials, {row['disturbed']:3} disturbed,"
              f" {row['wrongStatus']} wrong status, {row['wrongFiles']} wrong files, {row['notCompleted']} not completed,"
              f" {row['leftovers']} leftovers, {row['retries']} retries, {row['duplicates']} duplicates, {row['seconds']:.0f} s {row['worst']}",
              flush=True)  # fmt: skip

    def times(self, count=None):
        for _ in range(self.options.count if count is None else count):
            if time.monotonic() > self.deadline:
                return
            yield self.fresh()

    def expect(self, row, driver, *statuses):
        """Waits for a driver's end, and keeps what it counted."""
        status = driver.ended()
        row["disturbed"] += 1
        for name in ("retries", "duplicates"):
            row[name] += driver.said.get(name, 0)
        row["retiredNodes"] += len(driver.said.get("retiredNodes", []))
        if status not in statuses:
            row["wrongStatus"] += 1
            row["worst"] = row["worst"] or f"status {status}: {driver.errors[-300:]}"
        return status

    def complain(self, row, condition, sentence):
        if not condition:
            row["wrongStatus"] += 1
            row["worst"] = row["worst"] or sentence

    def trial(self, row, output, address):
        """Completes an output with the same command, if need be, and compares its tree."""
        row["trials"] += 1
        wrong = [name for name, content in tree(output).items() if self.reference.get(name) != content]
        row["wrongFiles"] += len(wrong)
        again = Driver(self, output, address)
        complete = again.ended() == 0 and tree(output) == self.reference
        row["notCompleted"] += not complete
        row["leftovers"] += len(temporaries(output))
        if wrong or not complete:
            row["worst"] = row["worst"] or f"{wrong[:1]} {again.process.returncode} {again.errors[-300:]}"
        return again


def programs_of(node, output):
    """Process ids of augment-cli on a node, without the ranks that it forks."""
    mark = os.fspath(output).encode()
    found = [pid for pid in family(node.pid) if b"--shard" in (line := command_line(pid)) and mark in line]
    return [pid for pid in found if not any(pid in family(other)[1:] for other in found)]
