"""Writes thermal.json: the pipeline that `augment-cli augment --preset thermal` applies, as Albumentations saves it."""

import os
import pathlib

os.environ["NO_ALBUMENTATIONS_UPDATE"] = "1"

import albumentations as A  # noqa: E402  (the variable must be set first)

FILE = pathlib.Path(__file__).resolve().parent / "thermal.json"


def thermal():
    return A.Compose(
        [
            A.HorizontalFlip(p=0.5),
            A.Affine(scale=(0.9, 1.1), translate_percent=(-0.05, 0.05), rotate=(-10, 10), keep_ratio=True, p=0.5),
            A.OneOf([A.Perspective(p=1), A.GridDistortion(p=1)], p=0.2),
            A.OneOf([A.RandomBrightnessContrast(p=1), A.RandomGamma(p=1), A.CLAHE(p=1)], p=0.5),
            A.OneOf([A.GaussianBlur(p=1), A.MotionBlur(p=1), A.Sharpen(p=1)], p=0.3),
        ]
    )


if __name__ == "__main__":
    A.save(thermal(), FILE)
