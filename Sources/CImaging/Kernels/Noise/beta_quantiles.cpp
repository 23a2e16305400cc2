#include <algorithm>
#include <cmath>

#include "include/cimaging_noise.h"

namespace {

/// The probability that a number of a beta distribution is below `x`, by the continued fraction 26.5.8 of Abramowitz
/// and Stegun, evaluated by the method of Lentz.
class Beta {
 public:
  Beta(double alpha, double beta)
      : alpha(alpha), beta(beta), scale(std::lgamma(alpha + beta) - std::lgamma(alpha) - std::lgamma(beta)) {}

  double below(double x) const {
    if (x <= 0) return 0;
    if (x >= 1) return 1;
    const double power = std::exp(scale + alpha * std::log(x) + beta * std::log1p(-x));
    // The fraction converges fast on this side of the mean only.
    if (x < (alpha + 1) / (alpha + beta + 2)) return power * fraction(alpha, beta, x) / alpha;
    return 1 - power * fraction(beta, alpha, 1 - x) / beta;
  }

 private:
  static double fraction(double a, double b, double x) {
    const auto kept = [](double value) { return std::abs(value) < 1e-300 ? 1e-300 : value; };
    double upper = 1, lower = 1 / kept(1 - (a + b) * x / (a + 1)), result = lower;
    for (int m = 1; m <= 1000; ++m) {
      const double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
      const double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
      double factor = 1;
      for (const double term : {even, odd}) {
        lower = 1 / kept(1 + term * lower);
        upper = kept(1 + term / upper);
        factor = lower * upper;
        result *= factor;
      }
      if (std::abs(factor - 1) < 1e-9) break;
    }
    return result;
  }

  const double alpha, beta, scale;
};

}  // namespace

double cimaging_beta_quantile(double alpha, double beta, double probability) {
  const Beta distribution(alpha, beta);
  double low = 0, high = 1;
  for (int halving = 0; halving < 30; ++halving) {
    const double middle = (low + high) / 2;
    (distribution.below(middle) < probability ? low : high) = middle;
  }
  return (low + high) / 2;
}

void cimaging_beta_quantiles(double alpha, double beta, float *quantiles, int32_t count) {
  const Beta distribution(alpha, beta);
  // Between nodes that lie denser toward both ends, where the density may have poles, the probability is taken as
  // linear.
  constexpr int nodes = 2048;
  double x = 0, below = 0;
  int32_t next = 0;
  for (int node = 1; node <= nodes && next < count; ++node) {
    const double sine = std::sin(M_PI / 2 * node / nodes);
    const double end = sine * sine, above = node == nodes ? 1 : std::max(below, distribution.below(end));
    for (; next < count && static_cast<double>(next) / (count - 1) <= above; ++next) {
      const double share = static_cast<double>(next) / (count - 1) - below;
      quantiles[next] = static_cast<float>(above > below ? x + (end - x) * share / (above - below) : x);
    }
    x = end;
    below = above;
  }
}
