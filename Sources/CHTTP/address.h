#ifndef CHTTP_ADDRESS_H
#define CHTTP_ADDRESS_H

#include <stdbool.h>
#include <sys/socket.h>

/// As `chttp_is_private`, for the address of a socket.
bool chttp_is_private_socket(const struct sockaddr *address);

#endif
