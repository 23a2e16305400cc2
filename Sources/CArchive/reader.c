#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "include/CArchive.h"
#include "library.h"

/// As much as a read from a file moves at full speed.
enum { block_byte_count = 256 << 10 };

struct carchive_reader {
  struct archive *archive;
  int descriptor;
};

static bool prepare(struct archive *archive, int descriptor) {
  const carchive_library *library = &carchive_functions;
  // ARCHIVE_WARN: compiled without, and an external program would do it; then such an archive is none that is known.
  library->archive_read_support_filter_gzip(archive);
  library->archive_read_support_filter_bzip2(archive);
  library->archive_read_support_filter_xz(archive);
  library->archive_read_support_filter_zstd(archive);
  library->archive_read_support_filter_lz4(archive);
  return library->archive_read_support_format_tar(archive) == ARCHIVE_OK &&
         library->archive_read_open_fd(archive, descriptor, block_byte_count) >= ARCHIVE_WARN;
}

carchive_reader *carchive_open(int descriptor) {
  carchive_reader *reader = calloc(1, sizeof *reader);
  if (reader == NULL) return NULL;
  reader->descriptor = descriptor;
  reader->archive = carchive_functions.archive_read_new();
  // An archive that cannot be opened gives its error with the first entry.
  if (reader->archive != NULL) prepare(reader->archive, descriptor);
  if (reader->archive != NULL) return reader;
  free(reader);
  return NULL;
}

void carchive_close(carchive_reader *reader) {
  carchive_functions.archive_read_free(reader->archive);
  free(reader);
}

// MARK: Errors

static carchive_outcome failure(const carchive_reader *reader, carchive_message *message) {
  const int number = carchive_functions.archive_errno(reader->archive);
  const char *text = carchive_functions.archive_error_string(reader->archive);
  snprintf(message->text, sizeof message->text, "%s", text != NULL ? text : "for an unknown reason");
  switch (number) {
    case ENOMEM: return CARCHIVE_OUT_OF_MEMORY;
    case EIO:
    case EISDIR:
    case EBADF:
    case EACCES: snprintf(message->text, sizeof message->text, "%s", strerror(number)); return CARCHIVE_UNREADABLE;
    case ESTALE:
    case ENXIO:
    case ENODEV:
    case ENOTCONN: snprintf(message->text, sizeof message->text, "%s", strerror(number)); return CARCHIVE_LOST;
    default: return CARCHIVE_DAMAGED;
  }
}

/// A tar that was cut between two entries looks whole but for this: libarchive takes it as it is.
static bool has_end_mark(const carchive_reader *reader) {
  return carchive_functions.archive_filter_bytes(reader->archive, 0) >
         carchive_functions.archive_read_header_position(reader->archive);
}

static void drain(const carchive_reader *reader) {
  struct stat status;
  if (fstat(reader->descriptor, &status) < 0 || S_ISREG(status.st_mode)) return;
  char *buffer = malloc(block_byte_count);
  if (buffer == NULL) return;
  ssize_t count;
  do {
    count = read(reader->descriptor, buffer, block_byte_count);
  } while (count > 0 || (count < 0 && errno == EINTR));
  free(buffer);
}

// MARK: Entries

static carchive_kind kind_of(struct archive_entry *entry) {
  const carchive_library *library = &carchive_functions;
  // A hard link has the type of a regular file, and no content.
  if (library->archive_entry_hardlink(entry) != NULL || library->archive_entry_hardlink_utf8(entry) != NULL) {
    return CARCHIVE_OTHER;
  }
  switch (library->archive_entry_filetype(entry)) {
    case AE_IFREG: return CARCHIVE_FILE;
    case AE_IFDIR: return CARCHIVE_FOLDER;
    default: return CARCHIVE_OTHER;
  }
}

carchive_outcome carchive_next(carchive_reader *reader, carchive_entry *entry, carchive_message *message) {
  const carchive_library *library = &carchive_functions;
  struct archive_entry *found = NULL;
  switch (library->archive_read_next_header(reader->archive, &found)) {
    case ARCHIVE_OK:
    case ARCHIVE_WARN: break;  // such as a name that is not in the character set of the locale
    case ARCHIVE_EOF:
      if (!has_end_mark(reader)) return CARCHIVE_NO_END;
      drain(reader);
      return CARCHIVE_END;
    default: {
      const carchive_outcome outcome = failure(reader, message);
      // A compressed tar that was cut has another text.
      const bool is_unknown =
          library->archive_format(reader->archive) == 0 && strcmp(message->text, "Unrecognized archive format") == 0;
      return outcome == CARCHIVE_DAMAGED && is_unknown ? CARCHIVE_NO_TAR : outcome;
    }
  }
  const char *name = library->archive_entry_pathname(found);
  entry->name = name != NULL ? name : library->archive_entry_pathname_utf8(found);
  entry->kind = kind_of(found);
  entry->byte_count = library->archive_entry_size(found);
  return CARCHIVE_OK;
}

carchive_outcome carchive_read(carchive_reader *reader, carchive_piece *piece, carchive_message *message) {
  la_int64_t offset = 0;
  const int result =
      carchive_functions.archive_read_data_block(reader->archive, &piece->bytes, &piece->byte_count, &offset);
  piece->offset = offset;
  switch (result) {
    case ARCHIVE_OK:
    case ARCHIVE_WARN: return CARCHIVE_OK;
    case ARCHIVE_EOF: return CARCHIVE_END;
    default: return failure(reader, message);
  }
}
