#define _GNU_SOURCE
#include <linux/landlock.h>
#include <stddef.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "include/CProcPool.h"

// Landlock: a process restricts itself, and all that descend from it, to some folders. The constants and the layout
// below are the kernel's; the headers of a distribution may be older than the kernel that runs.

/// `struct landlock_ruleset_attr` of version 6. An older kernel takes it as long as what it does not know is 0.
struct ruleset {
  uint64_t files;
  uint64_t network;
  uint64_t scopes;
};

enum {
  truncate_right = 1 << 14,  // since version 3
  device_right = 1 << 15,    // since version 5
  file_rights_of_1 = (1 << 13) - 1,
  network_rights = 3,  // to bind and to connect by TCP, since version 4
  scopes = 3,          // abstract Unix sockets and signals of processes outside, since version 6
};

int cprocpool_landlock_version(void) {
  const long version = syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
  return version < 0 ? 0 : (int)version;
}

/// All rights to files that a kernel can withhold.
static uint64_t file_rights(int version) {
  uint64_t rights = file_rights_of_1;
  if (version >= 2) rights |= LANDLOCK_ACCESS_FS_REFER;
  if (version >= 3) rights |= truncate_right;
  if (version >= 5) rights |= device_right;
  return rights;
}

static void allow(int ruleset, cprocpool_place place, uint64_t known) {
  static const uint64_t reading = LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR;
  // REMOVE_DIR so that a rename onto a folder fails for that reason, and not for want of this right.
  static const uint64_t writing = LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_REMOVE_FILE |
                                  LANDLOCK_ACCESS_FS_REMOVE_DIR | LANDLOCK_ACCESS_FS_MAKE_REG |
                                  LANDLOCK_ACCESS_FS_MAKE_DIR | truncate_right;
  // The only ones that the kernel accepts for what is no folder.
  static const uint64_t of_files = LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_WRITE_FILE | truncate_right;
  struct stat status;
  if (fstat(place.descriptor, &status) != 0) return;
  struct landlock_path_beneath_attr rule = {.parent_fd = place.descriptor};
  rule.allowed_access = known & (place.is_writable ? reading | writing : reading);
  if (!S_ISDIR(status.st_mode)) rule.allowed_access &= of_files;
  // A place that the kernel refuses stays closed.
  syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH, &rule, 0);
}

bool cprocpool_confine_files(const cprocpool_place *places, int count, bool allows_network) {
  const int version = cprocpool_landlock_version();
  if (version == 0) return false;
  const uint64_t rights = file_rights(version);
  const struct ruleset rules = {
      .files = rights,
      .network = version >= 4 && !allows_network ? network_rights : 0,
      .scopes = version >= 6 ? scopes : 0,
  };
  const int ruleset = (int)syscall(SYS_landlock_create_ruleset, &rules, sizeof rules, 0);
  if (ruleset < 0) return false;
  for (int index = 0; index < count; index++) allow(ruleset, places[index], rights);
  const bool is_confined = syscall(SYS_landlock_restrict_self, ruleset, 0) == 0;
  close(ruleset);
  return is_confined;
}
