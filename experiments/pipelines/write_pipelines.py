"""Has Albumentations write pipeline files, and compares them with those that we wrote from them.

    write_pipelines.py write FOLDER    NAME.json and NAME.yaml of each pipeline
    write_pipelines.py check FOLDER    compares each NAME.json with NAME.again.json
"""

import argparse
import os
import pathlib
import random
import sys

os.environ["NO_ALBUMENTATIONS_UPDATE"] = "1"

import albumentations as A  # noqa: E402  (the variable must be set first)

# Non-default parameters of every transform; one number where the library expands it to two.
OTHER_PARAMETERS = {
    A.HorizontalFlip: [{}],
    A.VerticalFlip: [{}],
    A.RandomRotate90: [{}],
    A.Transpose: [{}],
    A.D4: [{}],
    A.SquareSymmetry: [{}],
    A.TimeReverse: [{}],
    A.ShiftScaleRotate: [
        {"shift_limit": 0.2, "scale_limit": (0, 0.5), "rotate_limit": 180, "border_mode": 4},
        {"shift_limit_x": (-0.1, 0.3), "shift_limit_y": 0.05, "scale_limit": 0.3, "rotate_method": "ellipse", "fill": 9},
    ],
    A.Rotate: [
        {"limit": 30, "border_mode": 2, "crop_border": True},
        {"limit": (10, 20.5), "interpolation": 2, "fill": (1, 2, 3), "fill_mask": 255, "mask_interpolation": 1},
    ],
    A.SafeRotate: [{"limit": 45, "rotate_method": "ellipse"}, {"limit": (-10, 90), "border_mode": 1, "fill": 7}],
    A.PiecewiseAffine: [
        {"scale": 0.02, "nb_rows": 3, "nb_cols": (2, 6), "border_mode": 2},
        {"scale": (1, 2), "absolute_scale": True, "keypoint_remapping_method": "direct", "fill": (1, 2, 3)},
    ],
    A.ThinPlateSpline: [{"scale_range": (0.1, 0.1), "num_control_points": 2}, {"interpolation": 4, "fill_mask": 9}],
    A.GridElasticDeform: [{"num_grid_xy": (3, 5), "magnitude": 7, "interpolation": 2, "mask_interpolation": 1}],
    A.RandomGridShuffle: [{"grid": (2, 5)}],
    A.Morphological: [{"scale": (4, 4), "operation": "erosion"}, {"scale": 5}],
    A.RandomBrightnessContrast: [
        {"brightness_limit": 0.4, "contrast_limit": (0, 0.5)},
        {"brightness_limit": (-0.1, 0.3), "brightness_by_max": False, "ensure_safe_range": True},
    ],
    A.HueSaturationValue: [
        {"hue_shift_limit": 5, "sat_shift_limit": (-7.5, 12), "val_shift_limit": 0},
    ],
    A.CLAHE: [{"clip_limit": 2.5}, {"clip_limit": (2, 3), "tile_grid_size": (4, 6)}],
    A.GaussianBlur: [
        {"sigma_limit": 2},
        {"sigma_limit": (1, 1), "blur_limit": (3, 7)},
        {"sigma_limit": (0.1, 0.3), "blur_limit": 0},
    ],
    A.Sharpen: [
        {"alpha": (0.1, 1), "lightness": (0, 2)},
        {"method": "gaussian", "kernel_size": 7, "sigma": 2.5},
    ],
    A.RandomGamma: [{"gamma_limit": (50, 200)}],
    A.MotionBlur: [
        {"blur_limit": (5, 11), "allow_shifted": False},
        {"angle_range": (10, 20), "direction_range": (0, 0.5)},
    ],
    A.ISONoise: [{"color_shift": (0, 0.5), "intensity": (0.05, 1)}],
    A.ChannelShuffle: [{}],
    A.ElasticTransform: [
        {"alpha": 50, "sigma": 5, "border_mode": 4, "keypoint_remapping_method": "direct"},
        {"alpha": 120.5, "approximate": True, "same_dxdy": True, "noise_distribution": "uniform"},
    ],
    A.GridDistortion: [
        {"num_steps": 3, "distort_limit": 0.2, "interpolation": 0, "mask_interpolation": 1},
        {"distort_limit": (-0.1, 0.4), "normalized": False},
    ],
    A.OpticalDistortion: [
        {"distort_limit": 0.5, "interpolation": 4, "fill": 127.5, "fill_mask": 255},
        {"distort_limit": (-0.2, 0.1), "mode": "fisheye"},
    ],
    A.Perspective: [
        {"scale": 0.2, "interpolation": 2, "border_mode": 0, "fill": (10, 20.5, 255)},
        {"scale": (0.01, 0.03), "keep_size": False, "fit_output": True},
    ],
    A.Posterize: [{"num_bits": 2}, {"num_bits": (3, 7)}, {"num_bits": [(1, 2), (3, 4), (5, 6)]}],
    A.InvertImg: [{}],
    A.Solarize: [{"threshold_range": (0.1, 0.9)}, {"threshold_range": (1, 1)}],
    A.ImageCompression: [{"quality_range": (20, 90)}, {"compression_type": "webp", "quality_range": (50, 50)}],
    A.MedianBlur: [{"blur_limit": 5}, {"blur_limit": (4, 10)}],
    A.Blur: [{"blur_limit": 9}, {"blur_limit": (5, 5)}],
    A.Emboss: [{"alpha": (0, 1), "strength": (0.5, 2)}],
    A.Downscale: [
        {"scale_range": (0.5, 0.9)},
        {"interpolation_pair": {"downscale": 3, "upscale": 1}},
    ],
    A.GlassBlur: [{"sigma": 1.5, "max_delta": 3, "iterations": 1, "mode": "exact"}],
    A.ZoomBlur: [{"max_factor": 1.2, "step_factor": (0.05, 0.1)}, {"max_factor": (1.1, 1.5), "step_factor": 0.02}],
    A.Defocus: [{"radius": 5, "alias_blur": 0.3}, {"radius": (2, 12), "alias_blur": (0.2, 0.9)}],
    A.UnsharpMask: [
        {"blur_limit": 9, "sigma_limit": 2, "alpha": 0.7, "threshold": 20},
        {"blur_limit": (5, 5), "sigma_limit": (0.5, 1), "alpha": (0, 1)},
    ],
    A.RingingOvershoot: [{"blur_limit": 9, "cutoff": (0.5, 1)}],
    A.AdvancedBlur: [
        {"blur_limit": 5, "sigma_x_limit": 2, "rotate_limit": 30, "beta_limit": (0.1, 3), "noise_limit": (0.5, 1.5)},
    ],
    A.CenterCrop: [
        {"height": 20, "width": 30},
        {"height": 7, "width": 500, "pad_if_needed": True, "pad_position": "random", "border_mode": 2},
        {"height": 1, "width": 1, "fill": (1, 2, 3.5), "fill_mask": 7},
    ],
    A.Resize: [{"height": 3, "width": 70, "interpolation": 5, "mask_interpolation": 6, "area_for_downscale": "image"}],
    A.RandomCrop: [
        {"height": 20, "width": 30},
        {"height": 7, "width": 500, "pad_if_needed": True, "pad_position": "bottom_left", "border_mode": 4, "fill": 9},
    ],
    A.RandomResizedCrop: [
        {"size": (20, 30), "scale": (0.5, 0.75), "ratio": (1, 1.5), "interpolation": 3, "area_for_downscale": "image"},
    ],
    A.PadIfNeeded: [
        {"min_height": 20, "min_width": 30, "position": "random", "border_mode": 3, "fill": (1, 2, 3), "fill_mask": 5},
        {"min_height": None, "min_width": None, "pad_height_divisor": 32, "pad_width_divisor": 8},
    ],
    A.LongestMaxSize: [{"max_size": [100, 200]}, {"max_size_hw": (100, None), "interpolation": 2}],
    A.SmallestMaxSize: [{"max_size": 77, "area_for_downscale": "image_mask"}, {"max_size_hw": (100, 50)}],
    A.RandomSizedCrop: [
        {"min_max_height": (10, 20), "size": (30, 40), "w2h_ratio": 1.5, "interpolation": 0, "mask_interpolation": 1},
    ],
    A.RandomScale: [{"scale_limit": 0.5}, {"scale_limit": (-0.5, 2), "interpolation": 4}],
    A.RandomSizedBBoxSafeCrop: [{"height": 20, "width": 30, "erosion_rate": 0.25, "interpolation": 2}],
    A.CropNonEmptyMaskIfExists: [
        {"height": 20, "width": 30},
        {"height": 20, "width": 30, "ignore_values": [1, 255], "ignore_channels": [0]},
    ],
    A.BBoxSafeRandomCrop: [{"erosion_rate": 0.5}],
    A.AtLeastOneBBoxRandomCrop: [{"height": 20, "width": 30, "erosion_factor": 0.5}],
    A.Crop: [
        {"x_min": 1, "y_min": 2, "x_max": 30, "y_max": 40},
        {"x_max": 500, "pad_if_needed": True, "pad_position": "top_right", "border_mode": 1, "fill_mask": 3},
    ],
    A.Pad: [{"padding": 3}, {"padding": (3, 5)}, {"padding": (1, 2, 3, 4), "border_mode": 2, "fill": (1, 2, 3)}],
    A.RandomCropFromBorders: [{"crop_left": 0.25, "crop_right": 0.75, "crop_top": 0, "crop_bottom": 1}],
    A.CropAndPad: [
        {"px": 5, "keep_size": False},
        {"px": (-5, 10), "sample_independently": False, "interpolation": 2, "border_mode": 4},
        {"px": (1, -2, 3, -4), "fill": 7, "fill_mask": 8},
        {"percent": 0.25, "mask_interpolation": 1},
        {"percent": ((-0.5, 0.5), (0, 0.25), (0.5, 0.75), (0, 1)), "fill": (10, 20)},
    ],
    A.RandomCropNearBBox: [{"max_part_shift": 0.5}, {"max_part_shift": (0.1, 0.2), "cropping_bbox_key": "cat"}],
    A.Affine: [
        {"scale": (0.5, 1.5), "rotate": 45, "shear": {"x": (-3, 3)}, "translate_px": (-4, 9), "balanced_scale": True},
        {"scale": {"x": 0.7, "y": (1, 2)}, "translate_percent": {"y": 0.1}, "fit_output": True, "interpolation": 2},
        {"rotate": (-10.5, 20), "keep_ratio": True, "rotate_method": "ellipse", "border_mode": 4, "fill": 9},
    ],
    A.RandomShadow: [
        {"shadow_roi": (0.1, 0, 0.9, 1), "num_shadows_limit": (2, 4), "shadow_dimension": 7},
        {"shadow_intensity_range": (0.2, 0.8)},
    ],
    A.RandomFog: [{"alpha_coef": 0.1, "fog_coef_range": (0.2, 0.4)}],
    A.RandomRain: [
        {"slant_range": (-5, 20), "drop_length": 20, "drop_width": 2, "drop_color": (1, 2, 255)},
        {"blur_value": 3, "brightness_coefficient": 0.9, "rain_type": "torrential"},
    ],
    A.RandomSnow: [{"brightness_coeff": 1.5, "snow_point_range": (0.2, 0.4)}, {"method": "texture"}],
    A.RandomGravel: [{"gravel_roi": (0, 0.1, 1, 0.5), "number_of_patches": 5}],
    A.Mosaic: [
        {"grid_yx": (3, 2), "target_size": (300, 200), "cell_shape": (150, 120), "fit_mode": "contain", "fill": 9},
        {"center_range": (0.5, 0.5), "interpolation": 0, "fill": (1, 2, 3), "fill_mask": 4},
    ],
    A.OverlayElements: [{}],
    A.RandomSunFlare: [
        {"flare_roi": (0.1, 0, 0.5, 1), "src_radius": 50, "src_color": (255, 200, 10), "angle_range": (0.2, 0.3)},
        {"num_flare_circles_range": (1, 20), "method": "physics_based"},
    ],
    A.Spatter: [
        {"mean": (0.5, 0.7), "std": 0.4, "gauss_sigma": 3, "cutout_threshold": (0.6, 0.7), "mode": "mud"},
        {"intensity": (0.1, 0.9), "color": (1, 2, 200)},
    ],
    A.GaussNoise: [{"std_range": (0.05, 0.1), "mean_range": (-0.1, 0.1), "per_channel": False},
                   {"noise_scale_factor": 0.5}],
    A.MultiplicativeNoise: [{"multiplier": (0.5, 1.5), "per_channel": True}, {"elementwise": True}],
    A.AdditiveNoise: [
        {"noise_type": "uniform", "noise_params": {"ranges": [(-0.1, 0.2), (0, 0.1), (0.1, 0.3)]}},
        {"noise_type": "gaussian", "spatial_mode": "shared", "approximation": 0.5},
        {"noise_type": "laplace", "spatial_mode": "per_pixel",
         "noise_params": {"mean_range": (0, 0.1), "scale_range": (0.01, 0.02)}},
        {"noise_type": "beta", "noise_params": {"alpha_range": (1, 2), "beta_range": (2, 3), "scale_range": (0.1, 0.2)}},
    ],
    A.ShotNoise: [{"scale_range": (0.01, 0.02)}],
    A.SaltAndPepper: [{"amount": (0.1, 0.2), "salt_vs_pepper": (0.25, 0.75)}],
    A.CoarseDropout: [
        {"num_holes_range": (3, 8), "hole_height_range": (8, 16), "hole_width_range": (4, 32), "fill": "random"},
        {"fill": (10, 20.5, 255), "fill_mask": 0},
    ],
    A.GridDropout: [{"ratio": 0.3, "unit_size_range": (5, 9), "fill": "random_uniform"},
                    {"holes_number_xy": (4, 3), "random_offset": False, "shift_xy": (1, 2), "fill": 127.5}],
    A.PixelDropout: [{"dropout_prob": 0.2, "per_channel": True, "drop_value": (1, 2, 3)},
                     {"drop_value": None, "mask_drop_value": 255}],
    A.MaskDropout: [{"max_objects": 3, "fill": 127.5, "fill_mask": 1}],
    A.Erasing: [{"scale": (0.1, 0.2), "ratio": (0.5, 2), "fill": "random_uniform", "fill_mask": 5}],
    A.ConstrainedCoarseDropout: [
        {"num_holes_range": (1, 3), "hole_height_range": (0.2, 0.4), "hole_width_range": (0.1, 0.3), "mask_indices": [1, 2]},
        {"bbox_labels": ["cat", "dog"], "fill": 200},
    ],
    A.XYMasking: [{"num_masks_x": (1, 3), "num_masks_y": 2, "mask_x_length": (5, 10), "mask_y_length": 7, "fill": 99}],
    A.TimeMasking: [{"time_mask_param": 12}],
    A.FrequencyMasking: [{"freq_mask_param": 12}],
    A.ColorJitter: [
        {"brightness": 0.3, "contrast": (0, 2), "saturation": 1.5, "hue": 0.1},
        {"brightness": (1, 1), "contrast": (0.5, 0.5), "saturation": (0, 0), "hue": (-0.5, 0.2)},
    ],
    A.RGBShift: [{"r_shift_limit": 0.5, "g_shift_limit": (-3, 12.5), "b_shift_limit": 1}],
    A.ToGray: [{"num_output_channels": 1, "method": "max"}, {"method": "from_lab"}, {"method": "pca"}],
    A.Equalize: [{"mode": "pil", "by_channels": False}],
    A.FancyPCA: [{"alpha": 0.7}],
    A.ChannelDropout: [{"channel_drop_range": (1, 2), "fill": 127.5}],
    A.RandomToneCurve: [{"scale": 0.3, "per_channel": True}],
    A.ToSepia: [{}],
    A.AutoContrast: [{"cutoff": 2.5, "ignore": 200, "method": "pil"}],
    A.ToRGB: [{}],
    A.PlanckianJitter: [
        {"mode": "cied", "sampling_method": "gaussian"},
        {"temperature_limit": (4000, 9000)},
    ],
    A.Illumination: [
        {"mode": "corner", "effect_type": "darken", "intensity_range": (0.05, 0.1)},
        {"mode": "gaussian", "center_range": (0, 1), "sigma_range": (0.3, 0.4)},
        {"angle_range": (90, 90), "effect_type": "brighten"},
    ],
    A.PlasmaBrightnessContrast: [{"brightness_range": (0, 0.5), "contrast_range": (0.1, 0.2), "roughness": 0.5}],
    A.PlasmaShadow: [{"shadow_intensity_range": (0, 1), "plasma_size": 64, "roughness": 1.5}],
    A.HEStain: [
        {"method": "preset", "preset": "h_heavy", "augment_background": True},
        {"method": "macenko", "intensity_scale_range": (0.5, 2), "intensity_shift_range": (-1, 0.1)},
        {"method": "vahadane"},
    ],
    A.Superpixels: [
        {"p_replace": 0.5, "n_segments": 60, "max_size": None, "interpolation": 3},
        {"p_replace": (0.2, 0.3), "n_segments": (10, 20), "max_size": 64},
    ],
    A.ChromaticAberration: [
        {"primary_distortion_limit": 0.1, "secondary_distortion_limit": (-0.3, 0.1), "mode": "red_blue"},
        {"mode": "random", "interpolation": 2},
    ],
}
REQUIRED = {
    A.CenterCrop: {"height": 224, "width": 224},
    A.GridElasticDeform: {"num_grid_xy": (4, 4), "magnitude": 10},
    A.Resize: {"height": 224, "width": 224},
    A.RandomCrop: {"height": 224, "width": 224},
    A.RandomResizedCrop: {"size": (224, 224)},
    A.LongestMaxSize: {"max_size": 1024},
    A.SmallestMaxSize: {"max_size": 1024},
    A.RandomSizedCrop: {"min_max_height": (112, 224), "size": (224, 224)},
    A.RandomSizedBBoxSafeCrop: {"height": 224, "width": 224},
    A.CropNonEmptyMaskIfExists: {"height": 224, "width": 224},
    A.AtLeastOneBBoxRandomCrop: {"height": 224, "width": 224},
    A.CropAndPad: {"px": 0},
}

# Keys of dictionaries that do not affect how an image changes.
NOT_ABOUT_CHANGES = {
    "bbox_params",
    "keypoint_params",
    "additional_targets",
    "is_check_shapes",
    "fill_mask",
    "mask_interpolation",
    "keypoint_remapping_method",
    "metadata_key",
}


def reported():
    """The pipeline of the original study: every child with p=1, everything else at its defaults."""
    return A.Compose(
        [
            A.OneOf([A.HorizontalFlip(p=1), A.VerticalFlip(p=1), A.RandomRotate90(p=1)], p=0.5),
            A.SomeOf(
                [
                    A.RandomBrightnessContrast(p=1),
                    A.HueSaturationValue(p=1),
                    A.CLAHE(p=1),
                    A.GaussianBlur(p=1),
                    A.Sharpen(p=1),
                    A.RandomGamma(p=1),
                    A.MotionBlur(p=1),
                    A.ISONoise(p=1),
                    A.ChannelShuffle(p=1),
                ],
                n=2,
                p=1,
            ),
            A.OneOf(
                [A.ElasticTransform(p=1), A.GridDistortion(p=1), A.OpticalDistortion(p=1), A.Perspective(p=1)],
                p=0.4,
            ),
        ]
    )


def written_by_hand():
    """Names and pipelines that cover each class and each key at least once."""
    yield "reported", reported()
    for transform, variants in OTHER_PARAMETERS.items():
        required = REQUIRED.get(transform, {})
        yield f"{transform.__name__}-alone", transform(**required)
        yield f"{transform.__name__}-defaults", A.Compose([transform(**required)])
        for number, parameters in enumerate(variants):
            yield f"{transform.__name__}-{number}", A.Compose([transform(p=0.125, **parameters)], p=0.75)
    flips = [A.HorizontalFlip(), A.VerticalFlip(p=0.1), A.NoOp()]
    yield "empty", A.Compose([])
    yield "one-of", A.OneOf(flips, p=0.3)
    yield "some-of", A.SomeOf(flips, n=2, replace=True, p=0.9)
    yield "random-order", A.RandomOrder(flips, n=2, replace=True, p=0.9)
    yield "one-or-other", A.OneOrOther(flips[0], flips[1], p=0.4)
    yield "some-channels", A.SelectiveChannelTransform([A.HorizontalFlip(), A.RandomGamma()], p=0.3)
    yield "replay", A.ReplayCompose(flips, p=0.7)
    yield "sequential", A.Sequential(flips, p=0.2)
    yield "no-op", A.NoOp(p=0.4)
    yield "tiny-numbers", A.Compose([A.Perspective(scale=1e-5), A.ISONoise(color_shift=(1e-7, 1e-6))])
    yield "targets", A.Compose(
        [A.Compose([A.SomeOf(flips, n=1)], p=0.5)],
        bbox_params=A.BboxParams(format="yolo", label_fields=["labels"], min_visibility=0.1),
        keypoint_params=A.KeypointParams("xy"),
        additional_targets={"second": "image"},
        seed=3,
        is_check_shapes=False,
        save_applied_params=True,
    )


def drawn(rng, depth=0):
    """A random tree of at most four levels."""
    p = round(rng.random(), rng.randint(1, 17))
    if depth == 3 or rng.random() < 0.4:
        transform = rng.choice(list(OTHER_PARAMETERS))
        return transform(p=p, **rng.choice(OTHER_PARAMETERS[transform]))
    children = [drawn(rng, depth + 1) for _ in range(rng.randint(1, 4))]
    kind = rng.choice([A.Compose, A.OneOf, A.SomeOf, A.RandomOrder, A.OneOrOther, A.Sequential])
    if kind in (A.SomeOf, A.RandomOrder):
        replace = rng.random() < 0.5
        return kind(children, n=rng.randint(1, 3 if replace else len(children)), replace=replace, p=p)
    if kind is A.OneOrOther:
        return A.OneOrOther(transforms=children, p=p)
    if kind is A.OneOf and not any(child.p for child in children):
        children.append(A.NoOp(p=1))
    return kind(children, p=p)


def pipelines():
    yield from written_by_hand()
    rng = random.Random(2026)
    for number in range(200):
        yield f"drawn-{number}", A.Compose([drawn(rng) for _ in range(rng.randint(1, 4))])


def write(folder):
    count = 0
    for name, pipeline in pipelines():
        A.save(pipeline, folder / f"{name}.json", data_format="json")
        A.save(pipeline, folder / f"{name}.yaml", data_format="yaml")
        count += 1
    print(f"wrote {count} pipelines as JSON and as YAML")


def changes(node):
    """A dictionary of `A.to_dict` without the keys that do not affect how an image changes."""
    if isinstance(node, dict):
        if node.get("__class_fullname__") == "ReplayCompose":
            # It differs from Compose in what it records.
            node = {key: value for key, value in node.items() if key != "save_key"} | {"__class_fullname__": "Compose"}
        return {key: changes(value) for key, value in node.items() if key not in NOT_ABOUT_CHANGES}
    if isinstance(node, (list, tuple)):
        return [changes(item) for item in node]
    return node


def check(folder):
    differing = []
    originals = sorted(path for path in folder.glob("*.json") if not path.name.endswith(".again.json"))
    for path in originals:
        again = path.with_name(f"{path.stem}.again.json")
        dictionaries = [changes(A.to_dict(A.load(file, data_format="json"))) for file in (path, again)]
        if dictionaries[0] != dictionaries[1]:
            differing.append(path.stem)
            print(f"{path} and {again.name} differ")
    print(f"compared {len(originals)} pipelines, {len(differing)} differ")
    return 1 if differing or not originals else 0


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("command", choices=["write", "check"])
    parser.add_argument("folder", type=pathlib.Path)
    arguments = parser.parse_args()
    return write(arguments.folder) if arguments.command == "write" else check(arguments.folder)


if __name__ == "__main__":
    sys.exit(main())
