#include "drawing.h"

#include <math.h>
#include <stdlib.h>

#include "fonts.h"
#include "library.h"

/// Text laid out at a type size, and the part of the plane that its ink covers, in whole pixels.
typedef struct Page {
  const ctext_request *request;
  PangoFontMap *fonts;
  PangoContext *context;
  PangoFontDescription *description;
  PangoLayout *layout;
  double pixel_height;
  int x, y, width, height;
} Page;

// MARK: Layout

static PangoContext *make_context(PangoFontMap *fonts) {
  PangoContext *context = ctext_lib.pango_font_map_create_context(fonts);
  ctext_lib.pango_context_set_language(context, ctext_lib.pango_language_from_string("en"));
  // Glyphs lie where the font says, not on whole pixels, so that the text of any size is the same but for scale.
  ctext_lib.pango_context_set_round_glyph_positions(context, FALSE);
  ctext_lib.pango_cairo_context_set_resolution(context, 72);
  cairo_font_options_t *options = ctext_lib.cairo_font_options_create();
  ctext_lib.cairo_font_options_set_antialias(options, CAIRO_ANTIALIAS_GRAY);
  ctext_lib.cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE);
  ctext_lib.cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
  ctext_lib.pango_cairo_context_set_font_options(context, options);
  ctext_lib.cairo_font_options_destroy(options);
  return context;
}

static double outline_width(const Page *page) {
  return page->request->outline_color.alpha == 0 ? 0 : page->request->outline_share * page->pixel_height;
}

static void lay_out(Page *page, double pixel_height) {
  page->pixel_height = pixel_height;
  ctext_lib.pango_font_description_set_absolute_size(page->description, pixel_height * PANGO_SCALE);
  ctext_lib.pango_layout_set_font_description(page->layout, page->description);
  PangoRectangle ink;
  ctext_lib.pango_layout_get_extents(page->layout, &ink, NULL);
  const int margin = 1 + (int)ceil(outline_width(page));
  page->x = (int)floor((double)ink.x / PANGO_SCALE) - margin;
  page->y = (int)floor((double)ink.y / PANGO_SCALE) - margin;
  page->width = (int)ceil((double)(ink.x + ink.width) / PANGO_SCALE) + margin - page->x;
  page->height = (int)ceil((double)(ink.y + ink.height) / PANGO_SCALE) + margin - page->y;
  if (ink.width == 0 || ink.height == 0) page->width = page->height = 0;
}

/// The factor by which the page could grow; infinite if it has no ink.
static double room(const Page *page) {
  return fmin((double)page->request->max_width / page->width, (double)page->request->max_height / page->height);
}

/// The type size asked for, unless it is so large that the extents of a long text would not fit into Pango's 32 bits.
static double first_size(Page *page) {
  const double small = 16;
  lay_out(page, small);
  return fmin(page->request->pixel_height, 2 * small * room(page));
}

/// Lays out at the type size asked for, or at the largest that fits.
static ctext_status fit(Page *page, ctext_report *report) {
  double pixel_height = first_size(page);
  // Margins do not shrink with the type, so one step may not be enough; type below a pixel has no ink to measure.
  while (pixel_height >= 1) {
    lay_out(page, pixel_height);
    if (page->width == 0) return ctext_fail(report, CTEXT_NOTHING_DRAWN, "nothing to draw");
    if (room(page) >= 1) return CTEXT_OK;
    pixel_height *= fmin(room(page), 0.99);
  }
  return ctext_fail(report, CTEXT_FAILED, "the text does not fit into the picture");
}

// MARK: Characters that no font has

static void note_missing(uint32_t character, ctext_report *report) {
  for (int i = 0; i < report->missing_count; ++i) {
    if (report->missing[i] == character) return;
  }
  if (report->missing_count < CTEXT_MISSING_LIMIT) report->missing[report->missing_count++] = character;
}

static ctext_status find_missing(PangoLayout *layout, ctext_report *report) {
  report->unknown_count = ctext_lib.pango_layout_get_unknown_glyphs_count(layout);
  if (report->unknown_count == 0) return CTEXT_OK;
  PangoLayoutIter *place = ctext_lib.pango_layout_get_iter(layout);
  do {
    const PangoLayoutRun *run = ctext_lib.pango_layout_iter_get_run_readonly(place);
    for (int i = 0; run != NULL && i < run->glyphs->num_glyphs; ++i) {
      // Pango's stand-in for a glyph that no font has is the character with a flag.
      const PangoGlyph glyph = run->glyphs->glyphs[i].glyph;
      if (glyph & PANGO_GLYPH_UNKNOWN_FLAG) note_missing(glyph & ~PANGO_GLYPH_UNKNOWN_FLAG, report);
    }
  } while (ctext_lib.pango_layout_iter_next_run(place));
  ctext_lib.pango_layout_iter_free(place);
  return ctext_fail(report, CTEXT_UNDRAWABLE, "no font has some of the characters");
}

// MARK: Ink

static void set_source(cairo_t *cairo, ctext_color color) {
  ctext_lib.cairo_set_source_rgba(cairo, color.red / 255.0, color.green / 255.0, color.blue / 255.0,
                                  color.alpha / 255.0);
}

/// Adds the outlines of a run's plain glyphs to the path, or shows its colour glyphs.
static void draw_run(cairo_t *cairo, const PangoLayoutRun *run, bool is_colored) {
  PangoGlyphString *glyphs = ctext_lib.pango_glyph_string_copy(run->glyphs);
  for (int i = 0; i < glyphs->num_glyphs; ++i) {
    if (glyphs->glyphs[i].attr.is_color != is_colored) glyphs->glyphs[i].glyph = PANGO_GLYPH_EMPTY;
  }
  PangoFont *font = run->item->analysis.font;
  if (is_colored) {
    ctext_lib.pango_cairo_show_glyph_string(cairo, font, glyphs);
  } else {
    ctext_lib.pango_cairo_glyph_string_path(cairo, font, glyphs);
  }
  ctext_lib.pango_glyph_string_free(glyphs);
}

static void draw_runs(cairo_t *cairo, PangoLayout *layout, bool is_colored) {
  PangoLayoutIter *place = ctext_lib.pango_layout_get_iter(layout);
  do {
    const PangoLayoutRun *run = ctext_lib.pango_layout_iter_get_run_readonly(place);
    if (run == NULL) continue;  // the end of a line
    PangoRectangle extents;
    ctext_lib.pango_layout_iter_get_run_extents(place, NULL, &extents);
    const int baseline = ctext_lib.pango_layout_iter_get_baseline(place);
    ctext_lib.cairo_move_to(cairo, (double)extents.x / PANGO_SCALE, (double)baseline / PANGO_SCALE);
    draw_run(cairo, run, is_colored);
  } while (ctext_lib.pango_layout_iter_next_run(place));
  ctext_lib.pango_layout_iter_free(place);
}

/// Plain glyphs are filled as paths: Cairo's own glyph images lie on whole pixels.
static void draw_page(cairo_t *cairo, const Page *page) {
  ctext_lib.cairo_translate(cairo, -page->x, -page->y);
  draw_runs(cairo, page->layout, false);
  if (outline_width(page) > 0) {
    set_source(cairo, page->request->outline_color);
    ctext_lib.cairo_set_line_join(cairo, CAIRO_LINE_JOIN_ROUND);
    ctext_lib.cairo_set_line_width(cairo, 2 * outline_width(page));  // half of it lies under the fill
    ctext_lib.cairo_stroke_preserve(cairo);
  }
  set_source(cairo, page->request->color);
  ctext_lib.cairo_fill(cairo);
  draw_runs(cairo, page->layout, true);
}

// MARK: Pixels

/// A pixel of Cairo is a word of alpha, R, G, B from the highest byte, premultiplied.
static void copy_pixel(uint32_t word, uint8_t *pixel) {
  const uint32_t alpha = word >> 24;
  for (int channel = 0; channel < 3; ++channel) {
    const uint32_t value = word >> (16 - 8 * channel) & 255;
    const uint32_t straight = alpha == 0 || alpha == 255 ? value : (value * 255 + alpha / 2) / alpha;
    pixel[channel] = straight < 255 ? (uint8_t)straight : 255;
  }
  pixel[3] = (uint8_t)alpha;
}

/// Whether any pixel is covered. Extents do not tell: those of blank lines are the space between them.
static bool copy_pixels(cairo_surface_t *surface, int width, int height, uint8_t *pixels) {
  const uint8_t *base = ctext_lib.cairo_image_surface_get_data(surface);
  const int stride = ctext_lib.cairo_image_surface_get_stride(surface);
  uint32_t all = 0;
  for (int y = 0; y < height; ++y) {
    const uint32_t *row = (const uint32_t *)(base + (size_t)y * stride);
    for (int x = 0; x < width; ++x, pixels += 4) {
      copy_pixel(row[x], pixels);
      all |= row[x];
    }
  }
  return all != 0;
}

static void export_pixels(cairo_surface_t *surface, const Page *page, ctext_report *report, uint8_t **pixels) {
  *pixels = malloc((size_t)page->width * page->height * 4);
  if (*pixels == NULL) {
    ctext_fail(report, CTEXT_SHORTAGE, "out of memory");
  } else if (!copy_pixels(surface, page->width, page->height, *pixels)) {
    ctext_fail(report, CTEXT_NOTHING_DRAWN, "nothing to draw");
  }
}

static void paint(const Page *page, ctext_report *report, uint8_t **pixels) {
  cairo_surface_t *surface = ctext_lib.cairo_image_surface_create(CAIRO_FORMAT_ARGB32, page->width, page->height);
  cairo_t *cairo = ctext_lib.cairo_create(surface);
  draw_page(cairo, page);
  ctext_lib.cairo_surface_flush(surface);
  const cairo_status_t status = ctext_lib.cairo_status(cairo);
  if (status == CAIRO_STATUS_SUCCESS) {
    export_pixels(surface, page, report, pixels);
  } else {
    ctext_fail(report, status == CAIRO_STATUS_NO_MEMORY ? CTEXT_SHORTAGE : CTEXT_FAILED,
               ctext_lib.cairo_status_to_string(status));
  }
  ctext_lib.cairo_destroy(cairo);
  ctext_lib.cairo_surface_destroy(surface);
}

static void report_page(const Page *page, ctext_report *report) {
  report->width = page->width;
  report->height = page->height;
  report->pixel_height = page->pixel_height;
  report->baseline = (int)lround((double)ctext_lib.pango_layout_get_baseline(page->layout) / PANGO_SCALE) - page->y;
}

static void draw_text(Page *page, ctext_report *report, uint8_t **pixels) {
  page->layout = ctext_lib.pango_layout_new(page->context);
  ctext_lib.pango_layout_set_alignment(page->layout, PANGO_ALIGN_CENTER);
  ctext_lib.pango_layout_set_text(page->layout, page->request->text, -1);
  if (fit(page, report) == CTEXT_OK && find_missing(page->layout, report) == CTEXT_OK) {
    report_page(page, report);
    paint(page, report, pixels);
  }
  ctext_lib.g_object_unref(page->layout);
}

ctext_report ctext_draw_here(const ctext_request *request, uint8_t **pixels) {
  ctext_report report = {.status = CTEXT_OK};
  *pixels = NULL;
  if (ctext_load_library(&report) != CTEXT_OK || ctext_find_fonts(&report) != CTEXT_OK) return report;
  Page page = {.request = request, .fonts = ctext_lib.pango_cairo_font_map_new()};
  if (ctext_describe_font(request->font, page.fonts, &page.description, &report) == CTEXT_OK) {
    page.context = make_context(page.fonts);
    draw_text(&page, &report, pixels);
    ctext_lib.g_object_unref(page.context);
    ctext_lib.pango_font_description_free(page.description);
  }
  ctext_lib.g_object_unref(page.fonts);
  if (report.status != CTEXT_OK) {
    free(*pixels);
    *pixels = NULL;
  }
  return report;
}
