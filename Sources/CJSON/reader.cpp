#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <limits>
#include <new>
#include <stdexcept>
#include <string_view>
#include <vector>

#include "include/CJSON.h"

// A broken invariant of the library must not end the process; `cjson_read` turns it into a status.
#define RAPIDJSON_ASSERT(condition) ((condition) ? void() : throw std::logic_error(#condition))
#include <rapidjson/reader.h>

namespace {

struct Stopped {};
struct TooLong {};

/// The file as RapidJSON wants to see it: a sequence of characters that ends in endless NUL.
class Chunks {
 public:
  using Ch = char;

  explicit Chunks(const cjson_source &source) : source_(source), buffer_(chunk_byte_count + 1) {
    refill();
    constexpr std::string_view mark = "\xEF\xBB\xBF";
    if (std::string_view(current_, end_ - current_).starts_with(mark)) current_ += mark.size();
    counted_ = current_;
  }

  Ch Peek() const { return *current_; }

  Ch Take() {
    const Ch character = *current_;
    if (current_ != end_ && ++current_ == end_) refill();
    return character;
  }

  size_t Tell() const { return offset_ + (current_ - buffer_.data()); }

  bool is_at_end() const { return current_ == end_; }

  /// Counts newlines, each once.
  uint64_t line() {
    line_ += std::count(counted_, static_cast<const char *>(current_), '\n');
    counted_ = current_;
    return line_;
  }

  // Only for parsing in place.
  Ch *PutBegin() { throw std::logic_error("read only"); }
  void Put(Ch) { throw std::logic_error("read only"); }
  size_t PutEnd(Ch *) { throw std::logic_error("read only"); }

 private:
  // Large enough that reading is cheap, and small enough to stay in the cache.
  static constexpr size_t chunk_byte_count = 1 << 16;

  void refill() {
    if (current_ != nullptr) {
      line();
      offset_ += current_ - buffer_.data();
    }
    move_to_chunk(0);
    auto *bytes = reinterpret_cast<uint8_t *>(buffer_.data());
    const ptrdiff_t count = source_.read(source_.context, bytes, chunk_byte_count);
    if (count < 0 || static_cast<size_t>(count) > chunk_byte_count) throw Stopped();
    move_to_chunk(count);
  }

  void move_to_chunk(size_t count) {
    current_ = buffer_.data();
    counted_ = current_;
    end_ = current_ + count;
    *end_ = '\0';
  }

  const cjson_source &source_;
  std::vector<char> buffer_;
  char *current_ = nullptr;
  char *end_ = nullptr;
  /// Up to where the newlines of the chunk are in `line_`.
  const char *counted_ = nullptr;
  /// Of the chunk's begin.
  size_t offset_ = 0;
  uint64_t line_ = 1;
};

/// Memory for the text in progress. RapidJSON does not look at what it gets, so a failure must be an exception.
class LimitedAllocator {
 public:
  explicit LimitedAllocator(size_t limit) : limit_(limit) {}
  LimitedAllocator() : LimitedAllocator(std::numeric_limits<size_t>::max()) {}

  void *Malloc(size_t size) { return Realloc(nullptr, 0, size); }

  void *Realloc(void *memory, size_t, size_t size) {
    if (size == 0) {
      Free(memory);
      return nullptr;
    }
    if (size > limit_) throw TooLong();
    void *larger = std::realloc(memory, size);
    if (larger == nullptr) throw std::bad_alloc();
    return larger;
  }

  static void Free(void *memory) { std::free(memory); }

 private:
  size_t limit_;
};

/// Understands NaN and Infinity, too.
double value(std::string_view text) {
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  // RapidJSON has refused numbers that are too large, so this one is nearer to 0 than any other.
  return error == std::errc::result_out_of_range ? 0 : number;
}

/// Passes on what RapidJSON finds.
class Handler {
 public:
  Handler(const cjson_source &source, const cjson_limits &limits, Chunks &chunks)
      : source_(source), limits_(limits), chunks_(chunks) {}

  bool is_too_deep() const { return depth_ > limits_.depth; }
  bool is_too_long() const { return is_too_long_; }

  bool Null() { return pass(CJSON_NULL); }
  bool Bool(bool flag) { return pass(flag ? CJSON_TRUE : CJSON_FALSE); }
  bool RawNumber(const char *text, rapidjson::SizeType count, bool) {
    return pass(CJSON_NUMBER, {text, count}, value({text, count}));
  }
  bool String(const char *text, rapidjson::SizeType count, bool) { return pass(CJSON_TEXT, {text, count}); }
  bool Key(const char *text, rapidjson::SizeType count, bool) { return pass(CJSON_KEY, {text, count}); }
  bool StartObject() { return begin(CJSON_OBJECT_BEGIN); }
  bool StartArray() { return begin(CJSON_LIST_BEGIN); }
  bool EndObject(rapidjson::SizeType) { return end(CJSON_OBJECT_END); }
  bool EndArray(rapidjson::SizeType) { return end(CJSON_LIST_END); }

  // All numbers come raw.
  bool Int(int) { return false; }
  bool Uint(unsigned) { return false; }
  bool Int64(int64_t) { return false; }
  bool Uint64(uint64_t) { return false; }
  bool Double(double) { return false; }

 private:
  bool begin(cjson_kind kind) {
    depth_ += 1;
    return !is_too_deep() && pass(kind);
  }

  bool end(cjson_kind kind) {
    depth_ -= 1;
    return pass(kind);
  }

  bool pass(cjson_kind kind, std::string_view text = {}, double number = 0) {
    is_too_long_ = text.size() > limits_.byte_count;
    if (is_too_long_) return false;
    const auto *bytes = reinterpret_cast<const uint8_t *>(text.data());
    const cjson_event event = {kind, bytes, text.size(), number, chunks_.Tell(), chunks_.line()};
    return source_.handle(source_.context, &event);
  }

  const cjson_source &source_;
  const cjson_limits &limits_;
  Chunks &chunks_;
  size_t depth_ = 0;
  bool is_too_long_ = false;
};

cjson_status status(rapidjson::ParseErrorCode code) {
  switch (code) {
    case rapidjson::kParseErrorNone: return CJSON_OK;
    case rapidjson::kParseErrorDocumentEmpty: return CJSON_EMPTY;
    case rapidjson::kParseErrorDocumentRootNotSingular: return CJSON_MORE_BEHIND_END;
    case rapidjson::kParseErrorValueInvalid: return CJSON_NO_VALUE;
    case rapidjson::kParseErrorObjectMissName: return CJSON_NO_KEY;
    case rapidjson::kParseErrorObjectMissColon: return CJSON_NO_COLON;
    case rapidjson::kParseErrorObjectMissCommaOrCurlyBracket: return CJSON_NO_COMMA_IN_OBJECT;
    case rapidjson::kParseErrorArrayMissCommaOrSquareBracket: return CJSON_NO_COMMA_IN_LIST;
    case rapidjson::kParseErrorStringUnicodeEscapeInvalidHex:
    case rapidjson::kParseErrorStringUnicodeSurrogateInvalid:
    case rapidjson::kParseErrorStringEscapeInvalid: return CJSON_WRONG_ESCAPE;
    case rapidjson::kParseErrorStringMissQuotationMark: return CJSON_ENDLESS_TEXT;
    case rapidjson::kParseErrorStringInvalidEncoding: return CJSON_NOT_UTF8;
    case rapidjson::kParseErrorNumberTooBig: return CJSON_LARGE_NUMBER;
    case rapidjson::kParseErrorNumberMissFraction:
    case rapidjson::kParseErrorNumberMissExponent: return CJSON_WRONG_NUMBER;
    case rapidjson::kParseErrorTermination: return CJSON_STOPPED;
    case rapidjson::kParseErrorUnspecificSyntaxError: return CJSON_FAILED;
  }
  return CJSON_FAILED;
}

/// Why the reader stopped.
cjson_status status(rapidjson::ParseErrorCode code, const Handler &handler, const Chunks &chunks) {
  switch (code) {
    case rapidjson::kParseErrorNone:
      // A NUL ends the reading, too.
      return chunks.is_at_end() ? CJSON_OK : CJSON_MORE_BEHIND_END;
    case rapidjson::kParseErrorDocumentEmpty: return chunks.is_at_end() ? CJSON_EMPTY : CJSON_NO_VALUE;
    case rapidjson::kParseErrorTermination:
      if (handler.is_too_deep()) return CJSON_TOO_DEEP;
      return handler.is_too_long() ? CJSON_TOO_LONG : CJSON_STOPPED;
    case rapidjson::kParseErrorDocumentRootNotSingular:
    case rapidjson::kParseErrorNumberTooBig: return status(code);
    default: return chunks.is_at_end() ? CJSON_UNFINISHED : status(code);
  }
}

using Reader = rapidjson::GenericReader<rapidjson::UTF8<>, rapidjson::UTF8<>, LimitedAllocator>;

constexpr unsigned flags = rapidjson::kParseIterativeFlag | rapidjson::kParseNumbersAsStringsFlag |
                           rapidjson::kParseValidateEncodingFlag | rapidjson::kParseNanAndInfFlag;

/// Room that RapidJSON needs beside the text in progress: what is open, and how much faster its memory grows.
size_t allocator_limit(const cjson_limits &limits) {
  return (limits.byte_count + 2 * limits.depth * sizeof(rapidjson::SizeType) + 1024) * 2;
}

/// The status of the exception in flight, which must not reach the caller, who knows none.
cjson_status status_of_exception() noexcept {
  try {
    throw;
  } catch (const Stopped &) {
    return CJSON_STOPPED;
  } catch (const TooLong &) {
    return CJSON_TOO_LONG;
  } catch (const std::bad_alloc &) {
    return CJSON_OUT_OF_MEMORY;
  } catch (...) {
    return CJSON_FAILED;
  }
}

}  // namespace

cjson_result cjson_read(const cjson_source *source, cjson_limits limits) {
  try {
    Chunks chunks(*source);
    try {
      Handler handler(*source, limits, chunks);
      LimitedAllocator allocator(allocator_limit(limits));
      Reader reader(&allocator);
      const rapidjson::ParseResult parsed = reader.Parse<flags>(chunks, handler);
      return {status(parsed.Code(), handler, chunks), chunks.Tell(), chunks.line()};
    } catch (...) {
      return {status_of_exception(), chunks.Tell(), chunks.line()};
    }
  } catch (...) {
    return {status_of_exception(), 0, 1};
  }
}
