#ifndef CIMAGING_FORMULA_HPP
#define CIMAGING_FORMULA_HPP

#include <cstdint>
#include <optional>

namespace cimaging {

/// A table of 256 bytes that is a line, clamped to 0 ... 255: the whole part of level × scale + offset, with both
/// operations rounded.
struct LineFormula {
  float scale, offset;
};

/// A table that adds a number, clamped to 0 ... 255: at most one of both is not 0.
struct ShiftFormula {
  uint8_t up, down;
};

/// A table that keeps some bits and inverts all levels from one on; 256: none.
struct BitFormula {
  int kept, first_inverted;
};

/// - Returns: nothing if the table is no such line.
std::optional<LineFormula> line_of(const uint8_t *table);

/// - Returns: nothing if the table is no such shift.
std::optional<ShiftFormula> shift_of(const uint8_t *table);

/// - Returns: nothing if the table does anything else.
std::optional<BitFormula> bits_of(const uint8_t *table);

/// Finds the formulas of consecutive tables.
/// - Returns: whether each has one.
template <class Formula>
bool find(std::optional<Formula> (*formula_of)(const uint8_t *), const uint8_t *tables, int count, Formula *formulas) {
  for (int k = 0; k < count; ++k) {
    const auto formula = formula_of(tables + 256 * k);
    if (!formula) return false;
    formulas[k] = *formula;
  }
  return true;
}

}  // namespace cimaging

#endif
