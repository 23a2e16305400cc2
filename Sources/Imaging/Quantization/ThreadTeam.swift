internal import Platform

/// Threads that wait for the next step, within an image and from image to image. The thread that calls `perform` does
/// the first part itself.
package final class ThreadTeam: QuantizerTeam {
  package let count: Int
  private let work: SharedWork
  private var threads: [WorkThread] = []

  /// Starts `count` − 1 threads. Fork no process while they run.
  package init(count: Int) throws(ImagingError) {
    precondition(count >= 1, "a step has at least one part")
    self.count = count
    // Some tens of microseconds, as long as the driver takes between steps; none if waiting would keep those from
    // running that are waited for.
    work = SharedWork(looks: count <= Cores.available ? 50_000 : 0)
    for part in 1..<count {
      guard let thread = WorkThread({ [work] in work.run(part) }) else {
        stop()
        throw .failed("no more threads can be started")
      }
      threads.append(thread)
    }
  }

  deinit { stop() }

  package func perform(_ step: QuantizeStep, on memory: QuantizerMemory) {
    work.begin(step, memory)
    memory.perform(step, part: 0)
    work.waitForThreads(threads.count)
  }

  private func stop() {
    work.end()
    for thread in threads { thread.join() }
    threads = []
  }
}

/// What the threads of a team share. They own it, not the team, so that the team's end can end them.
///
/// Unchecked `Sendable`: `step` is written only while all threads wait at `begun`, which they pass after it.
private final class SharedWork: @unchecked Sendable {
  private let begun: CountingGate
  private let finished: CountingGate
  private var step: (step: QuantizeStep, memory: QuantizerMemory)?
  private var finishedCount: UInt32 = 0

  init(looks: Int) { (begun, finished) = (CountingGate(looks: looks), CountingGate(looks: looks)) }

  func begin(_ step: QuantizeStep, _ memory: QuantizerMemory) {
    self.step = (step, memory)
    begun.raise()
  }

  func end() {
    step = nil
    begun.raise()
  }

  /// - Parameter threadCount: how many have been told to begin.
  func waitForThreads(_ threadCount: Int) {
    finishedCount &+= UInt32(threadCount)
    finished.wait(for: finishedCount)
  }

  /// In a thread: does a part of each step, until the end.
  func run(_ part: Int) {
    var stepNumber: UInt32 = 0
    while true {
      stepNumber &+= 1
      begun.wait(for: stepNumber)
      guard let step else { return }
      step.memory.perform(step.step, part: part)
      finished.raise()
    }
  }
}
