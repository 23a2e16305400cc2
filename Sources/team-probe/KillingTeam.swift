internal import Glibc
internal import Imaging
internal import ProcPool
internal import Strategies

/// A process team one of whose processes is killed in a certain step of each quantisation.
final class KillingTeam: QuantizerTeam {
  /// Whom to kill, and after how long.
  struct Order: Codable, BitwiseCopyable {
    var pid: Int32
    var microseconds: UInt32
  }

  let team: ProcessTeam
  /// Number of the step, from 0, and how long after its begin.
  var death: (step: Int, microseconds: UInt32)?
  /// Steps of the last quantisation so far.
  private(set) var stepCount = 0
  private let killer: Pool<Order, Bool>

  init(_ team: ProcessTeam) throws(PoolError) {
    self.team = team
    killer = try Pool(PoolOptions(workers: 1)) { order in
      usleep(order.microseconds)
      return kill(order.pid, SIGKILL) == 0
    }
  }

  var count: Int { team.count }

  func begin(_ death: (step: Int, microseconds: UInt32)?) { (self.death, stepCount) = (death, 0) }

  func perform(_ step: QuantizeStep, on memory: QuantizerMemory) throws(ImagingError) {
    let kill = try startKilling()
    stepCount += 1
    try team.perform(step, on: memory)
    do throws(PoolError) {
      _ = try kill?.get()
    } catch {
      throw .failed("the killer: \(error)")
    }
  }

  private func startKilling() throws(ImagingError) -> AsyncResult<Bool>? {
    guard let death, death.step == stepCount, let pid = team.workerPIDs[stepCount % count] else { return nil }
    do throws(PoolError) {
      let kill = try killer.applyAsync(Order(pid: pid, microseconds: death.microseconds))
      kill.wait(timeout: 0)  // sends it
      return kill
    } catch {
      throw .failed("the killer: \(error)")
    }
  }
}
