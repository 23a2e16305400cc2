"""The Dask cluster: does what the schedule says, and tells what came of it. All in one event loop, without threads."""

from __future__ import annotations

import asyncio
import logging
import signal
import sys
import uuid
from collections.abc import Callable, Mapping
from typing import Any

import cloudpickle
import dask.config
from distributed import Client, LocalCluster
from distributed.client import FutureCancelledError

from augment_cluster import task
from augment_cluster.events import Outcome, WorkerFacts

# The scheduler is lost when it says nothing for so long; a driver must end within 30 s of that.
SILENCE_SECONDS = 15
CONNECT_SECONDS = 15
CLOSE_SECONDS = 8
# A local cluster shares the cores with what it runs. At rest, its clocks and profilers take a tenth of a core by default,
# and a sixtieth so.
AT_REST = {
    "distributed.worker.profile.enabled": False,
    "distributed.admin.tick.interval": "500ms",
    "distributed.admin.system-monitor.interval": "5s",
    "distributed.admin.system-monitor.gil.enabled": False,
    "distributed.scheduler.active-memory-manager.start": False,
}
# A worker may have this resource to run several tasks at a time.
RESOURCE = "augment"


class SchedulerLost(Exception):
    """Nothing is known of what runs; what was done is in the output folder."""


class ByValue:
    """A function that workers receive with all that it uses of this package, which none of them has."""

    def __init__(self, function: Callable[..., Any]) -> None:
        package = function.__module__.partition(".")[0]
        cloudpickle.register_pickle_by_value(sys.modules[package])
        self.pickled = cloudpickle.dumps(function)

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[bytes]]:
        return cloudpickle.loads, (self.pickled,)

    def __call__(self, *arguments: Any) -> Any:
        return cloudpickle.loads(self.pickled)(*arguments)


class Cluster:
    def __init__(self, function: Callable[..., dict[str, Any]] = task.run_shards) -> None:
        self.function = ByValue(function)
        self.client: Client | None = None
        self.local: LocalCluster | None = None
        self.lost = False
        self.attempts: dict[int, tuple[Any, asyncio.Task[None]]] = {}
        self.outcomes: asyncio.Queue[tuple[int, Outcome]] = asyncio.Queue()
        # Two drivers on one cluster must not take each other's results.
        self.name = f"augment-{uuid.uuid4().hex[:12]}"

    async def open(self, scheduler: str | None, local_workers: int) -> None:
        # The driver says itself what happens, in sentences.
        logging.getLogger("distributed").setLevel(logging.CRITICAL)
        dask.config.set({
            "distributed.comm.timeouts.tcp": f"{SILENCE_SECONDS}s",
            "distributed.comm.timeouts.connect": f"{CONNECT_SECONDS}s",
            "distributed.comm.retry.count": 0,
            "distributed.admin.low-level-log-length": 0,
        })
        try:
            if scheduler is None:
                dask.config.set(AT_REST)
                self.local = await started(local_workers)
            self.client = await Client(
                self.local or scheduler, asynchronous=True, timeout=CONNECT_SECONDS, set_as_default=False)
        except (OSError, TimeoutError, ValueError) as error:
            raise SchedulerLost(f"no scheduler at {scheduler}: {error}") from None

    async def close(self) -> None:
        for attempt in list(self.attempts):
            self.cancel(attempt)
        for one in (self.client, self.local):
            if one is not None:
                try:
                    await asyncio.wait_for(one.close(), CLOSE_SECONDS)
                except (OSError, TimeoutError, asyncio.CancelledError):
                    pass

    async def workers(self) -> Mapping[str, WorkerFacts]:
        try:
            answer = await asyncio.wait_for(self.client.scheduler.identity(n_workers=-1), SILENCE_SECONDS)
        except (OSError, TimeoutError, ValueError) as error:
            raise SchedulerLost(f"the scheduler does not answer: {type(error).__name__}") from None
        return {
            address: WorkerFacts(facts["host"], max(1, int(facts["resources"].get(RESOURCE, 1))))
            for address, facts in answer["workers"].items()
            if facts["status"] in ("running", "paused")
        }

    def submit(self, attempt: int, worker: str, *arguments: Any) -> None:
        future = self.client.submit(
            self.function, *arguments, key=f"{self.name}-{attempt}", workers=[worker], allow_other_workers=False,
            retries=0, pure=False)
        self.attempts[attempt] = future, asyncio.create_task(self.follow(attempt, future))

    async def follow(self, attempt: int, future: Any) -> None:
        """Puts what comes of an attempt into the queue."""
        try:
            said = await future.result()
            outcome = Outcome(said["status"], said["said"], said["errors"], said["reason"], said["seconds"])
        except FutureCancelledError:
            # Not by the driver, which would have cancelled this coroutine first: Dask has lost the scheduler. It may
            # find it again, but never what was asked before.
            self.lost = True
            return
        except Exception as error:  # KilledWorker, or what the function raised
            outcome = Outcome(None, reason=f"{type(error).__name__}: {error}"[:300])
        self.attempts.pop(attempt, None)
        self.outcomes.put_nowait((attempt, outcome))

    def cancel(self, attempt: int) -> None:
        """Frees the key; the function on the worker sees that, and ends its program."""
        if found := self.attempts.pop(attempt, None):
            future, following = found
            following.cancel()
            if self.connected():
                asyncio.ensure_future(quietly(future.cancel(force=True)))

    def connected(self) -> bool:
        return self.client is not None and self.client.status == "running" and not self.lost

    async def retire(self, workers: tuple[str, ...]) -> None:
        await quietly(self.client.retire_workers(workers=list(workers), close_workers=True))


async def quietly(call: Any) -> None:
    """For what need not succeed."""
    try:
        await asyncio.wait_for(call, SILENCE_SECONDS)
    except (Exception, asyncio.CancelledError):
        pass


async def started(workers: int) -> LocalCluster:
    # Ctrl-C reaches every process of the terminal; the workers must wait for the driver to end them.
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        return await LocalCluster(
            n_workers=workers, threads_per_worker=1, processes=True, asynchronous=True, dashboard_address=None,
            worker_dashboard_address=None, memory_limit=0, silence_logs=logging.CRITICAL,
            # Even without a dashboard it listens, on a fixed port unless told otherwise.
            scheduler_kwargs={"dashboard_address": "127.0.0.1:0"})
    finally:
        signal.signal(signal.SIGINT, before)
