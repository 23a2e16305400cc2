#ifndef CIMAGING_RANDOM_HPP
#define CIMAGING_RANDOM_HPP

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

namespace cimaging {

/// xoshiro256++ 1.0 of Blackman and Vigna, seeded by their splitmix64 (both in the public domain).
class Random {
 public:
  explicit Random(uint64_t seed) {
    for (uint64_t &word : state) {
      seed += 0x9E3779B97F4A7C15;
      uint64_t mixed = (seed ^ (seed >> 30)) * 0xBF58476D1CE4E5B9;
      mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
      word = mixed ^ (mixed >> 31);
    }
  }

  uint64_t next() {
    const uint64_t result = rotated(state[0] + state[3], 23) + state[0];
    const uint64_t shifted = state[1] << 17;
    state[2] ^= state[0];
    state[3] ^= state[1];
    state[1] ^= state[2];
    state[0] ^= state[3];
    state[2] ^= shifted;
    state[3] = rotated(state[3], 45);
    return result;
  }

  /// In 0 ..< 1.
  double uniform() { return static_cast<double>(static_cast<int64_t>(next() >> 11)) * 0x1p-53; }

 private:
  static uint64_t rotated(uint64_t word, int count) { return word << count | word >> (64 - count); }

  uint64_t state[4];
};

/// Standard normal numbers by the ziggurat of Marsaglia and Tsang with 256 layers, in doubles.
class Normal {
 public:
  Normal() {
    edge[0] = area / density(base);  // the lowest layer is as large as the others with the tail counted in
    edge[1] = base;
    for (int i = 2; i < 256; ++i) edge[i] = std::sqrt(-2 * std::log(area / edge[i - 1] + density(edge[i - 1])));
    edge[256] = 0;
    for (int i = 0; i <= 256; ++i) height[i] = density(edge[i]);
  }

  double operator()(Random &random) const {
    while (true) {
      const uint64_t bits = random.next();
      const int layer = bits & 255;
      const double x = static_cast<double>(static_cast<int64_t>(bits >> 12)) * 0x1p-52 * edge[layer];
      const double signed_x = bits & 256 ? -x : x;
      if (x < edge[layer + 1]) return signed_x;
      if (layer == 0) return bits & 256 ? -tail(random) : tail(random);
      const double y = height[layer] + random.uniform() * (height[layer + 1] - height[layer]);
      if (y < density(x)) return signed_x;
    }
  }

 private:
  static constexpr double base = 3.6541528853610088, area = 0.00492867323399;

  static double density(double x) { return std::exp(-0.5 * x * x); }

  static double tail(Random &random) {
    while (true) {
      const double x = -std::log(1 - random.uniform()) / base;
      const double y = -std::log(1 - random.uniform());
      if (y + y > x * x) return base + x;
    }
  }

  double edge[257], height[257];
};

/// Poisson numbers of one mean by a search in their distribution function.
class Poisson {
 public:
  /// Means are used up to 700, where a double still holds the probability of 0.
  explicit Poisson(double mean) {
    const double rate = std::min(std::max(mean, 0.0), 700.0);
    double probability = std::exp(-rate), sum = 0;
    for (int k = 0; k == 0 || (k < 2000 && (k < rate || probability > 1e-18)); ++k) {
      sum += probability;
      limits.push_back(sum);
      probability *= rate / (k + 1);
    }
    first = limits[0];
  }

  int operator()(Random &random) const {
    const double u = random.uniform();
    if (u < first) return 0;
    return static_cast<int>(std::upper_bound(limits.begin(), limits.end() - 1, u) - limits.begin());
  }

 private:
  std::vector<double> limits;
  double first;
};

}  // namespace cimaging

#endif
