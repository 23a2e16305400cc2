internal import Glibc

/// The name of a task's type and its state, in memory that workers are given a descriptor of.
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

  /// What the file says to do; where that cannot be done here, code that tells why.
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
