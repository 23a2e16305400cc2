#include <algorithm>
#include <cstring>
#include <vector>

#include "Kernels/Noise/random_words.hpp"
#include "guard.hpp"
#include "include/cimaging_drop.h"

using namespace cimaging;

namespace {

void copy(const View &input, View &output) {
  for (int y = 0; y < input.height; ++y) std::memcpy(output.row(y), input.row(y), input.row_length());
}

/// The part of a hole within an image.
struct Part {
  int left, top, right, bottom;

  Part(const cimaging_hole &hole, const View &image)
      : left(clamp(hole.x, 0, image.width)),
        top(clamp(hole.y, 0, image.height)),
        right(clamp(hole.x, hole.width, image.width)),
        bottom(clamp(hole.y, hole.height, image.height)) {}

  bool is_empty() const { return right <= left || bottom <= top; }

 private:
  static int clamp(int64_t start, int64_t length, int limit) {
    return static_cast<int>(std::min<int64_t>(std::max<int64_t>(start + length, 0), limit));
  }
};

void fill(View &image, const cimaging_hole &hole) {
  const Part part(hole, image);
  if (part.is_empty()) return;
  const size_t channels = static_cast<size_t>(image.channels);
  const size_t start = static_cast<size_t>(part.left) * channels;
  const size_t length = static_cast<size_t>(part.right - part.left) * channels;
  uint8_t *first = image.row(part.top) + start;
  for (size_t i = 0; i < length; ++i) first[i] = hole.color[i % channels];
  for (int y = part.top + 1; y < part.bottom; ++y) std::memcpy(image.row(y) + start, first, length);
}

/// Fills a part of an image with random bytes.
class RandomFill {
 public:
  RandomFill(uint64_t seed, const View &image)
      : generator{seed}, words(RandomWords::room_for(image.row_length() / sizeof(uint32_t) + RandomWords::block + 1)) {}

  void operator()(View &image, const cimaging_hole &hole) {
    const Part part(hole, image);
    if (part.is_empty()) return;
    constexpr size_t block = RandomWords::block * sizeof(uint32_t);
    const size_t channels = static_cast<size_t>(image.channels);
    const size_t start = static_cast<size_t>(part.left) * channels;
    const size_t length = static_cast<size_t>(part.right - part.left) * channels;
    const size_t first = start / block * block, count = (start + length - first + 3) / sizeof(uint32_t);
    for (int y = part.top; y < part.bottom; ++y) {
      generator.draw(static_cast<uint32_t>(y), first / sizeof(uint32_t), count, words.data());
      std::memcpy(image.row(y) + start, reinterpret_cast<uint8_t *>(words.data()) + (start - first), length);
    }
  }

 private:
  const RandomWords generator;
  std::vector<uint32_t> words;
};

}  // namespace

cimaging_status cimaging_fill_holes(const cimaging_pixels *source, const cimaging_pixels *destination,
                                    const cimaging_hole *holes, size_t count, cimaging_message *message) {
  return transformed(source, destination, message, [&](const View &input, View &output) {
    copy(input, output);
    for (size_t i = 0; i < count; ++i) fill(output, holes[i]);
  });
}

cimaging_status cimaging_fill_holes_randomly(const cimaging_pixels *source, const cimaging_pixels *destination,
                                             const cimaging_hole *holes, size_t count, uint64_t seed,
                                             cimaging_message *message) {
  return transformed(source, destination, message, [&](const View &input, View &output) {
    copy(input, output);
    RandomFill fill(seed, input);
    for (size_t i = 0; i < count; ++i) fill(output, holes[i]);
  });
}
