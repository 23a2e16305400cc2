#include <cmath>
#include <optional>

#include "field.hpp"
#include "random.hpp"
#include "warp.hpp"

namespace {

const cimaging::Normal normal;

/// Noise row by row: dx from top to bottom, then dy, so that the field does not depend on how it is blurred.
class Noise {
 public:
  explicit Noise(const cimaging_elastic &elastic) : random(elastic.seed), is_uniform(elastic.is_uniform) {}

  void draw(float *row, int width) {
    for (int x = 0; x < width; ++x) {
      row[x] = static_cast<float>(is_uniform ? 2 * random.uniform() - 1 : normal(random));
      largest = std::max(largest, std::abs(row[x]));
    }
  }

  /// What the noise is to be divided by.
  float divisor() const { return is_uniform || largest <= 1e-6f ? 1.0f : largest; }

 private:
  cimaging::Random random;
  bool is_uniform;
  float largest = 0;
};

/// The blurred noise of both axes, one above the other as Albumentations blurs them, read row by row.
class Displacements {
 public:
  Displacements(const cimaging_elastic &elastic, int width, int height)
      : width(width), height(height), second(elastic.is_same ? 0 : height) {
    const bool is_coarse = !elastic.is_approximate && cimaging::CoarseField::pitch_for(elastic.sigma) >= 2;
    Noise noise(elastic);
    if (is_coarse) {
      blur_coarsely(noise, elastic.sigma);
    } else {
      blur_wholly(noise, elastic.sigma, elastic.is_approximate ? 17 : 0);
    }
    scale = static_cast<float>(elastic.alpha) / noise.divisor();
  }

  void row(int y, float *dx, float *dy) const {
    read(y, dx);
    read(second + y, dy);
  }

 private:
  void blur_coarsely(Noise &noise, double sigma) {
    coarse.emplace(width, second + height, sigma);
    std::vector<float> row(width);
    for (int y = 0; y < second + height; ++y) {
      noise.draw(row.data(), width);
      coarse->add(row.data());
    }
    coarse->finish();
  }

  void blur_wholly(Noise &noise, double sigma, int size) {
    whole.create(second + height, width, CV_32F);
    for (int y = 0; y < whole.rows; ++y) noise.draw(whole.ptr<float>(y), width);
    cv::GaussianBlur(whole, whole, cv::Size(size, size), sigma, sigma, cv::BORDER_REPLICATE);
  }

  void read(int y, float *output) const {
    if (coarse) {
      coarse->read(y, scale, output);
      return;
    }
    const float *row = whole.ptr<float>(y);
    for (int x = 0; x < width; ++x) output[x] = row[x] * scale;
  }

  int width, height, second;
  float scale = 0;
  std::optional<cimaging::CoarseField> coarse;  // none where the noise is blurred whole
  cv::Mat whole;
};

/// Samples `input` at its own coordinates plus what `row(y, dx, dy)` says.
template <typename Row>
void warp_by(const cv::Mat &input, cv::Mat &output, const cimaging_resampling &resampling, Row row) {
  cimaging::warp_rows(input, output, resampling, [&](int y, float *map_x, float *map_y) {
    row(y, map_x, map_y);
    for (int x = 0; x < input.cols; ++x) {
      map_x[x] += static_cast<float>(x);
      map_y[x] += static_cast<float>(y);
    }
  });
}

}  // namespace

cimaging_status cimaging_warp_elastic(const cimaging_pixels *source, const cimaging_pixels *destination,
                                      const cimaging_elastic *elastic, const cimaging_resampling *resampling,
                                      cimaging_message *message) {
  return cimaging::transformed(source, destination, message, [&](const cv::Mat &input, cv::Mat &output) {
    const Displacements displacements(*elastic, input.cols, input.rows);
    warp_by(input, output, *resampling, [&](int y, float *dx, float *dy) { displacements.row(y, dx, dy); });
  });
}

cimaging_status cimaging_warp_fields(const cimaging_pixels *source, const cimaging_pixels *destination,
                                     const float *dx, const float *dy, const cimaging_resampling *resampling,
                                     cimaging_message *message) {
  return cimaging::transformed(source, destination, message, [&](const cv::Mat &input, cv::Mat &output) {
    warp_by(input, output, *resampling, [&](int y, float *row_x, float *row_y) {
      const size_t first = static_cast<size_t>(y) * input.cols;
      std::copy(dx + first, dx + first + input.cols, row_x);
      std::copy(dy + first, dy + first + input.cols, row_y);
    });
  });
}

cimaging_status cimaging_elastic_field(const cimaging_elastic *elastic, int32_t width, int32_t height, float *dx,
                                       float *dy, cimaging_message *message) {
  return cimaging::guarded(message, [&] {
    const Displacements displacements(*elastic, width, height);
    for (int y = 0; y < height; ++y) {
      const size_t first = static_cast<size_t>(y) * width;
      displacements.row(y, dx + first, dy + first);
    }
  });
}

cimaging_status cimaging_smooth(const float *plane, int32_t width, int32_t height, double sigma, int32_t is_whole,
                                float *blurred, cimaging_message *message) {
  return cimaging::guarded(message, [&] {
    if (is_whole || cimaging::CoarseField::pitch_for(sigma) < 2) {
      cv::Mat output(height, width, CV_32F, blurred);
      cv::GaussianBlur(cv::Mat(height, width, CV_32F, const_cast<float *>(plane)), output, cv::Size(0, 0), sigma,
                       sigma, cv::BORDER_REPLICATE);
      return;
    }
    cimaging::CoarseField field(width, height, sigma);
    for (int y = 0; y < height; ++y) field.add(plane + static_cast<size_t>(y) * width);
    field.finish();
    for (int y = 0; y < height; ++y) field.read(y, 1, blurred + static_cast<size_t>(y) * width);
  });
}
