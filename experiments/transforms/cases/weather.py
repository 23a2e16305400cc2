"""Weather and light."""

import albumentations as A
import numpy as np

from draws import Draw, uniform
from pictures import Script, random


def random_shadow(picture):
    for options in [{}, dict(shadow_intensity_range=(0, 1), num_shadows_limit=(3, 3)),
                    dict(shadow_dimension=40, shadow_intensity_range=(.3, .3)),
                    dict(shadow_roi=(.3, .1, .7, .95), shadow_intensity_range=(1, 1), shadow_dimension=3)]:
        t = A.RandomShadow(p=1, **options)
        t.set_random_seed(int(random.integers(1000)))
        try:
            params = t.get_params_dependent_on_data({"shape": picture.pixels.shape}, {})
        except ValueError:
            continue  # the region has no pixels
        shadows = [{"x": vertices[:, 0], "y": vertices[:, 1], "intensity": intensity}
                   for vertices, intensity in zip(params["vertices_list"], params["intensities"])]
        picture.case("RandomShadow", t.apply(picture.pixels, **params), {"shadows": shadows}, **options)


def random_fog(picture):
    if not picture.is_colour:
        return
    for options in [{}, dict(alpha_coef=.3), dict(alpha_coef=1, fog_coef_range=(1, 1)), dict(fog_coef_range=(.05, .1))]:
        t = A.RandomFog(p=1, **options)
        t.set_random_seed(int(random.integers(1000)))
        params = t.get_params_dependent_on_data({"shape": picture.pixels.shape}, {})
        discs = np.array([(x, y, r) for (x, y), r in zip(params["particle_positions"], params["radiuses"])], np.int32)
        picture.case("RandomFog", t.apply(picture.pixels, **params),
                     {"discs": discs.reshape(-1, 3), "intensity": params["intensity"]}, **options)


def random_rain(picture):
    if not picture.is_colour:
        return
    for options in [{}, dict(rain_type="drizzle", drop_width=3, drop_color=(10, 250, 3), brightness_coefficient=1,
                             slant_range=(0, 0)),  # OpenCV 5.0 cuts wide lines at the edge differently
                    dict(rain_type="heavy", blur_value=1, drop_length=2, slant_range=(-20, 20)),
                    dict(rain_type="torrential", blur_value=24, brightness_coefficient=.33),
                    dict(blur_value=8, drop_color=(255, 1, 199)), dict(blur_value=31, drop_width=2, slant_range=(0, 0))]:
        t = A.RandomRain(p=1, **options)
        t.set_random_seed(int(random.integers(1000)))
        try:
            params = t.get_params_dependent_on_data({"shape": picture.pixels.shape}, {})
        except ValueError:
            continue  # a drop is longer than the image is high
        picture.case("RandomRain", t.apply(picture.pixels, **params),
                     {"drops": params["rain_drops"].astype(np.int32).reshape(-1, 2), "slant": params["slant"]},
                     **options)


def random_snow(picture):
    if not picture.is_colour:
        return
    for options in [{}, dict(brightness_coeff=.7, snow_point_range=(.9, .9)), dict(snow_point_range=(0, 0))]:
        t = A.RandomSnow(p=1, **options)
        t.set_random_seed(int(random.integers(1000)))
        params = t.get_params_dependent_on_data({"shape": picture.pixels.shape}, {})
        picture.case("RandomSnow", t.apply(picture.pixels, **params), {"snowPoint": params["snow_point"]}, **options)
    for options in [dict(method="texture"), dict(method="texture", brightness_coeff=.5, snow_point_range=(.8, 1))]:
        t = A.RandomSnow(p=1, **options)
        t.set_random_seed(int(random.integers(1000)))
        params = t.get_params_dependent_on_data({"shape": picture.pixels.shape}, {})
        drawn = {"snowPoint": params["snow_point"], "texture": params["snow_texture"].copy(),
                 "glitter": params["sparkle_mask"].astype(np.uint8) * 255}
        picture.case("RandomSnow", t.apply(picture.pixels, **params), drawn, **options)


def random_gravel(picture):
    if not picture.is_colour:
        return
    for options in [{}, dict(gravel_roi=(0, 0, 1, 1), number_of_patches=20)]:
        t = A.RandomGravel(p=1, **options)
        t.set_random_seed(int(random.integers(1000)))
        params = t.get_params_dependent_on_data({"shape": picture.pixels.shape}, {})
        stones = params["gravels_infos"].reshape(-1, 5).astype(np.int32)
        picture.case("RandomGravel", t.apply(picture.pixels, **params), {"stones": stones}, **options)


def random_sun_flare(picture):
    if not picture.is_colour:
        return
    for options in [dict(src_radius=60), dict(), dict(src_radius=9, src_color=(255, 200, 7)),
                    dict(src_radius=15, num_flare_circles_range=(40, 40)), dict(src_radius=30, method="physics_based")]:
        t = A.RandomSunFlare(p=1, **options)
        t.set_random_seed(int(random.integers(1000)))
        params = t.get_params_dependent_on_data({"shape": picture.pixels.shape}, {})
        x, y = params["flare_center"]
        drawn = {"x": x, "y": y, "circles": [
            {"opacity": opacity, "x": place[0], "y": place[1], "radius": radius, "color": color}
            for opacity, place, radius, color in params["circles"]]}
        picture.case("RandomSunFlare", t.apply(picture.pixels, **params), drawn,
                     "one" if "method" in options else "exact", **options)


def spatter(picture):
    if not picture.is_colour:
        return
    for mode in ["rain", "mud"]:
        for options in [{}, dict(gauss_sigma=(1.3, 1.3), cutout_threshold=(.6, .6), intensity=(1, 1)),
                        dict(gauss_sigma=(0, 0)), dict(color=(0, 255, 3), gauss_sigma=(4, 4), mean=(.7, .7))]:
            options["mode"] = mode
            t = A.Spatter(p=1, **options)
            drawn = {"mean": t.mean[0], "deviation": t.std[0], "cutout": t.cutout_threshold[0],
                     "sigma": t.gauss_sigma[0], "intensity": t.intensity[0], "seed": 0,
                     "noise": random.normal(t.mean[0], t.std[0], picture.pixels.shape[:2])}
            t.random_generator = Script(normal=drawn["noise"], choice=None)
            try:
                params = t.get_params_dependent_on_data({"shape": picture.pixels.shape}, {})
            except AttributeError:
                continue  # without a wet pixel, mud lies on some at random
            # Sums of the filters of rain may be rounded either way.
            picture.case("Spatter", t.apply(picture.pixels, **params), drawn, "fused" if mode == "rain" else "exact",
                         **options)


CASES = {
    "RandomShadow": random_shadow,
    "RandomFog": random_fog,
    "RandomRain": random_rain,
    "RandomSnow": random_snow,
    "RandomGravel": random_gravel,
    "RandomSunFlare": random_sun_flare,
    "Spatter": spatter,
}

# Parameters without a default.
REQUIRED = {}


def shadows(params):
    values = {}
    for index, (vertices, intensity) in enumerate(zip(params["vertices_list"], params["intensities"])):
        values[f"shadows.{index}.intensity"] = intensity
        for axis, name in enumerate("xy"):
            values |= {f"shadows.{index}.{name}.{i}": place for i, place in enumerate(vertices[:, axis])}
    return values


def flare(params):
    values = {"x": params["flare_center"][0], "y": params["flare_center"][1]}
    for index, (opacity, place, radius, color) in enumerate(params["circles"][:6]):
        names = ["opacity", "x", "y", "radius", "color.0", "color.1", "color.2"]
        values |= {f"circles.{index}.{name}": value for name, value in zip(names, [opacity, *place, radius, *color])}
    return values


def patch(params):
    """The first numbers are those of the patch, the others those of its stones."""
    names = ["width", "height", "x", "y"]
    return {f"patches.0.{name}": number for name, number in zip(names, params["given"]["randint"])}


# What the package draws: see draws.py.
DRAWS = {
    "RandomShadow": [Draw(A.RandomShadow(shadow_intensity_range=(.2, .9)), shadows),
                     Draw(A.RandomShadow((.1, .2, .3, .4), (2, 2), 3), shadows)],
    "RandomFog": [Draw(A.RandomFog(), lambda p: {"intensity": p["intensity"]})],
    "RandomRain": [Draw(A.RandomRain(), lambda p: {"slant": p["slant"]})],
    "RandomSnow": [Draw(A.RandomSnow(), lambda p: {"snowPoint": p["snow_point"]})],
    "RandomGravel": [Draw(A.RandomGravel(number_of_patches=1), patch)],
    "Spatter": [Draw(A.Spatter(), uniform("mean", "deviation", "cutout", "sigma", "intensity"), width=20, height=20)],
    "RandomSunFlare": [Draw(A.RandomSunFlare(), flare, 400, 700),
                       Draw(A.RandomSunFlare((.2, .1, .4, .9), src_color=(255, 40, 0), angle_range=(.1, .2)), flare)],
}
