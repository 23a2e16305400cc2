#include "Kernels/Color/lab_tables.hpp"

#include <cmath>
#include <cstring>

#include "OpenCV/opencv.hpp"

#pragma clang fp contract(off)

namespace cimaging {
namespace {

constexpr double white[3] = {0.950456, 1, 1.088754};

constexpr double xyz_from_rgb[3][3] = {
    {0.412453, 0.357580, 0.180423}, {0.212671, 0.715160, 0.072169}, {0.019334, 0.119193, 0.950227}};

constexpr double rgb_from_xyz[3][3] = {
    {3.240479, -1.53715, -0.498535}, {-0.969256, 1.875991, 0.041556}, {0.055648, -0.204043, 1.057311}};

constexpr double matrix_scale = 4096;
constexpr float lab_scale = 16384;  // of Y and roots in the conversion to RGB

double linear_light(double x) { return x <= 0.04045 ? x / 12.92 : std::pow((x + 0.055) / 1.055, 2.4); }

/// Linear light to sRGB.
double gamma_corrected(double x) { return x <= 0.0031308 ? x * 12.92 : std::pow(x, 1 / 2.4) * 1.055 - 0.055; }

void put(LabTables::SplitTable &table, int level, long number) {
  table.low[level] = static_cast<uint8_t>(number);
  table.high[level] = static_cast<uint8_t>(number >> 8);
}

}  // namespace

const LabTables &LabTables::shared() {
  static const LabTables tables;
  return tables;
}

LabTables::LabTables() {
  for (int level = 0; level < 256; ++level) {
    linear[level] = static_cast<uint16_t>(std::lrint(linear_light(level / 255.0) * (255 << linear_fraction)));
    put(linear_bytes, level, linear[level]);
  }
  for (size_t i = 0; i < std::size(roots); ++i) {
    roots[i] = static_cast<uint16_t>(opencv::lab_root(static_cast<int>(i), linear_fraction, root_fraction));
  }
  for (int row = 0; row < 3; ++row) {
    for (int column = 0; column < 3; ++column) {
      to_xyz[row][column] = std::lrint(matrix_scale * xyz_from_rgb[row][column] / white[row]);
      to_rgb[row][column] = std::lrint(matrix_scale * rgb_from_xyz[row][column] * white[column]);
    }
  }
  fill_light();
  fill_luminance();
  fill_gamma();
}

void LabTables::fill_light() {
  for (int channel = 0; channel < 3; ++channel) {
    for (int level = 0; level < 256; ++level) {
      for (int row = 0; row < 3; ++row) {
        const uint32_t share = linear[level] * static_cast<uint32_t>(to_xyz[row][channel]);  // 12 fraction bits
        light[channel][level][row] = (share << 4) + (channel == 0 ? 1 << 15 : 0);
      }
      light[channel][level][3] = 0;
    }
  }
}

/// Maps 8-bit L (L × 2.55) to Y and its cube root; both are linear up to L = 8.
void LabTables::fill_luminance() {
  for (int level = 0; level < 256; ++level) {
    float y, root;
    if (level <= 20) {
      y = (static_cast<float>(level) * lab_scale * 20 * 9) / (17 * 29 * 29 * 29);
      root = lab_scale * (16.0f / 116.0f + static_cast<float>(level * 5) / (3 * 17 * 29));
    } else {
      root = (static_cast<float>(level * 100) * lab_scale) / (255 * 116) + (16 * lab_scale) / 116;
      y = root * root * root / (lab_scale * lab_scale);
    }
    put(luminance[0], level, std::lrint(y));
    put(luminance[1], level, std::lrint(root));
  }
}

/// Fills the full table and one that fits in registers: from index 256, sixteen neighbours differ by at most three.
void LabTables::fill_gamma() {
  for (int i = 0; i < gamma_count; ++i) {
    gamma[i] = static_cast<uint8_t>(std::lrint(255 * gamma_corrected(i / static_cast<double>(gamma_count))));
  }
  std::memset(gamma_steps, 15, sizeof gamma_steps);
  for (int segment = 16; segment < 256; ++segment) {
    gamma_start[segment] = gamma[16 * segment];
    for (int i = 1; i < 16; ++i) {
      const uint8_t *level = &gamma[16 * segment + i];
      if (level[0] != level[-1])
        gamma_steps[level[0] - gamma_start[segment] - 1][segment] = static_cast<uint8_t>(i - 1);
    }
  }
}

}  // namespace cimaging
