internal import CProcPool
internal import Glibc

/// Which processors the workers of a pool may run on, as OpenMP's `proc_bind` says for threads and
/// `multiprocessing.Pool` cannot.
public enum Placement: Hashable, Sendable {
  /// Wherever the kernel puts them.
  case none
  /// One processor each, neighbours first: the threads of a core, then the cores of a package. For workers that share
  /// what they read.
  case close
  /// One processor each, as far apart as there is room: for workers that need caches and memory bandwidth of their own.
  case spread
  /// The processors of each rank; more ranks than lists begin again with the first.
  case processors([[Int]])

  /// Processors for a rank, `nil` for any. Of more workers than processors, neighbours share one.
  /// - Parameter topology: processors that this process may use.
  package func processors(forRank rank: Int, of workers: Int, on topology: [Processor]) -> [Int]? {
    let ordered = topology.sorted()
    switch self {
    case .none: return nil
    case .processors(let lists): return lists.isEmpty ? nil : lists[rank % lists.count]
    case .close where workers <= ordered.count: return [ordered[rank].number]
    case .close, .spread: return ordered.isEmpty ? nil : [ordered[rank * ordered.count / workers].number]
    }
  }
}

/// A processor as the kernel counts them: a thread of a core of a package.
package struct Processor: Comparable, Sendable {
  package var package, core, number: Int

  package init(package: Int, core: Int, number: Int) {
    (self.package, self.core, self.number) = (package, core, number)
  }

  /// Neighbours follow each other.
  package static func < (left: Processor, right: Processor) -> Bool {
    (left.package, left.core, left.number) < (right.package, right.core, right.number)
  }

  /// The processors that this process may use.
  static func allowed() -> [Processor] {
    var numbers = [Int32](repeating: 0, count: 4096)
    let count = unsafe Int(cprocpool_allowed_processors(&numbers, Int32(numbers.count)))
    return numbers.prefix(max(0, count)).map { number in
      let folder = "/sys/devices/system/cpu/cpu\(number)/topology"
      return Processor(
        package: readNumber("\(folder)/physical_package_id"), core: readNumber("\(folder)/core_id"), number: Int(number)
      )
    }
  }
}

/// Keeps this process on the given processors.
/// - Returns: whether the kernel allows it.
func bindToProcessors(_ numbers: [Int]) -> Bool {
  let numbers = numbers.map { Int32(clamping: $0) }
  return unsafe cprocpool_bind_to_processors(numbers, Int32(numbers.count)) == 0
}

/// The number that a file of the kernel holds, 0 where there is none.
private func readNumber(_ path: String) -> Int {
  let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
  guard descriptor >= 0 else { return 0 }
  defer { close(descriptor) }
  var bytes = [UInt8](repeating: 0, count: 32)
  let count = max(0, unsafe read(descriptor, &bytes, bytes.count))
  return Int(String(decoding: bytes.prefix(count).prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self)) ?? 0
}
