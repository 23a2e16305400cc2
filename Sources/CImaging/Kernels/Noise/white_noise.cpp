#include <algorithm>
#include <cmath>
#include <optional>
#include <vector>

#include "Kernels/Noise/apply_row.hpp"
#include "Kernels/Noise/noise_grid.hpp"
#include "Kernels/Noise/normal_levels.hpp"
#include "guard.hpp"
#include "include/cimaging_noise.h"

using namespace cimaging;

namespace {

NoisyRow row(const View &input, View &output, int y, bool is_shared) {
  return {input.row(y), output.row(y), static_cast<size_t>(input.width), input.channels, is_shared};
}

/// Adds normal noise that needs no numbers between whole levels.
void add_normal_levels(const View &input, View &output, const cimaging_white_noise &noise) {
  const NormalLevels levels(noise.seed, noise.offset, noise.scale);
  std::vector<int16_t> drawn(NormalLevels::room_for(input.row_length()));
  for (int y = 0; y < input.height; ++y) {
    const NoisyRow pixels = row(input, output, y, noise.is_shared != 0);
    levels.draw(static_cast<uint32_t>(y), drawn.data(), pixels.numbers());
    add_levels(pixels, drawn.data());
  }
}

/// Adds numbers, cut to whole levels.
class Adding {
 public:
  explicit Adding(size_t length) : levels(length) {}

  void operator()(const NoisyRow &pixels, const float *numbers) {
    cut_to_levels(numbers, levels.data(), pixels.numbers());
    add_levels(pixels, levels.data());
  }

 private:
  std::vector<int16_t> levels;
};

struct Multiplying {
  explicit Multiplying(size_t) {}

  void operator()(const NoisyRow &pixels, const float *numbers) { multiply_levels(pixels, numbers); }
};

template <typename Change>
void change_by_noise(const View &input, View &output, const cimaging_white_noise &noise) {
  require(noise.density > 0 && noise.density <= 1, "noise is drawn at no share of the image");
  const bool is_shared = noise.is_shared != 0;
  NoiseGrid grid(noise, {input.width, input.height, is_shared ? 1 : input.channels});
  Change change(input.row_length());
  for (int y = 0; y < input.height; ++y) change(row(input, output, y, is_shared), grid.row(y));
}

template <typename Change>
void change_by_numbers(const View &input, View &output, const float *numbers) {
  Change change(input.row_length());
  for (int y = 0; y < input.height; ++y) {
    change(row(input, output, y, false), numbers + input.row_length() * static_cast<size_t>(y));
  }
}

}  // namespace

cimaging_status cimaging_add_white_noise(const cimaging_pixels *source, const cimaging_pixels *destination,
                                         const cimaging_white_noise *noise, cimaging_message *message) {
  return transformed(source, destination, message, [&](const View &input, View &output) {
    const bool is_moderate = std::abs(noise->offset) <= 255 && noise->scale >= 0 && noise->scale <= 255;
    if (noise->distribution == CIMAGING_NORMAL && noise->density == 1 && is_moderate) {
      return add_normal_levels(input, output, *noise);
    }
    change_by_noise<Adding>(input, output, *noise);
  });
}

cimaging_status cimaging_multiply_white_noise(const cimaging_pixels *source, const cimaging_pixels *destination,
                                              const cimaging_white_noise *noise, cimaging_message *message) {
  return transformed(source, destination, message,
                     [&](const View &input, View &output) { change_by_noise<Multiplying>(input, output, *noise); });
}

cimaging_status cimaging_add_numbers(const cimaging_pixels *source, const cimaging_pixels *destination,
                                     const float *levels, cimaging_message *message) {
  return transformed(source, destination, message,
                     [&](const View &input, View &output) { change_by_numbers<Adding>(input, output, levels); });
}

cimaging_status cimaging_multiply_numbers(const cimaging_pixels *source, const cimaging_pixels *destination,
                                          const float *factors, cimaging_message *message) {
  return transformed(source, destination, message,
                     [&](const View &input, View &output) { change_by_numbers<Multiplying>(input, output, factors); });
}
