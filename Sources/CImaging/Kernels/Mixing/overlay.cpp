#include <cstring>

#include "OpenCV/opencv.hpp"
#include "guard.hpp"
#include "include/cimaging_mixing.h"

namespace cimaging {

namespace {

void copy(const View &input, View &output) {
  for (int y = 0; y < input.height; ++y) std::memcpy(output.row(y), input.row(y), input.row_length());
}

void copy_where(const uint8_t *mask, const uint8_t *from, uint8_t *to, int width, int channels) {
  for (int x = 0; x < width; ++x) {
    if (mask[x] == 0) continue;
    for (int i = 0; i < channels; ++i) to[x * channels + i] = from[x * channels + i];
  }
}

}  // namespace

}  // namespace cimaging

cimaging_status cimaging_overlay(const cimaging_pixels *source, const cimaging_pixels *patch,
                                 const cimaging_pixels *mask, const cimaging_pixels *destination, int32_t x, int32_t y,
                                 cimaging_message *message) {
  using namespace cimaging;
  return transformed(source, destination, message, [&](const View &input, View &output) {
    const View picture = view(patch);
    require(picture.channels == input.channels, "the patch has other channels");
    require(x >= 0 && y >= 0 && picture.width <= input.width - x && picture.height <= input.height - y,
            "the patch reaches beyond the image");
    copy(input, output);
    for (int row = 0; row < picture.height; ++row) {
      uint8_t *to = output.row(y + row) + static_cast<size_t>(x) * static_cast<size_t>(input.channels);
      if (mask != nullptr) {
        copy_where(view(mask).row(row), picture.row(row), to, picture.width, picture.channels);
      } else {
        std::memcpy(to, picture.row(row), picture.row_length());
      }
    }
  });
}

cimaging_status cimaging_blend(const cimaging_pixels *source, const cimaging_pixels *other,
                               const cimaging_pixels *destination, double weight, double other_weight,
                               cimaging_message *message) {
  using namespace cimaging;
  return transformed(source, destination, message, [&](const View &input, View &output) {
    const View second = view(other);
    require(second.has_shape_of(input), "the other image has another shape");
    opencv::add_weighted(input, weight, second, other_weight, output);
  });
}

cimaging_status cimaging_change_channels(const cimaging_pixels *source, const cimaging_pixels *destination,
                                         cimaging_message *message) {
  using namespace cimaging;
  return guarded(message, [&] {
    const View input = view(source);
    View output = view(destination);
    require(input.width == output.width && input.height == output.height, "the destination has another size");
    require(input.channels != output.channels, "the destination has the same channels");
    opencv::change_channels(input, output);
  });
}
