"""Folders in object stores, through fsspec. This travels to the workers by value, with the function that uses it."""

from __future__ import annotations

import errno
import hashlib
import os
import threading
from collections.abc import Callable, Iterable, Iterator
from typing import Any
from urllib.parse import quote, unquote

from augment_cluster import statuses
from augment_cluster.places import is_url

# Requests take some 50 ms each, nearly all of it waiting.
THREADS = 16
# Of the libraries for stores, which are not there to be imported everywhere.
NO_CREDENTIALS = frozenset({
    "NoCredentialsError", "PartialCredentialsError", "CredentialRetrievalError", "ProfileNotFound",
    "TokenRetrievalError", "SSOTokenLoadError", "UnauthorizedSSOTokenError", "DefaultCredentialsError", "RefreshError",
})  # fmt: skip


class Stopped(Exception):
    """Nobody needs what is being moved."""


class Store:
    """A folder in a store. Every method may raise whatever the store's library raises; `told` makes sense of it."""

    def __init__(self, url: str) -> None:
        import fsspec

        self.url = url
        self.is_quoted = url.lower().startswith(("http://", "https://"))
        # A listing that is kept would hide what others have written since.
        options: dict[str, Any] = {"use_listings_cache": False}
        if url.startswith(("file://", "local://")):
            options["auto_mkdir"] = True
        self.system, root = fsspec.core.url_to_fs(url, **options)
        self.root = root.rstrip("/")

    def path(self, name: str) -> str:
        if not name:
            return self.root
        return f"{self.root}/{quote(name, errors='surrogateescape') if self.is_quoted else name}"

    def sizes(self, folder: str = "") -> dict[str, int]:
        """All files below a folder by their names below the root, with their sizes."""
        try:
            found = self.system.find(self.path(folder), detail=True)
        except FileNotFoundError:
            if folder:
                return {}
            raise
        return {self.name(path): facts["size"] for path, facts in found.items() if self.holds(path)}

    def names(self) -> list[str]:
        """As above, without sizes, which take memory."""
        found = self.pages() if self.is_quoted else self.system.find(self.root)
        return [self.name(path) for path in found if self.holds(path)]

    def pages(self) -> Iterator[str]:
        """What the pages of a web server link to; `find` would leave out folders that cannot be listed."""
        known, pending = {self.root}, [self.root]
        while pending:
            for facts in self.system.ls(pending.pop(), detail=True):
                path = facts["name"].rstrip("/")
                if facts["type"] == "file":
                    yield path
                elif path not in known and self.holds(path):
                    known.add(path)
                    pending.append(path)

    def holds(self, path: str) -> bool:
        """Whether it is a file below the root: pages link to others, and folders may be objects, too."""
        return path.startswith(f"{self.root}/") and not path.endswith("/")

    def name(self, path: str) -> str:
        name = path[len(self.root) + 1 :]
        return unquote(name, errors="surrogateescape") if self.is_quoted else name

    def get(self, name: str, path: str) -> None:
        """Fetches a file, and makes missing folders. A file that cannot be fetched whole does not appear."""
        folder = os.path.dirname(path)
        os.makedirs(folder, exist_ok=True)
        part = os.path.join(folder, f".part-{threading.get_ident()}")
        try:
            self.system.get_file(self.path(name), part)
            os.rename(part, path)
        except BaseException:
            if os.path.exists(part):
                os.unlink(part)
            raise

    def put(self, path: str, name: str) -> None:
        """In an object store, the file is there whole or not at all."""
        self.system.put_file(path, self.path(name))

    def exists(self, name: str) -> bool:
        return self.system.exists(self.path(name))

    def create(self, name: str, content: bytes) -> bool:
        """Whether the file was not there before; if it was, it stays as it is."""
        try:
            self.system.pipe_file(self.path(name), content, mode="create")
            return True
        except FileExistsError:
            return False
        except (NotImplementedError, OSError) as error:
            if isinstance(error, OSError) and error.errno != errno.ENOSYS:
                raise
        # Not every store can do it in one step.
        if self.exists(name):
            return False
        self.system.pipe_file(self.path(name), content)
        return True


def opened(place: str) -> Store | None:
    """`None` if it is a path."""
    return Store(place) if is_url(place) else None


def told(error: BaseException, where: str) -> tuple[int, str]:
    """A status and a sentence for what a store has raised after the tries of its library."""
    words = getattr(error, "strerror", None) or str(error).strip()
    sentence = f"{where}: {words or type(error).__name__}"
    # Without its package, fsspec names it; a scheme that an older fsspec does not know is a ValueError.
    if isinstance(error, (ImportError, PermissionError, ValueError)) or lacks_rights(error):
        return statuses.NODE_CANNOT, sentence
    return statuses.FAILED if isinstance(error, FileNotFoundError) else statuses.TRY_AGAIN, sentence


def lacks_rights(error: BaseException) -> bool:
    # gcsfs has a code, or says so in words; aiohttp has a status.
    codes = {getattr(error, "code", None), getattr(error, "status", None)}
    is_refused = bool(codes & {401, 403}) or str(error).startswith("Forbidden")
    return is_refused or type(error).__name__ in NO_CREDENTIALS


def for_each(names: Iterable[str], move: Callable[[str], None], why_stop: Callable[[], str] = lambda: "") -> None:
    """Moves files, some at a time. The first failure ends it, as does a reason to stop, with `Stopped`."""
    left, lock, end, failures = iter(names), threading.Lock(), threading.Event(), []

    def work() -> None:
        while not end.is_set():
            with lock:
                name = next(left, None)
            if name is None:
                return
            try:
                move(name)
            except BaseException as error:
                failures.append(error)
                end.set()

    # One that hangs in a request does not keep the process from ending.
    threads = [threading.Thread(target=work, daemon=True) for _ in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        while thread.is_alive() and not end.is_set():
            thread.join(0.2)
            if reason := why_stop():
                end.set()
                raise Stopped(reason)
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]


def files_below(folder: str) -> list[str]:
    """Paths of all files, relative to the folder; sorted."""
    return sorted(
        os.path.relpath(os.path.join(inner, name), folder) for inner, _, names in os.walk(folder) for name in names)


def digest(path: str) -> str:
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
