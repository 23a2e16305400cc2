/// A machine as the simulation knows it.
package struct SimulatedMachine: Hashable, Sendable {
  /// Processes that can run at once.
  package var cores: Int
  /// How much longer everything takes for each further core at work, as a share: what cores have in common (memory
  /// bandwidth, caches, clock) limits them all together to the work of 1 / contention cores.
  package var contention: Double
  /// Bytes that the disk takes in a second; `nil`: as many as come.
  package var writeBytesPerSecond: Double?

  /// A machine of so many cores.
  package init(cores: Int, contention: Double = 0, writeBytesPerSecond: Double? = nil) {
    precondition(cores >= 1 && contention >= 0, "a machine has a core, and cores do not speed each other up")
    (self.cores, self.contention, self.writeBytesPerSecond) = (cores, contention, writeBytesPerSecond)
  }

  /// Seconds of work that each of so many running processes gets done in a second: the cores are shared evenly.
  func speed(running: Int) -> Double {
    let busy = min(running, cores)
    return Double(busy) / Double(running) / (1 + contention * Double(busy - 1))
  }
}
