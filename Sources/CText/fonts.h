#ifndef CTEXT_FONTS_H
#define CTEXT_FONTS_H

#include "library.h"

/// Replaces the environment by one in which every user gets the same text, then finds the installed fonts.
ctext_status ctext_find_fonts(ctext_report *report);

/// The description for a request's `font`, without a size. Fails if none of the families that it lists is installed.
ctext_status ctext_describe_font(const char *font, PangoFontMap *fonts, PangoFontDescription **description,
                                 ctext_report *report);

#endif
