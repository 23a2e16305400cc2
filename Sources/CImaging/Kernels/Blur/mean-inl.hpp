// Division of sums of bytes; included once for each instruction set.

#if defined(CIMAGING_MEAN_INL_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef CIMAGING_MEAN_INL_HPP
#undef CIMAGING_MEAN_INL_HPP
#else
#define CIMAGING_MEAN_INL_HPP
#endif

#include <hwy/highway.h>

#include <cstddef>
#include <cstdint>

HWY_BEFORE_NAMESPACE();
namespace cimaging::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;
namespace {

using UnsignedShorts = hn::ScalableTag<uint16_t>;
using UnsignedShortVector = hn::Vec<UnsignedShorts>;

/// The mean of bytes from their sum, rounded to nearest: of 2 ... 185 bytes, or of 225; for some other counts the last
/// bit of the factor does not suffice. Halves, which odd counts do not have, are rounded to even for powers of two,
/// where every sum of floats is exact, and up for the others.
class Mean {
 public:
  explicit Mean(uint32_t count) : is_power((count & (count - 1)) == 0) {
    if (is_power) {
      added = static_cast<uint16_t>(count / 2 - 1);
      while ((1u << shift) < count) ++shift;
    } else {
      added = static_cast<uint16_t>(count / 2);
      while ((0x20000u << shift) / count < 0xFFFF) ++shift;
      factor = static_cast<uint16_t>((0x10000u << shift) / count + 1);
    }
  }

  HWY_INLINE UnsignedShortVector operator()(UnsignedShortVector sum) const {
    const UnsignedShorts shorts;
    UnsignedShortVector raised = hn::Add(sum, hn::Set(shorts, added));
    if (is_power) {
      raised = hn::Add(raised, hn::And(hn::ShiftRightSame(sum, shift), hn::Set(shorts, 1)));
    } else {
      raised = hn::MulHigh(raised, hn::Set(shorts, factor));
    }
    return hn::ShiftRightSame(raised, shift);
  }

  HWY_INLINE void store(UnsignedShortVector sum, uint8_t *output) const {
    const hn::RebindToSigned<UnsignedShorts> halves;
    const hn::Rebind<uint8_t, UnsignedShorts> bytes;
    hn::StoreU(hn::DemoteTo(bytes, hn::BitCast(halves, (*this)(sum))), bytes, output);
  }

 private:
  bool is_power;
  uint16_t added = 0, factor = 0;
  int shift = 0;
};

}  // namespace
}  // namespace cimaging::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
