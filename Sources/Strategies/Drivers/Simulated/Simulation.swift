package import Datasets
package import ProcPool

/// The machine of a simulation.
package struct SimulatedMachine: Hashable, Sendable {
  /// Processes that can run at once.
  package var cores: Int
  /// Slowdown per further busy core, as a fraction: what cores share (memory bandwidth, caches, clock) limits all of
  /// them together to the work of 1 / contention cores.
  package var contention: Double
  /// Write bandwidth of the disk in bytes per second; `nil`: unlimited.
  package var writeBytesPerSecond: Double?

  package init(cores: Int, contention: Double = 0, writeBytesPerSecond: Double? = nil) {
    precondition(cores >= 1 && contention >= 0, "a machine has a core, and cores do not speed each other up")
    (self.cores, self.contention, self.writeBytesPerSecond) = (cores, contention, writeBytesPerSecond)
  }

  /// Seconds of work that each of `running` processes gets done in a second, the cores shared evenly.
  package func speed(running: Int) -> Double {
    let busy = min(running, cores)
    return Double(busy) / Double(running) / (1 + contention * Double(busy - 1))
  }
}

/// The next step of a simulated process.
enum SimulatedStep: Equatable {
  /// Seconds of work, measured on a core without other load.
  case compute(Double)
  /// Writes bytes, and continues when the disk has them.
  case write(bytes: Double)
  /// Waits until another process has taken a step.
  case wait
  /// The process has ended.
  case end
}

/// A simulated process. It is asked for its next step when the last one is done and, while it waits, after each step of
/// another process.
protocol SimulatedProcess: AnyObject {
  func next() -> SimulatedStep
}

/// The work of a simulation.
package struct SimulatedScene: Hashable, Sendable {
  package var grid: TaskGrid
  package var costs: WorkCosts
  /// Whether copies are encoded and written.
  package var isSaving: Bool

  package init(images: Int, copies: Int, costs: WorkCosts, isSaving: Bool) {
    precondition(images >= 1 && copies >= 1, "there is something to do")
    (grid, self.costs) = (TaskGrid(imageCount: images, tasksPerImage: copies), costs)
    self.isSaving = isSaving
  }
}

/// Costs of an image and of a copy, for a process that has the machine to itself.
package struct WorkCosts: Hashable, Sendable {
  /// Seconds to read and decode an image, spent once for consecutive copies made by one process.
  package var readSeconds = 0.0, decodeSeconds = 0.0
  /// Seconds per copy.
  package var transformSeconds = 0.0, encodeSeconds = 0.0, writeSeconds = 0.0
  /// Bytes per copy.
  package var writtenBytes = 0.0
  /// Seconds of a core that each process takes to reach full speed: start-up and first use of memory.
  package var startSeconds = 0.0
  /// Seconds per run outside all stages.
  package var otherSeconds = 0.0

  package init() {}

  var loadSeconds: Double { readSeconds + decodeSeconds }
  var saveSeconds: Double { encodeSeconds + writeSeconds }
}

/// Counts of the work done.
package struct SimulatedTally: Hashable, Sendable {
  /// Images read and decoded.
  package var loads = 0
  /// Copies transformed.
  package var transforms = 0
  /// Copies encoded and written.
  package var saves = 0
}

/// The result of a simulation.
package struct SimulatedRun: Hashable, Sendable {
  package let seconds: Double
  package let tally: SimulatedTally

  /// Simulates a run of a strategy, which must not refuse `ranks`.
  /// - Throws: if there is no memory for the schedule.
  package init(
    _ strategy: any SimulatedStrategy.Type, _ scene: SimulatedScene, ranks: Int, on machine: SimulatedMachine
  ) throws(PoolError) {
    var how = RunDescription.How(strategy: strategy, ranks: ranks)
    how.cores = machine.cores
    precondition(strategy.refusal(of: how) == nil, "no such run")
    let schedule = try strategy.virtualSchedule(scene.grid, how)
    let counter = SimulatedTallyBox()
    let ranks = schedule.ranks.map { VirtualRank($0, schedule, scene, counter) }
    seconds = scene.costs.otherSeconds + Simulation.seconds(on: machine, ranks)
    tally = counter.value
  }
}

/// A discrete-event simulation of processes on the cores and the disk of a machine. Deterministic: simultaneous events
/// happen in the order of the processes.
struct Simulation {
  private enum State: Equatable {
    case ready, waiting, ended
    /// Until `worked` reaches this.
    case computing(until: Double)
    /// Until `time` reaches this.
    case writing(until: Double)
  }

  private let machine: SimulatedMachine
  private let processes: [any SimulatedProcess]
  private var states: [State]
  private var time = 0.0
  /// Seconds of work done by a process that has computed all the time.
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

  /// Lets each process take steps until it is busy, waiting or ended.
  /// - Returns: whether any is busy.
  private mutating func begin() -> Bool {
    var hasChanged = true
    while hasChanged {
      hasChanged = false
      for index in processes.indices where states[index] == .ready || states[index] == .waiting {
        // One that ends a step may make room for others, even if it has to wait itself.
        let endsStep = states[index] == .ready
        states[index] = state(after: processes[index].next())
        if endsStep || states[index] != .waiting { hasChanged = true }
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

  /// Advances to the next moment at which a step ends.
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
