import Foundation
import Glibc
import TestSupport
import Testing

/// Facts about whole pools. The `pool-probe` scenario of the same name shows each of them, and must leave no process.
@Suite(.serialized)
struct PoolTests {
  @Test(arguments: [
    "mapEqualsSerialForAnyChunkSize", "starmapUnpacksItsArguments", "resultsAreInInputOrderWhateverTheirDuration",
    "emptyInputGivesNothing", "everyKindOfPayloadComesBackUnchanged", "payloadsLargerThanAnyPipePass",
    "aValueNestedTooDeeplyFailsItsTaskOnly",
    "repliesLargerThanTheRingNeverStall",
    "unorderedOutcomesComeAsTheyFinish", "aReplyDoesNotWaitForTheTaskBehindIt",
    "anInfiniteSequenceIsReadNoFurtherThanTheWindow",
    "callsOnOnePoolMayOverlap", "initializerRunsOnceInEachProcessAndInReplacements",
    "capturedValuesAreInheritedNotEncoded",
  ])
  func resultsFact(_ name: String) throws { try expectFact(name) }

  @Test(arguments: [
    "applyGivesOneResult", "aHandleGivesTheSameValueAgain", "getTimesOutAndTheCallGoesOn",
    "successfulIsAnErrorBeforeTheEndAndFalseAfterAFailure", "callbacksRunOnceAndNeverBoth",
    "aCallbackThatThrowsFailsItsHandleOnly", "aCallbackMayUseItsPool", "handlesAdvanceInAnyWaitOfTheirPool",
    "anUnheldHandleStillCallsBack", "aDeathFailsItsHandleOnly", "cancelledTasksNeverRunOrEndAtOnce",
    "aHandlePendingAtTerminateEnds", "progressCountsEveryTaskOnce", "outstandingHandlesAreToldApart",
  ])
  func handleFact(_ name: String) throws { try expectFact(name) }

  @Test(arguments: [
    "imapKeepsTheOrderOfItsItems", "anErrorTakesItsPlaceInImapAndTheStreamGoesOn",
    "nextTimesOutAndThenGivesTheSameResult", "aProducerThatThrowsEndsTheStreamBehindItsResults",
    "imapReadsNoFurtherThanItsWindow", "argumentsWithoutMeaningAreRefusedBeforeAnythingRuns",
    "aChunkLargerThanTheInputGoesToOneWorker", "allOtherChunksRunBeforeMapThrows", "aClosedPoolRefusesEveryCall",
    "joinWaitsForWhatIsUnderWay",
    "joinDoesNotWaitForAnUnreadStream", "whatIsFreeBeginsWhenACallIsMade", "adaptiveChunksGiveEveryResult",
  ])
  func flowFact(_ name: String) throws { try expectFact(name) }

  @Test(arguments: [
    "aTaskThatTakesTooLongIsStoppedAndTheOthersGoOn", "aTaskThatIgnoresItsStopIsKilled",
    "shortTasksInLongCallsKeepTheirTime", "workersAreRecycledAfterTheirShareOfChunks",
    "aWorkerThatGrowsTooLargeIsRecycled",
    "placedWorkersStayWhereTheyArePut", "theFinalizerRunsInWorkersThatLeave", "aCodableErrorArrivesAsItself",
    "whatCannotBeEncodedFailsItsTaskOnly",
    "aKilledIdleWorkerIsNoHindranceTenTimes",
  ])
  func limitFact(_ name: String) throws { try expectFact(name) }

  @Test(arguments: [
    "insightsTellWhereTheTimeWent", "aCallForSomeRanksRunsThereOnly", "waitingForRoomIsNoTaskTime",
    "timeLimitsMayBeInfiniteOrNone", "aStoppedWorkerThatShouldLeaveBlocksNoWait",
    "aTaskBehindACancelledOneOfAStoppedWorkerEnds",
  ])
  func insightFact(_ name: String) throws { try expectFact(name) }

  @Test(arguments: [
    "aFailureHasTheEndOfItsWorkersStderr", "onlyTheEndOfALongOutputIsKept", "aFloodOfOutputArrivesWhole",
    "linesStandInTheOrderInWhichTheyWereWritten", "linesOfTheLastTasksAreThereHoweverTheParentEnds",
    "programsThatWorkersStartWriteWhereTheyDo", "outputWithoutAReaderIsNoFailure",
    "aFullPipeBlocksTheWriterAndNotTheParent",
    "aPipeThatDoesNotWaitLosesNothing", "printedLinesAreWholeAndNoneIsLostWhenThePoolEnds",
    "aLimitOfFileSizeIsNoLimitOfOutput", "aFileThatMayNotGrowIsNoFailure",
  ])
  func outputFact(_ name: String) throws { try expectFact(name) }

  @Test(arguments: [
    "aMapEndsBesideATaskThatHangs", "noTaskWaitsBehindOneThatWaitsForIt", "aLongTaskAfterManyShortOnesDelaysNoOther",
    "partOfAChunkGoesToAnIdleWorker", "tasksStayOnTheRanksOfTheirCall", "readyShowsHandlesInTheOrderOfTheirEnds",
  ])
  func conservingFact(_ name: String) throws { try expectFact(name) }

  @Test(arguments: ["1", "2", "3"])
  func tasksThatMoveRunOnce(seed: String) throws { try expectFact("tasksThatMoveRunOnce", seed) }

  @Test(arguments: [
    "aPoolThatIsLetGoLeavesNoWorkerWhateverIsStillHeld", "aForkOfTheParentMayDoNothingWithItsPool",
    "aForkOfTheParentThatLeavesTheScopeOfItsPoolEndsNothing", "aForkInABodyThatComesBackFromItEndsThere",
    "aWorkerThatLetsGoOfAnInheritedPoolKeepsItsOwn", "aBootstrappedProgramMayBootstrapInAForkedWorker",
    "aCallbackThatWaitsForItsOwnCallIsToldSo", "aProducerThatReadsItsOwnStreamIsToldSo",
  ])
  func ownershipFact(_ name: String) throws { try expectFact(name) }

  @Test(arguments: [
    "whatAWorkerInheritsIsNotItsOwnMemory", "aProgramWithoutStandardStreamsHasItsPool",
    "workersThatLeaveBetweenTasksEndInAnErrorOfThePool", "aWorkerThatWaitsForRoomEndsWithItsParent",
    "aWorkerThatWaitsForRoomEndsWhenItsParentBecomesAnotherProgram", "theGraceOfTerminateIsNotEndedByASignal",
    "memoryForLargePayloadsIsGivenBack",
  ])
  func stormFact(_ name: String) throws { try expectFact(name) }

  @Test(arguments: [
    "aBodyThatClosesWhatIsNotItsOwnEndsItsWorker", "theMainThreadOfAWorkerThatLeavesEndsItsTask",
    "aLimitDoesNotCountTheTimeInWhichTheProgramWasStopped", "aWorkerThatStaysStoppedIsEndedAtItsLimit",
    "whereSIGCHLDIsIgnoredADeathIsToldAsStatusZero", "aReplacementIsRefusedWhereThreadsCameAfterThePool",
    "aLargePayloadNeedsTwiceItsSize",
  ])
  func strangerFact(_ name: String) throws { try expectFact(name) }

  @Test(.enabled(if: Strace.mayTrace, "strace is not installed, or tracing is not permitted"))
  func withoutPidfdOpenAPoolIsRefused() throws {
    let process = Process()
    process.executableURL = URL(filePath: Strace.executable)
    process.arguments = [
      "-f", "-o", "/dev/null", "-e", "inject=pidfd_open:error=ENOSYS", Probe.executable.path,
      "withoutPidfdOpenAPoolIsRefused",
    ]
    try process.run()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
  }

  /// For a longer run: `pool-probe NAME SEED SECONDS`.
  @Test(arguments: ["1", "2", "3"])
  func aWorkerThatWritesOverWhatItSharesCostsItsTasksOnly(seed: String) throws {
    try expectFact("aWorkerThatWritesOverWhatItSharesCostsItsTasksOnly", seed)
  }

  @Test(arguments: [
    "numbersOfOptionsMayBeAnything", "numbersOfCallsMayBeAnything", "numbersOfSharedMemoryMayBeAnything",
  ])
  func numberFact(_ name: String) throws { try expectFact(name) }

  @Test(arguments: [
    "aThrowNamesIndexRankPidAndText", "aThrowEndsItsChunkAndNoOther", "unorderedOutcomesGoOnAfterAThrowInTheirChunk",
    "aMegabyteOfErrorTextArrivesWhole", "finishedTasksOfADeadWorkerAreNeitherLostNorRunAgain",
    "retriesRunATaskAgainAndThenGiveUp", "killedIdleWorkersAreReplaced",
    "aFailingInitializerIsAnErrorNotAForkStorm", "workersThatDieAtTheirStartEndInAnError",
    "aWorkerThatDoesNotStartInTimeIsReplaced", "aReplacementThatCannotBeMadeIsMadeWhenItCan",
    "aForkFromAThreadedProcessIsRefused",
  ])
  func failureFact(_ name: String) throws { try expectFact(name) }

  @Test(arguments: [
    "closeRefusesWorkAndJoinWaitsForIt", "aWorkerKilledWhileItLeavesDoesNotHoldJoin", "terminateEndsBusyWorkersAtOnce",
    "terminateEndsWorkersThatIgnoreItOrAreStopped", "aScopeThatThrowsLeavesNothing",
    "droppedPoolsAndStreamsLeaveNothing", "twoPoolsDoNotHoldEachOthersPipes", "aWorkerCanHaveAPoolOfItsOwn",
  ])
  func endingFact(_ name: String) throws { try expectFact(name) }

  @Test(arguments: [
    "workersWriteIntoASharedArray", "slotsOfAnArenaCarryImagesToWorkersAndBack", "aFullArenaHasNoSlot",
    "memoryThatThereIsNotIsAnError", "sharedMemoryLeavesNothing",
  ])
  func sharedMemoryFact(_ name: String) throws { try expectFact(name) }

  @Test(arguments: [
    "aFullQueueMakesAProducerWaitUntilThereIsRoom", "anEmptyQueueMakesTheConsumerWaitUntilThereIsAMessage",
    "closingRefusesProducersAndLetsTheConsumerDrain", "closingWakesTheConsumerAndSoDoesTheLastSlotGivenBack",
    "aReservationDroppedGivesItsSlotBack", "workersOfAPoolThatDieGiveTheirSlotsBack",
    "aMessageOfADeadConsumerIsDeliveredOnceMoreInItsPlace", "theEndWaitsForAMessageThatADeadConsumerHad",
  ])
  func sharedQueueFact(_ name: String) throws { try expectFact(name) }

  @Test(arguments: ["1", "2", "64"])
  func aQueueLosesNothingAndKeepsTheOrderOfEachProducer(slotCount: String) throws {
    try expectFact("aQueueLosesNothingAndKeepsTheOrderOfEachProducer", slotCount)
  }

  @Test(arguments: ["acquireInAChild", "releaseInAChild", "tooLong"])
  func aMisusedArenaTraps(how: String) throws { try expectFact("aMisusedArenaTraps", how) }

  /// To try all instructions, which takes minutes: `pool-probe NAME 1`.
  @Test(arguments: [
    "aWorkerHeldAtAnyInstructionOfItsClaimsSharesNoTask",
    "aWorkerKilledAtAnyInstructionOfItsClaimsHasBegunWhatItRan",
  ])
  func everyThirteenthInstructionOfAClaim(_ name: String) throws { try expectFact(name, "13") }

  /// To try all instructions, which takes minutes: `pool-probe NAME 1`.
  @Test(arguments: [
    "aProducerKilledAtAnyInstructionBlocksNoProcess", "aConsumerKilledAtAnyInstructionBlocksNoProcess",
    "aConsumerHeldAtAnyInstructionTakesTheOlderOfTwo",
    "aProducerHeldAtAnyInstructionWhileTheQueueClosesIsRefusedOrHeard",
  ])
  func everyThirtyFirstInstruction(_ name: String) throws { try expectFact(name, "31") }

  @Test(arguments: ["1", "2", "3"])
  func randomKillsAroundAQueueLoseNothing(seed: String) throws {
    try expectFact("randomKillsAroundAQueueLoseNothing", seed)
  }

  @Test(arguments: ["kill", "segfault", "trap", "exit", "leave"])
  func aDeathFailsItsTaskOnly(_ how: String) throws { try expectFact("aDeathFailsItsTaskOnly", how) }

  @Test(arguments: ["1", "2", "3"])
  func randomKillsLoseNothing(seed: String) throws { try expectFact("randomKillsLoseNothing", seed) }

  @Test func everyHandleEndsWhateverHappens() throws { try expectFact("everyHandleEndsWhateverHappens", "1") }

  @Test(arguments: [SIGINT, SIGTERM, SIGHUP, SIGKILL])
  func aSignalToTheParentEndsEveryWorker(signal: Int32) throws {
    let token = UUID().uuidString
    let output = Pipe()
    let process = try Probe.start(["busyUntilStopped"], token: token, output: output)
    var line = ""
    while !line.hasSuffix("\n") {
      let data = output.fileHandleForReading.availableData
      try #require(!data.isEmpty, "the probe ended early")
      line += String(decoding: data, as: UTF8.self)
    }
    let workers = line.split(whereSeparator: \.isWhitespace).compactMap { Int32($0) }
    #expect(Set(Probe.processes(with: token)) == Set(workers + [process.processIdentifier]))
    kill(process.processIdentifier, signal)
    process.waitUntilExit()
    #expect(process.terminationStatus == (signal == SIGKILL ? SIGKILL : 128 + signal))
    Probe.expectNoProcess(with: token)
  }

  /// A scenario that no test names is never run.
  @Test func everyScenarioIsNamedByATest() throws {
    let folder = URL(filePath: #filePath).deletingLastPathComponent()
    let tests = try ["PoolTests", "StartMethodTests", "DocumentationTests", "SandboxTests"].map {
      try String(contentsOf: folder.appending(path: "\($0).swift"), encoding: .utf8)
    }
    let output = Pipe()
    let process = try Probe.start([], token: UUID().uuidString, output: output)
    let names = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    // Run by hand with some gigabytes; it takes six times as much memory.
    let unnamed = names.split(separator: "\n").filter { name in
      name != "aPayloadOfAGivenSizePasses" && !tests.contains { $0.contains("\"\(name)\"") }
    }
    #expect(unnamed.isEmpty)
    #expect(names.contains("mapEqualsSerialForAnyChunkSize"))
  }

  private func expectFact(_ name: String, _ argument: String = "") throws {
    try Probe.expectFact(name, argument)
  }
}
