#ifndef CARCHIVE_LIBRARY_H
#define CARCHIVE_LIBRARY_H

#include <archive.h>
#include <archive_entry.h>

/// The functions of libarchive that are used. Not `archive_read_support_filter_all`: it starts programs for formats
/// that the library does not know itself.
// clang-format off: it knows no macro that is a list.
#define CARCHIVE_FUNCTIONS(use) \
  use(archive_read_new) \
  use(archive_read_free) \
  use(archive_read_support_format_tar) \
  use(archive_read_support_filter_gzip) \
  use(archive_read_support_filter_bzip2) \
  use(archive_read_support_filter_xz) \
  use(archive_read_support_filter_zstd) \
  use(archive_read_support_filter_lz4) \
  use(archive_read_open_fd) \
  use(archive_read_next_header) \
  use(archive_read_data_block) \
  use(archive_read_header_position) \
  use(archive_filter_bytes) \
  use(archive_format) \
  use(archive_errno) \
  use(archive_error_string) \
  use(archive_entry_pathname) \
  use(archive_entry_pathname_utf8) \
  use(archive_entry_hardlink) \
  use(archive_entry_hardlink_utf8) \
  use(archive_entry_filetype) \
  use(archive_entry_size)
// clang-format on

/// NULL before `carchive_load`.
typedef struct carchive_library {
#define CARCHIVE_DECLARE(name) __typeof__(name) *name;
  CARCHIVE_FUNCTIONS(CARCHIVE_DECLARE)
#undef CARCHIVE_DECLARE
} carchive_library;

extern carchive_library carchive_functions;

#endif
