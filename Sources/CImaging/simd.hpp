// Kernels written once and compiled for every instruction set, by Google Highway, which chooses at run time.
//
// Whatever the instruction set, a kernel gives the same bytes: it multiplies and adds in two steps, since `MulAdd` rounds
// once on some processors and twice on others, and the compiler may not fuse them either. Where OpenCV's bytes come from
// fused additions, a kernel has them on every level, by emulation where the processor has none (`fused-inl.hpp`). Sums have
// an order that does not depend on the number of lanes.
//
// No include guard of its own where Highway includes a file again: it is included before `hwy/foreach_target.h` only.

#ifndef CIMAGING_SIMD_HPP
#define CIMAGING_SIMD_HPP

// AVX-512, AVX2, SSE4 and plain: what lies between gains little and takes as long to compile.
#define HWY_DISABLED_TARGETS HWY_SSSE3

#pragma clang fp contract(off)

#endif
