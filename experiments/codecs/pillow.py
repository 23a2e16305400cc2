"""Writes images of kinds that augment-cli does not write, and shows what a file contains, both by Pillow.

pillow.py write FOLDER    writes photo.jpg, drawing.png and inks.jpg
pillow.py show FOLDER     prints their contents as JSON
"""

import json
import sys

from PIL import Image, JpegImagePlugin, PngImagePlugin

EXIF_DIRECTORY = 0x8769
ORIENTATION, MAKER, COLOR_SPACE, MAKERS_NOTE = 0x0112, 0x010F, 0xA001, 0x927C


def write(folder):
    circle = Image.radial_gradient("L").resize((64, 48))
    picture = Image.merge("RGB", (circle, circle.point(lambda level: level // 2), circle.point(lambda level: 255 - level)))
    exif = Image.Exif()
    exif[MAKER], exif[ORIENTATION] = "Maker", 6
    exif.get_ifd(EXIF_DIRECTORY).update({COLOR_SPACE: 0xFFFF, MAKERS_NOTE: b"secret"})
    picture.save(f"{folder}/photo.jpg", quality=90, subsampling="4:2:2", dpi=(300, 300), exif=exif, xmp=b"<x:xmpmeta/>")
    chunks = PngImagePlugin.PngInfo()
    chunks.add(b"gAMA", (100_000).to_bytes(4, "big"))
    picture.save(f"{folder}/drawing.png", pnginfo=chunks, dpi=(300, 300), exif=exif)
    picture.convert("CMYK").save(f"{folder}/inks.jpg", quality=95, subsampling=0)
    with open(f"{folder}/inks.jpg", "r+b") as file:
        data = file.read()
        adobe = data.index(b"\xff\xee")  # a segment of 16 bytes
        file.seek(0)
        file.write(data[:adobe] + data[adobe + 16 :])
        file.truncate()


def contents(path):
    image = Image.open(path)
    image.load()
    exif = image.getexif()
    colors = exif.get_ifd(EXIF_DIRECTORY)
    return {
        "size": image.size,
        "orientation": exif.get(ORIENTATION),
        "maker": exif.get(MAKER),
        "colorSpace": colors.get(COLOR_SPACE),
        "hasMakersNote": MAKERS_NOTE in colors,
        "gamma": image.info.get("gamma"),
        "dotsPerInch": round(image.info.get("dpi", (0, 0))[0]),
        "hasXMP": "xmp" in image.info,
        "sampling": JpegImagePlugin.get_sampling(image) if image.format == "JPEG" else None,
        "pixel": image.convert("RGB").getpixel((30, 20)),
    }


def show(folder):
    print(json.dumps({name: contents(f"{folder}/{name}") for name in ("photo.jpg", "drawing.png", "inks.jpg")}))


if __name__ == "__main__":
    {"write": write, "show": show}[sys.argv[1]](sys.argv[2])
