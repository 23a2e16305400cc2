"""Writes image files in the variants of each format, and what Pillow reads from files.

formats.py write FOLDER    writes files, for each its pixels as R, G, B, alpha in NAME.rgba, and index.json
formats.py read FOLDER     writes the same of all files that are there; of those of 16 bits their samples, as OpenCV
                           reads them, in NAME.samples

index.json tells of each file its size, and by how much a level may differ. Pillow cannot read 16 bits of R, G, B: there
the pixels are computed, v / 257 rounded.
"""

import itertools
import json
import os
import struct
import sys

import cv2
import numpy
from PIL import Image, ImageOps

WIDTH, HEIGHT = 37, 23
ORIENTATION = 0x0112


class Folder:
    def __init__(self, path):
        self.path, self.index = path, []

    def file(self, name):
        return f"{self.path}/{name}"

    def add(self, name, pixels=None, tolerance=0):
        """Notes a file, with the pixels that Pillow reads unless others are given."""
        if pixels is None:
            pixels = numpy.asarray(ImageOps.exif_transpose(Image.open(self.file(name))).convert("RGBA"))
        height, width = pixels.shape[:2]
        with open(self.file(f"{name}.rgba"), "wb") as file:
            file.write(numpy.ascontiguousarray(pixels, numpy.uint8).tobytes())
        self.index.append({"name": name, "width": width, "height": height, "tolerance": tolerance})

    def save(self, image, name, **options):
        image.save(self.file(name), **options)
        self.add(name)

    def write(self, name, content, pixels=None, tolerance=0):
        with open(self.file(name), "wb") as file:
            file.write(content)
        self.add(name, pixels, tolerance)


def picture():
    """Colours and opacities with edges, gradients and noise."""
    rows, columns = numpy.mgrid[0:HEIGHT, 0:WIDTH]
    noise = numpy.random.default_rng(7).integers(0, 30, (HEIGHT, WIDTH))
    planes = [rows * 9 + noise, columns * 6 % 256, (rows + columns) * 4 % 256, 255 - columns * 5 % 200]
    return Image.fromarray(numpy.stack(planes, axis=2).clip(0, 255).astype(numpy.uint8), "RGBA")


def samples16(channels):
    return numpy.random.default_rng(8).integers(0, 65536, (HEIGHT, WIDTH, channels)).astype(numpy.uint16)


def reduced(samples):
    """R, G, B, alpha of 8 bits from grey, grey and alpha, R, G, B or those and alpha of 16."""
    levels = ((samples.astype(numpy.uint32) * 255 + 32895) >> 16).astype(numpy.uint8)
    channels = levels.shape[2]
    color = levels[..., :3] if channels >= 3 else numpy.repeat(levels[..., :1], 3, axis=2)
    alpha = levels[..., -1:] if channels in (2, 4) else numpy.full_like(levels[..., :1], 255)
    return numpy.concatenate([color, alpha], axis=2)


def bmp_file(width, height, bits, compression, palette, data, masks=b""):
    offset = 14 + 40 + len(masks) + len(palette)
    header = struct.pack("<IiiHHIIiiII", 40, width, height, 1, bits, compression, len(data), 2835, 2835, 0, 0)
    return struct.pack("<2sIHHI", b"BM", offset + len(data), 0, 0, offset) + header + masks + palette + data


def write_bmp(folder):
    color = picture()
    for name, mode in (("rgb", "RGB"), ("rgba", "RGBA"), ("grey", "L"), ("bits", "1"), ("indices", "P")):
        folder.save(color.convert(mode), f"{name}.bmp")
    values = samples16(1)[..., 0]
    padded = numpy.pad(values, ((0, 0), (0, WIDTH % 2)))
    folder.write("bits555.bmp", bmp_file(WIDTH, HEIGHT, 16, 0, b"", padded.tobytes()), tolerance=1)
    masks = struct.pack("<III", 0xF800, 0x07E0, 0x001F)
    folder.write("bits565.bmp", bmp_file(WIDTH, HEIGHT, 16, 3, b"", padded.tobytes(), masks), tolerance=1)
    folder.write("topdown.bmp", bmp_file(WIDTH, -HEIGHT, 16, 0, b"", padded.tobytes()), tolerance=1)
    for bits in (8, 4):
        indices = (numpy.mgrid[0:HEIGHT, 0:WIDTH].sum(axis=0) // 5 * 3 % (1 << bits)).astype(numpy.uint8)
        colors = numpy.random.default_rng(bits).integers(0, 256, (1 << bits, 4)).astype(numpy.uint8)
        pixels = numpy.dstack([colors[indices][..., 2::-1], numpy.full_like(indices, 255)])
        content = bmp_file(WIDTH, HEIGHT, bits, 1 if bits == 8 else 2, colors.tobytes(), runs(indices, bits))
        folder.write(f"runs{bits}.bmp", content, pixels)


def packed(indices, bits):
    """Bytes of indices of 8 bits, or of two of 4 each."""
    if bits == 8:
        return bytes(indices)
    pairs = list(indices) + [0] * (len(indices) % 2)
    return bytes(high << 4 | low for high, low in zip(pairs[::2], pairs[1::2]))


def runs(indices, bits):
    """Run lengths of a bitmap from the bottom up: every other row literally, in pieces of 20."""
    data = b""
    for number, row in enumerate(indices[::-1].tolist()):
        if number % 2 == 0:
            for index, run in itertools.groupby(row):
                data += bytes([len(list(run)), index if bits == 8 else index << 4 | index])
        else:
            for piece in (row[:20], row[20:]):
                literal = packed(piece, bits)
                data += bytes([0, len(piece)]) + literal + b"\0" * (len(literal) % 2)
        data += b"\0\0"
    return data[:-2] + b"\0\1"


def write_gif(folder):
    color = picture().convert("RGB")
    folder.save(color.quantize(64), "indices.gif", interlace=0)
    folder.save(color.quantize(256), "interlaced.gif", interlace=1)
    folder.save(color.quantize(16), "transparent.gif", transparency=3)
    folder.save(color.convert("L"), "grey.gif")
    frames = [color.rotate(90 * turn).quantize(32) for turn in (0, 1, 2)]
    frames[0].save(folder.file("frames.gif"), save_all=True, append_images=frames[1:])
    folder.add("frames.gif")
    noise = numpy.random.default_rng(9).integers(0, 256, (150, 200)).astype(numpy.uint8)
    folder.save(Image.fromarray(noise), "noise.gif")  # more codes than a table has room for


def write_pnm(folder):
    color = picture().convert("RGB")
    for mode, ending in (("RGB", "ppm"), ("L", "pgm"), ("1", "pbm")):
        folder.save(color.convert(mode), f"raw.{ending}")
    grey, rgb = numpy.asarray(color.convert("L")), numpy.asarray(color)
    bits = (grey < 99).astype(int)
    size = f"# a comment\n{WIDTH} # another\n{HEIGHT}\n"
    text = lambda values: "\n".join(" ".join(map(str, row)) for row in values.reshape(HEIGHT, -1))
    folder.write("text.pbm", f"P1\n{size}{text(bits)}\n".encode())
    folder.write("close.pbm", f"P1\n{size}{text(bits).replace(' ', '')}\n".encode())
    folder.write("text.pgm", f"P2\n{size}255\n{text(grey)}\n".encode())
    folder.write("text.ppm", f"P3\n{size}255\n{text(rgb)}\n".encode())
    folder.write("fifteen.pgm", f"P5\n{size}15\n".encode() + (grey // 16).tobytes())
    deep = samples16(3)
    folder.write("deep.ppm", f"P6\n{size}65535\n".encode() + deep.astype(">u2").tobytes(), reduced(deep))
    rgba = numpy.asarray(picture())
    head = f"P7\nWIDTH {WIDTH}\nHEIGHT {HEIGHT}\nDEPTH 4\nMAXVAL 255\nTUPLTYPE RGB_ALPHA\nENDHDR\n"
    folder.write("map.pam", head.encode() + rgba.tobytes(), rgba)


def write_webp(folder):
    color = picture()
    exif = Image.Exif()
    exif[ORIENTATION] = 6
    folder.save(color.convert("RGB"), "lossy.webp", quality=80)
    folder.save(color, "lossy-alpha.webp", quality=80)
    folder.save(color.convert("RGB"), "lossless.webp", lossless=True)
    folder.save(color, "lossless-alpha.webp", lossless=True, exact=True)
    folder.save(color.convert("RGB"), "turned.webp", lossless=True, exif=exif)
    frames = [color.convert("RGB").rotate(90 * turn) for turn in (0, 1, 2)]
    frames[0].save(folder.file("frames.webp"), save_all=True, append_images=frames[1:], lossless=True)
    folder.add("frames.webp")


def tiff_file(order, tags, data):
    """A directory behind the pixels, which begin at 8; a tag is a number, a type (3 or 4) and values."""
    start, values = 8 + len(data) + len(data) % 2, b""
    directory = struct.pack(order + "H", len(tags))
    for tag, kind, numbers in sorted(tags):
        packed = struct.pack(order + ("H" if kind == 3 else "I") * len(numbers), *numbers)
        place = struct.pack(order + "I", start + 2 + 12 * len(tags) + 4 + len(values))
        directory += struct.pack(order + "HHI", tag, kind, len(numbers))
        directory += packed.ljust(4, b"\0") if len(packed) <= 4 else place
        values += packed if len(packed) > 4 else b""
    mark = b"II" if order == "<" else b"MM"
    head = mark + struct.pack(order + "HI", 42, start)
    return head + data.ljust(start - 8, b"\0") + directory + struct.pack(order + "I", 0) + values


def tiff_tags(samples, bits, photometric):
    return [(256, 3, [WIDTH]), (257, 3, [HEIGHT]), (258, 3, [bits] * samples), (259, 3, [1]), (262, 3, [photometric]),
            (277, 3, [samples])]


def write_tiff(folder):
    color = picture()
    for compression in ("raw", "tiff_lzw", "tiff_adobe_deflate", "packbits"):
        folder.save(color.convert("RGB"), f"{compression}.tif", compression=compression)
    folder.save(color.convert("RGB"), "jpeg.tif", compression="jpeg", quality=90)
    for coding in ("raw", "group3", "group4"):
        folder.save(color.convert("1"), f"bits-{coding}.tif", compression=coding)
    for name, mode in (("grey", "L"), ("indices", "P"), ("rgba", "RGBA"), ("grey-alpha", "LA")):
        folder.save(color.convert(mode), f"{name}.tif", compression="tiff_lzw")
    folder.save(color.convert("CMYK"), "inks.tif")
    exif = Image.Exif()
    exif[ORIENTATION] = 8
    folder.save(color.convert("RGB"), "turned.tif", exif=exif)
    frames = [color.convert("RGB").rotate(90 * turn) for turn in (0, 1)]
    frames[0].save(folder.file("pages.tif"), save_all=True, append_images=frames[1:])
    folder.add("pages.tif")
    write_handmade_tiff(folder)
    for channels in (1, 3):
        deep = samples16(channels)
        cv2.imwrite(folder.file(f"deep{channels}.tif"), deep[..., ::-1] if channels == 3 else deep)
        folder.add(f"deep{channels}.tif", reduced(deep))


def write_handmade_tiff(folder):
    """What Pillow reads but does not write: tiles, planes, the other byte order, white as 0, premultiplied alpha."""
    rgb = numpy.asarray(picture().convert("RGB"))
    padded = numpy.pad(rgb, ((0, 32 - HEIGHT), (0, 48 - WIDTH), (0, 0)))
    tiles = [padded[y:y + 16, x:x + 16].tobytes() for y in (0, 16) for x in (0, 16, 32)]
    places = [(322, 3, [16]), (323, 3, [16]), (324, 4, [8 + 768 * i for i in range(6)]), (325, 4, [768] * 6)]
    folder.write("tiles.tif", tiff_file("<", tiff_tags(3, 8, 2) + places, b"".join(tiles)))
    planes = b"".join(rgb[..., channel].tobytes() for channel in range(3))
    area = WIDTH * HEIGHT
    strips = [(273, 4, [8 + area * i for i in range(3)]), (278, 3, [HEIGHT]), (279, 4, [area] * 3), (284, 3, [2])]
    folder.write("planes.tif", tiff_file(">", tiff_tags(3, 8, 2) + strips, planes))
    grey = rgb[..., 1]
    strip = lambda count: [(273, 4, [8]), (278, 3, [HEIGHT]), (279, 4, [count])]
    folder.write("inverted.tif", tiff_file("<", tiff_tags(1, 8, 0) + strip(area), grey.tobytes()))
    deep = samples16(4)
    tags = tiff_tags(4, 16, 2) + strip(area * 8) + [(338, 3, [2])]
    folder.write("deep4.tif", tiff_file(">", tags, deep.astype(">u2").tobytes()), reduced(deep))
    alpha = numpy.asarray(picture())[..., 3:]
    multiplied = numpy.concatenate([(rgb * (alpha / 255.0)).round().astype(numpy.uint8), alpha], axis=2)
    tags = tiff_tags(4, 8, 2) + strip(area * 4) + [(338, 3, [1])]
    folder.write("multiplied.tif", tiff_file("<", tags, multiplied.tobytes()))


def write_png(folder):
    for channels in (1, 3, 4):
        deep = samples16(channels)
        stored = deep if channels == 1 else cv2.cvtColor(deep, cv2.COLOR_RGB2BGR if channels == 3 else cv2.COLOR_RGBA2BGRA)
        cv2.imwrite(folder.file(f"deep{channels}.png"), stored)
        folder.add(f"deep{channels}.png", reduced(deep))


def read(folder):
    for name in sorted(os.listdir(folder.path)):
        folder.add(name)
        samples = cv2.imread(folder.file(name), cv2.IMREAD_UNCHANGED)
        if samples is not None and samples.dtype == numpy.uint16:
            if samples.ndim == 3:
                samples = cv2.cvtColor(samples, cv2.COLOR_BGR2RGB if samples.shape[2] == 3 else cv2.COLOR_BGRA2RGBA)
            samples.astype("<u2").tofile(folder.file(f"{name}.samples"))


def write(folder):
    for write_format in (write_bmp, write_gif, write_pnm, write_webp, write_tiff, write_png):
        write_format(folder)


if __name__ == "__main__":
    folder = Folder(sys.argv[2])
    {"write": write, "read": read}[sys.argv[1]](folder)
    with open(folder.file("index.json"), "w") as file:
        json.dump(folder.index, file)
