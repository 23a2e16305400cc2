#include "client.h"

#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static int64_t milliseconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/// OpenSSL writes without MSG_NOSIGNAL, also to take leave of a server, so a connection that breaks could end the
/// process. libcurl would ignore the signal by itself if it were not told to leave signals alone.
/// - Returns: what happened to the signal before.
static struct sigaction ignore_pipe_signal(void) {
  struct sigaction ignored = {.sa_handler = SIG_IGN}, previous;
  sigaction(SIGPIPE, &ignored, &previous);
  return previous;
}

// MARK: Clients

chttp_client *chttp_open(const chttp_options *options, chttp_message *message) {
  if (!chttp_load(message)) return NULL;
  chttp_client *client = calloc(1, sizeof *client);
  if (client != NULL) client->handle = chttp_curl.easy_init();
  if (client == NULL || client->handle == NULL) {
    snprintf(message->text, sizeof message->text, "out of memory");
    free(client);
    return NULL;
  }
  client->options = *options;
  const bool is_configured = chttp_configure(client);
  client->options.user_agent = "";  // libcurl has a copy; the caller's may go
  if (is_configured) return client;
  snprintf(message->text, sizeof message->text, "this libcurl is too old: 7.85 is needed");
  chttp_close(client);
  return NULL;
}

void chttp_close(chttp_client *client) {
  const struct sigaction previous = ignore_pipe_signal();
  chttp_curl.easy_cleanup(client->handle);
  sigaction(SIGPIPE, &previous, NULL);
  free(client);
}

// MARK: One request

static chttp_outcome outcome_of(CURLcode code, bool is_redirect) {
  switch (code) {
    case CURLE_OK:
    case CURLE_HTTP_RETURNED_ERROR: return CHTTP_OK;
    case CURLE_OPERATION_TIMEDOUT: return CHTTP_TIMED_OUT;
    case CURLE_PARTIAL_FILE: return CHTTP_TRUNCATED;
    case CURLE_FILESIZE_EXCEEDED: return CHTTP_TOO_LARGE;
    case CURLE_UNSUPPORTED_PROTOCOL:
    case CURLE_URL_MALFORMAT: return is_redirect ? CHTTP_REFUSED : CHTTP_BAD_URL;
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_ISSUER_ERROR:
    case CURLE_SSL_INVALIDCERTSTATUS: return CHTTP_UNTRUSTED;
    case CURLE_COULDNT_RESOLVE_PROXY:
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_CONNECT:
    case CURLE_WEIRD_SERVER_REPLY:
    case CURLE_HTTP2:
    case CURLE_HTTP2_STREAM:
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_GOT_NOTHING:
    case CURLE_SEND_ERROR:
    case CURLE_RECV_ERROR: return CHTTP_DISCONNECTED;
    default: return CHTTP_FAILED;
  }
}

__attribute__((format(printf, 3, 4))) static void report(chttp_response *response, chttp_outcome outcome,
                                                         const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(response->message.text, sizeof response->message.text, format, arguments);
  va_end(arguments);
  response->outcome = outcome;
}

static void report_too_large(chttp_client *client) {
  if (client->header_byte_count > chttp_most_header_bytes) {
    report(client->response, CHTTP_TOO_LARGE, "its headers have no end");
  } else {
    report(client->response, CHTTP_TOO_LARGE, "longer than the limit of %zu bytes", client->options.largest_byte_count);
  }
}

static void report_refused(chttp_response *response) {
  report(response, CHTTP_REFUSED, "redirects to %s, which is not public", response->redirect_url);
}

/// A refused address ends the request only if the host has no other.
static bool is_stopped(const chttp_client *client, CURLcode code) {
  return client->stop == CHTTP_REFUSED ? code == CURLE_COULDNT_CONNECT : client->stop != CHTTP_OK;
}

static void report_failure(chttp_client *client, CURLcode code) {
  const chttp_outcome outcome = is_stopped(client, code) ? client->stop : outcome_of(code, client->is_redirect);
  const char *text = client->error[0] != 0 ? client->error : chttp_curl.easy_strerror(code);
  // libcurl has one code for both.
  if (code == CURLE_OUT_OF_MEMORY) text = "out of memory, or a header of excessive length";
  if (code == CURLE_UNSUPPORTED_PROTOCOL) text = "a scheme that is not allowed";
  switch (outcome) {
    case CHTTP_TOO_LARGE: return report_too_large(client);
    case CHTTP_REFUSED: return report_refused(client->response);
    case CHTTP_OUT_OF_MEMORY: return report(client->response, outcome, "out of memory");
    default: return report(client->response, outcome, "%s", text);
  }
}

static void begin_request(chttp_client *client, bool is_redirect) {
  client->is_redirect = is_redirect;
  client->stop = CHTTP_OK;
  client->header_byte_count = 0;
  client->response->byte_count = 0;
  client->error[0] = 0;
}

/// Requests one URL without following redirects.
static CURLcode request(chttp_client *client, const char *url, bool is_redirect, int64_t limit) {
  begin_request(client, is_redirect);
  const char *protocols = !is_redirect && client->options.allows_files ? "http,https,file" : "http,https";
  CURL *handle = client->handle;
  if (chttp_curl.easy_setopt(handle, CURLOPT_PROTOCOLS_STR, protocols) != CURLE_OK) return CURLE_UNKNOWN_OPTION;
  // A redirect gets a connection of its own: one that is open already would not be checked.
  if (chttp_curl.easy_setopt(handle, CURLOPT_FRESH_CONNECT, is_redirect ? 1L : 0L) != CURLE_OK ||
      chttp_curl.easy_setopt(handle, CURLOPT_TIMEOUT_MS, (long)limit) != CURLE_OK ||
      chttp_curl.easy_setopt(handle, CURLOPT_URL, url) != CURLE_OK) {
    return CURLE_OUT_OF_MEMORY;
  }
  const struct sigaction previous = ignore_pipe_signal();
  const CURLcode code = chttp_curl.easy_perform(handle);
  sigaction(SIGPIPE, &previous, NULL);
  return code;
}

static void keep_first_server(chttp_client *client) {
  char *address = NULL;
  client->first_address[0] = 0;
  client->first_port = 0;
  if (chttp_curl.easy_getinfo(client->handle, CURLINFO_PRIMARY_IP, &address) != CURLE_OK || address == NULL) return;
  snprintf(client->first_address, sizeof client->first_address, "%s", address);
  chttp_curl.easy_getinfo(client->handle, CURLINFO_PRIMARY_PORT, &client->first_port);
}

// MARK: Downloads

/// Where the response that has just arrived redirects to; NULL for any other response.
static const char *target_of(chttp_client *client) {
  char *target = NULL;
  return chttp_curl.easy_getinfo(client->handle, CURLINFO_REDIRECT_URL, &target) == CURLE_OK ? target : NULL;
}

static void finish(chttp_client *client) {
  long status = 0;
  curl_off_t delay = 0;
  chttp_curl.easy_getinfo(client->handle, CURLINFO_RESPONSE_CODE, &status);
  chttp_curl.easy_getinfo(client->handle, CURLINFO_RETRY_AFTER, &delay);
  client->response->status = status;
  client->response->retry_after_seconds = delay > 0 ? delay : 0;
}

/// Keeps the target, or reports why it is not followed.
static bool follow(chttp_client *client, const char *url, const char *target, int32_t count) {
  chttp_response *response = client->response;
  char *copy = strdup(target);
  free(response->redirect_url);
  response->redirect_url = copy;
  if (copy == NULL) {
    report(response, CHTTP_OUT_OF_MEMORY, "out of memory");
  } else if (count >= client->options.most_redirects) {
    report(response, CHTTP_REDIRECTS, "redirects more than %d times", (int)client->options.most_redirects);
  } else if (!chttp_may_follow(client, url, copy)) {
    report_refused(response);
  } else {
    return true;
  }
  return false;
}

static void get(chttp_client *client, const char *url, int64_t begin) {
  chttp_response *response = client->response;
  for (int32_t count = 0;; count++) {
    const int64_t limit = client->options.total_milliseconds - (milliseconds() - begin);
    // A limit of 0 would be none for libcurl.
    if (limit <= 0) return report(response, CHTTP_TIMED_OUT, "its redirects took too long");
    const CURLcode code = request(client, count == 0 ? url : response->redirect_url, count > 0, limit);
    if (code != CURLE_OK && code != CURLE_HTTP_RETURNED_ERROR) return report_failure(client, code);
    if (count == 0) keep_first_server(client);
    const char *target = target_of(client);
    if (target == NULL) return finish(client);
    if (!follow(client, url, target, count)) return;
  }
}

void chttp_get(chttp_client *client, const char *url, chttp_response *response) {
  *response = (chttp_response){0};
  client->response = response;
  client->body_capacity = 0;
  const int64_t begin = milliseconds();
  get(client, url, begin);
  response->seconds = (double)(milliseconds() - begin) * 1e-3;
  if (response->outcome != CHTTP_OK) response->byte_count = 0;
  client->response = NULL;
}

void chttp_response_free(chttp_response *response) {
  free(response->redirect_url);
  free(response->body);
  *response = (chttp_response){0};
}
