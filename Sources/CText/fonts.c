#define _GNU_SOURCE
#include "fonts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

/// A font that most machines have, so that most draw the same.
static const char default_font[] = "DejaVu Sans, Sans";

/// The language and the debugging switches of the environment change what is drawn: which font stands in for another,
/// and which form of a letter is taken. Only what says where fonts are is kept.
static void fix_environment(void) {
  static const char *const kept[] = {"FONTCONFIG_FILE=", "FONTCONFIG_PATH=", "FONTCONFIG_SYSROOT="};
  static char *fixed[8] = {"FC_LANG=en", "PANGO_LANGUAGE=en", "LC_ALL=C"};
  int count = 3;
  for (char **entry = environ; entry != NULL && *entry != NULL; ++entry) {
    for (int i = 0; i < 3; ++i) {
      if (count < 7 && strncmp(*entry, kept[i], strlen(kept[i])) == 0) fixed[count++] = *entry;
    }
  }
  environ = fixed;
}

static int count_fonts(FcSetName set) {
  const FcFontSet *fonts = ctext_lib.FcConfigGetFonts(NULL, set);
  return fonts == NULL ? 0 : fonts->nfont;
}

static void add_fonts(const char *folder, const char *rest) {
  char path[4096];
  if (folder == NULL || snprintf(path, sizeof path, "%s%s", folder, rest) >= (int)sizeof path) return;
  if (access(path, R_OK) == 0) ctext_lib.FcConfigAppFontAddDir(NULL, (const FcChar8 *)path);
}

ctext_status ctext_find_fonts(ctext_report *report) {
  const char *home = getenv("HOME");
  const char *share = getenv("XDG_DATA_HOME");
  fix_environment();
  // Without HOME, Fontconfig reads no settings of the user, but finds no fonts of the user either.
  if (!ctext_lib.FcInit()) return ctext_fail(report, CTEXT_NO_FONT, "Fontconfig cannot read its settings");
  add_fonts(share, "/fonts");
  if (share == NULL) add_fonts(home, "/.local/share/fonts");
  add_fonts(home, "/.fonts");
  if (count_fonts(FcSetSystem) + count_fonts(FcSetApplication) > 0) return CTEXT_OK;
  return ctext_fail(report, CTEXT_NO_FONT, "no font is installed");
}

/// Whether `families`, a list with commas, holds `name`, ignoring case.
static bool lists(const char *families, const char *name) {
  const size_t count = strlen(name);
  while (*families != '\0') {
    families += strspn(families, " ,");
    size_t length = strcspn(families, ",");
    const char *next = families + length;
    while (length > 0 && families[length - 1] == ' ') --length;
    if (length == count && strncasecmp(families, name, count) == 0) return true;
    families = next;
  }
  return false;
}

static bool is_any_installed(const char *families, PangoFontMap *fonts) {
  PangoFontFamily **installed = NULL;
  int count = 0;
  ctext_lib.pango_font_map_list_families(fonts, &installed, &count);
  bool is_installed = lists(families, "sans-serif");  // Pango lists its own word for it only
  for (int i = 0; i < count && !is_installed; ++i) {
    is_installed = lists(families, ctext_lib.pango_font_family_get_name(installed[i]));
  }
  ctext_lib.g_free(installed);
  return is_installed;
}

ctext_status ctext_describe_font(const char *font, PangoFontMap *fonts, PangoFontDescription **description,
                                 ctext_report *report) {
  const bool is_default = *font == '\0';
  PangoFontDescription *result = ctext_lib.pango_font_description_from_string(is_default ? default_font : font);
  const char *families = ctext_lib.pango_font_description_get_family(result);
  if (!is_default && families != NULL && !is_any_installed(families, fonts)) {
    ctext_fail(report, CTEXT_NO_FAMILY, families);
    ctext_lib.pango_font_description_free(result);
    return CTEXT_NO_FAMILY;
  }
  // Gravity would turn the letters, and variations are a second way to say weight.
  const PangoFontMask ignored = PANGO_FONT_MASK_SIZE | PANGO_FONT_MASK_GRAVITY | PANGO_FONT_MASK_VARIATIONS;
  ctext_lib.pango_font_description_unset_fields(result, ignored);
  *description = result;
  return CTEXT_OK;
}
