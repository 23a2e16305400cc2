import Glibc
import Imaging

/// Memory between two protected pages: reading or writing one byte outside ends the process.
@safe
final class GuardedMemory {
  private let start: UnsafeMutableRawPointer
  private let inside: Int
  private let length: Int
  private let byteCount: Int

  init(byteCount: Int) {
    let page = 4096
    self.byteCount = byteCount
    inside = max(1, (byteCount + page - 1) / page) * page
    length = inside + 2 * page
    guard let memory = unsafe mmap(nil, length, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0),
      unsafe memory != MAP_FAILED
    else {
      fatalError("no memory")
    }
    unsafe start = unsafe memory
    unsafe precondition(mprotect(start + page, inside, PROT_READ | PROT_WRITE) == 0, "memory can be opened")
  }

  deinit { unsafe munmap(start, length) }

  /// `byteCount` bytes that touch the guard page before them, or the one after them.
  func bytes(atEnd: Bool) -> UnsafeMutableRawBufferPointer {
    unsafe UnsafeMutableRawBufferPointer(start: start + 4096 + (atEnd ? inside - byteCount : 0), count: byteCount)
  }
}
