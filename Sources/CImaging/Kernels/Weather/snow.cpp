#include <cstring>
#include <vector>

#include "Kernels/Color/hsv.hpp"
#include "Kernels/Warp/Elastic/noise_row.hpp"
#include "OpenCV/planes.hpp"
#include "guard.hpp"
#include "include/cimaging_weather.h"
#include "simd.hpp"

#define HWY_WANT_AVX3_DL  // for byte permutations across whole registers

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "Kernels/Weather/snow.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "Kernels/Color/hsv-inl.hpp"

#ifndef CIMAGING_SNOW_ONCE
#define CIMAGING_SNOW_ONCE

namespace cimaging {

/// How snow changes hue, saturation and value.
struct SnowLook {
  SnowLook(double amount, double brightness);

  float share = 0.85f;  // of what is kept beneath the tint
  float tint[3];        // added to hue, saturation and value
  float brightness;     // factor of the value
  uint8_t hues[256];    // the hue of each place from `hue_start` before red
};

/// A stretch of a row. `layer` and `glitter` may be read for a vector beyond its end.
struct SnowRow {
  const uint8_t *input;
  uint8_t *output;
  const float *layer;      // snow, in levels
  const uint8_t *glitter;  // 255 where it glitters
  size_t count;

  SnowRow from(size_t first) const {
    return {input + 3 * first, output + 3 * first, layer + first, glitter + first, count - first};
  }
};

}  // namespace cimaging

#endif

HWY_BEFORE_NAMESPACE();
namespace cimaging::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

/// Adds snow and tint to `values`, a hue, saturation or value. What exceeds a byte wraps around.
HWY_INLINE IntegerVector covered(FloatVector values, FloatVector snow, float share, float tint) {
  const auto mixed = fused(Floats(), hn::Add(values, snow), hn::Set(Floats(), share), hn::Set(Floats(), tint));
  return hn::And(truncate(mixed), hn::Set(Integers(), 255));
}

HWY_INLINE FloatVector floats(const uint8_t *bytes) {
  return hn::ConvertTo(Floats(), hn::PromoteTo(Integers(), hn::Load(hn::Rebind<uint8_t, Integers>(), bytes)));
}

/// Hue, saturation and value under snow. They pass through memory for the order of the layer.
HWY_INLINE Hsv cover(const Hsv &hsv, const float *layer, const SnowLook &look) {
  const Floats tag;
  const auto most = hn::Set(tag, 255);
  HWY_ALIGN uint8_t bytes[3][lanes];
  hn::Store(hsv.hue, Bytes(), bytes[0]);
  hn::Store(hsv.saturation, Bytes(), bytes[1]);
  hn::Store(hsv.value, Bytes(), bytes[2]);
  IntegerVector hues[4], saturations[4], values[4];
  for (size_t k = 0; k < 4; ++k) {
    const size_t i = k * quarter;
    const auto snow = hn::LoadU(tag, layer + i);
    const auto value = hn::Min(hn::Mul(floats(bytes[2] + i), hn::Set(tag, look.brightness)), most);
    hues[k] = covered(floats(bytes[0] + i), snow, look.share, look.tint[0]);
    saturations[k] = covered(floats(bytes[1] + i), snow, look.share, look.tint[1]);
    values[k] = covered(value, snow, look.share, look.tint[2]);
  }
  return {join(hues), join(saturations), join(values)};
}

/// What hues become, in registers where supported.
struct HueTables {
  HWY_INLINE explicit HueTables(const SnowLook &look) : hues(look.hues) {}

  ByteTable hues;
  HuePlaces places;
};

/// Converts `lanes` pixels.
template <bool rounds>
HWY_INLINE void convert(const SnowRow &row, const SnowLook &look, const HueTables &tables) {
  const Bytes tag;
  ByteVector red, green, blue;
  hn::LoadInterleaved3(tag, row.input, red, green, blue);
  const Hsv hsv = hsv_of(extremes(red, green, blue));
  const Hsv covered = cover({tables.hues[hsv.hue], hsv.saturation, hsv.value}, row.layer, look);
  const auto places = tables.places[covered.hue], glitter = hn::LoadU(tag, row.glitter);
  const Levels levels = levels_of<rounds>(covered);
  hn::StoreInterleaved3(hn::Or(channel(levels, places, red_is_middle, red_is_least), glitter),
                        hn::Or(channel(levels, places, green_is_middle, green_is_least), glitter),
                        hn::Or(channel(levels, places, blue_is_middle, blue_is_least), glitter), tag, row.output);
}

template <bool rounds>
HWY_INLINE void convert_all(const SnowRow &row, const SnowLook &look, const HueTables &tables) {
  size_t i = 0;
  for (; i + lanes <= row.count; i += lanes) convert<rounds>(row.from(i), look, tables);
  if (i == row.count) return;
  uint8_t pixels[3 * lanes] = {};
  const size_t length = 3 * (row.count - i);
  std::memcpy(pixels, row.input + 3 * i, length);
  convert<rounds>({pixels, pixels, row.layer + i, row.glitter + i, lanes}, look, tables);
  std::memcpy(row.output + 3 * i, pixels, length);
}

/// OpenCV truncates levels in blocks of 32 pixels and rounds the rest of the row.
void snow_row(const SnowRow *row, const SnowLook *look) {
  const HueTables tables(*look);
  SnowRow whole = *row;
  whole.count = row->count / 32 * 32;
  convert_all<false>(whole, *look, tables);
  convert_all<true>(row->from(whole.count), *look, tables);
}

}  // namespace cimaging::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE

namespace cimaging {

HWY_EXPORT(snow_row);

SnowLook::SnowLook(double amount, double factor) : brightness(static_cast<float>(1 + factor * amount)) {
  const auto weight = static_cast<float>(0.15 * amount);
  const float blue[3] = {0.6f, 0.75f, 1};
  for (int i = 0; i < 3; ++i) tint[i] = blue[i] * weight;
  for (int i = 0; i < 256; ++i) hues[i] = static_cast<uint8_t>((i + 180 - hue_start) % 180);
}

namespace {

using Texture = std::vector<double>;
using Glitter = std::vector<uint8_t>;

size_t pixel_count(const View &image) { return static_cast<size_t>(image.width) * static_cast<size_t>(image.height); }

constexpr opencv::Gaussian softening{0, 1, false};

/// Snow falls off from the top row to a fifth at the bottom row.
double depth(int y, int height) {
  if (y == 0) return 1;
  return y == height - 1 ? 0.2 : y * ((0.2 - 1) / (height - 1)) + 1;
}

/// Softens the texture and covers the image with it.
void cover(const View &input, View &output, const cimaging_snow &snow, Texture &texture, const Glitter &glitter) {
  opencv::blur(texture.data(), {input.width, input.height}, softening);
  const SnowLook look(snow.amount, snow.brightness);
  const auto width = static_cast<size_t>(input.width);
  std::vector<float> layer(width + 64);
  Glitter glittering(width + 64);
  for (int y = 0; y < input.height; ++y) {
    const double *from = texture.data() + static_cast<size_t>(y) * width;
    const double share = depth(y, input.height);
    for (size_t x = 0; x < width; ++x) layer[x] = static_cast<float>(from[x] * share * 255 * snow.amount);
    std::memcpy(glittering.data(), glitter.data() + static_cast<size_t>(y) * width, width);
    const SnowRow row{input.row(y), output.row(y), layer.data(), glittering.data(), width};
    HWY_DYNAMIC_DISPATCH(snow_row)(&row, &look);
  }
}

/// Draws flakes of a normal noise, softened once, and one glittering pixel in a hundred.
void draw(const View &image, uint64_t seed, Texture &texture, Glitter &glitter) {
  const auto width = static_cast<size_t>(image.width);
  std::vector<float> numbers(WhiteNoise::room_for(width));
  const WhiteNoise flakes{seed, WhiteNoise::Distribution::normal},
      sparks{seed ^ 0x9E3779B97F4A7C15, WhiteNoise::Distribution::uniform};
  for (int y = 0; y < image.height; ++y) {
    const size_t first = static_cast<size_t>(y) * width;
    flakes.draw(static_cast<uint32_t>(y), numbers.data(), width);
    for (size_t x = 0; x < width; ++x) texture[first + x] = 0.5 + 0.3 * static_cast<double>(numbers[x]);
    sparks.draw(static_cast<uint32_t>(y), numbers.data(), width);
    for (size_t x = 0; x < width; ++x) glitter[first + x] = numbers[x] > 0.98f ? 255 : 0;
  }
  opencv::blur(texture.data(), {image.width, image.height}, softening);
}

}  // namespace
}  // namespace cimaging

cimaging_status cimaging_cover_with_snow(const cimaging_pixels *source, const cimaging_pixels *destination,
                                         const cimaging_snow *snow, const double *texture, const uint8_t *glitter,
                                         cimaging_message *message) {
  using namespace cimaging;
  return transformed(source, destination, message, [&](const View &input, View &output) {
    require_color(input);
    Texture copy(texture, texture + pixel_count(input));
    cover(input, output, *snow, copy, Glitter(glitter, glitter + pixel_count(input)));
  });
}

cimaging_status cimaging_draw_snow(const cimaging_pixels *source, const cimaging_pixels *destination,
                                   const cimaging_snow *snow, uint64_t seed, cimaging_message *message) {
  using namespace cimaging;
  return transformed(source, destination, message, [&](const View &input, View &output) {
    require_color(input);
    Texture texture(pixel_count(input));
    Glitter glitter(pixel_count(input));
    draw(input, seed, texture, glitter);
    cover(input, output, *snow, texture, glitter);
  });
}

#endif
