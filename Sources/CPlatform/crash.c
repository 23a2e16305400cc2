#define _GNU_SOURCE
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "include/CPlatform.h"

enum { text_capacity = 512, work_capacity = 4096 };

static char before[text_capacity], after[text_capacity];
/// What each thread is at. A signal handler may read it: it is in the program's own block, and not made at its first
/// use.
static _Thread_local char work[work_capacity] __attribute__((tls_model("initial-exec")));

static void tell(const char *text) {
  if (write(STDERR_FILENO, text, strlen(text)) < 0) return;
}

static void tell_crash(int number) {
  tell(before);
  if (work[0] != '\0') {
    tell(work);
    tell(": ");
  }
  tell("crashed with SIG");
  const char *name = sigabbrev_np(number);
  tell(name == NULL ? "NAL" : name);
  tell(after);
  signal(number, SIG_DFL);
  raise(number);
}

void cplatform_tell_crashes(const char *text_before, const char *text_after) {
  snprintf(before, sizeof before, "%s", text_before);
  snprintf(after, sizeof after, "%s", text_after);
  // On a stack of its own, because the other one may be what has run out.
  static char stack[64 << 10];
  const stack_t other = {.ss_sp = stack, .ss_size = sizeof stack};
  const int flags = sigaltstack(&other, NULL) == 0 ? SA_ONSTACK : 0;
  static const int signals[] = {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT, SIGTRAP};
  for (size_t index = 0; index < sizeof signals / sizeof *signals; index++) {
    struct sigaction action = {.sa_handler = tell_crash, .sa_flags = flags | SA_NODEFER};
    sigaction(signals[index], &action, NULL);
  }
}

void cplatform_note_work(const char *text) { strncpy(work, text, sizeof work - 1); }
