#ifndef CHTTP_CLIENT_H
#define CHTTP_CLIENT_H

#include "library.h"

#include "include/CHTTP.h"

/// Bytes of an address as text, with its NUL: INET6_ADDRSTRLEN and a zone.
enum { chttp_address_capacity = 64 };

/// More than any server needs. Without a limit of ours, endless headers would fill the memory, because libcurl keeps
/// them.
enum { chttp_most_header_bytes = 256 << 10 };

struct chttp_client {
  CURL *handle;
  chttp_options options;
  // What follows belongs to the download in progress.
  chttp_response *response;
  size_t body_capacity;
  size_t header_byte_count;
  /// Whether the request in progress follows a redirect.
  bool is_redirect;
  /// Why a callback ended the request, if one did.
  chttp_outcome stop;
  /// The server that the first request reached. The user chose it, so redirects may return to it wherever it is.
  char first_address[chttp_address_capacity];
  long first_port;
  char error[CURL_ERROR_SIZE];
};

/// Sets the options that stay the same for all downloads.
bool chttp_configure(chttp_client *client);

/// Whether a redirect from `url` may lead to `target`, as far as the text tells: through a proxy, the address is never
/// seen.
bool chttp_may_follow(const chttp_client *client, const char *url, const char *target);

#endif
