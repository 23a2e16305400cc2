#include <algorithm>
#include <vector>

#include "Kernels/Noise/random_words.hpp"
#include "guard.hpp"
#include "include/cimaging_drop.h"
#include "simd.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "Kernels/Drop/drop_pixels.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace cimaging::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

// The compiler makes vectors of these loops.

/// Marks of 255 where a word is at most `limit`, else 0.
void mark(const uint32_t *words, uint32_t limit, uint8_t *marks, size_t count) {
  for (size_t i = 0; i < count; ++i) marks[i] = words[i] <= limit ? 255 : 0;
}

/// Takes the bytes of `levels` where a mark is 255.
void choose(const uint8_t *input, const uint8_t *levels, const uint8_t *marks, uint8_t *output, size_t count) {
  for (size_t i = 0; i < count; ++i) output[i] = static_cast<uint8_t>((input[i] & ~marks[i]) | (levels[i] & marks[i]));
}

/// Repeats each mark for three channels.
void triple(const uint8_t *marks, uint8_t *tripled, size_t pixels) {
  const hn::ScalableTag<uint8_t> bytes;
  const size_t lanes = hn::Lanes(bytes);
  size_t x = 0;
  for (; x + lanes <= pixels; x += lanes) {
    const auto mark = hn::LoadU(bytes, marks + x);
    hn::StoreInterleaved3(mark, mark, mark, bytes, tripled + 3 * x);
  }
  for (; x < pixels; ++x) std::fill_n(tripled + 3 * x, 3, marks[x]);
}

}  // namespace cimaging::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE

namespace cimaging {

HWY_EXPORT(mark);
HWY_EXPORT(choose);
HWY_EXPORT(triple);

namespace {

/// A row with the levels of the channels, one after the other.
std::vector<uint8_t> level_row(const View &image, const uint8_t *levels) {
  std::vector<uint8_t> row(image.row_length());
  for (size_t i = 0; i < row.size(); ++i) row[i] = levels[i % static_cast<size_t>(image.channels)];
  return row;
}

void drop_pixels(const View &input, View &output, const cimaging_pixel_drop &drop) {
  const size_t length = input.row_length(), width = static_cast<size_t>(input.width);
  const bool is_tripled = input.channels == 3 && drop.is_per_channel == 0;
  const size_t count = is_tripled ? width : length;
  const std::vector<uint8_t> levels = level_row(input, drop.levels);
  std::vector<uint32_t> words(RandomWords::room_for(count));
  std::vector<uint8_t> marks(count), tripled(is_tripled ? length : 0);
  for (int y = 0; y < input.height; ++y) {
    RandomWords{drop.seed}.draw(static_cast<uint32_t>(y), 0, count, words.data());
    HWY_DYNAMIC_DISPATCH(mark)(words.data(), drop.limit, marks.data(), count);
    if (is_tripled) HWY_DYNAMIC_DISPATCH(triple)(marks.data(), tripled.data(), width);
    const uint8_t *chosen = is_tripled ? tripled.data() : marks.data();
    HWY_DYNAMIC_DISPATCH(choose)(input.row(y), levels.data(), chosen, output.row(y), length);
  }
}

}  // namespace

}  // namespace cimaging

using namespace cimaging;

cimaging_status cimaging_drop_pixels(const cimaging_pixels *source, const cimaging_pixels *destination,
                                     const cimaging_pixel_drop *drop, cimaging_message *message) {
  return transformed(source, destination, message,
                     [&](const View &input, View &output) { drop_pixels(input, output, *drop); });
}

cimaging_status cimaging_drop_marked(const cimaging_pixels *source, const cimaging_pixels *destination,
                                     const uint8_t *marks, const uint8_t levels[3], cimaging_message *message) {
  return transformed(source, destination, message, [&](const View &input, View &output) {
    const std::vector<uint8_t> row = level_row(input, levels);
    std::vector<uint8_t> chosen(row.size());
    for (int y = 0; y < input.height; ++y) {
      const uint8_t *given = marks + row.size() * static_cast<size_t>(y);
      std::transform(given, given + row.size(), chosen.begin(), [](uint8_t mark) { return mark != 0 ? 255 : 0; });
      HWY_DYNAMIC_DISPATCH(choose)(input.row(y), row.data(), chosen.data(), output.row(y), row.size());
    }
  });
}

#endif
