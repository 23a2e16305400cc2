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

/// A process that has to start before it does what another says.
final class SimulatedStart: SimulatedProcess {
  private let process: any SimulatedProcess
  private var seconds: Double?

  init(_ process: any SimulatedProcess, seconds: Double) { (self.process, self.seconds) = (process, seconds) }

  func next() -> SimulatedStep {
    guard let seconds else { return process.next() }
    self.seconds = nil
    return .compute(seconds)
  }
}

/// Loads what it works on, and saves it: the baseline, a worker of worker-reads.
final class SimulatedReader: SimulatedProcess {
  private let work: SimulatedWork
  private var steps: [SimulatedStep] = []
  private var tasks = 0..<0
  private var loaded: Int?

  init(_ work: SimulatedWork) { self.work = work }

  func next() -> SimulatedStep {
    if !steps.isEmpty { return steps.removeFirst() }
    if tasks.isEmpty {
      guard let chunk = work.takeChunk() else { return .end }
      tasks = chunk
    }
    let image = work.image(of: tasks.removeFirst())
    if loaded != image { steps.append(work.load()) }
    loaded = image
    steps.append(work.transform())
    steps += work.save()
    return steps.removeFirst()
  }
}
