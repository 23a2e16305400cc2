#include "Kernels/Warp/Elastic/weighted_sum.hpp"

#include "simd.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "Kernels/Warp/Elastic/weighted_sum.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace cimaging::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

using Floats = hn::ScalableTag<float>;

/// Processes four vectors at a time, so that consecutive additions are independent.
void weighted_sum(const float *const *rows, const float *weights, size_t count, float *output, size_t width) {
  const Floats floats;
  const size_t lanes = hn::Lanes(floats);
  size_t x = 0;
  for (; x + 4 * lanes <= width; x += 4 * lanes) {
    auto a = hn::Zero(floats), b = a, c = a, d = a;
    for (size_t i = 0; i < count; ++i) {
      const auto weight = hn::Set(floats, weights[i]);
      const float *row = rows[i] + x;
      a = hn::Add(a, hn::Mul(weight, hn::LoadU(floats, row)));
      b = hn::Add(b, hn::Mul(weight, hn::LoadU(floats, row + lanes)));
      c = hn::Add(c, hn::Mul(weight, hn::LoadU(floats, row + 2 * lanes)));
      d = hn::Add(d, hn::Mul(weight, hn::LoadU(floats, row + 3 * lanes)));
    }
    hn::StoreU(a, floats, output + x);
    hn::StoreU(b, floats, output + x + lanes);
    hn::StoreU(c, floats, output + x + 2 * lanes);
    hn::StoreU(d, floats, output + x + 3 * lanes);
  }
  for (; x + lanes <= width; x += lanes) {
    auto sum = hn::Zero(floats);
    for (size_t i = 0; i < count; ++i) {
      sum = hn::Add(sum, hn::Mul(hn::Set(floats, weights[i]), hn::LoadU(floats, rows[i] + x)));
    }
    hn::StoreU(sum, floats, output + x);
  }
  for (; x < width; ++x) {
    float sum = 0;
    for (size_t i = 0; i < count; ++i) sum += weights[i] * rows[i][x];
    output[x] = sum;
  }
}

void add_strip(const WeightedStrip *strip) {
  constexpr size_t count = WeightedStrip::strip_rows;
  const Floats floats;
  const size_t lanes = hn::Lanes(floats);
  size_t x = 0;
  for (; x + lanes <= strip->width; x += lanes) {
    hn::Vec<Floats> values[count];
    for (size_t i = 0; i < count; ++i) values[i] = hn::LoadU(floats, strip->rows[i] + x);
    for (size_t node = 0; node < strip->nodes; ++node) {
      const float *weights = strip->weights + count * node;
      auto sum = hn::LoadU(floats, strip->sums[node] + x);
      for (size_t i = 0; i < count; ++i) sum = hn::Add(sum, hn::Mul(hn::Set(floats, weights[i]), values[i]));
      hn::StoreU(sum, floats, strip->sums[node] + x);
    }
  }
  for (; x < strip->width; ++x) {
    for (size_t node = 0; node < strip->nodes; ++node) {
      float &sum = strip->sums[node][x];
      for (size_t i = 0; i < count; ++i) sum += strip->weights[count * node + i] * strip->rows[i][x];
    }
  }
}

/// Keeps eight partial sums per node, whatever the number of lanes, and adds them in a fixed order.
void reduce(const Reduction *reduction, const float *row, float *output) {
  const hn::CappedTag<float, 8> floats;
  const size_t lanes = hn::Lanes(floats), taps = reduction->tap_count;
  for (size_t node = 0; node < reduction->nodes; ++node, row += reduction->pitch) {
    HWY_ALIGN float sums[8];
    for (size_t lane = 0; lane < 8; lane += lanes) {
      auto sum = hn::Zero(floats);
      for (size_t i = lane; i < taps; i += 8) {
        sum = hn::Add(sum, hn::Mul(hn::LoadU(floats, reduction->taps + i), hn::LoadU(floats, row + i)));
      }
      hn::Store(sum, floats, sums + lane);
    }
    output[node] = ((sums[0] + sums[4]) + (sums[1] + sums[5])) + ((sums[2] + sums[6]) + (sums[3] + sums[7]));
  }
}

/// Stores whole vectors; the next node overwrites the excess.
void expand(const Expansion *expansion, const float *nodes, float *row) {
  const hn::CappedTag<float, 8> floats;
  const size_t stride = expansion->stride, pitch = expansion->pitch;
  for (size_t x = 0; x < expansion->width; x += pitch, ++nodes) {
    const auto first = hn::Set(floats, nodes[0]), second = hn::Set(floats, nodes[1]);
    const auto third = hn::Set(floats, nodes[2]), fourth = hn::Set(floats, nodes[3]);
    for (size_t i = 0; i < pitch; i += hn::Lanes(floats)) {
      const float *weights = expansion->weights + i;
      auto sum = hn::Mul(first, hn::LoadU(floats, weights));
      sum = hn::Add(sum, hn::Mul(second, hn::LoadU(floats, weights + stride)));
      sum = hn::Add(sum, hn::Mul(third, hn::LoadU(floats, weights + 2 * stride)));
      sum = hn::Add(sum, hn::Mul(fourth, hn::LoadU(floats, weights + 3 * stride)));
      hn::StoreU(sum, floats, row + x + i);
    }
  }
}

}  // namespace cimaging::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE

namespace cimaging {

HWY_EXPORT(weighted_sum);
HWY_EXPORT(add_strip);
HWY_EXPORT(reduce);
HWY_EXPORT(expand);

void weighted_sum(const float *const *rows, const float *weights, size_t count, float *output, size_t width) {
  HWY_DYNAMIC_DISPATCH(weighted_sum)(rows, weights, count, output, width);
}

void WeightedStrip::add() const { HWY_DYNAMIC_DISPATCH(add_strip)(this); }

void Reduction::apply(const float *row, float *output) const { HWY_DYNAMIC_DISPATCH(reduce)(this, row, output); }

void Expansion::apply(const float *nodes, float *row) const { HWY_DYNAMIC_DISPATCH(expand)(this, nodes, row); }

}  // namespace cimaging

#endif
