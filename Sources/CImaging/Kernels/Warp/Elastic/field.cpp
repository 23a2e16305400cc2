#include "Kernels/Warp/Elastic/field.hpp"

#include <algorithm>
#include <cmath>

#include "Kernels/Warp/Elastic/row_blur.hpp"

namespace cimaging {
namespace {

constexpr double first_blur = 0.75;  // sigma of the first blur, in nodes; aliasing stays below 2e-5
constexpr double reach = 4.5;        // radius of a blur in sigmas
constexpr int strip_rows = WeightedStrip::strip_rows;

double rest_of(double sigma, int pitch) {
  const double nodes = sigma / pitch, spline_variance = 1.0 / 3;
  return std::sqrt(nodes * nodes - first_blur * first_blur - spline_variance);
}

int reach_of(double rest) { return static_cast<int>(std::ceil(reach * rest)); }

int rounded_up(int count, int multiple) { return (count + multiple - 1) / multiple * multiple; }

}  // namespace

CoarseAxis::CoarseAxis(int length, int pitch, int beyond)
    : taps(gaussian(first_blur * pitch, static_cast<int>(std::ceil(reach * first_blur * pitch)))),
      length(length),
      pitch(pitch),
      beyond(beyond),
      radius(static_cast<int>(taps.size() / 2)),
      nodes(2 * beyond + (length - 1 + pitch - 1) / pitch + 1) {
  taps.resize((taps.size() + 7) / 8 * 8, 0.0f);
}

float CoarseAxis::weight(int node, int at) const {
  const int offset = at - position(node);
  const int first = at == 0 ? -radius : std::max(offset, -radius);
  const int last = at == length - 1 ? radius : std::min(offset, radius);
  float sum = 0;
  for (int i = first; i <= last; ++i) sum += taps[i + radius];
  return sum;
}

CoarseField::CoarseField(int width, int height, double sigma, size_t room)
    : width(width),
      height(height),
      pitch(pitch_for(sigma)),
      rest(rest_of(sigma, pitch)),
      across(width, pitch, reach_of(rest) + 3),
      down(height, pitch, reach_of(rest) + 3),
      opened(down.first_inside()),
      reduced(opened) {
  strip = Plane(strip_rows, rounded_up(static_cast<int>(room), 16));
  // Rows are whole cache lines, and the pixels begin at a cache line.
  margin = rounded_up(across.beyond * pitch + across.radius, 16);
  const int behind = (across.nodes - 1) * pitch + static_cast<int>(across.taps.size());
  const int open_nodes = (2 * down.radius + strip_rows) / pitch + 4;
  sums = Plane(open_nodes, rounded_up(margin + behind, 16));
  grid = Plane(down.nodes, across.nodes);
}

void CoarseField::add() {
  ++filled;
  if (filled < strip_rows && top + filled < height) return;
  add_strip();
  top += filled;
  filled = 0;
}

void CoarseField::add_strip() {
  const int end = top + filled;
  const int first = reduced;
  while (opened <= down.last_inside() && (end == height || down.position(opened) - down.radius < end)) {
    std::fill_n(sums_of(opened++), width, 0.0f);
  }
  sum_strip(first, opened);
  while (reduced < opened && (end == height || down.position(reduced) + down.radius < end)) reduce(reduced++);
}

void CoarseField::sum_strip(int first, int end) {
  weights.clear();
  open_sums.clear();
  for (int node = first; node < end; ++node) {
    open_sums.push_back(sums_of(node));
    for (int i = 0; i < strip_rows; ++i) weights.push_back(i < filled ? down.weight(node, top + i) : 0.0f);
  }
  WeightedStrip weighted = {{}, open_sums.data(), weights.data(), open_sums.size(), static_cast<size_t>(width)};
  for (int i = 0; i < strip_rows; ++i) weighted.rows[i] = strip.row(std::min(i, filled - 1));
  weighted.add();
}

void CoarseField::reduce(int node) {
  float *pixels = sums_of(node);
  const int before = across.beyond * pitch + across.radius;
  const int end = (across.nodes - 1) * pitch + static_cast<int>(across.taps.size()) - before;
  std::fill(pixels - before, pixels, pixels[0]);
  std::fill(pixels + width, pixels + end, pixels[width - 1]);
  const Reduction reduction = {across.taps.data(), across.taps.size(), static_cast<size_t>(pitch),
                               static_cast<size_t>(across.nodes)};
  reduction.apply(pixels - before, grid.row(node));
}

void CoarseField::repeat_outermost() {
  const int first = down.first_inside(), last = down.last_inside();
  for (int node = 0; node < first; ++node) std::copy_n(grid.row(first), grid.columns, grid.row(node));
  for (int node = last + 1; node < down.nodes; ++node) std::copy_n(grid.row(last), grid.columns, grid.row(node));
}

void CoarseField::finish() {
  repeat_outermost();
  strip = Plane();
  sums = Plane();
  const int radius = reach_of(rest);
  const std::vector<float> taps = gaussian(rest, radius);
  Plane blurred(down.kept(), across.kept());
  std::vector<float> row(across.nodes);
  std::vector<const float *> around(taps.size());
  for (int i = 0; i < blurred.rows; ++i) {
    // The first kept node is number beyond - 1, and beyond is radius + 3.
    for (size_t tap = 0; tap < taps.size(); ++tap) around[tap] = grid.row(i + 2 + static_cast<int>(tap));
    weighted_sum(around.data(), taps.data(), taps.size(), row.data(), row.size());
    for (size_t tap = 0; tap < taps.size(); ++tap) around[tap] = row.data() + 2 + tap;
    weighted_sum(around.data(), taps.data(), taps.size(), blurred.row(i), across.kept());
  }
  grid = std::move(blurred);
}

namespace {

/// The four weights of a cubic B-spline at `t`, from 0 to 1 between the second and the third node, and their changes.
struct Spline {
  explicit Spline(double t) {
    const double rest = 1 - t;
    weights[0] = rest * rest * rest / 6;
    weights[1] = 2.0 / 3 - t * t + t * t * t / 2;
    weights[2] = 2.0 / 3 - rest * rest + rest * rest * rest / 2;
    weights[3] = t * t * t / 6;
    slopes[0] = -rest * rest / 2;
    slopes[1] = -2 * t + 1.5 * t * t;
    slopes[2] = 2 * rest - 1.5 * rest * rest;
    slopes[3] = t * t / 2;
  }

  double weights[4], slopes[4];
};

}  // namespace

CoarseField::Value CoarseField::value(double x, double y) const {
  const double column = x / pitch, row = y / pitch;
  const int left = std::min(static_cast<int>(column), grid.columns - 4);
  const int upper = std::min(static_cast<int>(row), grid.rows - 4);
  const Spline along(column - left), down(row - upper);
  Value sum = {0, 0, 0};
  for (int i = 0; i < 4; ++i) {
    const float *nodes = grid.row(upper + i) + left;
    double value = 0, change = 0;
    for (int j = 0; j < 4; ++j) {
      value += along.weights[j] * nodes[j];
      change += along.slopes[j] * nodes[j];
    }
    sum.value += down.weights[i] * value;
    sum.per_column += down.weights[i] * change / pitch;
    sum.per_row += down.slopes[i] * value / pitch;
  }
  return sum;
}

CoarseRows::CoarseRows(const CoarseField &field, int first_row, float scale)
    : field(field), first_row(first_row), expanded(first_row / field.pitch) {
  const int pitch = field.pitch, stride = rounded_up(pitch, 8);
  spline.resize(4 * stride, 0.0f);
  for (int weight = 0; weight < 4; ++weight) {
    for (int phase = 0; phase < pitch; ++phase) {
      const double t = std::abs(static_cast<double>(phase) / pitch - (weight - 1));
      spline[weight * stride + phase] =
          static_cast<float>(t < 1 ? 2.0 / 3 - t * t + t * t * t / 2 : (2 - t) * (2 - t) * (2 - t) / 6);
    }
  }
  for (const float weight : spline) scaled.push_back(scale * weight);
  expansion = {spline.data(), static_cast<size_t>(stride), static_cast<size_t>(pitch),
               static_cast<size_t>(field.width)};
  pixels = Plane(4, rounded_up(field.width + stride, 16));
}

void CoarseRows::read(int y, float *output) {
  const int node = (first_row + y) / field.pitch, phase = (first_row + y) % field.pitch;
  for (expanded = std::max(expanded, node); expanded < node + 4; ++expanded) {
    expansion.apply(field.grid.row(expanded), pixels.row(expanded % 4));
  }
  const float *around[4];
  float weights[4];
  for (int i = 0; i < 4; ++i) {
    around[i] = pixels.row((node + i) % 4);
    weights[i] = scaled[i * expansion.stride + phase];
  }
  weighted_sum(around, weights, 4, output, field.width);
}

}  // namespace cimaging
