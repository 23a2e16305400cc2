"""The function that runs on a worker when INPUT or OUTPUT is in an object store: it fetches the images of its shards into
a scratch folder, has augment-cli work on them there, and puts what comes of it back, the manifests last. It travels by
value.
"""

from __future__ import annotations

import errno
import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from typing import Any

from augment_cluster import places, ranges, statuses, store
from augment_cluster.ranges import Range
from augment_cluster.store import Stopped
from augment_cluster.task import Attempt, ended, run_program


class Ended(Exception):
    """The task is at its end, as if its program had ended so."""

    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(sentence)
        self.status = status


def run_staged_shards(work: dict[str, Any], folder: str, time_limit: float | None) -> dict[str, Any]:
    """Runs one range of shards to its end; `work` is what `StoredProgram` tells of it."""
    attempt = Attempt(time_limit)
    # Dask removes the folder with the worker or, after a kill, when the next one starts there.
    scratch = tempfile.mkdtemp(prefix="shards-", dir=attempt.worker.local_directory)
    try:
        stage = Stage(work, folder, scratch, attempt.worker.local_directory, attempt.why_stop)
        return attempt.told(stage.run())
    except Stopped as stopped:
        return attempt.told(ended(None, reason=str(stopped)))
    except Ended as end:
        return attempt.told(ended(end.status, errors=str(end)))
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


class Stage:
    def __init__(
        self, work: dict[str, Any], folder: str, scratch: str, cache: str, why_stop: Callable[[], str]
    ) -> None:
        self.work, self.folder, self.cache, self.why_stop = work, folder, cache, why_stop
        self.source = self.reaching(work["input"], lambda: store.opened(work["input"]))
        self.target = self.reaching(work["output"], lambda: store.opened(work["output"]))
        self.input = os.path.join(scratch, "in") if self.source else work["input"]
        self.output = os.path.join(scratch, "out") if self.target else work["output"]
        self.shards: Range = ranges.parsed(work["shards"])

    def run(self) -> dict[str, Any]:
        whole = ended(statuses.DONE)
        for shards in self.missing():
            end = self.run_part(shards)
            if not statuses.is_done(end["status"]):
                return end
            whole["status"] = max(whole["status"], end["status"])
            for name, number in end["said"].items():
                if type(number) is int:
                    whole["said"][name] = whole["said"].get(name, 0) + number
        return whole

    def run_part(self, shards: Range) -> dict[str, Any]:
        try:
            self.place_plan()
            self.fetch(shards)
            end = run_program(self.command(shards), self.folder, self.why_stop)
            end["errors"] = self.with_urls(end["errors"])
            if statuses.is_done(end["status"]):
                self.put(shards)
            return end
        finally:
            for folder, is_staged in ((self.input, self.source), (self.output, self.target)):
                if is_staged:
                    shutil.rmtree(folder, ignore_errors=True)

    def command(self, shards: Range) -> list[str]:
        own = ["--shard", self.text(shards), "--json", "--quiet", "--die-with-parent"]
        # What is in the scratch folder need not survive a power failure.
        durability = ["--durability", "none"] if self.target else []
        job, *options = self.work["job"]
        return [self.work["program"], job, self.input, self.output, *options, *durability, *own]

    def text(self, shards: Range) -> str:
        return f"{shards}/{self.work['count']}"

    # What is done

    def missing(self) -> list[Range]:
        """Another attempt may have done some of the shards since the driver looked."""
        manifests = {places.manifest(shard.first): shard for shard in self.shards.singles()}
        done = set(filter(self.is_there, manifests)) - {places.manifest(shard) for shard in self.work["redo"]}
        return ranges.joined(shard for name, shard in manifests.items() if name not in done)

    def is_there(self, name: str) -> bool:
        if not self.target:
            return os.path.exists(os.path.join(self.output, name))
        self.stop_if_not_wanted()
        return self.reaching(self.target.url, lambda: self.target.exists(name))

    def images(self, shards: Range) -> list[str]:
        command = [self.work["program"], "status", self.output, "--shard", self.text(shards), "--list", "images"]
        try:
            run = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, check=False)
        except OSError as error:
            raise Ended(statuses.NODE_CANNOT, str(error)) from None
        if not statuses.is_done(run.returncode):
            # An older program does not know these options.
            status = statuses.NODE_CANNOT if run.returncode == statuses.USAGE else run.returncode
            raise Ended(status, self.with_urls(run.stderr.decode(errors="replace").strip()))
        return list(map(places.from_bytes, run.stdout.split(b"\0")[:-1]))

    # What moves

    def place_plan(self) -> None:
        """Where the program looks for it; every task of the worker needs the same."""
        if not self.target:
            return
        cache = os.path.join(self.cache, f"plan-{self.work['plan'][:32]}")
        if not os.path.isdir(cache):
            part = tempfile.mkdtemp(prefix="plan-", dir=self.cache)
            try:
                self.reaching(self.target.url, lambda: self.fetch_plan(part))
                os.rename(part, cache)
            except OSError:
                if not os.path.isdir(cache):  # by another thread of this worker
                    raise
            finally:
                shutil.rmtree(part, ignore_errors=True)
        shutil.copytree(cache, os.path.join(self.output, places.RECORD), copy_function=os.link)

    def fetch_plan(self, folder: str) -> None:
        plan = os.path.join(folder, os.path.basename(places.PLAN))
        self.target.get(places.PLAN, plan)
        if store.digest(plan) != self.work["plan"]:
            raise Ended(statuses.FAILED, f"{self.target.url}: the plan is another one than the driver has found")
        with open(plan, "rb") as file:
            names = [os.path.basename(segment["file"]) for segment in json.load(file)["segments"]]
        store.for_each(
            names, lambda name: self.target.get(f"{places.RECORD}/{name}", os.path.join(folder, name)), self.why_stop)

    def fetch(self, shards: Range) -> None:
        """An image that is gone is left to the program, which says so in the manifest."""
        if not self.source:
            return
        os.makedirs(self.input)
        names = self.images(shards)
        gone: list[str] = []

        def get(name: str) -> None:
            try:
                self.source.get(name, os.path.join(self.input, name))
            except FileNotFoundError:
                gone.append(name)

        self.reaching(self.source.url, lambda: store.for_each(names, get, self.why_stop))
        if names and len(gone) == len(names):
            raise Ended(statuses.FAILED, f"{self.source.url}: no image of shards {shards} is here any more")

    def put(self, shards: Range) -> None:
        """The manifests come last: a shard whose manifest is there is done."""
        if not self.target:
            return
        record = f"{places.RECORD}/"
        outputs = (name for name in store.files_below(self.output) if not name.startswith(record))
        manifests = [places.manifest(shard.first) for shard in shards.singles()]
        for names in (outputs, manifests):
            self.reaching(self.target.url, lambda: store.for_each(names, self.put_file, self.why_stop))

    def put_file(self, name: str) -> None:
        self.target.put(os.path.join(self.output, name), name)

    def reaching(self, where: str, action: Callable[[], Any]) -> Any:
        try:
            return action()
        except (Stopped, Ended):
            raise
        except Exception as error:
            is_full = isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT)
            raise Ended(*store.told(error, self.cache if is_full else where)) from error

    def stop_if_not_wanted(self) -> None:
        if reason := self.why_stop():
            raise Stopped(reason)

    def with_urls(self, text: str) -> str:
        """People know nothing of the scratch folder."""
        for path, place in ((self.input, self.work["input"]), (self.output, self.work["output"])):
            text = text.replace(path, place)
        return text
