"""What Albumentations draws, to compare distributions.

DRAWS of a family names for a transform a list of `Draw`: how to build it, the size of the image, and a function from
the parameters of one application to numbers, under the names that our draw has in a manifest ("x", "scale.0").
"""

import collections
import json

import numpy as np

COUNT = 10_000


class Recording:
    """A generator of random numbers that keeps what it gave, by the name of the method."""

    def __init__(self, generator):
        self.generator = generator
        self.clear()

    def clear(self):
        self.given = collections.defaultdict(list)

    def __getattr__(self, name):
        method = getattr(self.generator, name)

        def call(*arguments, **options):
            result = method(*arguments, **options)
            self.given[name].append(result)
            return result

        return call


class Draw:
    """One way to build a transform, and what it draws for an image of a size.

    `boxes` are objects in pixels, as left, top, right and bottom, `mask` is an array: what labels say of the image.

    `values(params)` gets what the transform passes to `apply`: a dictionary of the results of `get_params` and
    `get_params_dependent_on_data`, and under "given" the numbers of the `Recording` that its Python generator was
    replaced by. It returns a dictionary of numbers. `fields` are those of a pipeline file, for a
    transform that Albumentations does not write.
    """

    def __init__(self, transform, values, width=200, height=150, channels=3, more=None, fields=None, boxes=None,
                 mask=None):
        self.transform, self.values, self.more, self.fields = transform, values, dict(more or {}), fields
        self.boxes, self.mask = boxes, mask
        if boxes is not None:
            self.more["bboxes"] = np.array(boxes, dtype=np.float32).reshape(-1, 4) / [width, height, width, height]
        if mask is not None:
            self.more["mask"] = mask
        self.width, self.height, self.channels = width, height, channels

    def run(self):
        shape = (self.height, self.width, self.channels)
        image = np.random.default_rng(3).integers(0, 256, shape, dtype=np.uint8)
        self.transform.set_random_seed(11)
        recording = self.transform.py_random = Recording(self.transform.py_random)
        columns = {}
        for _ in range(COUNT):
            recording.clear()
            params = self.transform.get_params()
            params = self.transform.update_transform_params(params, {"image": image} | self.more)
            params |= self.transform.get_params_dependent_on_data(params, {"image": image} | self.more)
            params["given"] = recording.given
            for key, value in self.values(params).items():
                columns.setdefault(key, []).append(float(value))
        return columns


def uniform(*names):
    """The draw of a transform that asks for these numbers, in this order."""
    return lambda params: dict(zip(names, params["given"]["uniform"]))


def write(path, name, draws):
    """A list of objects: the transform as in a pipeline file, the shape, what labels say, and a column of numbers for
    each name."""
    import albumentations as A

    lines = []
    for draw in draws:
        lines.append(json.dumps({
            "transform": draw.fields or A.to_dict(draw.transform)["transform"],
            "shape": [draw.width, draw.height, draw.channels],
            "boxes": draw.boxes,
            "mask": None if draw.mask is None else draw.mask.ravel().tolist(),
            "columns": draw.run(),
        }))
    with open(path, "w") as file:
        file.write("[" + ",\n".join(lines) + "]\n")
