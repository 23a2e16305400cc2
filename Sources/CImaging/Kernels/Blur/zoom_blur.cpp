#include "guard.hpp"
#include "include/cimaging_blur.h"
#include "simd.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "Kernels/Blur/zoom_blur.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include <algorithm>
#include <vector>

#include "Kernels/Blur/zoom.hpp"

HWY_BEFORE_NAMESPACE();
namespace cimaging::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;
namespace {

using Floats = hn::ScalableTag<float>;
using Pixel = hn::FixedTag<float, 4>;

/// Columns that are processed together, so that two rows of each zoom stay in the L2 cache.
constexpr int longest = 256;
/// Values that whole vectors may use beyond a row.
constexpr size_t slack = hn::MaxLanes(Floats()) + 4;

/// `from` × (1 − `fraction`) + `to` × `fraction`.
template <typename Tag, typename V = hn::Vec<Tag>>
HWY_INLINE V between(Tag tag, V from, V to, V fraction) {
  return hn::Add(hn::Mul(from, hn::Sub(hn::Set(tag, 1.0f), fraction)), hn::Mul(to, fraction));
}

/// Part of the columns of one zoom: its rows, stretched to the columns of the image, of which the last two are kept.
class ZoomedRows {
 public:
  ZoomedRows(const View &image, double factor, int first, int count)
      : image(image), rows(image.height, factor), step(static_cast<size_t>(image.channels)) {
    const ZoomedSide columns(image.width, factor);
    const Place left = columns[first], right = columns[first + count - 1];
    begin = static_cast<size_t>(left.before);
    values.resize(static_cast<size_t>(right.after - left.before + 1) * step + slack);
    for (int x = first; x < first + count; ++x) {
      const Place place = columns[x];
      befores.push_back((static_cast<size_t>(place.before) - begin) * step);
      afters.push_back((static_cast<size_t>(place.after) - begin) * step);
      fractions.push_back(place.fraction);
    }
    for (Kept &row : kept) row.values.resize(static_cast<size_t>(count) * step + slack);
  }

  /// Adds row `y` of the zoom to `sums`.
  void add(int y, float *sums) {
    const Floats floats;
    const Place place = rows[y];
    const float *upper = stretched(place.before), *lower = stretched(place.after);
    const hn::Vec<Floats> fraction = hn::Set(floats, place.fraction);
    for (size_t i = 0; i < fractions.size() * step; i += hn::Lanes(floats)) {
      const auto value = between(floats, hn::LoadU(floats, upper + i), hn::LoadU(floats, lower + i), fraction);
      hn::StoreU(hn::Add(hn::LoadU(floats, sums + i), value), floats, sums + i);
    }
  }

 private:
  struct Kept {
    int row = -1;
    std::vector<float> values;
  };

  const float *stretched(int row) {
    Kept &place = kept[row % 2];
    if (place.row != row) {
      const uint8_t *bytes = image.row(row) + begin * step;
      for (size_t i = 0; i + slack < values.size(); ++i) values[i] = bytes[i];
      step == 1 ? stretch_grey(place.values.data()) : stretch_color(place.values.data());
      place.row = row;
    }
    return place.values.data();
  }

  void stretch_grey(float *output) const {
    for (size_t i = 0; i < fractions.size(); ++i) {
      output[i] = values[befores[i]] * (1 - fractions[i]) + values[afters[i]] * fractions[i];
    }
  }

  /// The fourth value of each pixel is overwritten by the next.
  void stretch_color(float *output) const {
    const Pixel pixel;
    for (size_t i = 0; i < fractions.size(); ++i) {
      const auto before = hn::LoadU(pixel, values.data() + befores[i]);
      const auto after = hn::LoadU(pixel, values.data() + afters[i]);
      hn::StoreU(between(pixel, before, after, hn::Set(pixel, fractions[i])), pixel, output + 3 * i);
    }
  }

  const View &image;
  ZoomedSide rows;
  size_t step, begin;
  std::vector<size_t> befores, afters;
  std::vector<float> fractions, values;
  Kept kept[2];
};

/// The mean of the image and `sums` of `zooms` others, as bytes.
void store_means(const uint8_t *input, const float *sums, uint8_t *output, size_t count, size_t zooms) {
  const Floats floats;
  const hn::RebindToSigned<Floats> integers;
  const hn::Rebind<uint8_t, Floats> bytes;
  const size_t lanes = hn::Lanes(floats);
  const auto divisor = hn::Set(floats, static_cast<float>(zooms + 1));
  const auto store = [&](const uint8_t *from, const float *sum, uint8_t *to) HWY_ATTR {
    const auto own = hn::ConvertTo(floats, hn::PromoteTo(integers, hn::LoadU(bytes, from)));
    const auto mean = hn::Div(hn::Add(own, hn::LoadU(floats, sum)), divisor);
    hn::StoreU(hn::DemoteTo(bytes, hn::NearestInt(mean)), bytes, to);
  };
  size_t i = 0;
  for (; i + lanes <= count; i += lanes) store(input + i, sums + i, output + i);
  if (i == count) return;
  uint8_t from[hn::MaxLanes(floats)] = {}, to[hn::MaxLanes(floats)];
  std::copy_n(input + i, count - i, from);
  store(from, sums + i, to);
  std::copy_n(to, count - i, output + i);
}

void zoom_blur(const View &input, View &output, const std::vector<double> &factors) {
  const size_t step = static_cast<size_t>(input.channels);
  std::vector<float> sums(longest * step + slack);
  for (int first = 0; first < input.width; first += longest) {
    const int count = std::min(longest, input.width - first);
    const size_t place = static_cast<size_t>(first) * step, length = static_cast<size_t>(count) * step;
    std::vector<ZoomedRows> zooms;
    for (const double factor : factors) zooms.emplace_back(input, factor, first, count);
    for (int y = 0; y < input.height; ++y) {
      std::fill(sums.begin(), sums.end(), 0.0f);
      for (ZoomedRows &zoom : zooms) zoom.add(y, sums.data());
      store_means(input.row(y) + place, sums.data(), output.row(y) + place, length, factors.size());
    }
  }
}

}  // namespace
}  // namespace cimaging::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE

namespace cimaging {

HWY_EXPORT(zoom_blur);

}  // namespace cimaging

cimaging_status cimaging_zoom_blur(const cimaging_pixels *source, const cimaging_pixels *destination,
                                   const double *factors, int32_t count, cimaging_message *message) {
  using namespace cimaging;
  return transformed(source, destination, message, [&](const View &input, View &output) {
    const std::vector<double> zooms(factors, factors + count);
    require(std::all_of(zooms.begin(), zooms.end(), [](double zoom) { return zoom >= 1; }), "a zoom below 1");
    HWY_DYNAMIC_DISPATCH(zoom_blur)(input, output, zooms);
  });
}

#endif
