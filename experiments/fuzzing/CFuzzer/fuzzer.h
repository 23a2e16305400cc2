#pragma once
#include <stddef.h>
#include <stdint.h>

/// libFuzzer's loop, for programs with a main of their own. The callback returns 0, or -1 to keep an input out of the
/// corpus.
int LLVMFuzzerRunDriver(int *argc, char ***argv, int (*callback)(const uint8_t *bytes, size_t count));
