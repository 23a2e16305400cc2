#include "address.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdint.h>

#include "include/CHTTP.h"

/// A block of addresses: the first bits of its members.
typedef struct block {
  uint8_t prefix[6];
  int bits;
} block;

/// The blocks of IANA's registry of special-purpose IPv4 addresses, multicast and what is reserved.
static const block private_blocks_4[] = {
    {{0}, 8},              // this network
    {{10}, 8},             // private
    {{100, 64}, 10},       // shared by the customers of a carrier
    {{127}, 8},            // loopback
    {{169, 254}, 16},      // link-local; clouds keep credentials there
    {{172, 16}, 12},       // private
    {{192, 0, 0}, 24},     // protocol assignments
    {{192, 0, 2}, 24},     // documentation
    {{192, 88, 99}, 24},   // relays of 6to4
    {{192, 168}, 16},      // private
    {{198, 18}, 15},       // benchmarks
    {{198, 51, 100}, 24},  // documentation
    {{203, 0, 113}, 24},   // documentation
    {{224}, 4},            // multicast
    {{240}, 4},            // reserved, and broadcast
};

/// The only block of IPv6 with addresses of public hosts. Outside are loopback, link-local, unique-local, multicast and
/// IPv4-mapped addresses.
static const block public_block_6 = {{0x20}, 3};

/// The blocks within it that are not for public hosts, or whose addresses hide one of IPv4.
static const block private_blocks_6[] = {
    {{0x20, 0x01, 0x00}, 23},        // protocol assignments, among them Teredo
    {{0x20, 0x01, 0x0D, 0xB8}, 32},  // documentation
    {{0x20, 0x02}, 16},              // 6to4
    {{0x3F, 0xFF, 0x00}, 20},        // documentation
};

static bool is_in(const block *block, const uint8_t *address) {
  for (int bit = 0; bit < block->bits; bit++) {
    const uint8_t mask = (uint8_t)(0x80 >> bit % 8);
    if ((address[bit / 8] ^ block->prefix[bit / 8]) & mask) return false;
  }
  return true;
}

static bool is_in_any(const block *blocks, size_t count, const uint8_t *address) {
  for (size_t index = 0; index < count; index++) {
    if (is_in(&blocks[index], address)) return true;
  }
  return false;
}

static bool is_private_4(const uint8_t *address) {
  return is_in_any(private_blocks_4, sizeof private_blocks_4 / sizeof *private_blocks_4, address);
}

/// Addresses by which a network of IPv6 reaches hosts of IPv4: 64:ff9b::/96.
static bool is_translated(const uint8_t *address) {
  static const block prefix = {{0x00, 0x64, 0xFF, 0x9B}, 48};
  bool is_zero = true;
  for (int index = 6; index < 12; index++) is_zero = is_zero && address[index] == 0;
  return is_zero && is_in(&prefix, address);
}

static bool is_private_6(const uint8_t *address) {
  if (is_translated(address)) return is_private_4(address + 12);
  return !is_in(&public_block_6, address) ||
         is_in_any(private_blocks_6, sizeof private_blocks_6 / sizeof *private_blocks_6, address);
}

bool chttp_is_private_socket(const struct sockaddr *address) {
  switch (address->sa_family) {
    case AF_INET: return is_private_4((const uint8_t *)&((const struct sockaddr_in *)address)->sin_addr);
    case AF_INET6: return is_private_6((const uint8_t *)&((const struct sockaddr_in6 *)address)->sin6_addr);
    default: return true;
  }
}

bool chttp_is_private(const char *address) {
  uint8_t bytes[16];
  if (inet_pton(AF_INET, address, bytes) == 1) return is_private_4(bytes);
  return inet_pton(AF_INET6, address, bytes) != 1 || is_private_6(bytes);
}
