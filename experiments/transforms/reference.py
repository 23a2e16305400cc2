"""Writes the results of Albumentations 2.0.8 on some images with fixed parameters, for the tests of the transforms.

    reference.py FOLDER TRANSFORM [PHOTOGRAPH ...]    raw pixels and cases.jsonl of one transform, for AlbumentationsTests
    reference.py --all FOLDER [FAMILY ...]            FAMILY.json: defaults and a few cases of every transform, for
                                                      ReferenceTests
    reference.py --draws FILE TRANSFORM               10,000 draws of each parameter, for DrawDistributionTests

A line of cases.jsonl is one case:

    transform   as in a pipeline file
    drawn       the draw of the transform, as in a manifest
    input, inputShape, output, outputShape    files of raw pixels; width, height, channels
    tolerance   "exact"; "fused": exact if OpenCV has fused multiply-adds; "one": within one level; "near": a warp
    kernel, isFused    weights row by row and whether OpenCV fuses, where a tie may be rounded either way

To add a transform, write a function that calls `case`, and add it to CASES under the name of the transform, in the file
of its family in `cases`. DRAWS tells what it draws.
"""

import importlib
import os
import sys
import warnings

os.environ["NO_ALBUMENTATIONS_UPDATE"] = "1"
warnings.filterwarnings("ignore")

import draws
import pictures

FAMILIES = {name: importlib.import_module(f"cases.{name}")
            for name in ["crop", "geometric", "color", "blur", "noise", "dropout", "weather", "mixing"]}


def family_of(transform):
    return next(family for family in FAMILIES.values() if transform in family.CASES)


def keep(keeper, family, makers, images):
    for make in makers:
        pictures.random.seed()
        for picture in images:
            make(picture)
    keeper.close(family)


def main(arguments):
    if arguments[0] == "--draws":
        draws.write(arguments[1], arguments[2], family_of(arguments[2]).DRAWS.get(arguments[2], []))
    elif arguments[0] == "--all":
        for name in arguments[2:] or FAMILIES:
            keeper = pictures.Excerpt(os.path.join(arguments[1], f"{name}.json"))
            keep(keeper, FAMILIES[name], FAMILIES[name].CASES.values(), list(pictures.images(keeper, [], (24, 18), [])))
    else:
        keeper, family = pictures.Folder(arguments[0]), family_of(arguments[1])
        sizes = [(97, 131), (33, 20), (9, 1), (1, 8), (1, 1), (6, 5)]
        keep(keeper, family, [family.CASES[arguments[1]]],
             list(pictures.images(keeper, arguments[2:], (128, 96), sizes)))


main(sys.argv[1:])
