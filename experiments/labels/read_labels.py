"""Reads a data set with labels by pycocotools, supervision and globox, and prints as JSON what each of them understands.

    read_labels.py voc|coco|yolo DATASET

The output has an entry for each reader that knows the format: images by their path below DATASET, and of each its size,
where the reader tells it, and its objects:

    class        name of the class
    box          x1, y1, x2, y2 in pixels between edges: a whole image is 0, 0, width, height
    polygons     as lists of x, y, x, y, ...
    keypoints    as lists of x, y, visibility, as they are written
    maskArea     number of pixels in the mask
    area, isCrowd    as COCO has them

The readers count pixels differently. supervision takes VOC as it is defined, with 1 for the first column and row.
globox takes the numbers of VOC as they are, so that the first pixel is taken off here.
"""

import contextlib
import json
import pathlib
import sys

import globox
import supervision
import yaml
from pycocotools.coco import COCO

IMAGE_SUFFIXES = [".jpg", ".jpeg", ".png"]
# Folders of labels, and of their images.
MIRRORED = [("Annotations", "JPEGImages"), ("annotations", "images"), ("labels", "images")]
VOC_FIRST_PIXEL = 1


class Place:
    """Where images and their labels lie in a data set."""

    def __init__(self, root):
        self.root = pathlib.Path(root).resolve()

    def files(self, suffix):
        """By path; what programs keep for themselves begins with a dot."""
        found = sorted(self.root.rglob(f"*{suffix}"))
        return [path for path in found if not any(part.startswith(".") for part in path.relative_to(self.root).parts)]

    def folders(self, suffix):
        """Each folder of label files, and the folder of their images: beside it, or the same."""
        for folder in sorted({path.parent for path in self.files(suffix)}):
            parts = list(folder.relative_to(self.root).parts)
            for labels, images in MIRRORED:
                if labels in parts:
                    last = len(parts) - 1 - parts[::-1].index(labels)
                    yield folder, self.root.joinpath(*parts[:last], images, *parts[last + 1 :])
                    break
            else:
                if any(path.suffix.lower() in IMAGE_SUFFIXES for path in folder.iterdir()):
                    yield folder, folder

    def name(self, path):
        return str(pathlib.Path(path).resolve().relative_to(self.root))

    def image(self, stem):
        """The image of this path without extension."""
        return next(path for path in (stem.with_name(stem.name + suffix) for suffix in IMAGE_SUFFIXES) if path.is_file())

    def image_folder(self, file):
        """The folder that the names in a COCO file are relative to: one named like its split, if there are several."""
        names = [image["file_name"] for image in json.loads(file.read_text())["images"]]
        folders = [self.root, *sorted(path for path in self.root.rglob("*") if path.is_dir())]
        folders.sort(key=lambda folder: folder.name not in file.stem)
        return next(folder for folder in folders if all((folder / name).is_file() for name in names))


# supervision


def of_supervision(place, dataset):
    return {place.name(path): {"objects": detections(dataset, path)} for path in dataset.image_paths}


def detections(dataset, path):
    found = dataset.annotations[path]
    objects = []
    for index in range(len(found)):
        thing = {"class": dataset.classes[found.class_id[index]], "box": [float(edge) for edge in found.xyxy[index]]}
        if found.mask is not None:
            thing["maskArea"] = int(found.mask[index].sum())
        if "iscrowd" in found.data:
            thing |= {"isCrowd": bool(found.data["iscrowd"][index]), "area": float(found.data["area"][index])}
        objects.append(thing)
    return objects


def supervision_voc(place):
    for labels, images in place.folders(".xml"):
        yield from of_supervision(place, supervision.DetectionDataset.from_pascal_voc(str(images), str(labels))).items()


def supervision_coco(place):
    for file in place.files(".json"):
        images = place.image_folder(file)
        yield from of_supervision(place, supervision.DetectionDataset.from_coco(str(images), str(file))).items()


def supervision_yolo(place):
    for labels, images in place.folders(".txt"):
        dataset = supervision.DetectionDataset.from_yolo(str(images), str(labels), str(place.root / "data.yaml"))
        yield from of_supervision(place, dataset).items()


# globox


def of_globox(annotation, name=str, first=0):
    objects = []
    for box in annotation.boxes:
        left, top, right, bottom = box.ltrb
        objects.append({"class": name(box.label), "box": [left - first, top - first, right, bottom]})
    size = {"size": list(annotation.image_size)} if annotation.image_size else {}
    return size | {"objects": objects}


def globox_voc(place):
    for labels, images in place.folders(".xml"):
        for file in sorted(labels.glob("*.xml")):
            annotation = globox.Annotation.from_pascal_voc(file)
            yield place.name(images / annotation.image_id), of_globox(annotation, first=VOC_FIRST_PIXEL)


def globox_coco(place):
    for file in place.files(".json"):
        images = place.image_folder(file)
        for annotation in globox.AnnotationSet.from_coco(file):
            yield place.name(images / annotation.image_id), of_globox(annotation)


def globox_yolo(place):
    description = yaml.safe_load((place.root / "data.yaml").read_text())
    if "kpt_shape" in description:
        return  # it does not know poses
    names = description["names"]
    classes = dict(enumerate(names)) if isinstance(names, list) else names
    for labels, images in place.folders(".txt"):
        for file in sorted(labels.glob("*.txt")):
            image = place.image(images / file.stem)
            size = globox.image_utils.get_image_size(image)
            boxes = [globox_yolo_box(line, size) for line in file.read_text().splitlines()]
            yield place.name(image), of_globox(globox.Annotation(image.name, size, boxes), lambda label: classes[int(label)])


def globox_yolo_box(line, size):
    is_segment = len(line.split()) > 5
    return (globox.BoundingBox.from_yolo_seg if is_segment else globox.BoundingBox.from_yolo_v5)(line, image_size=size)


# pycocotools


def pycocotools_coco(place):
    for file in place.files(".json"):
        with contextlib.redirect_stdout(sys.stderr):
            coco = COCO(str(file))
        images = place.image_folder(file)
        for image in coco.loadImgs(coco.getImgIds()):
            annotations = coco.loadAnns(coco.getAnnIds(imgIds=[image["id"]]))
            entry = {"size": [image["width"], image["height"]], "objects": [of_coco(coco, each) for each in annotations]}
            yield place.name(images / image["file_name"]), entry


def of_coco(coco, annotation):
    left, top, width, height = annotation["bbox"]
    thing = {
        "class": coco.loadCats([annotation["category_id"]])[0]["name"],
        "box": [left, top, left + width, top + height],
        "area": annotation["area"],
        "isCrowd": bool(annotation["iscrowd"]),
    }
    if annotation.get("segmentation"):
        thing["maskArea"] = int(coco.annToMask(annotation).sum())
    if isinstance(annotation.get("segmentation"), list):
        thing["polygons"] = annotation["segmentation"]
    if "keypoints" in annotation:
        values = annotation["keypoints"]
        thing["keypoints"] = [values[index : index + 3] for index in range(0, len(values), 3)]
    return thing


READERS = {
    "voc": {"supervision": supervision_voc, "globox": globox_voc},
    "coco": {"pycocotools": pycocotools_coco, "supervision": supervision_coco, "globox": globox_coco},
    "yolo": {"supervision": supervision_yolo, "globox": globox_yolo},
}


def main(word, root):
    place = Place(root)
    understood = {name: dict(read(place)) for name, read in READERS[word].items()}
    json.dump({name: images for name, images in understood.items() if images}, sys.stdout)


main(*sys.argv[1:])
