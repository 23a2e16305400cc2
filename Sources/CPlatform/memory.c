#include <stdlib.h>

#include "include/CPlatform.h"

bool cplatform_has_room(size_t byte_count) {
  void *volatile memory = malloc(byte_count);  // volatile, or the compiler elides both calls
  const bool has_room = memory != NULL;
  free(memory);
  return has_room;
}
