#include "separable.hpp"

#include <algorithm>
#include <cfloat>
#include <cmath>
#include <vector>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace cimaging {

#if defined(__x86_64__)

namespace {

/// Floating-point taps, as OpenCV has them; none where it would turn them into whole numbers, where they are not
/// symmetric, or so few that OpenCV is as fast.
std::vector<float> float_taps(const double *taps, int count) {
  std::vector<float> result;
  bool is_whole = true;
  for (int i = 0; i < count; ++i) {
    if (taps[i] != taps[count - 1 - i]) return {};
    const double scaled = taps[i] * 256;
    is_whole = is_whole && std::abs(scaled - std::nearbyint(scaled)) <= 10 * FLT_EPSILON * 256;
    result.push_back(static_cast<float>(taps[i]));
  }
  if (count < 7 || count % 2 == 0 || is_whole) return {};
  return result;
}

/// Vectors of eight floats that are worked on together, so that one need not wait for another.
constexpr int vectors = 4, block = 8 * vectors;

/// Bytes to floats.
__attribute__((target("avx2"))) void widen(const uint8_t *bytes, float *values, int count) {
  int i = 0;
  for (; i + 8 <= count; i += 8) {
    const __m128i eight = _mm_loadl_epi64(reinterpret_cast<const __m128i *>(bytes + i));
    _mm256_storeu_ps(values + i, _mm256_cvtepi32_ps(_mm256_cvtepu8_epi32(eight)));
  }
  for (; i < count; ++i) values[i] = bytes[i];
}

/// Part of a row as floats, with what a filter sees on both sides of it.
class WideRow {
 public:
  WideRow(int width, int channels, int radius, int length)
      : width(width), channels(channels), margin(radius * channels), values(length + 2 * margin + block) {}

  /// Bytes `first` ..< `first` + `length` of a row.
  void read(const uint8_t *row, int first, int length) {
    const int begin = first - margin, end = first + length + margin, count = width * channels;
    const int inside = std::max(begin, 0), outside = std::min(end, count);
    for (int i = begin; i < inside; ++i) values[i - begin] = beyond(row, i);
    widen(row + inside, values.data() + (inside - begin), outside - inside);
    for (int i = outside; i < end; ++i) values[i - begin] = beyond(row, i);
  }

  /// From the first value that the filter sees on.
  const float *begin() const { return values.data(); }

 private:
  /// Byte `i` of the reflected row.
  uint8_t beyond(const uint8_t *row, int i) const {
    const int channel = (i % channels + channels) % channels, x = (i - channel) / channels;
    return row[cv::borderInterpolate(x, width, cv::BORDER_REFLECT_101) * channels + channel];
  }

  int width, channels, margin;
  std::vector<float> values;
};

/// The sum of taps and values from left to right, each product added without being rounded first, as OpenCV's
/// compiler does it.
__attribute__((target("avx2,fma"))) void filter_row(const float *first, float *sums, int count, int step,
                                                    const std::vector<float> &taps) {
  for (int i = 0; i < count; i += block) {
    __m256 sum[vectors];
    for (int v = 0; v < vectors; ++v) sum[v] = _mm256_setzero_ps();
    const float *values = first + i;
    for (const float tap : taps) {
      const __m256 weight = _mm256_set1_ps(tap);
      for (int v = 0; v < vectors; ++v) sum[v] = _mm256_fmadd_ps(weight, _mm256_loadu_ps(values + 8 * v), sum[v]);
      values += step;
    }
    for (int v = 0; v < vectors; ++v) _mm256_storeu_ps(sums + i + 8 * v, sum[v]);
  }
}

/// The rows about one, nearest first.
struct Column {
  std::vector<const float *> above, below;
};

/// The next `block` bytes of a result: from the middle outward, pairs added first.
__attribute__((target("avx2,fma"))) void filter_block(const Column &column, int i, const float *taps,
                                                      uint8_t *output) {
  __m256 sum[vectors];
  for (int v = 0; v < vectors; ++v) {
    sum[v] = _mm256_mul_ps(_mm256_set1_ps(taps[0]), _mm256_loadu_ps(column.above[0] + i + 8 * v));
  }
  for (size_t k = 1; k < column.above.size(); ++k) {
    const __m256 weight = _mm256_set1_ps(taps[k]);
    for (int v = 0; v < vectors; ++v) {
      const __m256 pair = _mm256_add_ps(_mm256_loadu_ps(column.below[k] + i + 8 * v),
                                        _mm256_loadu_ps(column.above[k] + i + 8 * v));
      sum[v] = _mm256_fmadd_ps(weight, pair, sum[v]);
    }
  }
  const __m256i low = _mm256_packs_epi32(_mm256_cvtps_epi32(sum[0]), _mm256_cvtps_epi32(sum[1]));
  const __m256i high = _mm256_packs_epi32(_mm256_cvtps_epi32(sum[2]), _mm256_cvtps_epi32(sum[3]));
  const __m256i bytes = _mm256_packus_epi16(low, high);
  // Packing works in halves of a vector; this puts the groups of four in their order.
  const __m256i order = _mm256_setr_epi32(0, 4, 1, 5, 2, 6, 3, 7);
  _mm256_storeu_si256(reinterpret_cast<__m256i *>(output), _mm256_permutevar8x32_epi32(bytes, order));
}

void filter_columns(const Column &column, uint8_t *output, int count, const float *taps) {
  int i = 0;
  for (; i + block <= count; i += block) filter_block(column, i, taps, output + i);
  if (i == count) return;
  uint8_t last[block];
  filter_block(column, i, taps, last);
  std::copy(last, last + count - i, output + i);
}

/// Bytes of a row that are filtered from top to bottom at a time, so that the rows a column reaches stay in the nearest
/// cache.
int tile_length(int taps) { return std::max(3 * block, 32768 / (4 * taps) / block * block); }

/// Filters bytes `first` ..< `first` + `length` of all rows. Rows come in once and are kept as long as a column reaches
/// them.
void filter_tile(const cv::Mat &input, cv::Mat &output, const std::vector<float> &taps, int first, int length) {
  const int kept = static_cast<int>(taps.size()), radius = kept / 2, channels = input.channels();
  const int padded = (length + block - 1) / block * block;
  WideRow wide(input.cols, channels, radius, padded);
  std::vector<float> ring(static_cast<size_t>(kept) * padded);
  const auto row = [&](int y) { return ring.data() + static_cast<size_t>(y % kept) * padded; };
  Column column{std::vector<const float *>(radius + 1), std::vector<const float *>(radius + 1)};
  int ready = 0;
  for (int y = 0; y < input.rows; ++y) {
    for (; ready <= std::min(y + radius, input.rows - 1); ++ready) {
      wide.read(input.ptr(ready), first, length);
      filter_row(wide.begin(), row(ready), length, channels, taps);
    }
    for (int k = 0; k <= radius; ++k) {
      column.above[k] = row(cv::borderInterpolate(y - k, input.rows, cv::BORDER_REFLECT_101));
      column.below[k] = row(cv::borderInterpolate(y + k, input.rows, cv::BORDER_REFLECT_101));
    }
    filter_columns(column, output.ptr(y) + first, length, taps.data() + radius);
  }
}

}  // namespace

bool filter_symmetric(const cv::Mat &input, cv::Mat &output, const double *taps, int count) {
  __builtin_cpu_init();
  if (!__builtin_cpu_supports("avx2") || !__builtin_cpu_supports("fma")) return false;
  const std::vector<float> values = float_taps(taps, count);
  if (values.empty()) return false;
  const int row = input.cols * input.channels(), tile = tile_length(count);
  for (int first = 0; first < row; first += tile) {
    filter_tile(input, output, values, first, std::min(tile, row - first));
  }
  return true;
}

#else

bool filter_symmetric(const cv::Mat &, cv::Mat &, const double *, int) { return false; }

#endif

}  // namespace cimaging
