import Testing

import Platform

/// How many processors a process may keep busy, given what the kernel reports.
struct CoresTests {
  private struct Kernel: CustomTestStringConvertible, Sendable {
    var testDescription: String
    var files: [String: String]
    var cores: Int?

    init(_ name: String, _ cores: Int?, _ files: [String: String]) {
      (testDescription, self.cores, self.files) = (name, cores, files)
    }
  }

  private static let kernels = [
    Kernel("no files at all", nil, [:]),
    Kernel("version 2, no limit", nil, ["/proc/self/cgroup": "0::/\n", "/sys/fs/cgroup/cpu.max": "max 100000\n"]),
    Kernel("version 2", 2, ["/proc/self/cgroup": "0::/\n", "/sys/fs/cgroup/cpu.max": "200000 100000\n"]),
    Kernel("part of a core is a core", 1, ["/sys/fs/cgroup/cpu.max": "1000 100000\n"]),
    Kernel("a part more is a core more", 3, ["/sys/fs/cgroup/cpu.max": "200001 100000\n"]),
    Kernel("a limit without /proc", 4, ["/sys/fs/cgroup/cpu.max": "400000 100000\n"]),
    Kernel(
      "the outer of two groups is the smaller", 2,
      [
        "/proc/self/cgroup": "0::/outer/inner\n", "/sys/fs/cgroup/outer/inner/cpu.max": "800000 100000\n",
        "/sys/fs/cgroup/outer/cpu.max": "200000 100000\n", "/sys/fs/cgroup/cpu.max": "max 100000\n",
      ]),
    Kernel(
      "the inner of two groups is the smaller", 3,
      [
        "/proc/self/cgroup": "0::/outer/inner\n", "/sys/fs/cgroup/outer/inner/cpu.max": "300000 100000\n",
        "/sys/fs/cgroup/outer/cpu.max": "600000 100000\n",
      ]),
    Kernel(
      "a limit of another group", nil,
      ["/proc/self/cgroup": "0::/mine\n", "/sys/fs/cgroup/other/cpu.max": "100000 100000\n"]),
    Kernel(
      "version 1", 2,
      [
        "/proc/self/cgroup": "5:memory:/m\n4:cpu,cpuacct:/a/b\n0::/\n",
        "/sys/fs/cgroup/cpu,cpuacct/a/b/cpu.cfs_quota_us": "150000\n",
        "/sys/fs/cgroup/cpu,cpuacct/a/b/cpu.cfs_period_us": "100000\n",
        "/sys/fs/cgroup/cpu,cpuacct/a/cpu.cfs_quota_us": "-1\n",
        "/sys/fs/cgroup/cpu,cpuacct/a/cpu.cfs_period_us": "100000\n",
      ]),
    Kernel(
      "version 1, no limit", nil,
      [
        "/proc/self/cgroup": "1:cpu:/\n", "/sys/fs/cgroup/cpu/cpu.cfs_quota_us": "-1\n",
        "/sys/fs/cgroup/cpu/cpu.cfs_period_us": "100000\n",
      ]),
    Kernel(
      "both versions: the smaller", 1,
      [
        "/proc/self/cgroup": "1:cpu:/a\n0::/b\n", "/sys/fs/cgroup/cpu/a/cpu.cfs_quota_us": "400000\n",
        "/sys/fs/cgroup/cpu/a/cpu.cfs_period_us": "100000\n", "/sys/fs/cgroup/unified/b/cpu.max": "50000 100000\n",
      ]),
    Kernel(
      "a container that sees its own group at the mount point", 2,
      [
        "/proc/self/cgroup": "4:cpu:/docker/id/sub\n",
        "/proc/self/mountinfo":
          "30 29 0:26 /docker/id /groups/cpu rw,nosuid shared:9 - cgroup cgroup rw,cpuacct,cpu\n",
        "/groups/cpu/sub/cpu.cfs_quota_us": "200000\n", "/groups/cpu/sub/cpu.cfs_period_us": "100000\n",
      ]),
    Kernel(
      "version 2 mounted elsewhere", 2,
      [
        "/proc/self/cgroup": "0::/x\n", "/proc/self/mountinfo": "30 29 0:26 / /groups rw - cgroup2 cgroup2 rw\n",
        "/groups/x/cpu.max": "200000 100000\n",
      ]),
    Kernel(
      "a group outside the root of the namespace", 5,
      [
        "/proc/self/cgroup": "0::/../../other\n", "/sys/fs/cgroup/../../other/cpu.max": "100000 100000\n",
        "/sys/fs/cgroup/cpu.max": "500000 100000\n",
      ]),
    Kernel(
      "garbage", nil,
      [
        "/proc/self/cgroup": "\n::\n0\nx:y\n0::\u{0}\n",
        "/proc/self/mountinfo": "- cgroup2\n1 2 3 4 - cgroup2\n \n- - - - - - -\n",
        "/sys/fs/cgroup/cpu.max": "99999999999999999999 100000\n",
        "/sys/fs/cgroup/unified/cpu.max": "100000 0\n", "/sys/fs/cgroup/cpu/cpu.cfs_quota_us": "0\n",
        "/sys/fs/cgroup/cpu/cpu.cfs_period_us": "-7\n",
      ]),
    Kernel("a limit beyond all machines", .max, ["/sys/fs/cgroup/cpu.max": "\(Int.max) 1\n"]),
  ]

  @Test(arguments: kernels)
  private func smallestQuotaOnTheWayToTheRootCounts(kernel: Kernel) {
    #expect(CPUQuota.cores { kernel.files[$0] } == kernel.cores)
  }

  @Test func smallestCountThatIsKnownCountsAndThereIsAlwaysOneCore() {
    #expect(Cores.count(online: 8, allowed: 4, quota: 6) == 4)
    #expect(Cores.count(online: 8, allowed: 16, quota: nil) == 8)
    #expect(Cores.count(online: 2048, allowed: 2048, quota: 3) == 3)
    #expect(Cores.count(online: -1, allowed: 2, quota: nil) == 2)
    #expect(Cores.count(online: -1, allowed: -1, quota: nil) == 1)
  }

  @Test(arguments: [
    ("0.71 0.93 1.03 2/613 4711\n", 0.71), ("28.00 3 2 1/1 1", 28), ("", nil), ("nan 1 1", nil), ("-1 0 0", nil),
    ("load", nil), ("inf 0 0", nil),
  ])
  func loadIsTheFirstNumberOrUnknown(text: String, load: Double?) {
    #expect(LoadAverage.lastMinute(in: text) == load)
  }
}
