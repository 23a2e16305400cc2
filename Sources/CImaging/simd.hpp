// Kernels are written once and compiled by Google Highway for every instruction set; Highway dispatches at run time.
//
// A kernel gives the same bytes on every instruction set. It multiplies and adds in two steps, because `MulAdd` rounds
// once on some processors and twice on others, and the compiler may not contract them either. Where OpenCV's bytes
// depend on fused multiply-add, a kernel uses it on every level, emulated where the processor has none
// (`fused-inl.hpp`). Sums have an order that does not depend on the number of lanes.
//
// Has an ordinary include guard, not Highway's per-target one: include it only before `hwy/foreach_target.h`.

#ifndef CIMAGING_SIMD_HPP
#define CIMAGING_SIMD_HPP

// AVX-512, AVX2, SSE4 and portable; SSSE3 gains little and takes as long to compile.
#define HWY_DISABLED_TARGETS HWY_SSSE3

#pragma clang fp contract(off)

#endif
