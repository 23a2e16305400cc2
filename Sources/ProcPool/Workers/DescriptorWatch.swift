internal import CProcPool

/// Looks whether a worker still has what a body could take from it: its descriptors, and the signal that ends it with its
/// parent.
///
/// A body may close descriptors that are not its own, and open others. The pool's have high numbers, so that what is opened
/// then is not taken for them: using them is an error. Only after a thousand more are open might one have such a number. That
/// takes a while, so it is enough to look at them when a while has passed, where two system calls are nothing beside it.
final class DescriptorWatch {
  private let descriptors: [Int32]
  private let identities: [DescriptorIdentity?]
  private var lookTime: UInt64 = 0
  /// Whether the process ends with its parent whatever it waits for.
  private(set) var diesWithParent = true
  private static let lookNanoseconds: UInt64 = 1_000_000

  init(descriptors: [Int32]) {
    self.descriptors = descriptors
    identities = descriptors.map { DescriptorIdentity($0) }
  }

  /// Leaves where they are no longer there. To be asked before a descriptor is used.
  func check(at now: UInt64) { if now &- lookTime > Self.lookNanoseconds { look(at: now) } }

  private func look(at now: UInt64) {
    lookTime = now
    diesWithParent = cprocpool_dies_with_parent()
    for (descriptor, identity) in zip(descriptors, identities) where DescriptorIdentity(descriptor) != identity {
      WorkerExit.descriptorsClosed.leave()
    }
  }
}
