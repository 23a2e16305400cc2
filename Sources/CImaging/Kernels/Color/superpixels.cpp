#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "guard.hpp"
#include "include/cimaging_color.h"

#pragma clang fp contract(off)

using namespace cimaging;

namespace {

struct Center {
  int x, y;
};

/// The segmentation of Albumentations 2.0.8, with its peculiarities: distances are kept from one iteration to the next,
/// centres lie on whole pixels, and what no centre reaches has label -1.
class Segmentation {
 public:
  Segmentation(const View &image, int segments)
      : image(image),
        step(std::max(1, static_cast<int>(std::sqrt(static_cast<double>(count()) / segments)))),
        values(count() * image.channels),
        labels(count(), -1),
        distances(count(), std::numeric_limits<double>::infinity()) {
    normalize();
    for (int y = step / 2; y < image.height; y += step) {
      for (int x = step / 2; x < image.width; x += step) centers.push_back({x, y});
    }
    for (int iteration = 0; iteration < 10; ++iteration) {
      for (size_t i = 0; i < centers.size(); ++i) claim(static_cast<int>(i));
      move_centers();
    }
  }

  /// Label of a pixel.
  int label(int x, int y) const { return labels[place(x, y)]; }
  int label_count() const { return static_cast<int>(centers.size()); }

 private:
  size_t count() const { return static_cast<size_t>(image.width) * image.height; }
  size_t place(int x, int y) const { return static_cast<size_t>(y) * image.width + x; }

  /// Values as shares of the largest.
  void normalize() {
    uint8_t most = 0;
    for (int y = 0; y < image.height; ++y) {
      most = std::max(most, *std::max_element(image.row(y), image.row(y) + image.row_length()));
    }
    const double largest = most + 1e-6;
    for (int y = 0; y < image.height; ++y) {
      for (size_t i = 0; i < image.row_length(); ++i) values[y * image.row_length() + i] = image.row(y)[i] / largest;
    }
  }

  /// Takes the pixels around a centre that are nearer to it than to those before.
  void claim(int number) {
    const Center center = centers[number];
    for (int y = std::max(0, center.y - step); y < std::min(image.height, center.y + step + 1); ++y) {
      for (int x = std::max(0, center.x - step); x < std::min(image.width, center.x + step + 1); ++x) {
        const double distance = this->distance(center, x, y);
        double &nearest = distances[place(x, y)];
        if (!(distance < nearest)) continue;
        nearest = distance;
        labels[place(x, y)] = number;
      }
    }
  }

  double distance(const Center &center, int x, int y) const {
    const double *value = &values[place(x, y) * image.channels];
    const double *middle = &values[place(center.x, center.y) * image.channels];
    double color = 0;
    for (int k = 0; k < image.channels; ++k) color += (value[k] - middle[k]) * (value[k] - middle[k]);
    const double across = x - center.x, down = y - center.y;
    return color + compactness * ((down * down + across * across) / (static_cast<double>(step) * step));
  }

  /// To the mean of their pixels, cut to whole numbers.
  void move_centers() {
    struct Sum {
      int64_t x = 0, y = 0, count = 0;
    };
    std::vector<Sum> sums(centers.size());
    for (int y = 0; y < image.height; ++y) {
      for (int x = 0; x < image.width; ++x) {
        if (label(x, y) < 0) continue;
        Sum &sum = sums[label(x, y)];
        sum = {sum.x + x, sum.y + y, sum.count + 1};
      }
    }
    for (size_t i = 0; i < centers.size(); ++i) {
      const Sum &sum = sums[i];
      if (sum.count > 0) centers[i] = {static_cast<int>(sum.x / sum.count), static_cast<int>(sum.y / sum.count)};
    }
  }

  static constexpr double compactness = 10;

  const View &image;
  const int step;
  std::vector<double> values;
  std::vector<int> labels;
  std::vector<double> distances;
  std::vector<Center> centers;
};

/// Sums of the values of each segment; the first is of the pixels without label.
class SegmentMeans {
 public:
  SegmentMeans(const View &image, const Segmentation &segments)
      : channels(image.channels), sums(channels * (segments.label_count() + 1)), counts(segments.label_count() + 1) {
    for (int y = 0; y < image.height; ++y) {
      for (int x = 0; x < image.width; ++x) {
        const int segment = segments.label(x, y) + 1;
        ++counts[segment];
        for (int k = 0; k < channels; ++k) sums[segment * channels + k] += image.row(y)[x * channels + k];
      }
    }
  }

  /// Which segments are replaced: in the order of the labels that occur, but for label 0 if it is the first of them,
  /// `replaced` over and over again.
  std::vector<bool> chosen(const uint8_t *replaced, int count) const {
    std::vector<bool> chosen(counts.size());
    const size_t first = counts[0] > 0 ? 0 : counts.size() > 1 && counts[1] > 0 ? 2 : 1;
    for (size_t segment = first, index = 0; segment < counts.size(); ++segment) {
      if (counts[segment] > 0) chosen[segment] = replaced[index++ % count] != 0;
    }
    return chosen;
  }

  uint8_t operator()(int segment, int channel) const {
    return nearest_byte(static_cast<double>(sums[segment * channels + channel]) / static_cast<double>(counts[segment]));
  }

 private:
  int channels;
  std::vector<int64_t> sums, counts;
};

}  // namespace

cimaging_status cimaging_superpixels(const cimaging_pixels *source, const cimaging_pixels *destination,
                                     const uint8_t *replaced, int32_t count, cimaging_message *message) {
  return transformed(source, destination, message, [&](const View &input, View &output) {
    require(count > 0, "there are no segments");
    const Segmentation segments(input, count);
    const SegmentMeans means(input, segments);
    const std::vector<bool> chosen = means.chosen(replaced, count);
    for (int y = 0; y < input.height; ++y) {
      std::copy_n(input.row(y), input.row_length(), output.row(y));
      for (int x = 0; x < input.width; ++x) {
        const int segment = segments.label(x, y) + 1;
        if (!chosen[segment]) continue;
        for (int k = 0; k < input.channels; ++k) output.row(y)[x * input.channels + k] = means(segment, k);
      }
    }
  });
}
