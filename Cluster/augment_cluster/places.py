"""Where INPUT and OUTPUT are: paths that all see, or URLs of folders that fsspec knows. No file is looked at."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable

RECORD = ".augment"
PLAN = f"{RECORD}/plan.json"
INDEX = f"{RECORD}/index.json"
SHARDS = f"{RECORD}/shards"

SCHEME = re.compile(r"([A-Za-z0-9+.-]+)://")
# What Linux takes as one name.
LONGEST_NAME = 255
# Files that augment-cli takes for tars.
TAR = re.compile(r"[^/]\.(tar(\.(gz|bz2|xz|zst|lz4))?|tgz|tbz2|txz|tzst|tlz4)$", re.IGNORECASE)
# Files in which labels may be.
LABEL_ENDINGS = (".xml", ".json", ".txt")


def is_url(place: str) -> bool:
    return SCHEME.match(place) is not None


def can_be_written(place: str) -> bool:
    return not place.lower().startswith(("http://", "https://"))


def absolute(place: str) -> str:
    """A path must not depend on the working folder."""
    return place.rstrip("/") if is_url(place) else os.path.abspath(place)


def overlap(one: str, other: str) -> bool:
    """Whether one of them is the other, or lies in it."""
    one, other = one.rstrip("/") + "/", other.rstrip("/") + "/"
    return one.startswith(other) or other.startswith(one)


def manifest(shard: int) -> str:
    """Path of the file that is written last, as augment-cli has it."""
    return f"{SHARDS}/{shard // 1000:03}/{shard:05}.jsonl.zst"


def shard_of(path: str) -> int | None:
    """The shard whose manifest a path is; `None` if it is none."""
    found = re.fullmatch(rf"{SHARDS}/\d+/(\d+)\.jsonl\.zst", path)
    return int(found[1]) if found and manifest(int(found[1])) == path else None


def shards_without_files(text: bytes, sizes: dict[str, int]) -> set[int]:
    """Shards that name a file which is not there, or has another size, by what `status --list files` prints."""
    found = set()
    for line in text.split(b"\0")[:-1]:
        shard, size, name = line.split(b"\t", 2)
        if sizes.get(from_bytes(name)) != int(size):
            found.add(int(shard))
    return found


def files(names: Iterable[str]) -> tuple[list[str], list[str]]:
    """Names of objects, sorted by bytes: those that can be files below one folder, and those that cannot."""
    names = sorted(names, key=to_bytes)
    folders = {name[: match.start()] for name in names for match in re.finditer("/", name)}
    fit = {name: is_path(name) and name not in folders for name in names}
    return [name for name in names if fit[name]], [name for name in names if not fit[name]]


def is_tar(name: str) -> bool:
    return TAR.search(name) is not None


def is_path(name: str) -> bool:
    parts = name.split("/")
    return not re.search(r"[\0\n]", name) and all(
        part not in ("", ".", "..") and len(to_bytes(part)) <= LONGEST_NAME for part in parts)


def to_bytes(name: str) -> bytes:
    return name.encode(errors="surrogateescape")


def from_bytes(name: bytes) -> str:
    return name.decode(errors="surrogateescape")
