#include "library.h"

#include <dlfcn.h>
#include <stdio.h>

ctext_library ctext_lib;

ctext_status ctext_fail(ctext_report *report, ctext_status status, const char *text) {
  snprintf(report->message, sizeof report->message, "%s", text);
  return report->status = status;
}

ctext_status ctext_load_library(ctext_report *report) {
  // Pango's Cairo part depends on the others, so they are loaded once it is; and nothing is ever unloaded.
  enum { pangocairo, pango, gobject, glib, cairo, fontconfig, count };
  static const char *const names[count] = {"libpangocairo-1.0.so.0", "libpango-1.0.so.0", "libgobject-2.0.so.0",
                                           "libglib-2.0.so.0",       "libcairo.so.2",     "libfontconfig.so.1"};
  void *libraries[count];
  for (int i = 0; i < count; ++i) {
    libraries[i] = dlopen(names[i], RTLD_NOW | RTLD_LOCAL);
    if (libraries[i] == NULL) return ctext_fail(report, CTEXT_NO_LIBRARY, dlerror());
  }
#define CTEXT_FIND(library, name)                                        \
  ctext_lib.name = (__typeof__(name) *)dlsym(libraries[library], #name); \
  if (ctext_lib.name == NULL) return ctext_fail(report, CTEXT_NO_LIBRARY, dlerror());
  CTEXT_FUNCTIONS(CTEXT_FIND)
#undef CTEXT_FIND
  return CTEXT_OK;
}
