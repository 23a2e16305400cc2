#include <algorithm>
#include <cstring>
#include <vector>

#include "guard.hpp"
#include "include/cimaging_blur.h"

namespace cimaging {
namespace {

/// A move of at most `reach` pixels back and fewer forward, down and to the right.
struct Move {
  int down, right;
};

/// What moves and how far. Pixels closer to the edge than `reach` are no starting points.
struct Region {
  int width, height, reach;

  int first() const { return reach + 1; }
  int last_row() const { return height - reach; }
  int last_column() const { return width - reach; }
};

/// Moves by a key: SplitMix64 of a counter, so that each pixel's is drawn without the others.
struct DrawnMoves {
  uint64_t seed;
  Region region;

  Move operator()(int iteration, int y, int x) const {
    const uint64_t rows = static_cast<uint64_t>(region.height), width = static_cast<uint64_t>(region.width);
    uint64_t z =
        (static_cast<uint64_t>(iteration) * rows + static_cast<uint64_t>(y)) * width + static_cast<uint64_t>(x);
    z = seed + (z + 1) * 0x9E3779B97F4A7C15;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
    z ^= z >> 31;
    return {place(static_cast<uint32_t>(z)), place(static_cast<uint32_t>(z >> 32))};
  }

 private:
  int place(uint32_t bits) const {
    return static_cast<int>(static_cast<uint64_t>(bits) * 2 * static_cast<uint64_t>(region.reach) >> 32) - region.reach;
  }
};

/// Moves in the order of Albumentations, for each starting point those of all iterations, down and right.
struct GivenMoves {
  const int32_t *moves;
  int iterations;
  bool is_exact;
  Region region;

  Move operator()(int iteration, int y, int x) const {
    const int row = region.last_row() - y, column = region.last_column() - x;
    const int rows = region.height - 2 * region.reach, columns = region.width - 2 * region.reach;
    const size_t index = static_cast<size_t>(is_exact ? row * columns + column : column * rows + row);
    const int32_t *move = moves + 2 * (index * static_cast<size_t>(iterations) + static_cast<size_t>(iteration));
    return {move[0], move[1]};
  }
};

/// All pixels of an iteration at once, as NumPy assigns them: each starting point takes the pixel where it moves to,
/// and then gives its own to that place. Of several that move to a place, the last wins in NumPy's order, columns from
/// right to left and each from bottom to top: the one farthest left, then the topmost, thus the one that moves farthest
/// right, then farthest down.
class Exchange {
 public:
  explicit Exchange(const Region &region) : region(region), span(2 * region.reach), taken(pixels()), given(pixels()) {}

  template <typename Moves>
  void run(const View &input, View &output, const Moves &moves, int iteration) {
    std::fill(taken.begin(), taken.end(), uint16_t{0});
    std::fill(given.begin(), given.end(), uint16_t{0});
    for (int y = region.first(); y <= region.last_row(); ++y) {
      for (int x = region.first(); x <= region.last_column(); ++x) note(y, x, moves(iteration, y, x));
    }
    const std::vector<ptrdiff_t> steps = all_steps(input);
    for (int y = 0; y < input.height; ++y) {
      input.channels == 1 ? move_row<1>(input, output, steps, y) : move_row<3>(input, output, steps, y);
    }
  }

 private:
  size_t pixels() const { return static_cast<size_t>(region.width) * static_cast<size_t>(region.height); }
  size_t place(int y, int x) const {
    return static_cast<size_t>(y) * static_cast<size_t>(region.width) + static_cast<size_t>(x);
  }

  /// Keeps a move as a number that grows with its right part, then with its down part; what is given counts more than
  /// what is taken.
  void note(int y, int x, Move move) {
    const int number = (move.right + region.reach) * span + move.down + region.reach + 1;
    taken[place(y, x)] = static_cast<uint16_t>(number);
    uint16_t &best = given[place(y + move.down, x + move.right)];
    best = std::max(best, static_cast<uint16_t>(number + span * span));
  }

  /// For each number, the way in bytes to the pixel that it brings.
  std::vector<ptrdiff_t> all_steps(const View &image) const {
    std::vector<ptrdiff_t> steps(1, 0);
    for (const int sign : {1, -1}) {
      for (int right = -region.reach; right < region.reach; ++right) {
        for (int down = -region.reach; down < region.reach; ++down) {
          steps.push_back(sign * (down * static_cast<ptrdiff_t>(image.stride) + right * image.channels));
        }
      }
    }
    return steps;
  }

  template <size_t channels>
  void move_row(const View &input, View &output, const std::vector<ptrdiff_t> &steps, int y) const {
    const uint8_t *from = input.row(y);
    uint8_t *to = output.row(y);
    for (size_t at = place(y, 0), end = at + static_cast<size_t>(region.width); at < end; ++at) {
      std::memcpy(to, from + steps[std::max(taken[at], given[at])], channels);
      from += channels;
      to += channels;
    }
  }

  Region region;
  int span;
  std::vector<uint16_t> taken, given;
};

/// One pixel after the other, from the last to the first. In colour only the starting point changes: Albumentations
/// assigns views of the array, the second of which shows the pixel already overwritten.
template <typename Moves>
void exchange_each(View &image, const Region &region, const Moves &moves, int iteration) {
  for (int y = region.last_row(); y >= region.first(); --y) {
    for (int x = region.last_column(); x >= region.first(); --x) {
      const Move move = moves(iteration, y, x);
      uint8_t *one = image.row(y) + x * image.channels;
      uint8_t *other = image.row(y + move.down) + (x + move.right) * image.channels;
      if (image.channels == 1) {
        std::swap(*one, *other);
      } else {
        std::memmove(one, other, 3);
      }
    }
  }
}

void copy(const View &input, View &output) {
  for (int y = 0; y < input.height; ++y) std::copy_n(input.row(y), input.row_length(), output.row(y));
}

template <typename Moves>
void shatter(const View &input, View &output, const cimaging_glass &glass, const Moves &moves) {
  const Region region{input.width, input.height, glass.reach};
  copy(input, output);
  if (glass.is_exact) {
    for (int i = 0; i < glass.iterations; ++i) exchange_each(output, region, moves, i);
    return;
  }
  Exchange exchange(region);
  std::vector<uint8_t> pixels(input.row_length() * static_cast<size_t>(input.height));
  View before{pixels.data(), input.width, input.height, input.channels, input.row_length()};
  for (int i = 0; i < glass.iterations; ++i) {
    copy(output, before);
    exchange.run(before, output, moves, i);
  }
}

void check(const View &image, const cimaging_glass &glass) {
  // Twice the number of moves fits 16 bits.
  require(glass.reach > 0 && glass.reach <= 90, "pixels move too far, or not at all");
  require(std::min(image.width, image.height) >= 2 * glass.reach, "the image is smaller than the moves");
}

}  // namespace
}  // namespace cimaging

cimaging_status cimaging_shatter(const cimaging_pixels *source, const cimaging_pixels *destination,
                                 const cimaging_glass *glass, cimaging_message *message) {
  using namespace cimaging;
  return transformed(source, destination, message, [&](const View &input, View &output) {
    check(input, *glass);
    shatter(input, output, *glass, DrawnMoves{glass->seed, {input.width, input.height, glass->reach}});
  });
}

cimaging_status cimaging_shatter_by(const cimaging_pixels *source, const cimaging_pixels *destination,
                                    const cimaging_glass *glass, const int32_t *moves, cimaging_message *message) {
  using namespace cimaging;
  return transformed(source, destination, message, [&](const View &input, View &output) {
    check(input, *glass);
    const Region region{input.width, input.height, glass->reach};
    shatter(input, output, *glass, GivenMoves{moves, glass->iterations, glass->is_exact != 0, region});
  });
}
