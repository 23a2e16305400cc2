#include <algorithm>
#include <cstring>
#include <vector>

#include "guard.hpp"
#include "include/cimaging_geometry.h"

namespace cimaging {
namespace {

/// Builds rows of a window from rows of the image.
class WindowRows {
 public:
  WindowRows(const View &input, const View &output, const int32_t *columns, const uint8_t *fill)
      : columns_(columns), width_(output.width), channels_(static_cast<size_t>(output.channels)) {
    require(channels_ == 1 || channels_ == 3, "the image has neither one channel nor three");
    filled_.resize(output.row_length());
    for (size_t i = 0; i < filled_.size(); ++i) filled_[i] = fill[i % channels_];
    for (int x = 0; x < width_; ++x) require(columns[x] < input.width, "a column beyond the image");
    find_run();
  }

  void fill(uint8_t *row) const { std::memcpy(row, filled_.data(), filled_.size()); }

  void copy(const uint8_t *source, uint8_t *row) const {
    const size_t begin = first_ * channels_, end = end_ * channels_;
    if (end > begin) {
      std::memcpy(row + begin, source + static_cast<size_t>(columns_[first_]) * channels_, end - begin);
    }
    gather(source, row, 0, static_cast<int>(first_));
    gather(source, row, static_cast<int>(end_), width_);
  }

 private:
  /// The longest run of columns that follow each other in the image: it is copied whole.
  void find_run() {
    for (int x = 0; x < width_;) {
      int end = x + 1;
      while (columns_[x] >= 0 && end < width_ && columns_[end] == columns_[end - 1] + 1) ++end;
      if (columns_[x] >= 0 && static_cast<size_t>(end - x) > end_ - first_) {
        first_ = static_cast<size_t>(x);
        end_ = static_cast<size_t>(end);
      }
      x = end;
    }
  }

  void gather(const uint8_t *source, uint8_t *row, int from, int to) const {
    channels_ == 3 ? gather<3>(source, row, from, to) : gather<1>(source, row, from, to);
  }

  template <size_t channels>
  void gather(const uint8_t *source, uint8_t *row, int from, int to) const {
    for (int x = from; x < to; ++x) {
      const size_t place = static_cast<size_t>(x) * channels;
      const bool is_inside = columns_[x] >= 0;
      const uint8_t *pixel = is_inside ? source + static_cast<size_t>(columns_[x]) * channels : filled_.data() + place;
      std::memcpy(row + place, pixel, channels);
    }
  }

  const int32_t *columns_;
  int width_;
  size_t channels_;
  std::vector<uint8_t> filled_;
  size_t first_ = 0, end_ = 0;
};

}  // namespace
}  // namespace cimaging

cimaging_status cimaging_window(const cimaging_pixels *source, const cimaging_pixels *destination,
                                const int32_t *columns, const int32_t *rows, const uint8_t *fill,
                                cimaging_message *message) {
  using namespace cimaging;
  return reshaped(source, destination, message, [&](const View &input, View &output) {
    const WindowRows window(input, output, columns, fill);
    for (int y = 0; y < output.height; ++y) {
      require(rows[y] < input.height, "a row beyond the image");
      if (rows[y] < 0) {
        window.fill(output.row(y));
      } else if (y > 0 && rows[y] == rows[y - 1]) {
        std::memcpy(output.row(y), output.row(y - 1), output.row_length());
      } else {
        window.copy(input.row(rows[y]), output.row(y));
      }
    }
  });
}
