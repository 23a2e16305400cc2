#include "include/CProcPool.h"
