"""The run from plan to summary. It keeps no state: what is done stands in the output folder."""

from __future__ import annotations

import asyncio
import json
import signal
import sys
import time
from typing import Any

from augment_cluster import options as command_line
from augment_cluster import places, ranges, statuses, summary
from augment_cluster.cluster import Cluster, SchedulerLost
from augment_cluster.events import Action, Cancel, Retire, Rules, Stop, Submit
from augment_cluster.options import Options
from augment_cluster.program import Program, ProgramFailed, complain
from augment_cluster.progress import Progress
from augment_cluster.ranges import Range
from augment_cluster.schedule import Schedule
from augment_cluster.stored import StoredProgram

TICK_SECONDS = 0.2
# Between two looks at the list of workers, longer where it is long.
LOOK_SECONDS, LOOK_SECONDS_PER_WORKER = 1, 0.01


class Run:
    def __init__(self, options: Options) -> None:
        self.options = options
        # The input of ingest are URLs, but no store.
        stored = places.is_url(options.output) or places.is_url(options.input) and options.job[0] != "ingest"
        self.program = StoredProgram(options) if stored else Program(options)
        self.rules = Rules(
            attempts=options.attempts, shards_per_task=options.shards_per_task, time_limit=options.task_timeout,
            wait=options.wait)
        self.cluster = Cluster(self.program.function)
        self.schedule: Schedule | None = None
        self.progress: Progress | None = None
        self.retiring: set[asyncio.Task[None]] = set()
        self.begin = time.monotonic()
        self.missing: list[Range] = []
        self.final: dict[str, Any] = {}

    async def whole(self) -> int:
        """The exit status; sentences are printed where they arise."""
        try:
            await self.program.plan()
            state = await self.program.state()
            if state.shards != self.options.shards:
                complain(f"the plan has {state.shards} shards, not {self.options.shards}")
                return statuses.USAGE
            self.missing = state.missing
            if self.missing and (status := await self.run_missing()):
                return status
            return await self.finish()
        except ProgramFailed as error:
            self.complain(str(error))
            return error.status

    async def run_missing(self) -> int:
        """0 if all of it is done now."""
        self.schedule = Schedule(self.missing, self.rules, time.monotonic())
        self.progress = Progress(
            self.options.quiet, self.options.shards - self.schedule.total, self.options.shards)
        try:
            await self.cluster.open(self.options.scheduler, self.options.local)
            await self.events()
        except SchedulerLost as error:
            self.complain(f"{error}.")
            return statuses.TRY_AGAIN
        finally:
            self.missing = self.schedule.missing()
            await self.cluster.close()
            self.progress.clear()
        if stop := self.schedule.stopped:
            self.complain(f"{stop.sentence}.")
            return stop.status
        if self.missing:
            self.complain(f"given up after {self.rules.attempts} attempts; the last was {self.schedule.last_failure}.")
            return statuses.TRY_AGAIN
        return statuses.DONE

    async def events(self) -> None:
        looked_at = -1e9
        outcomes = self.cluster.outcomes
        while not self.schedule.finished:
            now = time.monotonic()
            if now > looked_at + LOOK_SECONDS + LOOK_SECONDS_PER_WORKER * len(self.schedule.nodes.workers):
                self.apply(self.schedule.workers(time.monotonic(), await self.cluster.workers()))
                looked_at = time.monotonic()
            if not self.cluster.connected():
                raise SchedulerLost("the scheduler is lost")
            try:
                attempt, outcome = await asyncio.wait_for(outcomes.get(), TICK_SECONDS)
                self.apply(self.schedule.ended(time.monotonic(), attempt, outcome))
            except TimeoutError:
                self.apply(self.schedule.tick(time.monotonic()))
            self.progress.show(self.schedule)

    def apply(self, actions: list[Action]) -> None:
        for action in actions:
            match action:
                case Submit(attempt, shards, worker):
                    self.cluster.submit(attempt, worker, *self.program.call(shards))
                case Cancel(attempt):
                    self.cluster.cancel(attempt)
                case Retire(host, workers, sentence):
                    self.complain(f"node {host} gets nothing more: {sentence}")
                    retiring = asyncio.create_task(self.cluster.retire(workers))
                    self.retiring.add(retiring)
                    retiring.add_done_callback(self.retiring.discard)
                case Stop():
                    pass  # the loop ends, and closing the cluster cancels what runs

    async def finish(self) -> int:
        status, self.final, errors = await self.program.finalize()
        if errors:
            self.complain(errors)
        if status == statuses.TRY_AGAIN:
            self.missing = (await self.program.state()).missing
        return status if statuses.is_done(status) or status == statuses.TRY_AGAIN else statuses.FAILED

    def complain(self, sentence: str) -> None:
        if self.progress:
            self.progress.clear()
        complain(sentence)

    def report(self, status: int) -> None:
        said = summary.facts(
            status, self.options.shards, self.missing, self.schedule, self.final, time.monotonic() - self.begin)
        if not self.options.quiet and (statuses.is_done(status) or self.schedule):
            print(summary.text(said), file=sys.stderr)
        if summary.may_go_on(status, self.missing):
            complain(summary.incomplete(self.missing, self.options))
        if self.options.json:
            print(json.dumps(said), flush=True)


async def until_signal(run: Run) -> int:
    """The exit status; a signal cancels what runs, on the workers as well."""
    stopped: list[int] = []
    whole = asyncio.create_task(run.whole())
    loop = asyncio.get_running_loop()

    def stop(number: int) -> None:
        stopped.append(number)
        whole.cancel()

    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop, number)
    try:
        status = await whole
    except asyncio.CancelledError:
        status = 128 + stopped[0]
        run.complain("stopped.")
    return status


def main(options: Options) -> int:
    run = Run(options)
    try:
        status = asyncio.run(until_signal(run))
        run.report(status)
    finally:
        run.program.close()
    return status


def from_terminal() -> None:
    sys.exit(main(command_line.parse(sys.argv[1:])))
