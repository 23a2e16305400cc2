#include <opencv2/imgproc.hpp>

#include "guard.hpp"
#include "include/cimaging_transforms.h"
#include "random.hpp"
#include "strips.hpp"

namespace {

/// A turn of the hue by up to this many degrees moves no channel by half a level: 255 levels in 60 degrees at most, so
/// 0.45 of one here, and the way to HLS and back loses less than 0.01.
constexpr float invisible_turn = 0.45f * 60 / 255;

const cimaging::Normal normal;

void require_color(const cv::Mat &image) {
  if (image.channels() != 3) CV_Error(cv::Error::StsBadArg, "the image has no three channels");
}

void draw(cimaging::Random &random, const cimaging::Poisson &poisson, double hue_deviation, size_t count,
          int32_t *events, float *hue) {
  for (size_t i = 0; i < count; ++i) {
    events[i] = poisson(random);
    hue[i] = static_cast<float>(hue_deviation * normal(random));
  }
}

/// Applies the noise to those pixels that it changes at all, gathered in one row; the others are copied.
class NoiseRow {
 public:
  explicit NoiseRow(double intensity) : intensity(intensity) {}

  void apply(const uint8_t *input, uint8_t *output, size_t count, const int32_t *events, const float *hue) {
    std::copy(input, input + 3 * count, output);
    // OpenCV rounds the last pixels of a row, which fill no vector, by other instructions.
    const size_t whole = count / lanes * lanes;
    change(input, output, 0, whole, events, hue);
    change(input, output, whole, count, events, hue);
  }

 private:
  static constexpr size_t lanes = 8;

  void change(const uint8_t *input, uint8_t *output, size_t first, size_t end, const int32_t *events,
              const float *hue) {
    changed.clear();
    for (size_t i = first; i < end; ++i) {
      if (events[i] != 0 || std::abs(hue[i]) > invisible_turn) changed.push_back(i);
    }
    if (changed.empty()) return;
    const bool is_rest = end - first < lanes;
    gather(input, is_rest ? changed.size() : (changed.size() + lanes - 1) / lanes * lanes);
    cv::cvtColor(rgb, hls, cv::COLOR_RGB2HLS);
    disturb(events, hue);
    cv::cvtColor(hls, rgb, cv::COLOR_HLS2RGB);
    scatter(output);
  }

  /// As `count` pixels, black where there are not as many.
  void gather(const uint8_t *input, size_t count) {
    rgb.create(1, static_cast<int>(count), CV_32FC3);
    float *values = rgb.ptr<float>();
    for (const size_t i : changed) {
      for (int channel = 0; channel < 3; ++channel) *values++ = static_cast<float>(input[3 * i + channel]) / 255.0f;
    }
    std::fill(values, rgb.ptr<float>() + 3 * count, 0.0f);
  }

  void disturb(const int32_t *events, const float *hue) {
    float *values = hls.ptr<float>();
    for (const size_t i : changed) {
      values[0] = static_cast<float>(static_cast<double>(values[0]) + hue[i]);
      const double added = events[i] * intensity * static_cast<double>(1.0f - values[1]);
      values[1] = std::min(std::max(values[1] + static_cast<float>(added), 0.0f), 1.0f);
      values += 3;
    }
  }

  void scatter(uint8_t *output) {
    const float *values = rgb.ptr<float>();
    for (const size_t i : changed) {
      for (int channel = 0; channel < 3; ++channel) {
        output[3 * i + channel] = cv::saturate_cast<uint8_t>(*values++ * 255.0f);
      }
    }
  }

  double intensity;
  std::vector<size_t> changed;
  cv::Mat rgb, hls;
};

/// Exact: sums of whole numbers, so that the rate does not depend on the order of summation.
double lightness_deviation(const cv::Mat &image) {
  uint64_t sum = 0, squares = 0;
  for (int y = 0; y < image.rows; ++y) {
    const uint8_t *row = image.ptr(y);
    uint32_t row_sum = 0;
    uint64_t row_squares = 0;
    for (int x = 0; x < image.cols; ++x, row += 3) {
      const uint32_t doubled =
          std::max(row[0], std::max(row[1], row[2])) + std::min(row[0], std::min(row[1], row[2]));
      row_sum += doubled;
      row_squares += doubled * doubled;
    }
    sum += row_sum;
    squares += row_squares;
  }
  const double count = static_cast<double>(image.total()), mean = static_cast<double>(sum) / count;
  return std::sqrt(std::max(static_cast<double>(squares) / count - mean * mean, 0.0)) / 510;
}

}  // namespace

cimaging_status cimaging_lightness_deviation(const cimaging_pixels *source, double *deviation,
                                             cimaging_message *message) {
  return cimaging::guarded(message, [&] {
    const cv::Mat input = cimaging::matrix(source);
    require_color(input);
    *deviation = lightness_deviation(input);
  });
}

cimaging_status cimaging_noise_fields(uint64_t seed, double rate, double hue_deviation, size_t count, int32_t *events,
                                      float *hue, cimaging_message *message) {
  return cimaging::guarded(message, [&] {
    cimaging::Random random(seed);
    draw(random, cimaging::Poisson(rate), hue_deviation, count, events, hue);
  });
}

cimaging_status cimaging_apply_noise(const cimaging_pixels *source, const cimaging_pixels *destination,
                                     const int32_t *events, const float *hue, double intensity,
                                     cimaging_message *message) {
  return cimaging::transformed(source, destination, message, [&](const cv::Mat &input, cv::Mat &output) {
    require_color(input);
    NoiseRow row(intensity);
    for (int y = 0; y < input.rows; ++y) {
      const size_t first = static_cast<size_t>(y) * input.cols;
      row.apply(input.ptr(y), output.ptr(y), input.cols, events + first, hue + first);
    }
  });
}

cimaging_status cimaging_iso_noise(const cimaging_pixels *source, const cimaging_pixels *destination, uint64_t seed,
                                   double color_shift, double intensity, cimaging_message *message) {
  return cimaging::transformed(source, destination, message, [&](const cv::Mat &input, cv::Mat &output) {
    require_color(input);
    cimaging::Random random(seed);
    const cimaging::Poisson poisson(lightness_deviation(input) * intensity);
    std::vector<int32_t> events(input.cols);
    std::vector<float> hue(input.cols);
    NoiseRow row(intensity);
    for (int y = 0; y < input.rows; ++y) {
      draw(random, poisson, color_shift * intensity, input.cols, events.data(), hue.data());
      row.apply(input.ptr(y), output.ptr(y), input.cols, events.data(), hue.data());
    }
  });
}
