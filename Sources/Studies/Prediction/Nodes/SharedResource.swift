internal import HeapModule

/// What all its users share evenly: the cores of a machine, the bandwidth of a storage.
///
/// All users get the same at the same time. So a user's end is known, counted in what a user gets, as soon as it begins;
/// when that is depends on how many there will be.
struct SharedResource {
  /// A user, by its number.
  private struct Use: Comparable {
    let end: Double
    let user: Int

    static func < (left: Use, right: Use) -> Bool { (left.end, left.user) < (right.end, right.user) }
  }

  /// What each of so many users gets in a second.
  private let rate: (Int) -> Double
  private var time = 0.0
  /// What a user has got that was there all the time.
  private var served = 0.0
  private var uses = Heap<Use>()
  private var users: Set<Int> = []

  init(rate: @escaping (Int) -> Double) { self.rate = rate }

  /// Adds a user that needs `amount`; its number is new.
  mutating func begin(_ user: Int, _ amount: Double) {
    users.insert(user)
    uses.insert(Use(end: served + amount, user: user))
  }

  /// Takes a user away that may have got all it needs, or never began.
  mutating func leave(_ user: Int) {
    users.remove(user)
    while let next = uses.min, !users.contains(next.user) { uses.removeMin() }
  }

  /// When the next user has what it needs; infinity without one.
  var nextEnd: Double { uses.min.map { time + max(0, $0.end - served) / rate(users.count) } ?? .infinity }

  mutating func advance(to now: Double) {
    if !users.isEmpty { served += (now - time) * rate(users.count) }
    time = now
  }

  /// Takes the user away that is the next to have what it needs, at that moment.
  mutating func endNext() -> Int? {
    guard let next = uses.min else { return nil }
    served = max(served, next.end)
    leave(next.user)
    return next.user
  }
}
