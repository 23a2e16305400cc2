#ifndef CPROCPOOL_H
#define CPROCPOOL_H
#endif
