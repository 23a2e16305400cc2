"""What mixes several images."""

import inspect

import albumentations as A
import cv2
import numpy as np
from albumentations.augmentations.mixing import domain_adaptation_functional as adaptation

from draws import Draw
from pictures import random


def reference_for(picture, width, height):
    """Another image, brighter to the right and redder below, with some noise."""
    y, x = np.mgrid[:height, :width]
    ramp = np.stack([40 + 150 * y / height, 90 + 120 * x / width, 200 - 60 * x / width - 90 * y / height], -1)
    noisy = np.clip(ramp + random.normal(0, 12, ramp.shape), 0, 255).astype(np.uint8)
    return noisy if picture.is_colour else np.ascontiguousarray(noisy[:, :, 1:2])


def given(*references):
    """The pixels of references for the test, and the draw of the first."""
    pixels = {f"pixels{i}": image.reshape(image.shape[0], -1).astype(np.int32) for i, image in enumerate(references)}
    return {"reference": {"index": 0, "path": "0"}, "widths": [image.shape[1] for image in references], **pixels}


def sizes(picture):
    return [(picture.width, picture.height), (40, 30)]


def is_line(picture):
    """Albumentations takes the channels of an image of one row or column for one."""
    return picture.width == 1 or picture.height == 1


def histogram_matching(picture):
    if is_line(picture):
        return
    for ratio in [1.0, .3, .62]:
        for width, height in sizes(picture):
            reference = reference_for(picture, width, height)
            t = A.HistogramMatching(blend_ratio=(ratio, ratio), p=1)
            output = t(image=picture.pixels, hm_metadata=[reference])["image"]
            picture.case("HistogramMatching", output, {**given(reference), "blendRatio": ratio}, "one")


def pixel_distribution_adaptation(picture):
    if is_line(picture):
        return
    for way, adapter in [("pca", adaptation.PCA), ("standard", adaptation.StandardScaler),
                         ("minmax", adaptation.MinMaxScaler)]:
        for width, height in sizes(picture):
            reference = reference_for(picture, width, height)
            resized = reference
            if resized.shape != picture.pixels.shape:
                resized = cv2.resize(reference, picture.pixels.shape[:2], interpolation=cv2.INTER_AREA)
            # The package blends with shares where levels are meant; everything else is its own.
            image = picture.pixels if picture.is_colour else picture.pixels[:, :, 0]
            resized = resized if picture.is_colour else np.squeeze(resized)
            adapted = adaptation.DomainAdapter(adapter(), resized)(image).astype(np.float32)
            levels = np.clip(adapted * np.float32(255), 0, 255)
            output = np.clip(image.astype(np.float32) * .25 + levels * .75, 0, 255).astype(np.uint8)
            picture.case("PixelDistributionAdaptation", output.reshape(picture.pixels.shape),
                         {**given(reference), "blendRatio": .75}, "one", transform_type=way)


def fda(picture):
    # A gradient has no amplitude at most frequencies, so that their phases are rounding noise, of which a reference
    # makes a picture.
    for beta in [0.0] if picture.name.startswith("gradient") else [.1, .02, .5, 0.0]:
        for width, height in sizes(picture):
            reference = reference_for(picture, width, height)
            t = A.FDA(beta_limit=(beta, beta), p=1)
            output = t(image=picture.pixels, fda_metadata=[reference])["image"]
            picture.case("FDA", output, {**given(reference), "beta": beta}, "one")


def mosaic(picture):
    variants = [
        dict(target_size=(60, 80), cell_shape=(60, 80)),
        dict(target_size=(60, 80), cell_shape=(50, 60), fit_mode="contain", fill=(10, 200, 90)),
        dict(target_size=(90, 70), cell_shape=(41, 33), grid_yx=(3, 4), center_range=(0, 1)),
        dict(target_size=(64, 64), cell_shape=(64, 64), interpolation=0, fit_mode="contain", fill=77),
        dict(target_size=(20, 20), cell_shape=(64, 64), interpolation=2, center_range=(.5, .5)),
    ]
    references = [reference_for(picture, 40, 30), reference_for(picture, 17, 29), reference_for(picture, 8, 60)]
    for seed, options in enumerate(variants):
        if not picture.is_colour and isinstance(options.get("fill"), tuple):
            continue
        t = A.Mosaic(**options, p=1)
        t.set_random_seed(seed)
        seen = {}
        calculate, assign = A.augmentations.mixing.functional.calculate_mosaic_center_point, \
            A.augmentations.mixing.functional.assign_items_to_grid_cells

        def center(**arguments):
            seen["center"] = calculate(**arguments)
            return seen["center"]

        def items(num_items, cell_placements, py_random):
            seen["items"] = assign(num_items, cell_placements, py_random)
            return seen["items"]

        def chosen(data, count):
            seen["chosen"] = select(data, count)
            return seen["chosen"]

        select, t._select_additional_items = t._select_additional_items, chosen
        functional = A.augmentations.mixing.functional
        functional.calculate_mosaic_center_point, functional.assign_items_to_grid_cells = center, items
        try:
            output = t(image=picture.pixels, mosaic_metadata=[{"image": image} for image in references])["image"]
        finally:
            functional.calculate_mosaic_center_point, functional.assign_items_to_grid_cells = calculate, assign
        places = [next(k for k, image in enumerate(references) if image is item["image"]) for item in seen["chosen"]]
        others = [{"index": places[i - 1], "path": str(places[i - 1])} if 0 < i <= len(places) else None
                  for i in list(seen["items"].values())[1:]]
        drawn = {**given(*references), "centerX": seen["center"][0], "centerY": seen["center"][1], "others": others}
        picture.case("Mosaic", output, drawn, "exact" if options.get("interpolation") == 0 else "one", **options)


def overlay_elements(picture):
    for width, height in [(40, 30), (5, 7), (picture.width, picture.height)]:
        reference = reference_for(picture, width, height)
        if not picture.is_colour and (width > picture.width or height > picture.height):
            continue  # fails in the package
        t = A.OverlayElements(p=1)
        t.set_random_seed(width)
        metadata = t.preprocess_metadata({"image": reference}, picture.pixels.shape, t.py_random)
        t.set_random_seed(width)
        output = t(image=picture.pixels, overlay_metadata={"image": reference})["image"]
        y, x = metadata["offset"]
        picture.case("OverlayElements", output, {**given(reference), "x": x, "y": y}, "one")


def template_transform(picture):
    """Of version 1.4: there the template is scaled to the image, and the weights are complementary."""
    for weight in [.5, .3, 1.0]:
        for width, height in sizes(picture):
            reference = reference_for(picture, width, height)
            picture.case("TemplateTransform", mixed(picture, reference, weight),
                         {**given(reference), "imageWeight": weight, "templateWeight": 1 - weight}, "one")


def mix_up(picture):
    """Of version 1.4, with a reference that has been scaled before."""
    for share in [.9, .35]:
        reference = reference_for(picture, 40, 30)
        picture.case("MixUp", mixed(picture, reference, share), {**given(reference), "share": share}, "one")


def mixed(picture, reference, weight):
    resized = cv2.resize(reference, (picture.width, picture.height)).reshape(picture.pixels.shape)
    return cv2.addWeighted(picture.pixels, weight, resized, 1 - weight, 0).reshape(picture.pixels.shape)


CASES = {
    "Mosaic": mosaic,
    "MixUp": mix_up,
    "HistogramMatching": histogram_matching,
    "PixelDistributionAdaptation": pixel_distribution_adaptation,
    "FDA": fda,
    "OverlayElements": overlay_elements,
    "TemplateTransform": template_transform,
}

# Parameters without a default.
REQUIRED = {}


def fields(transform):
    """The transform as in a pipeline file, which the package refuses to write because of its reference images."""
    names = [name for name in inspect.signature(type(transform).__init__).parameters if name not in ("self", "read_fn")]
    return {"__class_fullname__": type(transform).__name__, **{name: getattr(transform, name) for name in names}}


# Defaults that 2.0.8 does not write: of what it cannot, and of classes that only older versions have.
DEFAULTS = {
    **{transform.__name__: fields(transform()) for transform in
       [A.HistogramMatching, A.PixelDistributionAdaptation, A.FDA]},
    "TemplateTransform": {"__class_fullname__": "TemplateTransform", "templates": None, "img_weight": [0.5, 0.5],
                          "template_weight": None, "p": 0.5},
    "MixUp": {"__class_fullname__": "MixUp", "reference_data": None, "alpha": 0.4, "p": 0.5},
}

REFERENCE = np.zeros((10, 10, 3), dtype=np.uint8)


def ratios(transform, key):
    return Draw(transform, lambda p: {"blendRatio": p["blend_ratio"]}, more={key: [REFERENCE]},
                fields=fields(transform))


def center_of(transform):
    """The centre, from the place of the first line between cells in the result."""
    def values(params):
        cells = list(params["processed_cells"])
        edge_x = min(x2 for x1, _, x2, _ in cells if x1 == 0)
        edge_y = min(y2 for _, y1, _, y2 in cells if y1 == 0)
        return {"centerX": 512 - edge_x + 256, "centerY": 512 - edge_y + 256}

    return Draw(transform, values, width=20, height=20, more={"mosaic_metadata": []})


# What the package draws: see draws.py.
DRAWS = {
    "HistogramMatching": [ratios(A.HistogramMatching(), "hm_metadata")],
    "PixelDistributionAdaptation": [ratios(A.PixelDistributionAdaptation(blend_ratio=(.1, .3)), "pda_metadata")],
    "FDA": [Draw(A.FDA(), lambda p: {"beta": p["beta"]}, more={"fda_metadata": [REFERENCE]}, fields=fields(A.FDA()))],
    "Mosaic": [center_of(A.Mosaic())],
}
