internal import Glibc
internal import Platform
internal import ProcPool
internal import Synchronization

/// Threads that take chunks of task numbers from one counter, do them, and hand each report to the thread that made
/// them all.
final class TaskThreads {
  private let tasks: SharedTasks
  private var threads: [WorkThread] = []

  /// Starts `count` threads.
  /// - Parameters:
  ///   - begin: called once by each thread, before its first task.
  ///   - body: does a task; called by the thread of `rank` only.
  /// - Throws: a shortage if the system refuses a thread.
  init(
    _ count: Int, tasks work: (count: Int, chunkSize: Int), begin: @escaping @Sendable (_ rank: Int) -> Void,
    body: @escaping @Sendable (_ rank: Int, _ task: Int) -> TaskReport
  ) throws(PoolError) {
    tasks = SharedTasks(taskCount: work.count, chunkSize: work.chunkSize, threadCount: count)
    for rank in 0..<count {
      let thread = WorkThread { [tasks] in
        begin(rank)
        tasks.work { body(rank, $0) }
      }
      guard let thread else {
        tasks.withdraw(threadCount: count - rank)
        stop()
        throw .systemCall("pthread_create", errno: EAGAIN)
      }
      threads.append(thread)
    }
  }

  /// Reports that have arrived, waiting for one if there is none, but not for longer than `seconds`.
  /// - Returns: `nil` if all tasks are done and all reports have been taken.
  func takeReports(waiting seconds: Double) -> [(task: Int, report: TaskReport)]? { tasks.reports.take(seconds) }

  /// Lets each thread finish the task that it is in, and waits for that. No file is left half-written.
  func stop() {
    tasks.isStopped.store(true, ordering: .relaxed)
    for thread in threads { thread.join() }
    threads = []
  }
}

/// What the threads share.
private final class SharedTasks: Sendable {
  let reports: ReportBox
  let isStopped = Atomic(false)
  private let next = Atomic(0)
  private let taskCount, chunkSize: Int

  init(taskCount: Int, chunkSize: Int, threadCount: Int) {
    (self.taskCount, self.chunkSize) = (taskCount, chunkSize)
    reports = ReportBox(writerCount: threadCount)
  }

  /// In a thread: does one chunk after another, until there is none left.
  func work(_ body: (Int) -> TaskReport) {
    while let chunk = takeChunk() {
      for task in chunk where !isStopped.load(ordering: .relaxed) { reports.put(task, body(task)) }
    }
    reports.close(writerCount: 1)
  }

  func withdraw(threadCount: Int) { reports.close(writerCount: threadCount) }

  private func takeChunk() -> Range<Int>? {
    guard !isStopped.load(ordering: .relaxed) else { return nil }
    let size = min(chunkSize, taskCount)  // so that the counter stays far from its limit
    let begin = next.wrappingAdd(size, ordering: .relaxed).oldValue
    return begin < taskCount ? begin..<min(begin + size, taskCount) : nil
  }
}

/// Reports on their way from many threads to one.
///
/// Unchecked `Sendable`: the pointers are allocated and initialised once, and freed when no thread has the box any
/// more; mutex and condition exist to be shared, and all else is used with the mutex held.
@safe
private final class ReportBox: @unchecked Sendable {
  private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
  private var reports: [(task: Int, report: TaskReport)] = []
  private var writerCount: Int

  init(writerCount: Int) {
    self.writerCount = writerCount
    unsafe pthread_mutex_init(mutex, nil)
    // On the monotonic clock, so that nobody waits for a day when the machine's time is set.
    var attributes = pthread_condattr_t()
    unsafe pthread_condattr_init(&attributes)
    unsafe pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
    unsafe pthread_cond_init(condition, &attributes)
    unsafe pthread_condattr_destroy(&attributes)
  }

  deinit {
    unsafe pthread_cond_destroy(condition)
    unsafe pthread_mutex_destroy(mutex)
    unsafe condition.deallocate()
    unsafe mutex.deallocate()
  }

  func put(_ task: Int, _ report: TaskReport) { change { reports.append((task, report)) } }

  func close(writerCount: Int) { change { self.writerCount -= writerCount } }

  private func change(_ body: () -> Void) {
    unsafe pthread_mutex_lock(mutex)
    body()
    unsafe pthread_cond_signal(condition)
    unsafe pthread_mutex_unlock(mutex)
  }

  /// - Returns: `nil` if there are none and no writer is left; empty if there are none after `seconds`.
  func take(_ seconds: Double) -> [(task: Int, report: TaskReport)]? {
    let end = Clock.nanoseconds + UInt64(seconds * 1e9)
    var deadline = timespec(tv_sec: Int(end / 1_000_000_000), tv_nsec: Int(end % 1_000_000_000))
    unsafe pthread_mutex_lock(mutex)
    defer { unsafe pthread_mutex_unlock(mutex) }
    while reports.isEmpty && writerCount > 0 {
      guard unsafe pthread_cond_timedwait(condition, mutex, &deadline) == 0 else { break }
    }
    guard !reports.isEmpty || writerCount > 0 else { return nil }
    defer { reports.removeAll(keepingCapacity: true) }
    return reports
  }
}
