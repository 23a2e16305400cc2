#include <stdlib.h>

#include "include/CPlatform.h"

bool cplatform_has_room(size_t byte_count) {
  void *volatile memory = malloc(byte_count);  // volatile, or the compiler leaves out both calls and takes it for granted
  const bool has_room = memory != NULL;
  free(memory);
  return has_room;
}
