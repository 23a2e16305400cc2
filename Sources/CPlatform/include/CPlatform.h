#ifndef CPLATFORM_H
#define CPLATFORM_H

#include <stdbool.h>
#include <stddef.h>

/// System calls of Linux that the C library declares under _GNU_SOURCE only, which Swift's view of it does not define.
/// Each returns what the call of its name returns.

/// A file in memory without a name, not inherited by other programs.
int cplatform_memfd(const char *_Nonnull name);

/// Renames unless something lies under the new name already: then it fails with EEXIST, or with EINVAL or ENOSYS where
/// the file system or the kernel cannot promise it.
int cplatform_rename_new(int folder, const char *_Nonnull from, const char *_Nonnull to);

/// Waits until the file system of a descriptor has everything on the disk.
int cplatform_syncfs(int descriptor);

/// The arguments of the program, its own name first, and after the last one NULL. The Swift runtime reads them from
/// /proc, and has none where that is not mounted.
char *_Nullable *_Nonnull cplatform_arguments(void);

/// The path that the program was started by, relative to the folder it was started in; NULL where the kernel does not say.
const char *_Nullable cplatform_executable_path(void);

/// Whether this process has, or has had, a second thread.
bool cplatform_has_threads(void);

/// Where standard input, output or error is closed, something takes its number that cannot be written to: text for
/// people would go to whatever is opened next, and a summary that nobody gets must not seem to be written.
void cplatform_open_missing_descriptors(void);

/// Processors that the calling thread may run on; -1 where the kernel does not say.
int cplatform_allowed_processor_count(void);

/// Whether `malloc` has so many bytes just now; they are given back at once.
bool cplatform_has_room(size_t byte_count);

#endif
