#include "client.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

/// Parts of a URL, which libcurl allocates.
typedef struct place {
  char *scheme;
  char *host;
  char *port;
} place;

static void free_place(place *place) {
  chttp_curl.free(place->scheme);
  chttp_curl.free(place->host);
  chttp_curl.free(place->port);
}

/// On failure some parts are NULL.
static place place_of(const char *url) {
  place place = {0};
  CURLU *parser = chttp_curl.url();
  if (parser == NULL) return place;
  if (chttp_curl.url_set(parser, CURLUPART_URL, url, CURLU_NON_SUPPORT_SCHEME) == CURLUE_OK) {
    chttp_curl.url_get(parser, CURLUPART_SCHEME, &place.scheme, 0);
    chttp_curl.url_get(parser, CURLUPART_HOST, &place.host, 0);
    chttp_curl.url_get(parser, CURLUPART_PORT, &place.port, CURLU_DEFAULT_PORT);
  }
  chttp_curl.url_cleanup(parser);
  return place;
}

static bool is_web(const place *place) {
  return place->scheme != NULL && place->host != NULL && place->port != NULL &&
         (strcasecmp(place->scheme, "http") == 0 || strcasecmp(place->scheme, "https") == 0);
}

/// Whether a host is this one by name, or an address by number that is not public.
static bool is_private_host(char *host) {
  const size_t length = strlen(host);
  if (host[0] == '[' && host[length - 1] == ']') {
    host[length - 1] = 0;
    return chttp_is_private(host + 1);
  }
  static const char name[] = "localhost";
  const size_t end = length > 0 && host[length - 1] == '.' ? length - 1 : length;
  const size_t count = sizeof name - 1;
  const bool has_name = end >= count && strncasecmp(host + end - count, name, count) == 0;
  if (has_name && (end == count || host[end - count - 1] == '.')) return true;
  // libcurl has rewritten all forms of an IPv4 address, such as 0x7f.1, to four numbers.
  return strspn(host, "0123456789.") == length && chttp_is_private(host);
}

static bool is_same(const place *one, const place *other) {
  return one->host != NULL && one->port != NULL && strcasecmp(one->host, other->host) == 0 &&
         strcmp(one->port, other->port) == 0;
}

bool chttp_may_follow(const chttp_client *client, const char *url, const char *target) {
  place from = place_of(url);
  place to = place_of(target);
  const bool may_follow =
      is_web(&to) && (client->options.allows_private_redirects || is_same(&from, &to) || !is_private_host(to.host));
  free_place(&from);
  free_place(&to);
  return may_follow;
}
