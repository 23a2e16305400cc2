// Vectorized random numbers; included by a kernel's file once for each instruction set.
//
// Counter-based: a number depends only on key and counter, so that any pixel can be drawn without the previous ones, in
// any order and with any number of lanes.

#if defined(CIMAGING_DRAWS_INL_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef CIMAGING_DRAWS_INL_HPP
#undef CIMAGING_DRAWS_INL_HPP
#else
#define CIMAGING_DRAWS_INL_HPP
#endif

#include <hwy/highway.h>

#include <cstdint>

HWY_BEFORE_NAMESPACE();
namespace cimaging::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

using Floats = hn::ScalableTag<float>;
using Words = hn::ScalableTag<uint32_t>;
using Integers = hn::ScalableTag<int32_t>;
using Float = hn::Vec<Floats>;
using Word = hn::Vec<Words>;

template <class V>
struct Two {
  V first, second;
};

/// Threefry-2x32 with 13 rounds (Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy as 1, 2, 3", 2011).
/// Uses only additions, rotations and exclusive ors, which every instruction set has.
class Threefry {
 public:
  explicit Threefry(uint64_t seed)
      : keys{static_cast<uint32_t>(seed), static_cast<uint32_t>(seed >> 32),
             0x1BD11BDA ^ static_cast<uint32_t>(seed) ^ static_cast<uint32_t>(seed >> 32)} {}

  HWY_INLINE Two<Word> operator()(Word low, Word high) const {
    Two<Word> block = {low, high};
    add_keys(block, 0);
    four_rounds<13, 15, 26, 6>(block);
    add_keys(block, 1);
    four_rounds<17, 29, 16, 24>(block);
    add_keys(block, 2);
    four_rounds<13, 15, 26, 6>(block);
    add_keys(block, 3);
    round<17>(block);
    return block;
  }

 private:
  template <int rotation>
  static HWY_INLINE void round(Two<Word> &block) {
    block.first = hn::Add(block.first, block.second);
    block.second = hn::Xor(hn::RotateRight<32 - rotation>(block.second), block.first);
  }

  template <int a, int b, int c, int d>
  static HWY_INLINE void four_rounds(Two<Word> &block) {
    round<a>(block);
    round<b>(block);
    round<c>(block);
    round<d>(block);
  }

  HWY_INLINE void add_keys(Two<Word> &block, uint32_t number) const {
    block.first = hn::Add(block.first, hn::Set(Words(), keys[number % 3]));
    block.second = hn::Add(block.second, hn::Set(Words(), keys[(number + 1) % 3] + number));
  }

  uint32_t keys[3];
};

HWY_INLINE Float constant(float value) { return hn::Set(Floats(), value); }

// Box-Muller transform (1958): a normal pair is a point at a random angle whose squared distance from the origin is
// exponentially distributed. The relative error of the polynomials is below 2e-6.

/// The distance √(−2 ln u), at most 6.56, with u in 2⁻³¹ ... 1 from the upper 31 bits of a word.
HWY_INLINE Float radius(Word word) {
  const Integers integers;
  const Floats floats;
  const auto odd = hn::BitCast(integers, hn::Or(hn::ShiftRight<1>(word), hn::Set(Words(), 1)));
  const auto bits = hn::Sub(hn::BitCast(integers, hn::ConvertTo(floats, odd)), hn::Set(integers, 31 << 23));
  // u = m · 2^exponent with m between √½ and √2.
  const auto exponent = hn::ShiftRight<23>(hn::Sub(bits, hn::Set(integers, 0x3F3504F3)));
  const Float t = hn::Sub(hn::BitCast(floats, hn::Sub(bits, hn::ShiftLeft<23>(exponent))), constant(1));
  Float sum = constant(-0.2356378f);
  for (const float coefficient : {0.36814378f, -0.40884378f, 0.49887666f, -0.66641722f, 1.0f, -2.0f}) {
    sum = hn::Add(hn::Mul(sum, t), constant(coefficient));
  }
  const Float scaled = hn::Mul(hn::ConvertTo(floats, exponent), constant(-1.38629436f));
  return hn::Sqrt(hn::Add(scaled, hn::Mul(sum, t)));
}

/// Cosine and sine of a random angle given by a word.
HWY_INLINE Two<Float> direction(Word word) {
  const Floats floats;
  // An angle in −π/4 ... π/4; the lowest bits mirror it about the diagonal and rotate it by π.
  const auto number = hn::ConvertTo(floats, hn::BitCast(Integers(), word));
  const Float angle = hn::Mul(number, constant(3.65722e-10f));
  const Float square = hn::Mul(angle, angle);
  const Float sign_flip = hn::BitCast(floats, hn::ShiftLeft<31>(word));
  Float sine = hn::Add(hn::Mul(constant(0.00816461f), square), constant(-0.16663459f));
  sine = hn::Add(hn::Mul(hn::Mul(sine, square), angle), angle);
  Float cosine = hn::Add(hn::Mul(constant(-0.00136525f), square), constant(0.04166128f));
  cosine = hn::Add(hn::Mul(hn::Sub(hn::Mul(cosine, square), constant(0.5f)), square), constant(1));
  sine = hn::Xor(sine, sign_flip);
  cosine = hn::Xor(cosine, sign_flip);
  const auto is_mirrored = hn::RebindMask(floats, hn::TestBit(word, hn::Set(Words(), 2)));
  return {hn::IfThenElse(is_mirrored, sine, cosine), hn::IfThenElse(is_mirrored, cosine, sine)};
}

}  // namespace cimaging::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
