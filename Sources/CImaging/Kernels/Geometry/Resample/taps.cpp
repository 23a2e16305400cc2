#include "Kernels/Geometry/Resample/taps.hpp"

#include <algorithm>
#include <cmath>

#include "simd.hpp"

namespace cimaging {
namespace {

/// sin(π x) for x in -0.5 ... 3. The C library's sine may differ in the last bit from processor to processor, and a tap
/// with it; this one only multiplies and adds. Its error is below 10⁻¹⁵.
constexpr double sine_of_half_turns(double x) {
  const int turns = static_cast<int>(x + 0.5);
  const double rest = (x - turns) * 3.14159265358979323846;
  double term = rest, sum = rest;
  for (int k = 1; k <= 10; ++k) {
    term *= -rest * rest / ((2 * k) * (2 * k + 1));
    sum += term;
  }
  return turns % 2 == 1 ? -sum : sum;
}

constexpr double sinc(double x) { return x == 0 ? 1 : sine_of_half_turns(x) / (x * 3.14159265358979323846); }

/// Lanczos' filter of three lobes, interpolated from a table: an image needs tens of thousands of weights. The error of
/// 10⁻⁶ is far below that of a tap's rounding.
class Lanczos {
 public:
  constexpr Lanczos() {
    for (int i = 0; i < 3 * steps; ++i) {
      const double x = static_cast<double>(i) / steps;
      weights[i] = sinc(x) * sinc(x / 3);
    }
  }

  double at(double x) const {
    const double place = std::abs(x) * steps;
    if (place >= 3 * steps) return 0;
    const int i = static_cast<int>(place);
    return weights[i] + (place - i) * (weights[i + 1] - weights[i]);
  }

 private:
  static constexpr int steps = 1024;
  /// The last is 0.
  double weights[3 * steps + 1] = {};
};

constexpr Lanczos lanczos;

/// The filter for a factor of 1, at a distance in places.
double weight(cimaging_filter filter, double x) {
  switch (filter) {
    case CIMAGING_FILTER_AREA: return x > -0.5 && x <= 0.5 ? 1 : 0;
    case CIMAGING_FILTER_LINEAR: return std::max(0.0, 1 - std::abs(x));
    case CIMAGING_FILTER_LANCZOS: return lanczos.at(x);
  }
  return 0;
}

double support(cimaging_filter filter) {
  switch (filter) {
    case CIMAGING_FILTER_AREA: return 0.5;
    case CIMAGING_FILTER_LINEAR: return 1;
    case CIMAGING_FILTER_LANCZOS: return 3;
  }
  return 0;
}

/// The kernel of one direction.
struct Kernel {
  cimaging_filter filter;
  double start, scale, stretch;
  int source;

  Kernel(cimaging_filter filter, const Direction &direction)
      : filter(filter),
        start(direction.start),
        scale(direction.length / direction.places),
        stretch(std::max(scale, 1.0)),
        source(direction.source) {}

  double center(int place) const { return start + (place + 0.5) * scale; }
  double reach() const { return support(filter) * stretch; }
  int begin(int place) const { return std::clamp(static_cast<int>(center(place) - reach() + 0.5), 0, source - 1); }
  int end(int place) const {
    return std::clamp(static_cast<int>(center(place) + reach() + 0.5), begin(place) + 1, source);
  }

  /// Sets `weights` to those of source places `begin` ..< `end`, which sum to 1.
  void find(int place, std::vector<double> &weights) const {
    weights.clear();
    // As Pillow multiplies, so that the same place wins where two are equally far from the edge of an area.
    const double inverse = 1 / stretch, middle = center(place);
    double sum = 0;
    for (int x = begin(place); x < end(place); ++x) {
      weights.push_back(weight(filter, (x - middle + 0.5) * inverse));
      sum += weights.back();
    }
    // A window of one place at the edge may lie where the filter is 0.
    if (sum == 0) std::fill(weights.begin(), weights.end(), sum = 1);
    for (double &weight : weights) weight /= sum;
  }
};

/// The largest shift at which every tap fits 16 bits, with room for an error of 1 in rounding.
int shift_for(double largest_weight, int largest_shift) {
  int shift = largest_shift;
  while (shift > 0 && largest_weight * (1 << shift) + 1 > 32767) --shift;
  return shift;
}

/// Adds `tap` to one half of a pair.
void put(int32_t &pair, int place, int tap) {
  const auto bits = static_cast<uint32_t>(tap & 0xFFFF);
  pair = static_cast<int32_t>(static_cast<uint32_t>(pair) | (place % 2 == 0 ? bits : bits << 16));
}

/// Rounds the running sum of weights rather than each of them, so that taps sum to 2^shift.
void put_all(int32_t *pairs, const std::vector<double> &weights, int begin, int shift) {
  const int first = begin / 2 * 2, whole = 1 << shift;
  double sum = 0;
  int rounded = 0;
  for (size_t i = 0; i < weights.size(); ++i) {
    sum += weights[i] * whole;
    const int next = i + 1 == weights.size() ? whole : static_cast<int>(std::nearbyint(sum));
    const int place = begin - first + static_cast<int>(i);
    put(pairs[place / 2], place, next - rounded);
    rounded = next;
  }
}

}  // namespace

double most_pairs(cimaging_filter filter, const Direction &direction) {
  const double window = std::min(2 * Kernel(filter, direction).reach() + 1, static_cast<double>(direction.source));
  return window / 2 + 1;
}

int Taps::begin() const { return *std::min_element(first.begin(), first.end()); }

int Taps::end() const {
  int end = 0;
  for (size_t place = 0; place < places(); ++place) end = std::max(end, first[place] + used[place]);
  return end;
}

Taps make_taps(cimaging_filter filter, const Direction &direction, const TapFormat &format) {
  const Kernel kernel(filter, direction);
  Taps taps{};
  std::vector<double> weights;
  double largest = 0;
  int most = 0;
  taps.first.reserve(static_cast<size_t>(direction.places));
  taps.used.reserve(static_cast<size_t>(direction.places));
  for (int place = 0; place < direction.places; ++place) {
    kernel.find(place, weights);
    for (const double weight : weights) largest = std::max(largest, std::abs(weight));
    taps.first.push_back(kernel.begin(place) / 2);
    taps.used.push_back((kernel.end(place) + 1) / 2 - taps.first.back());
    most = std::max(most, taps.used.back());
  }
  taps.shift = shift_for(largest, format.largest_shift);
  taps.pair_count = (static_cast<size_t>(most) + format.granule - 1) / format.granule * format.granule;
  taps.pairs.resize(taps.pair_count * taps.places() + Taps::beyond);
  for (size_t i = 0; i < taps.places(); ++i) {
    const int place = static_cast<int>(i);
    kernel.find(place, weights);
    put_all(taps.pairs.data() + i * taps.pair_count, weights, kernel.begin(place), taps.shift);
  }
  return taps;
}

}  // namespace cimaging
