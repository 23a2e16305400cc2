/// What a simulated process does next.
enum SimulatedStep: Equatable {
  /// So many seconds of a core that it has to itself.
  case compute(Double)
  /// Hands bytes to the disk, and goes on when they are there.
  case write(bytes: Double)
  /// Nothing, until another process has taken a step.
  case wait
  /// Nothing any more.
  case end
}

/// A process of a simulation. It is asked for its next step when the last one is done, and again after each step of
/// another while it waits.
protocol SimulatedProcess: AnyObject {
  func next() -> SimulatedStep
}
