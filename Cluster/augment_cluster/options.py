"""The command line of the driver."""

from __future__ import annotations

import argparse
import os
from dataclasses import dataclass

from augment_cluster import places, statuses

EPILOG = """
Everything after -- is the command of augment-cli: its job, INPUT, OUTPUT and options. Exit status: 0 all done, 1 some
images failed, 2 the run failed, 64 wrong usage, 75 shards are missing (the same command goes on), 78 no node can do it,
130/143 stopped by a signal.
"""


@dataclass(frozen=True)
class Options:
    scheduler: str | None
    local: int
    program: str
    job: tuple[str, ...]
    input: str
    output: str
    shards: int
    shards_per_task: int | None
    attempts: int
    task_timeout: float | None
    wait: float
    json: bool
    quiet: bool
    again: str
    given: tuple[str, ...]


class Parser(argparse.ArgumentParser):
    def error(self, message: str):
        self.print_usage()
        self.exit(statuses.USAGE, f"augment_cluster: {message}\n")


def positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("must be 1 or more")
    return number


def seconds(text: str) -> float:
    number = float(text)
    if not number > 0:
        raise argparse.ArgumentTypeError("must be more than 0")
    return number


def parser() -> Parser:
    whole = Parser(prog="augment_cluster", description="Runs shards of augment-cli on a Dask cluster.", epilog=EPILOG)
    run = whole.add_subparsers(dest="command", required=True).add_parser(
        "run", help="plan, run what is missing, finalize", epilog=EPILOG)
    where = run.add_mutually_exclusive_group(required=True)
    where.add_argument("--scheduler", metavar="URL", help="of a running cluster: tcp://HOST:PORT or dask://HOST:PORT")
    where.add_argument("--local", nargs="?", type=positive, const=os.cpu_count() or 1, metavar="WORKERS",
                       help="a cluster of this many processes on this machine (default: one per core)")
    run.add_argument("--program", default="augment-cli", help="augment-cli, at the same path on every node")
    run.add_argument("--output", help="OUTPUT of the command (default: its third word)")
    run.add_argument("--shards", type=positive, required=True, metavar="N", help="of the plan")
    run.add_argument("--shards-per-task", type=positive, metavar="K",
                     help="(default: what takes about a minute, but at least 20 tasks for each worker)")
    run.add_argument("--attempts", type=positive, default=4, help="of each range of shards (default: %(default)s)")
    run.add_argument("--task-timeout", type=seconds, metavar="SECONDS", help="run a task that takes longer elsewhere")
    run.add_argument("--wait", type=seconds, default=120, metavar="SECONDS",
                     help="how long to wait for a worker when there is none (default: %(default)s)")
    run.add_argument("--again", default="", metavar="COMMAND",
                     help="what to print as the command that goes on (default: this one)")
    run.add_argument("--json", action="store_true", help="one object with the summary, on standard output")
    run.add_argument("--quiet", action="store_true", help="no progress")
    return whole


def absolute_program(text: str) -> str:
    """A path must not depend on the working folder; a bare name stays one, so that every node looks in its own PATH."""
    return os.path.abspath(text) if os.sep in text else text


def parse(arguments: list[str]) -> Options:
    """Ends the program with 64 if they make no sense."""
    end = arguments.index("--") if "--" in arguments else len(arguments)
    own, job = arguments[:end], arguments[end + 1 :]
    reader = parser()
    found = reader.parse_args(own)
    if len(job) < 3 or any(word.startswith("-") for word in job[:3]):
        reader.error("after -- come the job, INPUT and OUTPUT, then their options")
    # Workers run in other folders.
    job[1:3] = map(places.absolute, job[1:3])
    output = places.absolute(found.output) if found.output else job[2]
    if output != job[2]:
        reader.error(f"--output is {output}, but the command writes to {job[2]}")
    if not places.can_be_written(output):
        reader.error(f"{output} can only be read")
    if places.is_url(output) and job[0] == "ingest":
        # What arrives twice may differ, and a store does not keep the first.
        reader.error(f"ingest writes to a folder, not to {output}")
    if places.is_url(output) and places.overlap(job[1], output):
        reader.error(f"{job[1]} and {output} lie in one another: the input is never written to")
    scheduler = found.scheduler.replace("dask://", "tcp://", 1) if found.scheduler else None
    return Options(
        scheduler, found.local or 0, absolute_program(found.program), tuple(job), job[1], output, found.shards,
        found.shards_per_task, found.attempts, found.task_timeout, found.wait, found.json, found.quiet,
        found.again, tuple(arguments))
