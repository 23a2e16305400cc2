#ifndef CHTTP_H
#define CHTTP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// Downloads over libcurl's easy interface, one at a time into memory. The library is loaded when it is first needed:
/// linked, it would bring 33 shared objects into every process, 5 ms to every start and 0.3 ms to every fork.

/// A NUL-terminated sentence fragment.
typedef struct chttp_message {
  char text[256];
} chttp_message;

/// Why a download ended. Only CHTTP_OK has a status and a body.
typedef enum chttp_outcome {
  CHTTP_OK = 0,             // a whole response arrived, whatever its status
  CHTTP_DISCONNECTED = 1,   // no connection, or it broke before a response was complete
  CHTTP_TIMED_OUT = 2,      // took too long, or was too slow for too long
  CHTTP_TRUNCATED = 3,      // the body ended before the length that was announced
  CHTTP_TOO_LARGE = 4,      // body or headers are longer than the limit
  CHTTP_REFUSED = 5,        // a redirect that leads to a private address, or to another scheme
  CHTTP_REDIRECTS = 6,      // more redirects than the limit
  CHTTP_BAD_URL = 7,        // malformed, or of a scheme that is not allowed
  CHTTP_UNTRUSTED = 8,      // the certificate of the server was not accepted
  CHTTP_OUT_OF_MEMORY = 9,  // here
  CHTTP_FAILED = 10,        // anything else
} chttp_outcome;

typedef struct chttp_options {
  const char *_Nonnull user_agent;
  int64_t connect_milliseconds;
  /// For the whole download, redirects included.
  int64_t total_milliseconds;
  /// The download ends if it is slower than this for `slow_seconds`.
  int64_t slow_bytes_per_second;
  int64_t slow_seconds;
  size_t largest_byte_count;
  int32_t most_redirects;
  /// Whether a URL may be a file of this machine; a redirect never may.
  bool allows_files;
  /// Whether a redirect may lead to an address that is not public. The URL itself may name any address.
  bool allows_private_redirects;
} chttp_options;

typedef struct chttp_response {
  chttp_outcome outcome;
  /// The status of HTTP; 0 without one.
  int64_t status;
  /// What a Retry-After header asks for; 0 without one.
  int64_t retry_after_seconds;
  double seconds;
  /// Where the last redirect led; NULL if there was none.
  char *_Nullable redirect_url;
  /// The body; NULL if it is empty.
  uint8_t *_Nullable body;
  size_t byte_count;
  chttp_message message;
} chttp_response;

/// Keeps connections open from one download to the next. Used by the process that opened it, on one thread.
typedef struct chttp_client chttp_client;

/// Loads libcurl, unless this process has done so or inherited it. On failure the message says why. Starts no thread.
bool chttp_load(chttp_message *_Nonnull message);

/// NULL on failure; the message says why.
chttp_client *_Nullable chttp_open(const chttp_options *_Nonnull options, chttp_message *_Nonnull message);

void chttp_close(chttp_client *_Nonnull client);

/// Downloads a URL. The caller frees the response.
void chttp_get(chttp_client *_Nonnull client, const char *_Nonnull url, chttp_response *_Nonnull response);

void chttp_response_free(chttp_response *_Nonnull response);

/// Whether an address, written as a number, is anything but a public one of a single host: private, loopback,
/// link-local, shared by a carrier, multicast, reserved, or one that hides another. `true` for a text that is none.
bool chttp_is_private(const char *_Nonnull address);

#endif
