#include "library.h"

#include <dlfcn.h>
#include <stdio.h>

#include "include/CHTTP.h"

chttp_library chttp_curl;

/// The name has the version of the binary interface, which has been 4 since 2006.
static const char *const library_name = "libcurl.so.4";

static bool find(void *library, const char *name, void *function, chttp_message *message) {
  // POSIX lets `dlsym` return functions; ISO C has no conversion for that, so the bytes are copied.
  void *symbol = dlsym(library, name);
  *(void **)function = symbol;
  if (symbol == NULL) snprintf(message->text, sizeof message->text, "%s has no %s", library_name, name);
  return symbol != NULL;
}

static bool find_all(void *library, chttp_library *found, chttp_message *message) {
  return find(library, "curl_global_init", &found->global_init, message) &&
         find(library, "curl_easy_init", &found->easy_init, message) &&
         find(library, "curl_easy_setopt", &found->easy_setopt, message) &&
         find(library, "curl_easy_perform", &found->easy_perform, message) &&
         find(library, "curl_easy_getinfo", &found->easy_getinfo, message) &&
         find(library, "curl_easy_cleanup", &found->easy_cleanup, message) &&
         find(library, "curl_easy_strerror", &found->easy_strerror, message) &&
         find(library, "curl_url", &found->url, message) && find(library, "curl_url_set", &found->url_set, message) &&
         find(library, "curl_url_get", &found->url_get, message) &&
         find(library, "curl_url_cleanup", &found->url_cleanup, message) &&
         find(library, "curl_free", &found->free, message);
}

bool chttp_load(chttp_message *message) {
  if (chttp_curl.easy_init != NULL) return true;
  void *library = dlopen(library_name, RTLD_NOW | RTLD_LOCAL);
  if (library == NULL) {
    snprintf(message->text, sizeof message->text, "%s", dlerror());
    return false;
  }
  chttp_library found = {0};
  if (!find_all(library, &found, message)) return false;
  // Here, so that forked processes inherit the tables that this fills. They are released with the process.
  if (found.global_init(CURL_GLOBAL_ALL) != CURLE_OK) {
    snprintf(message->text, sizeof message->text, "%s cannot be initialised", library_name);
    return false;
  }
  chttp_curl = found;
  return true;
}
