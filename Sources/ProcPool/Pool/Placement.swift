internal import CProcPool

/// Which processors the workers of a pool may run on, as OpenMP's `proc_bind` does for threads.
public enum Placement: Hashable, Sendable {
  /// Any: the kernel decides.
  case none
  /// One processor each, neighbours first: the threads of a core, then the cores of a package. For workers that read
  /// the same data.
  case close
  /// One processor each, as far apart as possible: for workers that need caches and memory bandwidth to themselves.
  case spread
  /// A list of processors per rank; if there are more ranks than lists, the lists repeat.
  case processors([[Int]])

  /// The processors of a rank; `nil` for any. With more workers than processors, neighbours share one.
  /// - Parameter topology: the processors that this process may use.
  package func processors(forRank rank: Int, of workers: Int, on topology: [Processor]) -> [Int]? {
    let ordered = topology.sorted()
    switch self {
    case .none: return nil
    case .processors(let lists): return lists.isEmpty ? nil : lists[rank % lists.count]
    case .close where workers <= ordered.count: return [ordered[rank].number]
    case .close, .spread: return ordered.isEmpty ? nil : [ordered[rank * ordered.count / workers].number]
    }
  }

  /// Binds the calling thread as a worker of that rank would be bound. If the kernel refuses, it runs anywhere.
  package func bindThread(rank: Int, of threads: Int) {
    if let processors = processors(forRank: rank, of: threads, on: Self.topology) { _ = bindToProcessors(processors) }
  }

  /// The processors that this process could use when this was first asked, which is before any thread is bound.
  static let topology = Processor.allowed()
}

/// A processor as the kernel counts them: a hardware thread, with its core and package.
package struct Processor: Comparable, Sendable {
  package var package, core, number: Int

  package init(package: Int, core: Int, number: Int) {
    (self.package, self.core, self.number) = (package, core, number)
  }

  /// Hardware threads of one core are neighbours, then cores of one package.
  package static func < (left: Processor, right: Processor) -> Bool {
    (left.package, left.core, left.number) < (right.package, right.core, right.number)
  }

  /// The processors that this process may use.
  static func allowed() -> [Processor] {
    // More than CPU_SETSIZE, which limits what the call reports to 1024.
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

/// Binds the calling thread, which in a worker is the process, to the given processors.
/// - Returns: whether the kernel allowed it.
func bindToProcessors(_ numbers: [Int]) -> Bool {
  let numbers = numbers.map { Int32(clamping: $0) }
  return unsafe cprocpool_bind_to_processors(numbers, Int32(numbers.count)) == 0
}

/// The number that a file of the kernel holds; 0 if it cannot be read.
private func readNumber(_ path: String) -> Int { Int(fileText(path).prefix { $0 != "\n" }) ?? 0 }
