"""A run whose INPUT or OUTPUT is in an object store: the plan and the manifests are worked on in a scratch folder of
the driver, which mirrors the record, and the workers fetch and put back what they need.
"""

from __future__ import annotations

import asyncio
import json
import os
import threading
from collections.abc import Callable, Iterable
from typing import Any

from augment_cluster import places, ranges, staging, statuses, store
from augment_cluster.options import Options
from augment_cluster.program import Program, ProgramFailed, State, complain, own_status
from augment_cluster.ranges import Range
from augment_cluster.scratch import ScratchFolder
from augment_cluster.store import Store


class StoredProgram(Program):
    function = staticmethod(staging.run_staged_shards)

    def __init__(self, options: Options) -> None:
        super().__init__(options)
        self.scratch = ScratchFolder()
        self.source: Store | None = None
        self.target: Store | None = None
        if places.is_url(options.output):
            self.output = os.path.join(self.scratch.name, "out")
            os.mkdir(self.output)
        # Of the files in OUTPUT, as they were when it was planned.
        self.sizes: dict[str, int] = {}
        # Shards that have a manifest and are not done all the same.
        self.redo: set[int] = set()

    def call(self, shards: Range) -> tuple[Any, ...]:
        work = {
            "program": self.options.program, "job": [self.options.job[0], *self.options.job[3:]],
            "input": self.options.input, "output": self.options.output,
            "shards": str(shards), "count": self.options.shards,
            "redo": [shard for shard in self.redo if shards.first <= shard <= shards.last],
            "plan": store.digest(self.local(places.PLAN))}  # fmt: skip
        return work, os.getcwd(), self.options.task_timeout

    def close(self) -> None:
        self.scratch.remove()

    def local(self, name: str) -> str:
        return os.path.join(self.output, name)

    # The plan

    async def plan(self) -> None:
        """Two drivers may begin at once; the second finds the plan of the first."""
        await self.reaching(self.options.input, self.open_source)
        await self.reaching(self.options.output, self.open_target)
        images = await self.list_images() if self.source else ()
        while True:
            await self.make_plan(*images)
            if not self.target or await self.reaching(self.options.output, self.publish_plan):
                return
            await self.reaching(self.options.output, self.open_target)

    def open_source(self) -> None:
        self.source = store.opened(self.options.input)

    def open_target(self) -> None:
        self.target = store.opened(self.options.output)
        if not self.target:
            return
        self.sizes = self.target.sizes()
        if places.PLAN not in self.sizes:
            if others := [name for name in self.sizes if not name.startswith(f"{places.RECORD}/")]:
                raise ProgramFailed(
                    statuses.FAILED, f"{self.target.url} is not empty: {others[0]} is there; name another folder")
            return
        names = [name for name in self.sizes if os.path.dirname(name) == places.RECORD and name != places.INDEX]
        store.for_each(names, self.mirror)

    async def list_images(self) -> tuple[str, str]:
        """The option that names the images, from a list of all files: augment-cli knows which are images."""
        names, strange = places.files(await self.reaching(self.options.input, self.source.names))
        if strange:
            complain(f"{self.source.url}: {len(strange)} names that no folder can hold are left out: {strange[0]!r}")
        if "--tar" in self.options.job:
            # Without tars, it is images that go into tars.
            names = list(filter(places.is_tar, names)) or names
        labels = next((name for name in names if name.endswith(places.LABEL_ENDINGS)), None)
        if labels and not {"none", "--labels=none", "--ignore-labels"} & set(self.options.job):
            complain(f"{self.source.url}: labels are not looked for in an object store; {labels} stays where it is")
        path = os.path.join(self.scratch.name, "images")
        with open(path, "wb") as file:
            file.writelines(places.to_bytes(name) + b"\n" for name in names)
        return "--files", path

    async def make_plan(self, *images: str) -> None:
        job, _, _, *options = self.options.job
        own = ["--shards", str(self.options.shards), "--json"]
        status, said, errors = await self.run(
            "plan", job, self.options.input, self.output, *options, *images, *own)
        if status != statuses.DONE:
            raise ProgramFailed(own_status(status), errors or f"no plan: {statuses.described(status)}")
        if images and not said.get("images") and not said.get("tars"):
            raise ProgramFailed(statuses.FAILED, f"{self.options.input}: no images here")

    def publish_plan(self) -> bool:
        """Whether it is the plan of OUTPUT now; it comes after the listing that it names."""
        if places.PLAN in self.sizes:
            return True
        with open(self.local(places.PLAN), "rb") as file:
            content = file.read()
        names = [f"{places.RECORD}/{segment['file']}" for segment in json.loads(content)["segments"]]
        store.for_each(names, self.put)
        return self.target.create(places.PLAN, content)

    # What is done

    async def state(self) -> State:
        """A shard is done if its manifest is there, and so are the files that it names, with their sizes."""
        broken = await self.mirror_done() if self.target else set()
        state = await super().state()
        missing = {shard.first for part in state.missing for shard in part.singles()}
        self.redo = broken | {shard for shard in missing if os.path.exists(self.local(places.manifest(shard)))}
        if self.target:
            self.forget(self.redo - broken)
        return state

    async def mirror_done(self) -> set[int]:
        """Fetches the manifests, and leaves out those of shards that have lost files, which it returns."""
        # Planning has just listed OUTPUT; later that is out of date.
        sizes, self.sizes = self.sizes or await self.reaching(self.options.output, self.target.sizes), {}
        await self.reaching(self.options.output, self.mirror_manifests, sizes)
        broken = await self.shards_without_files(sizes)
        self.forget(broken)
        return broken

    def forget(self, shards: set[int]) -> None:
        """The manifest will be fetched again once it is another."""
        for shard in shards:
            os.unlink(self.local(places.manifest(shard)))

    async def shards_without_files(self, sizes: dict[str, int]) -> set[int]:
        status, text, errors = await self.output_of("status", self.output, "--list", "files")
        if not statuses.is_done(status):
            raise ProgramFailed(own_status(status), errors or f"no list: {statuses.described(status)}")
        return places.shards_without_files(text, sizes)

    def mirror_manifests(self, names: Iterable[str]) -> None:
        manifests = (name for name in names if places.shard_of(name) is not None)
        store.for_each([name for name in manifests if not os.path.exists(self.local(name))], self.mirror)

    # The end

    async def finalize(self) -> tuple[int, dict[str, Any], str]:
        if not self.target:
            return await super().finalize()
        await self.reaching(
            self.options.output, lambda: self.mirror_manifests(self.target.sizes(places.SHARDS)))
        status, said, errors = await super().finalize()
        if statuses.is_done(status):
            await self.reaching(self.options.output, self.publish_index)
        return status, said, errors

    def publish_index(self) -> None:
        """It ends the run, so it comes last."""
        with open(self.local(places.INDEX), "rb") as file:
            files = json.load(file)["setFiles"]
        store.for_each((file["path"] for file in files), self.put)
        self.put(places.INDEX)

    # What moves

    def mirror(self, name: str) -> None:
        self.target.get(name, self.local(name))

    def put(self, name: str) -> None:
        self.target.put(self.local(name), name)

    async def reaching(self, where: str, action: Callable[..., Any], *arguments: Any) -> Any:
        try:
            return await in_thread(action, *arguments)
        except ProgramFailed:
            raise
        except Exception as error:
            raise ProgramFailed(*store.told(error, where)) from None

    async def output_of(self, *arguments: str) -> tuple[int, bytes, str]:
        status, text, errors = await super().output_of(*arguments)
        return status, text, errors.replace(self.output, self.options.output)


async def in_thread(action: Callable[..., Any], *arguments: Any) -> Any:
    """A thread that does not keep the driver from ending: a store may be slow to answer, and signals must not wait."""
    loop, result = asyncio.get_running_loop(), asyncio.get_running_loop().create_future()

    def settle(done: Callable[[Any], None], value: Any) -> None:
        if not result.done():
            done(value)

    def work() -> None:
        try:
            end = result.set_result, action(*arguments)
        except Exception as error:
            end = result.set_exception, error
        try:
            loop.call_soon_threadsafe(settle, *end)
        except RuntimeError:  # the driver was stopped meanwhile
            pass

    threading.Thread(target=work, daemon=True).start()
    return await result
