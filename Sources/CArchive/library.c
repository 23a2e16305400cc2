#include "library.h"

#include <dlfcn.h>
#include <stdio.h>

#include "include/CArchive.h"

carchive_library carchive_functions;

/// The name has the version of the binary interface.
static const char library_name[] = "libarchive.so.13";

bool carchive_load(carchive_message *message) {
  if (carchive_functions.archive_read_new != NULL) return true;
  void *library = dlopen(library_name, RTLD_NOW | RTLD_LOCAL);
  if (library == NULL) {
    snprintf(message->text, sizeof message->text, "%s", dlerror());
    return false;
  }
  carchive_library found;
#define CARCHIVE_FIND(name)                                         \
  found.name = (__typeof__(name) *)dlsym(library, #name);           \
  if (found.name == NULL) {                                         \
    snprintf(message->text, sizeof message->text, "%s", dlerror()); \
    return false;                                                   \
  }
  CARCHIVE_FUNCTIONS(CARCHIVE_FIND)
#undef CARCHIVE_FIND
  carchive_functions = found;
  return true;
}
