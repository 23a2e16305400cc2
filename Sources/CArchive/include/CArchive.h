#ifndef CARCHIVE_H
#define CARCHIVE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// Reads tar archives from front to end, by libarchive. The library is loaded when it is first needed: linked, it would
/// bring a dozen shared objects into every process, ICU's 30 MB among them.

/// A NUL-terminated sentence fragment.
typedef struct carchive_message {
  char text[256];
} carchive_message;

typedef enum carchive_outcome {
  CARCHIVE_OK = 0,
  CARCHIVE_END = 1,         // of the archive, or of an entry
  CARCHIVE_NO_TAR = 2,      // of no format that is read
  CARCHIVE_NO_END = 3,      // it stops without the mark that ends a tar
  CARCHIVE_DAMAGED = 4,     // cut or broken; the message says how
  CARCHIVE_UNREADABLE = 5,  // the system gave an error; the message is its text
  CARCHIVE_OUT_OF_MEMORY = 6,
  CARCHIVE_LOST = 7,  // the file system is gone; the message is the system's text
} carchive_outcome;

typedef enum carchive_kind {
  CARCHIVE_FILE = 0,
  CARCHIVE_FOLDER = 1,
  /// A symbolic or hard link, a device, a FIFO or a socket.
  CARCHIVE_OTHER = 2,
} carchive_kind;

typedef struct carchive_entry {
  /// As bytes, whatever the character set; lives until the next entry.
  const char *_Nullable name;
  carchive_kind kind;
  int64_t byte_count;
} carchive_entry;

/// A piece of an entry's content; lives until the next one.
typedef struct carchive_piece {
  const void *_Nullable bytes;
  size_t byte_count;
  /// Where it belongs: what a sparse file leaves out reads as zeros.
  int64_t offset;
} carchive_piece;

typedef struct carchive_reader carchive_reader;

/// Loads libarchive, unless this process has done so or inherited it. On failure the message says why. Starts no
/// thread.
bool carchive_load(carchive_message *_Nonnull message);

/// Reads a tar, which may be compressed, from a descriptor that stays the caller's. NULL if there is no memory. Call
/// `carchive_load` before.
carchive_reader *_Nullable carchive_open(int descriptor);

void carchive_close(carchive_reader *_Nonnull reader);

/// Goes to the next entry. At the end, a pipe is read to its end, so that its writer is not stopped by SIGPIPE.
carchive_outcome carchive_next(carchive_reader *_Nonnull reader, carchive_entry *_Nonnull entry,
                               carchive_message *_Nonnull message);

/// The next piece of the entry.
carchive_outcome carchive_read(carchive_reader *_Nonnull reader, carchive_piece *_Nonnull piece,
                               carchive_message *_Nonnull message);

#endif
