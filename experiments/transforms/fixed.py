"""Runs pipelines in Albumentations 2.0.8 that always do the same, for `FixedPipelineReferenceTests`.

    fixed.py FOLDER

FOLDER holds pipelines as NAME.json, the pixels of an image in image.raw, and in image.size its width, height and
channels. For each pipeline, writes the pixels of its result to NAME.raw and their width, height and channels to
NAME.size.
"""

import json
import os
import pathlib
import sys
import warnings

os.environ["NO_ALBUMENTATIONS_UPDATE"] = "1"
warnings.filterwarnings("ignore")

import albumentations as A  # noqa: E402  (the variable must be set first)
import cv2  # noqa: E402
import numpy as np  # noqa: E402


def main():
    folder = pathlib.Path(sys.argv[1])
    cv2.setNumThreads(0)
    width, height, channels = json.loads((folder / "image.size").read_text())
    pixels = (folder / "image.raw").read_bytes()
    for path in sorted(folder.glob("*.json")):
        image = np.frombuffer(pixels, np.uint8).reshape(height, width, channels).copy()
        output = np.ascontiguousarray(A.load(path)(image=image)["image"])
        path.with_suffix(".raw").write_bytes(output.tobytes())
        size = [output.shape[1], output.shape[0], output.shape[2] if output.ndim == 3 else 1]
        path.with_suffix(".size").write_text(json.dumps(size))


if __name__ == "__main__":
    main()
