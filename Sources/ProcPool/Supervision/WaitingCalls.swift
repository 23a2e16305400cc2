/// Calls that have something to hand out, in the order of their beginning. Taking the first moves no others.
struct WaitingCalls {
  private var ids: [CallID] = []
  private var head = 0

  var count: Int { ids.count - head }

  subscript(index: Int) -> CallID { ids[head + index] }

  /// Adds a call, which mostly is the latest.
  mutating func insert(_ id: CallID) {
    var place = ids.count
    while place > head && ids[place - 1].number > id.number { place -= 1 }
    ids.insert(id, at: place)
  }

  mutating func remove(at index: Int) {
    if index > 0 {
      ids.remove(at: head + index)
      return
    }
    head += 1
    // By halves, so that each is moved once or twice, however many there are.
    if head == ids.count || head > max(512, ids.count / 2) {
      ids.removeFirst(head)
      head = 0
    }
  }
}
