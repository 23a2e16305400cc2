import ProcPool
import Testing

/// What confined workers can do, and what it costs if they try more. The `pool-probe` scenario of the same name shows
/// each fact.
struct SandboxTests {
  private static let hasPlaces = Sandbox.available.contains(.places)
  private static let hasCalls = Sandbox.available.contains(.calls)

  @Test(.enabled(if: hasPlaces, "this kernel has no Landlock"))
  func aConfinedWorkerUsesItsPlacesAndNoOthers() throws {
    try Probe.expectFact("aConfinedWorkerUsesItsPlacesAndNoOthers")
  }

  @Test(
    .enabled(if: hasCalls, "this kernel filters no system calls"),
    arguments: [
      "aConfinedWorkerReachesNobody", "anIntrusionEndsItsWorkerAndCostsItsTaskOnly",
    ])
  func callsFact(_ name: String) throws { try Probe.expectFact(name) }

  @Test(arguments: [
    "aConfinedWorkerTakesItsShareOfMemory", "aConfinedWorkerMayLoadALibraryAndStartAThread",
    "aConfinedWorkerThatCrashesTellsItsSignalAndLeavesNoCore", "aResultLongerThanAnyMayBeEndsItsWorker",
    "anErrorWhoseTypeMayNotBeLookedUpArrivesAsText", "aWorkerThatStandsStillBetweenTwoTasksIsEnded",
    "theTimeInAQueueIsNoTimeOfATask",
  ])
  func fact(_ name: String) throws { try Probe.expectFact(name) }
}
