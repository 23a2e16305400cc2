#include "lab.hpp"

#include <cmath>
#include <opencv2/core.hpp>
#include <opencv2/core/softfloat.hpp>

namespace cimaging {
namespace {

typedef int32_t Lanes __attribute__((vector_size(16)));

constexpr int fraction = 12;              // bits of the matrix behind the point
constexpr int linear_fraction = 3;        // bits of linear light behind the point
constexpr int cube_fraction = 15;         // bits of the cube roots behind the point
constexpr int cube_count = 256 * 3 / 2 << linear_fraction;

/// OpenCV's integer arithmetic, with a table for all three rows of the matrix where it multiplies nine times.
class Tables {
 public:
  Tables() {
    const double to_xyz[3][3] = {{0.412453, 0.357580, 0.180423}, {0.212671, 0.715160, 0.072169},
                                 {0.019334, 0.119193, 0.950227}};
    const double white[3] = {0.950456, 1, 1.088754};
    for (int channel = 0; channel < 3; ++channel) {
      for (int level = 0; level < 256; ++level) {
        for (int row = 0; row < 3; ++row) {
          const long weight = std::lrint(to_xyz[row][channel] / white[row] * (1 << fraction));
          contributions[channel][level][row] = static_cast<int32_t>(weight * linear(level));
          if (channel == 0) contributions[0][level][row] += 1 << (fraction - 1);  // to round the sum
        }
        contributions[channel][level][3] = 0;
      }
    }
    for (int i = 0; i < cube_count; ++i) cubes[i] = cube_root(i);
  }

  Lanes contributions[3][256];
  int32_t cubes[cube_count];

 private:
  /// sRGB to linear light.
  static long linear(int level) {
    const double x = level / 255.0;
    const double light = x <= 0.04045 ? x / 12.92 : std::pow((x + 0.055) / 1.055, 2.4);
    return std::lrint(light * (255 << linear_fraction));
  }

  /// In OpenCV's own arithmetic, since two of the roots lie within 1e-4 of a half.
  static int32_t cube_root(int i) {
    const cv::softfloat x = cv::softfloat(i) / cv::softfloat(255 << linear_fraction);
    const cv::softfloat least = cv::softfloat(216) / cv::softfloat(24389);
    const cv::softfloat slope = cv::softfloat(841) / cv::softfloat(108), start = cv::softfloat(16) / cv::softfloat(116);
    const cv::softfloat root = x < least ? cv::mulAdd(x, slope, start) : cv::cbrt(x);
    return cvRound(root * cv::softfloat(1 << cube_fraction));
  }
};

constexpr int32_t half = 1 << (cube_fraction - 1);
constexpr int32_t lightness_scale = (116 * 255 + 50) / 100;
constexpr int32_t lightness_shift = -((16 * 255 * (1 << cube_fraction) + 50) / 100);
constexpr int32_t neutral = 128 << cube_fraction;

}  // namespace

void lab_from_rgb(const uint8_t *rgb, uint8_t *lab, uint8_t *lightness, size_t count) {
  static const Tables tables;
  for (size_t i = 0; i < count; ++i, rgb += 3, lab += 3) {
    const Lanes xyz = (tables.contributions[0][rgb[0]] + tables.contributions[1][rgb[1]] +
                       tables.contributions[2][rgb[2]]) >> fraction;
    const int32_t x = tables.cubes[xyz[0]], y = tables.cubes[xyz[1]], z = tables.cubes[xyz[2]];
    lightness[i] = lab[0] = static_cast<uint8_t>((lightness_scale * y + lightness_shift + half) >> cube_fraction);
    lab[1] = static_cast<uint8_t>((500 * (x - y) + neutral + half) >> cube_fraction);
    lab[2] = static_cast<uint8_t>((200 * (y - z) + neutral + half) >> cube_fraction);
  }
}

}  // namespace cimaging
