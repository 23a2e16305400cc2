#define _GNU_SOURCE
#include "CPlatform.h"

#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

int cplatform_memfd(const char *name) { return memfd_create(name, MFD_CLOEXEC); }

int cplatform_rename_new(int folder, const char *from, const char *to) {
  return renameat2(folder, from, folder, to, RENAME_NOREPLACE);
}

int cplatform_syncfs(int descriptor) { return syncfs(descriptor); }
