#include "Codecs/tiff_library.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>

#include "include/cimaging_tiff.h"

cimaging_tiff_library cimaging_libtiff;

/// The name has the version of the binary interface.
static const char library_name[] = "libtiff.so.6";

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int is_loaded;

static cimaging_status find_all(cimaging_message *message) {
  void *library = dlopen(library_name, RTLD_NOW | RTLD_LOCAL);
  if (library == NULL) {
    snprintf(message->text, sizeof message->text, "TIFF image (%s)", dlerror());
    return CIMAGING_UNSUPPORTED;
  }
  cimaging_tiff_library found;
#define CIMAGING_TIFF_FIND(name)                                                 \
  found.name = (__typeof__(name) *)dlsym(library, #name);                        \
  if (found.name == NULL) {                                                      \
    snprintf(message->text, sizeof message->text, "TIFF image (%s)", dlerror()); \
    return CIMAGING_UNSUPPORTED;                                                 \
  }
  CIMAGING_TIFF_FUNCTIONS(CIMAGING_TIFF_FIND)
#undef CIMAGING_TIFF_FIND
  cimaging_libtiff = found;
  is_loaded = 1;
  return CIMAGING_OK;
}

cimaging_status cimaging_tiff_load(cimaging_message *message) {
  pthread_mutex_lock(&lock);
  const cimaging_status status = is_loaded ? CIMAGING_OK : find_all(message);
  pthread_mutex_unlock(&lock);
  return status;
}
