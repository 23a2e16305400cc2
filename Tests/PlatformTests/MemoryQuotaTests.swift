import Platform
import Testing

/// What control groups allow of the machine's memory.
struct MemoryQuotaTests {
  private func byteCount(_ files: [String: String]) -> Int? { MemoryQuota.byteCount { files[$0] } }

  @Test func smallestLimitOnTheWayToTheRootCounts() {
    let second = [
      "/proc/self/cgroup": "0::/a/b\n", "/sys/fs/cgroup/a/memory.max": "300\n",
      "/sys/fs/cgroup/a/b/memory.max": "max\n",
    ]
    #expect(byteCount(second) == 300)
    let first = [
      "/proc/self/cgroup": "3:cpu:/c\n9:memory:/a/b\n",
      "/sys/fs/cgroup/memory/memory.limit_in_bytes": "9223372036854771712",
      "/sys/fs/cgroup/memory/a/b/memory.limit_in_bytes": "200\n",
    ]
    #expect(byteCount(first) == 200)
  }

  @Test func ownGroupOfAContainerIsTheRoot() {
    #expect(byteCount(["/proc/self/cgroup": "0::/\n", "/sys/fs/cgroup/memory.max": "500\n"]) == 500)
    #expect(byteCount(["/sys/fs/cgroup/memory.max": "500\n"]) == 500)
  }

  @Test func withoutALimitThereIsNone() {
    #expect(byteCount([:]) == nil)
    #expect(byteCount(["/proc/self/cgroup": "0::/a\n", "/sys/fs/cgroup/a/memory.max": "max\n"]) == nil)
  }
}
