#ifndef CTEXT_H
#define CTEXT_H

#include <stdint.h>

/// Text as pixels, by Pango and Cairo: shaping, both directions of writing, fonts that stand in for one another, emoji
/// in their own colours.
///
/// A process of its own loads the libraries and draws, 10 to 15 ms for a few words. Pango starts threads, which a
/// process that will fork must not have, and linked it would bring 40 shared objects into every start and every fork of
/// the program. A crash in a font costs that process only.

typedef enum ctext_status {
  CTEXT_OK = 0,
  CTEXT_FAILED = 1,         // the message says why
  CTEXT_NO_LIBRARY = 2,     // a shared library is missing; the message names it
  CTEXT_NO_FONT = 3,        // no font at all is installed
  CTEXT_NO_FAMILY = 4,      // none of the families that were asked for is installed
  CTEXT_UNDRAWABLE = 5,     // no font has some of the characters
  CTEXT_NOTHING_DRAWN = 6,  // the text has no ink
  CTEXT_SHORTAGE = 7,       // the machine is short of memory, processes or descriptors
} ctext_status;

enum { CTEXT_MISSING_LIMIT = 8, CTEXT_SIDE_LIMIT = 16384 };

typedef struct ctext_color {
  uint8_t red, green, blue, alpha;
} ctext_color;

typedef struct ctext_request {
  /// UTF-8 without control characters other than newlines.
  const char *text;
  /// A Pango font description, such as "DejaVu Serif Bold", whose size is ignored; empty for the default.
  const char *font;
  /// The type size (em) in pixels. Less is used if the ink would exceed `max_width` or `max_height`, which are at most
  /// CTEXT_SIDE_LIMIT.
  double pixel_height;
  int32_t max_width, max_height;
  ctext_color color;
  /// Around all but colour glyphs; alpha 0 for none.
  ctext_color outline_color;
  /// Width of the outline as a share of the type size.
  double outline_share;
} ctext_request;

typedef struct ctext_report {
  ctext_status status;
  /// Of the picture, which holds the ink with its outline, and a margin of a pixel.
  int32_t width, height;
  /// Rows above the baseline of the first line; negative if that is above the picture.
  int32_t baseline;
  /// The type size used.
  double pixel_height;
  /// Glyphs that no font has, and the first of their characters.
  int32_t unknown_count, missing_count;
  uint32_t missing[CTEXT_MISSING_LIMIT];
  char message[256];
} ctext_report;

/// Draws in a process of its own. If the status is CTEXT_OK, `*pixels` becomes memory for `free`: R, G, B and alpha,
/// not premultiplied, row by row; else NULL.
ctext_report ctext_draw(const ctext_request *request, uint8_t **pixels);

#endif
