internal import CProcPool
internal import Glibc

/// The mangled name of a task's type and its encoded state, in a memory file whose descriptor workers get.
///
/// `_mangledTypeName` and `_typeByName` are exported by the standard library but underscored, so not promised. If a
/// compiler took them away, this file and `ThrownError` would no longer compile: programs would have to register their
/// task types, and thrown errors would arrive as text only. If it changed which names they accept, the check in `init`,
/// which looks the name up again, would refuse the task when the pool is made.
final class TaskFile {
  let memory: MemoryFile

  init<Work: PoolTask>(_ task: Work) throws(PoolError) {
    guard let name = _mangledTypeName(Work.self), let found = _typeByName(name), found == Work.self else {
      throw .invalidArgument(
        "\(Work.self) cannot be named in a worker: a PoolTask is internal or public, and not declared in a function")
    }
    var bytes = ByteBuffer()
    bytes.append(text: name)
    do {
      try PayloadCodec<Work>().append(task, to: &bytes)
    } catch {
      throw .invalidArgument("the state of \(Work.self) cannot be encoded: \(error)")
    }
    memory = try MemoryFile()
    try memory.write(bytes)
  }

  /// Reads the task back and returns the code that runs it, or code that throws the reason why it cannot.
  static func code(in descriptor: Int32) -> WorkerCode {
    do {
      let byteCount = Int(lseek(descriptor, 0, SEEK_END))
      let mapping = try SharedMapping(byteCount: byteCount, descriptor: descriptor)
      return try mapping.withBytes(0..<byteCount) { bytes in
        let (texts, end) = readTexts(1, from: bytes)
        guard let type = _typeByName(texts[0]) as? any PoolTask.Type else { throw UnknownTask(mangledName: texts[0]) }
        return try code(type, state: bytes.extracting(end...))
      }
    } catch {
      return WorkerCode(failingWith: error)
    }
  }

  private static func code<Work: PoolTask>(_ type: Work.Type, state: RawSpan) throws -> WorkerCode {
    WorkerCode(running: try PayloadCodec<Work>().value(of: state))
  }
}

/// A type that the pool's process knows and the worker does not.
private struct UnknownTask: Error, CustomStringConvertible {
  var mangledName: String

  var description: String {
    "the task's type \(mangledName) is not known here: was its library loaded after ProcPool.bootstrap()?"
  }
}

/// Memory behind a descriptor, which can be sent to a process that does not inherit it.
final class MemoryFile {
  let descriptor: Descriptor

  /// Makes `byteCount` zero bytes.
  init(byteCount: Int = 0) throws(PoolError) {
    let number = cprocpool_memory_file()
    guard number >= 0 else { throw .systemCall("memfd_create", errno: errno) }
    descriptor = Descriptor(owning: number)
    guard ftruncate(number, off_t(byteCount)) == 0 else { throw .systemCall("ftruncate", errno: errno) }
  }

  /// Appends `bytes`.
  func write(_ bytes: consuming ByteBuffer) throws(PoolError) {
    var bytes = bytes
    while !bytes.isEmpty {
      guard bytes.drain(to: descriptor.number) > 0 else { throw .systemCall("write", errno: errno) }
    }
  }
}
