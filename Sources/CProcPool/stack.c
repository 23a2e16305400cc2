#define _GNU_SOURCE
#include <pthread.h>

#include "include/CProcPool.h"

uintptr_t cprocpool_stack_bottom(void) {
  static _Thread_local uintptr_t bottom;  // cached: on the main thread, glibc reads /proc/self/maps for it
  if (bottom != 0) return bottom;
  pthread_attr_t attributes;
  if (pthread_getattr_np(pthread_self(), &attributes) != 0) return 0;
  void *address = NULL;
  size_t byte_count = 0;
  if (pthread_attr_getstack(&attributes, &address, &byte_count) == 0) bottom = (uintptr_t)address;
  pthread_attr_destroy(&attributes);
  return bottom;
}

uintptr_t cprocpool_stack_position(void) { return (uintptr_t)__builtin_frame_address(0); }
