import Glibc

/// Waits for files that are renamed to their final name in a folder.
final class FolderWatch {
  private let descriptor: Int32
  private var count = 0

  init(_ path: String) {
    descriptor = inotify_init1(Int32(O_CLOEXEC))
    precondition(unsafe inotify_add_watch(descriptor, path, UInt32(IN_MOVED_TO)) >= 0, "the folder exists")
  }

  deinit { close(descriptor) }

  /// Waits until `files` more files have arrived than at the time of the call.
  func wait(forMore files: Int) -> Bool {
    while hasEvents(within: 0), takeEvents() {}
    return wait(for: count + files)
  }

  /// Waits until `files` files have arrived in total.
  /// - Returns: whether they have; `false` once none has arrived for a minute.
  func wait(for files: Int) -> Bool {
    while count < files {
      guard hasEvents(within: 60_000), takeEvents() else { return false }
    }
    return true
  }

  private func hasEvents(within milliseconds: Int32) -> Bool {
    var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    return unsafe poll(&entry, 1, milliseconds) == 1
  }

  private func takeEvents() -> Bool {
    var buffer = [UInt8](repeating: 0, count: 65_536)
    let received = unsafe read(descriptor, &buffer, buffer.count)
    var offset = 0
    while offset < received {
      let event = unsafe buffer.span.bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: Event.self)
      count += 1
      offset += MemoryLayout<Event>.size + Int(event.nameByteCount)
    }
    return received > 0
  }

  /// `struct inotify_event` without its flexible array member.
  private struct Event: BitwiseCopyable {
    var watch: Int32
    var mask: UInt32
    var cookie: UInt32
    var nameByteCount: UInt32
  }
}
