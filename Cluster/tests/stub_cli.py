#!/usr/bin/env python3
"""Stands in for augment-cli: plans, shards, status and finalize of an output folder, with a line of text for an image.

What goes wrong is told by STUB, words separated by spaces: `seconds=S` of each shard, `refuse-on=FILE` if that file is
there, `status=SHARD:STATUS[:TIMES]`, `hang=SHARD[:TIMES]`, `kill=SHARD:TIMES`.
"""

import contextlib
import ctypes
import hashlib
import json
import os
import pathlib
import signal
import sys
import time

VERSION = os.environ.get("STUB_VERSION", "stub 1.0.0")
WORDS = [word.partition("=")[::2] for word in os.environ.get("STUB", "").split()]


def said(name):
    return [value for key, value in WORDS if key == name]


def times(record, name):
    """How often this was asked, this time included."""
    with open(record / f"stub-{name}", "ab") as file:
        file.write(b".")
        return file.tell()


def fail(status, sentence):
    print(f"stub: {sentence}", file=sys.stderr)
    sys.exit(status)


def publish(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f"tmp-{path.name}.{os.getpid()}")
    temporary.write_text(text)
    temporary.rename(path)


def plan_of(record):
    try:
        return json.loads((record / "plan.json").read_text())
    except OSError:
        fail(78, f"no plan in {record}")


def plan(job, source, output, *options):
    options = list(options)
    at = options.index("--shards")
    shards = int(options[at + 1])
    del options[at : at + 2]
    record = pathlib.Path(output) / ".augment"
    images = sorted(path.name for path in pathlib.Path(source).iterdir())
    wanted = {"job": job, "options": options, "shards": shards, "version": VERSION, "images": images}
    if (record / "plan.json").exists():
        if plan_of(record) != wanted:
            fail(78, "another plan is there")
    else:
        publish(record / "plan.json", json.dumps(wanted))


def generate(folder, *options):
    pathlib.Path(folder).mkdir(parents=True)
    for number in range(int(options[options.index("--images") + 1])):
        (pathlib.Path(folder) / f"{number:04}.txt").write_text(f"image {number}")


def run_whole(_, source, output, *options):
    for path in pathlib.Path(source).iterdir():
        publish(pathlib.Path(output) / path.name, bytes_of(path.read_text()))


def bytes_of(content):
    return hashlib.sha256(content.encode()).hexdigest() * 20


def names(found, shard):
    """A run of consecutive images."""
    images, shards = found["images"], found["shards"]
    return images[len(images) * shard // shards : len(images) * (shard + 1) // shards]


def misbehave(record, shard):
    for value in said("status"):
        where, status, *most = value.split(":")
        if where in ("*", str(shard)) and times(record, f"status-{shard}") <= int(most[0] if most else 10**9):
            fail(int(status), f"shard {shard} ends with {status}")
    for value in said("kill"):
        where, most = value.split(":")
        if where == str(shard) and times(record, f"kill-{shard}") <= int(most):
            os.kill(os.getpid(), signal.SIGKILL)
    for value in said("hang"):
        where, most = (value + ":1000000").split(":")[:2]
        if where == str(shard) and times(record, f"hang-{shard}") <= int(most):
            time.sleep(1000)


def run_shards(arguments):
    if "--die-with-parent" in arguments:
        ctypes.CDLL(None).prctl(1, signal.SIGKILL)
    _, source, output = arguments[:3]
    at = arguments.index("--shard")
    text, _, count = arguments[at + 1].partition("/")
    first, _, last = text.partition("-")
    record = pathlib.Path(output) / ".augment"
    found = plan_of(record)
    if found["version"] != VERSION or found["shards"] != int(count):
        fail(78, f"the plan is of version {found['version']}, this is {VERSION}")
    if any(os.path.exists(path) for path in said("refuse-on")):
        fail(78, "this node cannot")
    begin, images, failed, skipped = time.monotonic(), 0, 0, 0
    for shard in range(int(first), int(last or first) + 1):
        manifest = record / "shards" / f"{shard}.json"
        if manifest.exists():
            skipped += 1
            continue
        with open(record / "stub-starts", "a") as file:
            file.write(f"{shard} {os.getpid()}\n")
        misbehave(record, shard)
        time.sleep(float((said("seconds") or ["0"])[0]))
        outputs, bad = {}, 0
        for name in names(found, shard):
            content = (pathlib.Path(source) / name).read_text()
            images += 1
            if content.startswith("bad"):
                bad += 1
                continue
            outputs[name] = len(bytes_of(content))
            publish(pathlib.Path(output) / name, bytes_of(content))
        publish(manifest, json.dumps({"images": len(names(found, shard)), "failed": bad, "outputs": outputs}))
        failed += bad
    print(json.dumps({"images": images, "copies": images - failed, "imagesFailed": failed, "skipped": skipped,
                      "wallSeconds": time.monotonic() - begin}))  # fmt: skip
    sys.exit(1 if failed else 0)


def missing(record):
    found = plan_of(record)
    return [str(shard) for shard in range(found["shards"]) if not (record / "shards" / f"{shard}.json").exists()]


def status(output, *_):
    record = pathlib.Path(output) / ".augment"
    gone, shards = missing(record), plan_of(record)["shards"]
    print(json.dumps({"shards": shards, "shardsDone": shards - len(gone), "missing": gone}))
    sys.exit(1 if gone else 0)


def finalize(output, *_):
    record = pathlib.Path(output) / ".augment"
    if gone := missing(record):
        fail(75, f"missing: {', '.join(gone)}")
    images = failed = 0
    for path in (record / "shards").iterdir():
        header = json.loads(path.read_text())
        images, failed = images + header["images"], failed + header["failed"]
    print(json.dumps({"images": images, "copies": images - failed, "imagesFailed": failed}))
    sys.exit(1 if failed else 0)


def main():
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda given, _: os._exit(128 + given))
    with contextlib.suppress(BrokenPipeError):
        commands = {"plan": plan, "status": status, "finalize": finalize, "generate": generate}
        if sys.argv[1] == "--version":
            print(VERSION)
        elif sys.argv[1] in commands:
            commands[sys.argv[1]](*sys.argv[2:])
        elif "--shard" in sys.argv:
            run_shards(sys.argv[1:])
        else:
            run_whole(*sys.argv[1:])


if __name__ == "__main__":
    main()
