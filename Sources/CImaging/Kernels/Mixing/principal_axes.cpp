#include "Kernels/Mixing/principal_axes.hpp"

#include <algorithm>
#include <cfloat>
#include <cmath>

namespace cimaging {

namespace {

/// Sums of levels and of their products: whole numbers, so that an even colour has no variance at all.
struct Moments {
  uint64_t count = 0;
  std::array<uint64_t, 3> sums{};
  std::array<std::array<uint64_t, 3>, 3> products{};

  explicit Moments(const View &image) {
    count = static_cast<uint64_t>(image.width) * static_cast<uint64_t>(image.height);
    for (int y = 0; y < image.height; ++y) add(image.row(y), image.width, image.channels);
  }

  double mean(int i) const { return static_cast<double>(sums[i]) / static_cast<double>(count) / 255; }

  double covariance(int i, int j) const {
    using Wide = __int128;
    const Wide difference = static_cast<Wide>(count) * products[i][j] - static_cast<Wide>(sums[i]) * sums[j];
    const double total = static_cast<double>(count);
    return static_cast<double>(difference) / total / total / (255.0 * 255.0);
  }

 private:
  void add(const uint8_t *row, int width, int channels) {
    for (int x = 0; x < width; ++x, row += channels) {
      for (int i = 0; i < channels; ++i) {
        sums[i] += row[i];
        for (int j = i; j < channels; ++j) products[i][j] += static_cast<uint64_t>(row[i]) * row[j];
      }
    }
  }
};

/// Jacobi's method: turns the pair of axes whose product is largest until none is left. The signs of the axes are those
/// of OpenCV's, which turns by the smaller angle as well.
class Jacobi {
 public:
  Jacobi(const Moments &moments, int size) : size(size) {
    for (int i = 0; i < size; ++i) {
      axes[i][i] = 1;
      for (int j = i; j < size; ++j) matrix[i][j] = matrix[j][i] = moments.covariance(i, j);
    }
    for (int step = 0; step < most_steps && turn_largest(); ++step) {
    }
  }

  /// The axes, that of the largest value first.
  std::array<PrincipalAxes::Color, 3> sorted() const {
    std::array<int, 3> order{0, 1, 2};
    std::sort(order.begin(), order.begin() + size,
              [&](int i, int j) { return matrix[i][i] != matrix[j][j] ? matrix[i][i] > matrix[j][j] : i < j; });
    std::array<PrincipalAxes::Color, 3> result{};
    for (int i = 0; i < size; ++i) result[i] = axes[order[i]];
    return result;
  }

 private:
  static constexpr int most_steps = 270;
  int size;
  std::array<PrincipalAxes::Color, 3> matrix{}, axes{};

  /// Returns whether there was anything to turn.
  bool turn_largest() {
    int row = 0, column = 0;
    double largest = DBL_EPSILON;
    for (int i = 0; i < size; ++i) {
      for (int j = i + 1; j < size; ++j) {
        if (std::abs(matrix[i][j]) > largest) largest = std::abs(matrix[row = i][column = j]);
      }
    }
    if (row == column) return false;
    turn(row, column);
    return true;
  }

  void turn(int k, int l) {
    const double product = matrix[k][l], half = (matrix[l][l] - matrix[k][k]) / 2;
    const double reach = std::abs(half) + std::hypot(product, half), length = std::hypot(product, reach);
    const double cosine = reach / length, sine = (half < 0 ? -1 : 1) * product / length;
    for (int i = 0; i < size; ++i) rotate(matrix[i][k], matrix[i][l], cosine, sine);
    for (int i = 0; i < size; ++i) rotate(matrix[k][i], matrix[l][i], cosine, sine);
    for (int i = 0; i < size; ++i) rotate(axes[k][i], axes[l][i], cosine, sine);
    matrix[k][l] = matrix[l][k] = 0;
  }

  static void rotate(double &a, double &b, double cosine, double sine) {
    const double first = a * cosine - b * sine;
    b = a * sine + b * cosine;
    a = first;
  }
};

}  // namespace

PrincipalAxes::PrincipalAxes(const View &image) {
  const Moments moments(image);
  for (int i = 0; i < image.channels; ++i) mean[i] = moments.mean(i);
  axes = Jacobi(moments, image.channels).sorted();
}

}  // namespace cimaging
