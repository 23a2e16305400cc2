"""Runs libFuzzer on the readers of files and messages, one after another: the decoders of images, pipeline files, the
record of a run, what workers say. Builds them in .build/fuzzing with AddressSanitizer, makes seeds, and prints for each
what was tried and found. An input that crashes, breaks a promise, takes 5 seconds or asks for 256 MB at once is a
finding; it is kept in .build/fuzzing/findings, and what is interesting in .build/fuzzing/corpus. On a busy machine, try
an input that takes too long again by itself.
"""

import argparse
import os
import pathlib
import platform
import re
import shutil
import struct
import subprocess
import sys
import zlib

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
WORK = ROOT / ".build" / "fuzzing"
SHARED = pathlib.Path(os.environ.get("AUGMENT_SHARED_DATA", ROOT.parent / "shared" / "data"))
IMAGES = ["jpeg", "png", "webp", "tiff", "bmp", "gif", "pnm"]
TARGETS = [*IMAGES, "pipeline", "plan", "listing", "manifest", "message"]
# Larger inputs are tried too rarely. Pipeline files and plans are text, of which little says much.
MOST_BYTES = {"pipeline": 4096, "plan": 16384, "listing": 2048, "manifest": 8192, "message": 2048}
MAGIC = {"jpeg": [b"\xff\xd8"], "png": [b"\x89PNG"], "webp": [b"RIFF"], "tiff": [b"II", b"MM"], "bmp": [b"BM"],
         "gif": [b"GIF8"], "pnm": [b"P%d" % kind for kind in range(1, 8)]}
WORDS = {
    "jpeg": [r"\xff\xc0", r"\xff\xc2", r"\xff\xc4", r"\xff\xda", r"\xff\xdd", r"\xff\xd9", r"\xff\xe1", r"\xff\xe2",
             r"Exif\x00\x00", r"ICC_PROFILE\x00", r"\xff\xee\x00\x0eAdobe"],
    "png": ["IHDR", "PLTE", "IDAT", "IEND", "tRNS", "eXIf", "iCCP", "gAMA", "cHRM", "sRGB", "cICP", "pHYs", "acTL",
            "fcTL", "iTXt", "zTXt"],
    "webp": ["VP8 ", "VP8L", "VP8X", "ALPH", "ANIM", "ANMF", "ICCP", "EXIF", "XMP "],
    "tiff": [rf"\x{tag:02x}\x01" for tag in [0, 1, 2, 3, 6, 17, 18, 21, 22, 23, 28, 61, 66, 82, 83, 91]],
    "gif": ["NETSCAPE2.0", r"!\xf9\x04", r"!\xff\x0b", ","],
    "pnm": ["WIDTH ", "HEIGHT ", "DEPTH ", "MAXVAL ", "TUPLTYPE ", "RGB_ALPHA", "GRAYSCALE", r"ENDHDR\x0a", "65535",
            "255"],
}


def build(options):
    """Counts edges in all Swift and C targets of the package; libFuzzer itself comes without a main."""
    runtime = subprocess.run(
        ["swiftc", "-print-target-info"], check=True, capture_output=True, text=True).stdout
    resources = pathlib.Path(re.search(r'"runtimeResourcePath": "(.*)"', runtime)[1])
    library = f"libclang_rt.fuzzer_no_main-{platform.machine()}.a"
    found = sorted(resources.parent.glob(f"clang*/**/{library}")) or sorted(resources.glob(f"**/{library}"))
    if not found:
        sys.exit(f"{library} is not part of this Swift toolchain.")
    flags = ["-Xswiftc", "-Xfrontend", "-Xswiftc", "-sanitize=fuzzer", "-Xcc", "-fsanitize=fuzzer-no-link",
             "-Xcxx", "-DHWY_COMPILE_ONLY_STATIC", "-Xcxx", "-fno-sanitize=all"]
    command = ["swift", "build", "-c", "release", "--scratch-path", os.fspath(WORK), "--sanitize", "address", *flags,
               "-Xlinker", os.fspath(found[0]), "-Xlinker", "-lstdc++", "--product", "fuzz-readers"]
    subprocess.run([*command, *options.build], check=True, cwd=ROOT, env={**os.environ, "AUGMENT_FUZZ_TARGETS": "1"})


def chunk(kind, content):
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def small_images():
    """The least of the formats that augment-cli does not write, and of PNG with 16 bits and with a palette."""
    pixels = bytes(range(48))
    yield "pnm", b"P1\n# text\n4 4\n0101 1010 0 1 0 1 1010\n"
    yield "pnm", b"P2\n4 4\n15\n" + b" ".join(b"%d" % (pixel % 16) for pixel in range(16))
    yield "pnm", b"P3 2 2 255 " + b" ".join(b"%d" % pixel for pixel in range(12))
    yield "pnm", b"P4\n9 2\n" + pixels[:4]
    yield "pnm", b"P5\n4 4\n65535\n" + pixels[:32]
    yield "pnm", b"P6\n4 4\n255\n" + pixels
    yield "pnm", b"P7\nWIDTH 2\nHEIGHT 2\nDEPTH 4\nMAXVAL 255\nTUPLTYPE RGB_ALPHA\nENDHDR\n" + pixels[:16]
    yield "gif", (b"GIF89a\x04\x00\x04\x00\x81\x00\x00" + pixels[:12] + b"!\xf9\x04\x01\x00\x00\x01\x00"
                  b"\x2c\x00\x00\x00\x00\x04\x00\x04\x00\x00\x02\x05\x84\x1d\x99\x4a\x05\x00;")
    for bits, palette, rows in [
            (24, b"", pixels), (8, bytes(64), pixels[:16]), (1, bytes(8), bytes(16)), (16, b"", pixels[:32]),
            (32, b"", pixels + pixels[:16])]:
        offset = 54 + len(palette)
        head = struct.pack("<IiiHHIIiiII", 40, 4, 4, 1, bits, 0, len(rows), 2835, 2835, len(palette) // 4, 0)
        yield "bmp", struct.pack("<2sIHHI", b"BM", offset + len(rows), 0, 0, offset) + head + palette + rows
    runs = b"\x04\x01\x00\x00\x02\x02\x02\x03\x00\x00\x00\x04\x01\x02\x03\x04\x00\x00\x00\x01"
    head = struct.pack("<IiiHHIIiiII", 40, 4, 4, 1, 8, 1, len(runs), 0, 0, 4, 0)
    yield "bmp", struct.pack("<2sIHHI", b"BM", 70 + len(runs), 0, 0, 70) + head + bytes(range(16)) + runs
    for kind, depth, channels, extra in [
            (0, 16, 1, b""), (2, 16, 3, b""), (3, 8, 1, chunk(b"PLTE", bytes(48))), (6, 16, 4, b"")]:
        row = b"\0" + bytes(4 * depth // 8 * channels)
        yield "png", (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", 4, 4, depth, kind, 0, 0, 0)) + extra
                      + chunk(b"IDAT", zlib.compress(4 * row)) + chunk(b"IEND", b""))


class Seeds:
    def __init__(self, cli):
        self.cli, self.work = os.fspath(cli), WORK / "seeds"
        shutil.rmtree(self.work, ignore_errors=True)
        self.work.mkdir(parents=True)
        self.count = 0
        for pattern, kind in [("scene", "jpg"), ("noise", "png"), ("thermal", "png")]:
            self.call("generate", self.work / f"in-{kind}-{pattern}", "--images", "2", "--size", "24x16",
                      "--format", kind, "--pattern", pattern)

    def call(self, *arguments):
        subprocess.run([self.cli, *map(os.fspath, arguments)], check=True, capture_output=True)

    def add(self, target, content):
        folder = self.work / target
        folder.mkdir(exist_ok=True)
        if 0 < len(content) <= MOST_BYTES.get(target, 16384):
            (folder / f"{self.count:04}").write_bytes(content)
            self.count += 1

    def images(self):
        for target, content in small_images():
            self.add(target, content)
        for kind in ["webp", "tiff"]:
            self.call("prepare", self.work / "in-png-noise", self.work / f"out-{kind}", "--size", "20x14",
                      "--format", kind)
        folders = [*self.work.glob("in-*"), *self.work.glob("out-*"), SHARED / "hostile"]
        for path in sorted(path for folder in folders for path in folder.rglob("*") if path.is_file()):
            content = path.read_bytes()
            for target in IMAGES:
                if any(content.startswith(magic) for magic in MAGIC[target]):
                    self.add(target, content)

    def pipelines(self):
        places = [SHARED / "pipelines", SHARED / "pipeline-files", ROOT / "experiments", ROOT / "Tests"]
        for path in sorted(path for place in places for path in place.rglob("*") if path.suffix in [".json", ".yaml"]):
            self.add("pipeline", path.read_bytes())
        self.add("pipeline", b"transforms:\n  - &flip {__class_fullname__: HorizontalFlip, p: 0.5}\n  - *flip\n"
                 b"  - <<: *flip\n    p: 1\n")

    def records(self):
        """A run of each job, and downloads; the last is the one whose record is changed."""
        source = self.work / "in-png-noise"
        images = f"{source.as_uri()}/noise_{{n:04}}.png"
        for job, *more in [
                ("quantize", source), ("prepare", source, "--size", "9x9"), ("anonymize", source),
                ("ingest", images, "--count", "1", "--allow-file-urls"),
                ("augment", source, "--copies", "2")]:
            output = self.work / f"run-{job}"
            self.call(job, *more, output)
            self.add("plan", (output / ".augment" / "plan.json").read_bytes())
            self.add("manifest", (output / ".augment" / "manifest.jsonl").read_bytes())
        self.add("listing", b"0 1000 1795000000000000000 png scene-0.png\x007 990 1795000000000000001 png 1.png\x00")
        self.add("listing", b"0 - - jpeg a/b.jpg\x002 - - webp c.webp\x00")
        self.add("listing", b"0 1000 1795000000000000000 tar a/b.tar\x003 - - tar .tgz\x00")
        self.add("listing", b"0 - - url https://host/a.jpg\x0013 - - url b.jpg\x00")
        self.add("listing", (output / ".augment" / "listing-0000.zst").read_bytes())
        return output

    def messages(self):
        for kind in range(5):
            self.add("message", bytes([kind]) + bytes(50))
            self.add("message", bytes([kind, 1]) + bytes(range(48)) + b"\x01\x01reason\0omission\0note\0")


def dictionary(target, seeds):
    """The option that names a file of words to put into inputs; none if there are no words."""
    words = WORDS.get(target, [])
    if target in ["pipeline", "plan", "manifest"]:
        texts = " ".join(path.read_text(errors="replace") for path in (seeds / target).iterdir())
        words = sorted(set(re.findall(r"[A-Za-z_]{3,40}", texts)))[:1500]
        words += ["&a ", "*a", "<<: ", "null", "1e300", "-1", "9223372036854775807"]
    path = WORK / f"{target}.dict"
    path.write_text("".join(f'"{word}"\n' for word in words))
    return [f"-dict={path}"] if words else []


def fuzz(target, seconds, record, seeds):
    """Prints a line, and the end of what libFuzzer says if it has found something."""
    corpus, findings = WORK / "corpus" / target, WORK / "findings" / target
    for folder in [corpus, findings]:
        folder.mkdir(parents=True, exist_ok=True)
    # Each leaves it damaged.
    run = WORK / "run"
    shutil.rmtree(run, ignore_errors=True)
    shutil.copytree(record, run)
    environment = {
        **os.environ, "AUGMENT_FUZZ_TARGET": target, "AUGMENT_FUZZ_RUN": os.fspath(run),
        "SWIFT_BACKTRACE": "enable=no", "ASAN_OPTIONS": "detect_leaks=0:allocator_may_return_null=1"}
    command = [
        WORK / "release" / "fuzz-readers", f"-max_total_time={seconds}", "-timeout=5", "-malloc_limit_mb=256",
        "-rss_limit_mb=1536", f"-max_len={MOST_BYTES.get(target, 16384)}", *dictionary(target, seeds),
        "-print_final_stats=1", "-detect_leaks=0", f"-artifact_prefix={findings}/", corpus, seeds / target]
    run = subprocess.run(
        command, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, errors="replace")
    executions = re.search(r"stat::number_of_executed_units:\s*(\d+)", run.stderr)
    seconds = re.findall(r"Done \d+ runs in (\d+) second", run.stderr)
    coverage = re.findall(r"cov: (\d+) ft: (\d+)", run.stderr)
    found = re.findall(r"Test unit written to (\S+)", run.stderr)
    edges, features = coverage[-1] if coverage else ("?", "?")
    print(f"{target:9} {executions[1] if executions else '?':>10} executions in {seconds[0] if seconds else '?'} s, "
          f"{edges} edges, {features} features, {f'found {found[0]}' if found else 'no finding'}", flush=True)
    if run.returncode != 0:
        print("\n".join(run.stderr.splitlines()[-60:]), flush=True)
    return run.returncode == 0


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("targets", nargs="*", metavar="target", help=f"of {', '.join(TARGETS)} (default: all)")
    parser.add_argument("--seconds", type=int, default=60, help="for each target (default: %(default)s)")
    parser.add_argument(
        "--cli", type=pathlib.Path, default=ROOT / ".build" / "release" / "augment-cli", help="makes the seeds")
    parser.add_argument("--build", nargs="+", default=[], metavar="flag", help="more flags of swift build")
    options = parser.parse_args()
    if unknown := set(options.targets) - set(TARGETS):
        parser.error(f"no target {', '.join(sorted(unknown))}")
    build(options)
    seeds = Seeds(options.cli)
    seeds.images()
    seeds.pipelines()
    seeds.messages()
    record = seeds.records()
    sound = [fuzz(target, options.seconds, record, seeds.work) for target in options.targets or TARGETS]
    sys.exit(not all(sound))


if __name__ == "__main__":
    main()
