internal import CProcPool
internal import Glibc

/// What a worker may still do once it has entered this: compute, and use the places that are named, in the memory that
/// is allowed. For bodies that handle bytes from strangers in code that may have faults, such as decoders.
///
/// A body that is taken over can then read and write nothing else, reach no network, run no program, touch no other
/// process and take no more than its share of memory. What it sends back may be anything: the pool checks all that it
/// relies on itself, but the program must not trust the result. A plain type is copied as it lies in memory, so
/// let results be numbers, or arrays of them, and no enumerations, optionals or `Bool`.
///
/// ```swift
/// var sandbox = Sandbox()
/// sandbox.readable = [.path("/usr/share")]
/// sandbox.memoryByteCount = 1 << 30
/// var options = PoolOptions(workers: 4)
/// options.maxResultByteCount = 1 << 20
/// options.decodesErrors = false
/// let pool = try Pool(options, initializer: { _ in sandbox.enter() }) { (path: String) in
///   try checksum(of: path)
/// }
/// ```
///
/// It closes for good, in the process that enters and in all that descend from it. So enter last in the initializer, or
/// in the `setUp` of a ``PoolTask``, and load before whatever needs more. Libraries of the system may still be loaded.
///
/// The kernel does the confining: Landlock for places (Linux 5.13), seccomp for system calls. Where it has one of them
/// only, that one holds; see ``available``.
public struct Sandbox: Sendable {
  /// A folder with all below it, or a file.
  public enum Place: Hashable, Sendable {
    /// An open descriptor, which needs no permission but O_PATH. The place stays the same whatever happens to its path.
    case descriptor(Int32)
    /// A path; links are followed. One that does not exist stays closed.
    case path(String)
  }

  /// A means of the kernel.
  public enum Guard: String, CaseIterable, Sendable {
    /// Only the places named can be used.
    case places
    /// Only system calls that computing, reading and writing need can be made.
    case calls
  }

  /// What may be read, besides the libraries of the system.
  public var readable: [Place] = []
  /// What may be read, written, made and removed.
  public var writable: [Place] = []
  /// Whether a client may make connections.
  public var allowsNetwork = false
  /// How much memory the worker may take beyond what it has when it enters; `nil`: no limit. An allocation beyond that
  /// fails as one that the machine refuses; see ``isLimitReached``.
  public var memoryByteCount: Int?
  /// The most bytes that the body asks for at once; `nil`: any number. A request that is refused while more than that is
  /// left below the limit was refused by the machine.
  public var largestRequestByteCount: Int?

  /// A sandbox without places.
  public init() {}

  /// The guards that this kernel has.
  public static var available: Set<Guard> {
    var guards: Set<Guard> = []
    if cprocpool_landlock_version() > 0 { guards.insert(.places) }
    if cprocpool_can_confine_calls() { guards.insert(.calls) }
    return guards
  }

  /// Confines the calling process, which must have one thread, for the rest of its life.
  /// - Returns: the guards that hold. The limit of memory, and that no privileges are gained and no core files written,
  ///   hold in any case.
  @discardableResult
  public func enter() -> Set<Guard> {
    cprocpool_renounce()
    if let memoryByteCount { MemoryLimit.set(memoryByteCount, largestRequestByteCount ?? .max) }
    var guards: Set<Guard> = []
    if confineFiles() { guards.insert(.places) }
    // Last, as the others need calls that it refuses.
    if cprocpool_confine_calls(allowsNetwork) { guards.insert(.calls) }
    return guards
  }

  /// Whether the limit of ``memoryByteCount``, and not the machine, is why the calling process was just refused memory.
  public static var isLimitReached: Bool { MemoryLimit.isReached }

  /// What any process may need: libraries, what the kernel tells of the processors and of the process itself.
  private static let always: [(path: String, isWritable: Bool)] = [
    ("/usr", false), ("/lib", false), ("/lib64", false), ("/etc/ld.so.cache", false), ("/proc/self", false),
    ("/sys/devices/system/cpu", false), ("/dev/urandom", false), ("/dev/null", true),
  ]

  private func confineFiles() -> Bool {
    var places: [OpenPlace] = []
    for (path, isWritable) in Self.always { places.append(OpenPlace(.path(path), isWritable: isWritable)) }
    for place in readable { places.append(OpenPlace(place, isWritable: false)) }
    for place in writable { places.append(OpenPlace(place, isWritable: true)) }
    defer { places.forEach { $0.close() } }
    let open = places.filter { $0.descriptor >= 0 }.map {
      cprocpool_place(descriptor: $0.descriptor, is_writable: $0.isWritable)
    }
    return unsafe cprocpool_confine_files(open, Int32(open.count), allowsNetwork)
  }
}

/// A place as the kernel takes it.
private struct OpenPlace {
  let descriptor: Int32
  let isWritable: Bool
  private let isOwn: Bool

  init(_ place: Sandbox.Place, isWritable: Bool) {
    self.isWritable = isWritable
    switch place {
    case .descriptor(let number): (descriptor, isOwn) = (number, false)
    case .path(let path): (descriptor, isOwn) = (unsafe open(path, __O_PATH | O_CLOEXEC), true)
    }
  }

  func close() { if isOwn && descriptor >= 0 { Glibc.close(descriptor) } }
}

/// The limit on the address space of a process that has entered a sandbox.
///
/// The address space and not the resident memory, because that is what the kernel can refuse: an allocation beyond the
/// limit is an error in the process that asks, not the end of some process.
private enum MemoryLimit {
  /// Invariant: set once, before the first task, while the process has one thread. `nil` if there is none, or the
  /// process was limited to less before.
  nonisolated(unsafe) private static var limit: Int?
  nonisolated(unsafe) private static var largestRequest = Int.max

  static func set(_ byteCount: Int, _ largestRequest: Int) {
    // Without /proc, what most programs have mapped when they begin.
    let (limit, isOver) = (mappedByteCount ?? 2 << 30).addingReportingOverflow(max(0, byteCount))
    guard !isOver, cprocpool_limit_memory(UInt64(limit)) else { return }
    unsafe (self.limit, self.largestRequest) = (limit, largestRequest)
  }

  /// Whether less is left below the limit than a request may ask for, and that could be had, so that a refusal was the
  /// limit's.
  static var isReached: Bool {
    guard let limit = unsafe limit, case let largestRequest = unsafe largestRequest, let mapped = mappedByteCount else {
      return false
    }
    let left = limit - mapped - (1 << 20)  // for what the kernel rounds up
    return left <= 0 || left < largestRequest && cprocpool_can_map(left)
  }

  /// The address space in use; `nil` if it cannot be read.
  private static var mappedByteCount: Int? {
    let pages = fileText("/proc/self/statm").split(separator: " ").first.flatMap { Int($0) }
    return pages.map { $0 * sysconf(Int32(_SC_PAGESIZE)) }
  }
}
