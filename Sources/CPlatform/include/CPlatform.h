#ifndef CPLATFORM_H
#define CPLATFORM_H

#include <stdbool.h>
#include <stddef.h>

/// Linux system calls that glibc declares only under _GNU_SOURCE, which Swift's import of glibc does not define. Each
/// returns what the call it is named after returns.

/// An unnamed in-memory file, close-on-exec.
int cplatform_memfd(const char *_Nonnull name);

/// Renames without replacing: fails with EEXIST if the new name exists, and with EINVAL or ENOSYS if the file system or
/// the kernel does not support this.
int cplatform_rename_new(int folder, const char *_Nonnull from, const char *_Nonnull to);

/// Waits until the file system of a descriptor has written everything to disk.
int cplatform_syncfs(int descriptor);

/// XXH3 of 128 bits, most significant byte first.
void cplatform_hash(const void *_Nullable bytes, size_t count, unsigned char hash[_Nonnull 16]);

/// The same of bytes that come in pieces: begin (NULL if memory is short), add each piece, end, which frees the state.
void *_Nullable cplatform_hash_begin(void);
void cplatform_hash_add(void *_Nonnull state, const void *_Nullable bytes, size_t count);
void cplatform_hash_end(void *_Nonnull state, unsigned char hash[_Nonnull 16]);

/// The NULL-terminated arguments of the program, its own name first. The Swift runtime reads them from /proc and has
/// none if /proc is not mounted.
char *_Nullable *_Nonnull cplatform_arguments(void);

/// The path with which the program was started, relative to the working directory at that time; NULL if unknown.
const char *_Nullable cplatform_executable_path(void);

/// Whether this process has or has had a second thread.
bool cplatform_has_threads(void);

/// Fills closed standard descriptors with one that cannot be written to. Otherwise messages would go into the next file
/// opened; and writing a summary to a closed standard output must fail.
void cplatform_open_missing_descriptors(void);

/// Has this process get a signal when the thread ends that started it, at once if it has ended already.
/// - parent: the process of that thread.
void cplatform_signal_with_parent(int signal, int parent);

/// The number of processors that the calling thread may run on; -1 on failure.
int cplatform_allowed_processor_count(void);

/// Whether `malloc` can currently allocate this many bytes; they are freed at once.
bool cplatform_has_room(size_t byte_count);

/// Has a crash of this process told on standard error before it ends as it would: the text before, what the thread was
/// at, the signal, the text after. Only C can be run by a signal.
void cplatform_tell_crashes(const char *_Nonnull text_before, const char *_Nonnull text_after);

/// Notes what the calling thread is at.
void cplatform_note_work(const char *_Nonnull text);

#endif
