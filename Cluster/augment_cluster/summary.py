"""What the driver says at the end."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from typing import Any

from augment_cluster import ranges, statuses
from augment_cluster.options import Options
from augment_cluster.ranges import Range
from augment_cluster.schedule import Schedule


def command_again(options: Options) -> str:
    return options.again or shlex.join(["python", "-m", "augment_cluster", *options.given])


def facts(
    status: int, shards: int, missing: list[Range], schedule: Schedule | None, final: Mapping[str, Any], seconds: float
) -> dict[str, Any]:
    """The object of --json. Images are those of the whole output once it is complete, until then those of this run."""
    counts = schedule.counts if schedule else None
    ran = counts.images if counts else 0

    def total(name: str, own: int) -> Any:
        return final.get(name, own)

    return {
        "exitStatus": status,
        "images": total("images", ran),
        "copies": total("copies", counts.copies if counts else 0),
        "imagesFailed": total("imagesFailed", counts.failed_images if counts else 0),
        "failures": total("failures", []),
        "shards": shards,
        "shardsRun": counts.shards if counts else 0,
        "missing": [str(part) for part in missing],
        "wallSeconds": round(seconds, 3),
        "imagesPerSecond": round(ran / seconds, 1) if seconds > 0 else 0,
        "nodes": len(counts.hosts) if counts else 0,
        "tasks": counts.tasks if counts else 0,
        "retries": counts.retries if counts else 0,
        "duplicates": counts.duplicates if counts else 0,
        "retiredNodes": schedule.nodes.out() if schedule else [],
    }


def text(said: Mapping[str, Any]) -> str:
    lines = [f"{failure['path']}: {failure['reason']}" for failure in said["failures"]]
    lines += [
        f"{said['images']:,} images, {said['copies']:,} copies, {said['imagesFailed']:,} failed",
        f"{said['shardsRun']:,} of {said['shards']:,} shards run in {said['tasks']:,} tasks on {counted(said['nodes'], 'node')},"
        f" {said['retries']} run again, {said['duplicates']} twice",
        f"{said['wallSeconds']:.1f} s, {said['imagesPerSecond']:,.1f} images/s",
    ]
    if said["retiredNodes"]:
        lines.append(f"nodes that could not do it: {', '.join(said['retiredNodes'])}")
    return "\n".join(lines)


def counted(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def incomplete(missing: list[Range], options: Options) -> str:
    listed = f"{ranges.count(missing)} shards are missing: {ranges.listed(missing)}.\n" if missing else ""
    return f"{listed}This goes on: {command_again(options)}"


def may_go_on(status: int, missing: list[Range]) -> bool:
    """Whether the same command may do better later. One whose plan is refused, so that nothing is known, may not."""
    always = (statuses.TRY_AGAIN, statuses.INTERRUPTED, statuses.TERMINATED)
    return status in always or (status == statuses.NODE_CANNOT and bool(missing))
