#ifndef CHTTP_LIBRARY_H
#define CHTTP_LIBRARY_H

#include <curl/curl.h>

// These are functions, and macros of the same names that check types; a pointer to the function cannot have them.
#undef curl_easy_setopt
#undef curl_easy_getinfo

/// The functions of libcurl that are used; NULL before `chttp_load`.
typedef struct chttp_library {
  __typeof__(curl_global_init) *global_init;
  __typeof__(curl_easy_init) *easy_init;
  __typeof__(curl_easy_setopt) *easy_setopt;
  __typeof__(curl_easy_perform) *easy_perform;
  __typeof__(curl_easy_getinfo) *easy_getinfo;
  __typeof__(curl_easy_cleanup) *easy_cleanup;
  __typeof__(curl_easy_strerror) *easy_strerror;
  __typeof__(curl_url) *url;
  __typeof__(curl_url_set) *url_set;
  __typeof__(curl_url_get) *url_get;
  __typeof__(curl_url_cleanup) *url_cleanup;
  __typeof__(curl_free) *free;
} chttp_library;

extern chttp_library chttp_curl;

#endif
