#include "client.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "address.h"

static size_t take_header(char *bytes, size_t size, size_t count, void *context) {
  (void)bytes;
  chttp_client *client = context;
  client->header_byte_count += size * count;
  if (client->header_byte_count <= chttp_most_header_bytes) return size * count;
  client->stop = CHTTP_TOO_LARGE;
  return 0;
}

static bool reserve(chttp_client *client, size_t byte_count) {
  if (byte_count <= client->body_capacity) return true;
  const size_t doubled = client->body_capacity * 2;
  const size_t capacity = doubled > byte_count ? doubled : byte_count;
  uint8_t *body = realloc(client->response->body, capacity);
  if (body == NULL) return false;
  client->response->body = body;
  client->body_capacity = capacity;
  return true;
}

static size_t take_body(char *bytes, size_t size, size_t count, void *context) {
  chttp_client *client = context;
  chttp_response *response = client->response;
  const size_t added = size * count;
  if (added > client->options.largest_byte_count - response->byte_count) {
    client->stop = CHTTP_TOO_LARGE;
    return 0;
  }
  if (!reserve(client, response->byte_count + added)) {
    client->stop = CHTTP_OUT_OF_MEMORY;
    return 0;
  }
  if (added > 0) memcpy(response->body + response->byte_count, bytes, added);
  response->byte_count += added;
  return added;
}

/// Whether this is the server that the first request reached.
static bool is_first(const chttp_client *client, const struct sockaddr *address) {
  char text[INET6_ADDRSTRLEN] = "";
  in_port_t port = 0;
  if (address->sa_family == AF_INET) {
    const struct sockaddr_in *internet = (const struct sockaddr_in *)address;
    inet_ntop(AF_INET, &internet->sin_addr, text, sizeof text);
    port = internet->sin_port;
  } else if (address->sa_family == AF_INET6) {
    const struct sockaddr_in6 *internet = (const struct sockaddr_in6 *)address;
    inet_ntop(AF_INET6, &internet->sin6_addr, text, sizeof text);
    port = internet->sin6_port;
  }
  return text[0] != 0 && ntohs(port) == client->first_port && strcmp(text, client->first_address) == 0;
}

/// Called with the address itself, after names have been resolved: what a name led to a moment ago does not count.
static curl_socket_t open_socket(void *context, curlsocktype purpose, struct curl_sockaddr *address) {
  (void)purpose;
  chttp_client *client = context;
  const bool is_free = !client->is_redirect || client->options.allows_private_redirects;
  if (!is_free && chttp_is_private_socket(&address->addr) && !is_first(client, &address->addr)) {
    client->stop = CHTTP_REFUSED;
    return CURL_SOCKET_BAD;
  }
  return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

static bool set_number(chttp_client *client, CURLoption option, long value) {
  return chttp_curl.easy_setopt(client->handle, option, value) == CURLE_OK;
}

static bool set_pointer(chttp_client *client, CURLoption option, void *value) {
  return chttp_curl.easy_setopt(client->handle, option, value) == CURLE_OK;
}

static bool set_limits(chttp_client *client) {
  const chttp_options *options = &client->options;
  return set_number(client, CURLOPT_CONNECTTIMEOUT_MS, (long)options->connect_milliseconds) &&
         set_number(client, CURLOPT_LOW_SPEED_LIMIT, (long)options->slow_bytes_per_second) &&
         set_number(client, CURLOPT_LOW_SPEED_TIME, (long)options->slow_seconds) &&
         chttp_curl.easy_setopt(client->handle, CURLOPT_MAXFILESIZE_LARGE, (curl_off_t)options->largest_byte_count) ==
             CURLE_OK;
}

static bool set_callbacks(chttp_client *client) {
  return chttp_curl.easy_setopt(client->handle, CURLOPT_WRITEFUNCTION, take_body) == CURLE_OK &&
         set_pointer(client, CURLOPT_WRITEDATA, client) &&
         chttp_curl.easy_setopt(client->handle, CURLOPT_HEADERFUNCTION, take_header) == CURLE_OK &&
         set_pointer(client, CURLOPT_HEADERDATA, client) &&
         chttp_curl.easy_setopt(client->handle, CURLOPT_OPENSOCKETFUNCTION, open_socket) == CURLE_OK &&
         set_pointer(client, CURLOPT_OPENSOCKETDATA, client) && set_pointer(client, CURLOPT_ERRORBUFFER, client->error);
}

bool chttp_configure(chttp_client *client) {
  // Optional, because older versions do not know it: a name server that does not answer must not delay the end.
  set_number(client, CURLOPT_QUICK_EXIT, 1);
  // Without the body of an error page: it could be endless, and a 503 is to be reported as one.
  return set_number(client, CURLOPT_NOSIGNAL, 1) && set_number(client, CURLOPT_FAILONERROR, 1) &&
         set_number(client, CURLOPT_FOLLOWLOCATION, 0) && set_limits(client) && set_callbacks(client) &&
         chttp_curl.easy_setopt(client->handle, CURLOPT_USERAGENT, client->options.user_agent) == CURLE_OK;
}
