#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include "Kernels/Noise/random_words.hpp"
#include "guard.hpp"
#include "include/cimaging_noise.h"
#include "include/testing/cimaging_testing.h"

using namespace cimaging;

namespace {

/// Draws bytes of a distribution from words, by Walker's alias method: a word chooses one of 256 columns, and then
/// between two bytes.
class ByteDistribution {
 public:
  explicit ByteDistribution(std::array<double, 256> shares) {
    std::vector<int> small, large;
    for (int byte = 0; byte < 256; ++byte) {
      shares[byte] *= 256;
      columns[byte] = column(1, byte);
      (shares[byte] < 1 ? small : large).push_back(byte);
    }
    while (!small.empty() && !large.empty()) {
      const int low = small.back(), high = large.back();
      small.pop_back();
      columns[low] = column(shares[low], high);
      shares[high] -= 1 - shares[low];
      if (shares[high] >= 1) continue;
      large.pop_back();
      small.push_back(high);
    }
  }

  uint8_t operator()(uint32_t word) const {
    const uint32_t column = columns[word >> 24];
    return static_cast<uint8_t>((word & 0xFFFFFF) < column >> 8 ? word >> 24 : column);
  }

 private:
  /// The share of the column's own byte in the upper 24 bits, the other byte below.
  static uint32_t column(double share, int other) {
    return static_cast<uint32_t>(std::min(share, 1.0) * 0xFFFFFF) << 8 | static_cast<uint32_t>(other);
  }

  std::array<uint32_t, 256> columns;
};

/// What a sensor shows that counts photons.
class Photons {
 public:
  explicit Photons(double scale) : scale(scale) {
    // So many photons and more are white.
    const int most = static_cast<int>(std::ceil(1 / scale));
    for (int count = 0; count < most; ++count) levels.push_back(cimaging_photon_level(count, scale));
  }

  /// The shares of the levels where the image has `level`: Poisson numbers from their most frequent one to both sides.
  std::array<double, 256> shares(int level) const {
    const double mean = (std::pow(level / 255.0, 2.2) + scale * 1e-6) / scale;
    const int mode = static_cast<int>(mean);
    const double largest = std::exp(mode * std::log(mean) - mean - std::lgamma(mode + 1.0));
    std::array<double, 256> shares = {};
    double total = 0;
    const auto add = [&](int count, double share) {
      shares[count < static_cast<int>(levels.size()) ? levels[static_cast<size_t>(count)] : 255] += share;
      total += share;
      return share > 1e-14;
    };
    double share = largest;
    for (int count = mode; add(count, share); ++count) share *= mean / (count + 1);
    share = largest;
    for (int count = mode; count > 0 && add(count - 1, share *= count / mean); --count) {
    }
    for (double &part : shares) part /= total;
    return shares;
  }

 private:
  const double scale;
  std::vector<uint8_t> levels;
};

}  // namespace

uint8_t cimaging_photon_level(int32_t count, double scale) {
  const float light = std::min(static_cast<float>(count) * static_cast<float>(scale), 1.0f);
  return static_cast<uint8_t>(std::lrint(std::pow(light, 1 / 2.2f) * 255));
}

cimaging_status cimaging_shot_noise(const cimaging_pixels *source, const cimaging_pixels *destination, uint64_t seed,
                                    double scale, cimaging_message *message) {
  return transformed(source, destination, message, [&](const View &input, View &output) {
    require(scale >= 1e-4, "too many photons");
    const Photons photons(scale);
    std::vector<ByteDistribution> distributions;
    for (int level = 0; level < 256; ++level) distributions.emplace_back(photons.shares(level));
    const size_t length = input.row_length();
    std::vector<uint32_t> words(RandomWords::room_for(length));
    for (int y = 0; y < input.height; ++y) {
      RandomWords{seed}.draw(static_cast<uint32_t>(y), 0, length, words.data());
      const uint8_t *from = input.row(y);
      uint8_t *to = output.row(y);
      for (size_t i = 0; i < length; ++i) to[i] = distributions[from[i]](words[i]);
    }
  });
}
