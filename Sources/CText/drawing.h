#ifndef CTEXT_DRAWING_H
#define CTEXT_DRAWING_H

#include "include/CText.h"

/// Draws in this process, which then has other threads and another environment. For the contract see `ctext_draw`.
ctext_report ctext_draw_here(const ctext_request *request, uint8_t **pixels);

#endif
