#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "drawing.h"

/// Far longer than a cold start with thousands of fonts; only a font that hangs the library takes this long.
enum { time_limit_seconds = 60 };

// MARK: The process that draws

static void write_all(int descriptor, const void *bytes, size_t count) {
  const char *next = bytes;
  while (count > 0) {
    const ssize_t written = write(descriptor, next, count);
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) _exit(1);
    next += written;
    count -= (size_t)written;
  }
}

/// Leaves nothing of the caller's but memory: its descriptors close as if this process did not exist, signals end it as
/// any program, and messages of the libraries go nowhere.
static int settle(int pipe_end) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  for (int number = 1; number < NSIG; ++number) signal(number, SIG_DFL);
  // A terminal sends it to the caller, too, who decides; if that ends, so does this process.
  signal(SIGINT, SIG_IGN);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, NULL);
  const int reply = STDERR_FILENO + 1;
  if (pipe_end != reply && dup2(pipe_end, reply) < 0) _exit(1);
  close_range(reply + 1, ~0U, 0);
  const int nowhere = open("/dev/null", O_RDWR);
  for (int descriptor = 0; descriptor < reply && nowhere >= 0; ++descriptor) dup2(nowhere, descriptor);
  return reply;
}

_Noreturn static void draw_in_child(const ctext_request *request, int pipe_end) {
  const int reply = settle(pipe_end);
  uint8_t *pixels = NULL;
  const ctext_report report = ctext_draw_here(request, &pixels);
  write_all(reply, &report, sizeof report);
  if (pixels != NULL) write_all(reply, pixels, (size_t)report.width * report.height * 4);
  _exit(0);
}

// MARK: The process that waits

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

/// Reads `count` bytes, or fewer if the writer ends or `deadline` passes.
static bool read_all(int descriptor, void *bytes, size_t count, double deadline) {
  char *next = bytes;
  while (count > 0) {
    struct pollfd wait = {.fd = descriptor, .events = POLLIN};
    const double left = deadline - now();
    const int ready = left > 0 ? poll(&wait, 1, (int)(left * 1000) + 1) : 0;
    if (ready < 0 && errno == EINTR) continue;
    if (ready <= 0) return false;
    const ssize_t got = read(descriptor, next, count);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return false;
    next += got;
    count -= (size_t)got;
  }
  return true;
}

static bool is_valid(const ctext_report *report) {
  const bool has_size = report->width > 0 && report->width <= CTEXT_SIDE_LIMIT && report->height > 0 &&
                        report->height <= CTEXT_SIDE_LIMIT;
  return report->status <= CTEXT_SHORTAGE && (report->status != CTEXT_OK || has_size) && report->missing_count >= 0 &&
         report->missing_count <= CTEXT_MISSING_LIMIT;
}

static void fail(ctext_report *report, ctext_status status, const char *text) {
  *report = (ctext_report){.status = status};
  snprintf(report->message, sizeof report->message, "%s", text);
}

/// Reads the report and the pixels; false if the process that draws did not send them whole.
static bool receive(int descriptor, double deadline, ctext_report *report, uint8_t **pixels) {
  if (!read_all(descriptor, report, sizeof *report, deadline) || !is_valid(report)) return false;
  report->message[sizeof report->message - 1] = '\0';
  if (report->status != CTEXT_OK) return true;
  const size_t count = (size_t)report->width * report->height * 4;
  *pixels = malloc(count);
  if (*pixels == NULL) {
    fail(report, CTEXT_SHORTAGE, strerror(ENOMEM));
    return true;
  }
  return read_all(descriptor, *pixels, count, deadline);
}

/// Ends the process if it has not ended by itself, so that this waits for no longer than that takes.
static void reap(pid_t child, bool has_finished, ctext_report *report) {
  if (!has_finished) kill(child, SIGKILL);
  int status = 0;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) continue;
  if (has_finished) return;
  char text[80];
  const bool has_crashed = WIFSIGNALED(status) && WTERMSIG(status) != SIGKILL;
  snprintf(
      text, sizeof text,
      has_crashed ? "the process that draws text crashed with signal %d" : "the process that draws text did not answer",
      WTERMSIG(status));
  fail(report, CTEXT_FAILED, text);
}

/// Starts the process that draws; a negative number if the system refuses, with `errno`.
static pid_t start(const ctext_request *request, int pipe_end) {
  // The caller's handlers must not run in the copy of its memory.
  sigset_t all, previous;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &previous);
  const pid_t child = fork();
  if (child == 0) draw_in_child(request, pipe_end);
  const int number = errno;
  pthread_sigmask(SIG_SETMASK, &previous, NULL);
  errno = number;
  return child;
}

ctext_report ctext_draw(const ctext_request *request, uint8_t **pixels) {
  ctext_report report;
  *pixels = NULL;
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) < 0) {
    fail(&report, CTEXT_SHORTAGE, strerror(errno));
    return report;
  }
  const pid_t child = start(request, ends[1]);
  if (child < 0) fail(&report, CTEXT_SHORTAGE, strerror(errno));
  close(ends[1]);
  const bool has_finished = child > 0 && receive(ends[0], now() + time_limit_seconds, &report, pixels);
  // Before the wait: a process that still writes what nobody reads would never end.
  close(ends[0]);
  if (child > 0) reap(child, has_finished, &report);
  if (report.status != CTEXT_OK) {
    free(*pixels);
    *pixels = NULL;
  }
  return report;
}
