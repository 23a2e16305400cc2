/// A discrete-event simulation of processes on the cores and the disk of a machine. The same input gives the same
/// result: whatever happens at the same time happens in the order of the processes.
struct Simulation {
  private enum State: Equatable {
    case ready, waiting, ended
    /// Until the work that one process could have done reaches this.
    case computing(until: Double)
    /// Until this time.
    case writing(until: Double)
  }

  private let machine: SimulatedMachine
  private let processes: [any SimulatedProcess]
  private var states: [State]
  private var time = 0.0
  /// Seconds of work that a process would have done that ran all the time.
  private var worked = 0.0
  private var diskFreeTime = 0.0

  init(_ machine: SimulatedMachine, _ processes: [any SimulatedProcess]) {
    (self.machine, self.processes) = (machine, processes)
    states = Array(repeating: .ready, count: processes.count)
  }

  /// Seconds until every process has ended.
  static func seconds(on machine: SimulatedMachine, _ processes: [any SimulatedProcess]) -> Double {
    var simulation = Simulation(machine, processes)
    while simulation.begin() { simulation.advance() }
    return simulation.time
  }

  /// Lets every process take steps until each is busy, waits or has ended.
  /// - Returns: whether any is busy.
  private mutating func begin() -> Bool {
    var hasChanged = true
    while hasChanged {
      hasChanged = false
      for index in processes.indices where states[index] == .ready || states[index] == .waiting {
        states[index] = state(after: processes[index].next())
        if states[index] != .waiting { hasChanged = true }
      }
    }
    let isBusy = states.contains { $0 != .waiting && $0 != .ended }
    precondition(isBusy || !states.contains(.waiting), "simulated processes wait for each other")
    return isBusy
  }

  private mutating func state(after step: SimulatedStep) -> State {
    switch step {
    case .compute(let seconds): return .computing(until: worked + seconds)
    case .wait: return .waiting
    case .end: return .ended
    case .write(let bytes):
      guard let rate = machine.writeBytesPerSecond else { return .ready }
      diskFreeTime = max(diskFreeTime, time) + bytes / rate
      return .writing(until: diskFreeTime)
    }
  }

  /// Goes on to the next moment at which something ends.
  private mutating func advance() {
    var running = 0
    var (nextWork, nextTime) = (Double.infinity, Double.infinity)
    for state in states {
      if case .computing(let until) = state { (running, nextWork) = (running + 1, min(nextWork, until)) }
      if case .writing(let until) = state { nextTime = min(nextTime, until) }
    }
    let speed = running > 0 ? machine.speed(running: running) : 0
    let workTime = running > 0 ? time + (nextWork - worked) / speed : .infinity
    if workTime <= nextTime {
      (time, worked) = (workTime, nextWork)
    } else {
      worked += (nextTime - time) * speed
      time = nextTime
    }
    for index in states.indices where isOver(states[index]) { states[index] = .ready }
  }

  private func isOver(_ state: State) -> Bool {
    switch state {
    case .computing(let until): until <= worked
    case .writing(let until): until <= time
    default: false
    }
  }
}
