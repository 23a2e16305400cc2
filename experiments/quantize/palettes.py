"""Whole commands from file to file: ours, pngquant, and libimagequant from Python, at which quality."""

import itertools
import time

import imagequant
import machine
import pictures
import programs
import summary
from PIL import Image

COLUMNS = [
    "input", "implementation", "setting", "colors", "threads", "repetition", "outcome", "processSeconds", "ownSeconds",
    "decibels", "writtenBytes",
]  # fmt: skip
# The slowest and best, the default, and the fastest of pngquant.
SPEEDS = [1, 4, 11]
# How ours chooses the first centroids.
INITS = ["random", "kmeans++"]
ONE_THREAD = {"OMP_NUM_THREADS": "1"}


class Bench:
    def __init__(self, options, work, rows):
        self.options, self.work, self.rows = options, work, rows
        self.numbers = itertools.count()

    def run(self, images):
        """All sides in turn, after a round that is not counted."""
        for repetition in range(self.options.runs + 1):
            for picture in images:
                for colors in self.options.colors:
                    for values in self.round(picture, colors):
                        if repetition > 0:
                            shape = {"input": picture.path.stem, "colors": colors, "repetition": repetition}
                            self.rows.add(values | shape)

    def round(self, picture, colors):
        for threads in sorted({1, machine.cores()}):
            for init in INITS:
                yield self.ours(picture, colors, threads, init)
            for speed in SPEEDS:
                yield self.pngquant(picture, colors, threads, speed)
        yield self.libimagequant(picture, colors)

    def ours(self, picture, colors, threads, init):
        folder = self.work / f"palette-{next(self.numbers)}"
        shape = ["--colors", str(colors), "--threads", str(threads), "--init", init]
        command = [self.options.cli, "quantize", picture.path, folder, *shape, "--palette-output", "--quiet", "--json"]
        run = programs.run(command, self.options.run_timeout)
        values = {"implementation": summary.OURS, "setting": init, "threads": threads}
        return values | self.judged(picture, run, folder / picture.path.name, run.said().get("wallSeconds"))

    def pngquant(self, picture, colors, threads, speed):
        folder = self.work / f"palette-{next(self.numbers)}"
        folder.mkdir()
        output = folder / picture.path.name
        flags = ["--nofs", "--speed", str(speed), "--output", output]
        environment = ONE_THREAD if threads == 1 else {}
        command = ["pngquant", *flags, str(colors), picture.path]
        run = programs.run(command, self.options.run_timeout, environment)
        values = {"implementation": "pngquant", "setting": f"speed {speed}", "threads": threads}
        return values | self.judged(picture, run, output, None)

    def libimagequant(self, picture, colors):
        """Its own time, without files, at its default speed."""
        output = self.work / f"palette-{next(self.numbers)}.png"
        with Image.open(picture.path) as image:
            pixels = image.convert("RGBA")
        begin = time.perf_counter()
        reduced = imagequant.quantize_pil_image(pixels, dithering_level=0, max_colors=colors)
        seconds = time.perf_counter() - begin
        reduced.save(output)
        values = {"implementation": "libimagequant", "setting": "from Python", "outcome": "ok", "ownSeconds": seconds}
        return values | {"decibels": pictures.decibels(picture.path, output)}

    @staticmethod
    def judged(picture, run, output, own_seconds):
        is_made = run.outcome == "ok" and output.exists()
        return {
            "outcome": "incomplete" if run.outcome == "ok" and not is_made else run.outcome,
            "processSeconds": run.process_seconds, "ownSeconds": own_seconds,
            "decibels": pictures.decibels(picture.path, output) if is_made else None,
            "writtenBytes": output.stat().st_size if is_made else None,
        }  # fmt: skip
