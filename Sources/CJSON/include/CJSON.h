#ifndef CJSON_H
#define CJSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// JSON as a stream of events, by RapidJSON's SAX reader: a file of any size is read in chunks, nesting costs no stack,
/// and a number comes as it is written, so that what is not understood can be kept as it was.
///
/// NaN, Infinity and -Infinity, which Python writes, come as numbers, too.

#ifdef __cplusplus
extern "C" {
#endif

typedef enum cjson_kind {
  CJSON_NULL,
  CJSON_FALSE,
  CJSON_TRUE,
  CJSON_NUMBER,
  CJSON_TEXT,
  CJSON_KEY,
  CJSON_OBJECT_BEGIN,
  CJSON_OBJECT_END,
  CJSON_LIST_BEGIN,
  CJSON_LIST_END,
} cjson_kind;

typedef struct cjson_event {
  cjson_kind kind;
  /// A number as it is written; a text or a key without its escapes, perhaps with NUL, and UTF-8 but for single
  /// surrogates. Valid during the call.
  const uint8_t *bytes;
  size_t byte_count;
  /// The nearest value of a number.
  double number;
  /// Bytes read before the event, which for a number or a text is about its end.
  uint64_t offset;
  /// From 1.
  uint64_t line;
} cjson_event;

typedef enum cjson_status {
  CJSON_OK,
  /// One of the callbacks wanted it.
  CJSON_STOPPED,
  CJSON_OUT_OF_MEMORY,
  CJSON_TOO_DEEP,
  CJSON_TOO_LONG,  // a text, a key or a number
  CJSON_NOT_UTF8,
  CJSON_EMPTY,
  CJSON_UNFINISHED,
  CJSON_NO_VALUE,
  CJSON_NO_KEY,
  CJSON_NO_COLON,
  CJSON_NO_COMMA_IN_OBJECT,
  CJSON_NO_COMMA_IN_LIST,
  CJSON_WRONG_ESCAPE,  // or a control character that must be escaped
  CJSON_ENDLESS_TEXT,  // on its line
  CJSON_WRONG_NUMBER,
  CJSON_LARGE_NUMBER,
  CJSON_MORE_BEHIND_END,
  CJSON_FAILED,
} cjson_status;

typedef struct cjson_source {
  void *context;
  /// Fills a part of a buffer and returns its size; 0 at the end, less than 0 to stop.
  ptrdiff_t (*read)(void *context, uint8_t *buffer, size_t capacity);
  /// Returns false to stop.
  bool (*handle)(void *context, const cjson_event *event);
} cjson_source;

typedef struct cjson_limits {
  /// Of lists and objects in one another.
  size_t depth;
  /// Of a text, a key or a number.
  size_t byte_count;
} cjson_limits;

typedef struct cjson_result {
  cjson_status status;
  /// The place of the fault.
  uint64_t offset;
  /// From 1.
  uint64_t line;
} cjson_result;

/// Reads one value and what is in it.
cjson_result cjson_read(const cjson_source *source, cjson_limits limits);

#ifdef __cplusplus
}
#endif

#endif
