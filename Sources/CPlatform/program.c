#define _GNU_SOURCE
#include <fcntl.h>
#include <stddef.h>
#include <sys/auxv.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/single_threaded.h>
#include <unistd.h>

#include "include/CPlatform.h"

static char *no_arguments[] = {NULL};
static char **arguments = no_arguments;

/// glibc passes the arguments of `main` to every constructor.
__attribute__((constructor)) static void keep_arguments(int count, char **values) {
  (void)count;
  arguments = values;
}

char **cplatform_arguments(void) { return arguments; }

const char *cplatform_executable_path(void) { return (const char *)getauxval(AT_EXECFN); }

bool cplatform_has_threads(void) { return !__libc_single_threaded; }

void cplatform_open_missing_descriptors(void) {
  while (true) {
    int descriptor = open("/dev/null", O_RDONLY);
    // A chroot may have no /dev, but a root folder always exists, and O_PATH needs no permission.
    if (descriptor < 0) descriptor = open("/", O_PATH);
    if (descriptor > STDERR_FILENO) close(descriptor);
    if (descriptor < 0 || descriptor > STDERR_FILENO) return;
  }
}

void cplatform_signal_with_parent(int signal, int parent) {
  prctl(PR_SET_PDEATHSIG, signal);
  // It may have ended before the call.
  if (getppid() != parent) raise(signal);
}
