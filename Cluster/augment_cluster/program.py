"""augment-cli: its command lines, and its answers to those that the driver itself runs."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from augment_cluster import ranges, statuses, task
from augment_cluster.options import Options
from augment_cluster.ranges import Range


class ProgramFailed(Exception):
    """The program cannot be started, or says that the run makes no sense."""

    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(sentence)
        self.status = status


@dataclass(frozen=True)
class State:
    """What `status` says of an output folder."""

    shards: int
    missing: list[Range]


class Program:
    # What runs on a worker.
    function: Callable[..., dict[str, Any]] = staticmethod(task.run_shards)

    def __init__(self, options: Options) -> None:
        self.options = options
        # Where the record is, for this machine.
        self.output = options.output

    def call(self, shards: Range) -> tuple[Any, ...]:
        """What that function gets for a range."""
        own = ["--shard", f"{shards}/{self.options.shards}", "--json", "--quiet", "--die-with-parent"]
        return [self.options.program, *self.options.job, *own], os.getcwd(), self.options.task_timeout

    def close(self) -> None:
        """Nothing is left to remove."""

    async def plan(self) -> None:
        """Makes the plan, or finds the same one."""
        status, _, errors = await self.run("plan", *self.options.job, "--shards", str(self.options.shards))
        if status != statuses.DONE:
            raise ProgramFailed(own_status(status), errors or f"no plan: {statuses.described(status)}")

    async def state(self) -> State:
        status, said, errors = await self.run("status", self.output, "--json")
        if not statuses.is_done(status):
            raise ProgramFailed(own_status(status), errors or f"no state: {statuses.described(status)}")
        try:
            return State(int(said["shards"]), ranges.joined(map(ranges.parsed, said["missing"])))
        except (KeyError, TypeError, ValueError) as error:
            raise ProgramFailed(statuses.FAILED, f"status says nothing that is understood: {error!r}") from None

    async def finalize(self) -> tuple[int, dict[str, Any], str]:
        return await self.run("finalize", self.output, "--json")

    async def run(self, *arguments: str) -> tuple[int, dict[str, Any], str]:
        """Status, the JSON object that it printed, and what it said."""
        status, text, errors = await self.output_of(*arguments)
        return status, object_in(text), errors

    async def output_of(self, *arguments: str) -> tuple[int, bytes, str]:
        """As above, with all that it printed; ended with the driver if that is stopped."""
        try:
            process = await asyncio.create_subprocess_exec(
                self.options.program, *arguments, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                stderr=subprocess.PIPE, start_new_session=True)
        except OSError as error:
            raise ProgramFailed(statuses.NODE_CANNOT, f"{self.options.program}: {error.strerror}") from None
        try:
            text, errors = await process.communicate()
        except asyncio.CancelledError:
            if process.returncode is None:
                process.send_signal(signal.SIGTERM)
                await process.wait()
            raise
        return process.returncode, text, errors.decode(errors="replace").strip()


def own_status(status: int) -> int:
    """A status of the program as one of the driver."""
    known = (statuses.FAILED, statuses.USAGE, statuses.TRY_AGAIN, statuses.NODE_CANNOT)
    return status if status in known else statuses.FAILED


def object_in(text: bytes) -> dict[str, Any]:
    try:
        found = json.loads(text)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def complain(sentence: str) -> None:
    print(f"augment_cluster: {sentence}", file=sys.stderr, flush=True)
