/// The C face of the pixel libraries. Each function takes pointers, sizes and scalars, returns a status and fills a
/// message; no C++ exception and no longjmp leaves it.
#ifndef CIMAGING_H
#define CIMAGING_H

#include "cimaging_affine.h"
#include "cimaging_codec.h"
#include "cimaging_core.h"
#include "cimaging_jpeg.h"
#include "cimaging_png.h"
#include "cimaging_resize.h"
#include "cimaging_transforms.h"

#endif
