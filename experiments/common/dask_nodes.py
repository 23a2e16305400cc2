"""Nodes of a Dask cluster on this machine: scheduler and workers as processes, each worker with an address of its own."""

import os
import pathlib
import re
import signal
import subprocess
import sys
import time

import disturb

# Beside the running Python, which is that of the environment with Dask.
DASK = pathlib.Path(sys.executable).parent / "dask"


class Node:
    """A process with all that it starts, in a session of its own."""

    def __init__(self, command, log, environment=None):
        self.log = log
        with log.open("ab") as file:
            self.process = subprocess.Popen(
                list(map(os.fspath, command)), stdin=subprocess.DEVNULL, stdout=file, stderr=file,
                start_new_session=True, env={**os.environ, **(environment or {})}, cwd=log.parent)

    @property
    def pid(self):
        return self.process.pid

    def worker(self):
        """The process id of the worker, which the nanny started."""
        found = [pid for pid in disturb.children(self.pid) if b"spawn_main" in disturb.command_line(pid)]
        return found[0] if found else None

    def kill(self):
        """As a machine that loses its power: all processes at once, but for the one that removes Python's semaphores, which
        would stay behind on this machine."""
        for number in (signal.SIGSTOP, signal.SIGKILL):
            for pid in disturb.family(self.pid):
                if b"resource_tracker" not in disturb.command_line(pid):
                    disturb.kill(pid, number)
        self.process.wait(timeout=30)

    def close(self):
        if self.process.poll() is None:
            self.kill()


class Cluster:
    """Closed by `with`. Workers run in the folder of their log and find no package but those of their Python."""

    def __init__(self, work, host="127.0.0.1", ttl=None):
        self.work, self.host, self.ttl, self.nodes, self.port = work, host, ttl, {}, 0
        self.work.mkdir(parents=True, exist_ok=True)

    def __enter__(self):
        self.start_scheduler()
        return self

    def __exit__(self, *_):
        for node in [*self.nodes.values(), self.scheduler]:
            node.close()

    @property
    def address(self):
        return f"tcp://{self.host}:{self.port}"

    def start_scheduler(self):
        """On the same port as before, if there was one."""
        log = self.work / "scheduler.log"
        log.unlink(missing_ok=True)
        more = {"DASK_DISTRIBUTED__SCHEDULER__WORKER_TTL": self.ttl} if self.ttl else {}
        self.scheduler = Node(
            [DASK, "scheduler", "--host", self.host, "--port", str(self.port), "--no-dashboard", "--dashboard-address",
             "127.0.0.1:0"], log, more)
        self.port = int(wait_for(lambda: re.search(rb"Scheduler at: *tcp://[0-9.]+:(\d+)", log.read_bytes()))[1])

    def start_worker(self, name, host, prefix=(), environment=None, threads=1):
        log = self.work / f"{name}.log"
        node = Node(
            [*prefix, DASK, "worker", self.address, "--host", host, "--nthreads", str(threads), "--no-dashboard",
             "--memory-limit", "0", "--death-timeout", "120", "--local-directory", self.work / name], log, environment)
        self.nodes[name] = node
        return node

    def wait_for_workers(self):
        for node in self.nodes.values():
            if node.process.poll() is None:
                wait_for(lambda node=node: b"Registered to:" in node.log.read_bytes())


def wait_for(condition, seconds=180):
    until = time.monotonic() + seconds
    while True:
        if found := condition():
            return found
        if time.monotonic() > until:
            raise TimeoutError("a process did not do in time what it should")
        time.sleep(0.05)
