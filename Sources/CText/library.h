#ifndef CTEXT_LIBRARY_H
#define CTEXT_LIBRARY_H

#include <fontconfig/fontconfig.h>
#include <pango/pangocairo.h>
#include <stdbool.h>

#include "include/CText.h"

/// The functions in use, by the library that holds them. No other may be called: nothing is linked.
// clang-format off
#define CTEXT_FUNCTIONS(use)                            \
  use(cairo, cairo_create)                              \
  use(cairo, cairo_destroy)                             \
  use(cairo, cairo_fill)                                \
  use(cairo, cairo_font_options_create)                 \
  use(cairo, cairo_font_options_destroy)                \
  use(cairo, cairo_font_options_set_antialias)          \
  use(cairo, cairo_font_options_set_hint_metrics)       \
  use(cairo, cairo_font_options_set_hint_style)         \
  use(cairo, cairo_image_surface_create)                \
  use(cairo, cairo_image_surface_get_data)              \
  use(cairo, cairo_image_surface_get_stride)            \
  use(cairo, cairo_move_to)                             \
  use(cairo, cairo_set_line_join)                       \
  use(cairo, cairo_set_line_width)                      \
  use(cairo, cairo_set_source_rgba)                     \
  use(cairo, cairo_status)                              \
  use(cairo, cairo_status_to_string)                    \
  use(cairo, cairo_stroke_preserve)                     \
  use(cairo, cairo_surface_destroy)                     \
  use(cairo, cairo_surface_flush)                       \
  use(cairo, cairo_translate)                           \
  use(fontconfig, FcConfigAppFontAddDir)                \
  use(fontconfig, FcConfigGetFonts)                     \
  use(fontconfig, FcInit)                               \
  use(glib, g_free)                                     \
  use(gobject, g_object_unref)                          \
  use(pango, pango_context_set_language)                \
  use(pango, pango_context_set_round_glyph_positions)   \
  use(pango, pango_font_description_free)               \
  use(pango, pango_font_description_from_string)        \
  use(pango, pango_font_description_get_family)         \
  use(pango, pango_font_description_set_absolute_size)  \
  use(pango, pango_font_description_unset_fields)       \
  use(pango, pango_font_family_get_name)                \
  use(pango, pango_font_map_create_context)             \
  use(pango, pango_font_map_list_families)              \
  use(pango, pango_glyph_string_copy)                   \
  use(pango, pango_glyph_string_free)                   \
  use(pango, pango_language_from_string)                \
  use(pango, pango_layout_get_baseline)                 \
  use(pango, pango_layout_get_extents)                  \
  use(pango, pango_layout_get_iter)                     \
  use(pango, pango_layout_get_unknown_glyphs_count)     \
  use(pango, pango_layout_iter_free)                    \
  use(pango, pango_layout_iter_get_baseline)            \
  use(pango, pango_layout_iter_get_run_extents)         \
  use(pango, pango_layout_iter_get_run_readonly)        \
  use(pango, pango_layout_iter_next_run)                \
  use(pango, pango_layout_new)                          \
  use(pango, pango_layout_set_alignment)                \
  use(pango, pango_layout_set_font_description)         \
  use(pango, pango_layout_set_text)                     \
  use(pangocairo, pango_cairo_context_set_font_options) \
  use(pangocairo, pango_cairo_context_set_resolution)   \
  use(pangocairo, pango_cairo_font_map_new)             \
  use(pangocairo, pango_cairo_glyph_string_path)        \
  use(pangocairo, pango_cairo_show_glyph_string)
// clang-format on

typedef struct ctext_library {
#define CTEXT_MEMBER(library, name) __typeof__(name) *name;
  CTEXT_FUNCTIONS(CTEXT_MEMBER)
#undef CTEXT_MEMBER
} ctext_library;

/// Set by `ctext_load_library`.
extern ctext_library ctext_lib;

/// Loads the libraries. On failure the report tells which is missing.
ctext_status ctext_load_library(ctext_report *report);

/// Sets status and message.
ctext_status ctext_fail(ctext_report *report, ctext_status status, const char *text);

#endif
