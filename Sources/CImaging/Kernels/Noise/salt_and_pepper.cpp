#include <algorithm>
#include <array>
#include <vector>

#include "Kernels/Noise/apply_row.hpp"
#include "Kernels/Noise/random_words.hpp"
#include "guard.hpp"
#include "include/cimaging_noise.h"

using namespace cimaging;

namespace {

enum class Mark : uint8_t { none, salt, pepper };

/// Places among `count`, each as likely as any other.
class Places {
 public:
  Places(uint64_t seed, size_t count) : words{seed}, count(count) {}

  size_t next() {
    if (index + 1 >= drawn.size()) {
      words.draw(row++, 0, drawn.size(), drawn.data());
      index = 0;
    }
    const uint64_t number = static_cast<uint64_t>(drawn[index]) << 32 | drawn[index + 1];
    index += 2;
    return static_cast<size_t>(static_cast<unsigned __int128>(number) * count >> 64);
  }

 private:
  const RandomWords words;
  const size_t count;
  std::array<uint32_t, 32 * RandomWords::block> drawn;
  size_t index = drawn.size();
  uint32_t row = 0;
};

/// Marks as many pixels as there should be of each kind. The most frequent kind is marked first, everywhere, and the
/// others then take places from it, so that places are seldom drawn in vain.
std::vector<Mark> marks(uint64_t seed, size_t count, std::array<size_t, 3> numbers) {
  const auto largest = std::max_element(numbers.begin(), numbers.end()) - numbers.begin();
  const Mark most = static_cast<Mark>(largest);
  std::vector<Mark> marks(count, most);
  Places places(seed, count);
  for (const Mark mark : {Mark::none, Mark::salt, Mark::pepper}) {
    for (size_t left = mark == most ? 0 : numbers[static_cast<size_t>(mark)]; left > 0;) {
      Mark &place = marks[places.next()];
      if (place != most) continue;
      place = mark;
      --left;
    }
  }
  return marks;
}

}  // namespace

cimaging_status cimaging_salt_and_pepper(const cimaging_pixels *source, const cimaging_pixels *destination,
                                         uint64_t seed, int64_t salt, int64_t pepper, cimaging_message *message) {
  return transformed(source, destination, message, [&](const View &input, View &output) {
    const size_t width = static_cast<size_t>(input.width), count = width * static_cast<size_t>(input.height);
    const size_t white = std::min(count, static_cast<size_t>(std::max<int64_t>(salt, 0)));
    const size_t black = std::min(count - white, static_cast<size_t>(std::max<int64_t>(pepper, 0)));
    const std::vector<Mark> marked = marks(seed, count, {count - white - black, white, black});
    // Levels that saturate every value.
    constexpr int16_t levels[] = {0, 255, -255};
    std::vector<int16_t> added(width);
    for (int y = 0; y < input.height; ++y) {
      const Mark *marks = marked.data() + width * static_cast<size_t>(y);
      for (size_t x = 0; x < width; ++x) added[x] = levels[static_cast<size_t>(marks[x])];
      add_levels({input.row(y), output.row(y), width, input.channels, true}, added.data());
    }
  });
}
