#ifndef CPLATFORM_H
#define CPLATFORM_H

/// System calls of Linux that the C library declares under _GNU_SOURCE only, which Swift's view of it does not define.
/// Each returns what the call of its name returns.

/// A file in memory without a name, not inherited by other programs.
int cplatform_memfd(const char *_Nonnull name);

/// Renames unless something lies under the new name already: then it fails with EEXIST, or with EINVAL or ENOSYS where
/// the file system or the kernel cannot promise it.
int cplatform_rename_new(int folder, const char *_Nonnull from, const char *_Nonnull to);

/// Waits until the file system of a descriptor has everything on the disk.
int cplatform_syncfs(int descriptor);

#endif
