/// The C interface to the pixel libraries. Each function takes pointers, sizes and scalars, returns a status and fills
/// a message; no C++ exception or longjmp escapes.
#ifndef CIMAGING_H
#define CIMAGING_H

#include "cimaging_array.h"
#include "cimaging_blur.h"
#include "cimaging_cluster.h"
#include "cimaging_codec.h"
#include "cimaging_color.h"
#include "cimaging_compression.h"
#include "cimaging_core.h"
#include "cimaging_deep.h"
#include "cimaging_drop.h"
#include "cimaging_geometry.h"
#include "cimaging_jpeg.h"
#include "cimaging_mixing.h"
#include "cimaging_noise.h"
#include "cimaging_png.h"
#include "cimaging_png_planes.h"
#include "cimaging_tiff.h"
#include "cimaging_warp.h"
#include "cimaging_weather.h"
#include "cimaging_webp.h"

#endif
