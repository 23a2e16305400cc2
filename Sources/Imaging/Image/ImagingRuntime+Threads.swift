internal import Glibc

extension ImagingRuntime {
  private static let threadLimitName = "OPENBLAS_NUM_THREADS"

  /// To be called first in the `main` of a program that forks. OpenCV brings a library for linear algebra with it, and
  /// which one is the machine's choice: OpenBLAS, which comes with NumPy, starts a thread for each core before `main`.
  /// Then the program begins once more, with that forbidden; it keeps its process id, arguments and descriptors.
  public static func beginWithOneThread() {
    guard threadCount > 1, unsafe getenv(threadLimitName).map({ unsafe String(cString: $0) }) != "1" else { return }
    guard let path = unsafe realpath("/proc/self/exe", nil) else { return }
    unsafe setenv(threadLimitName, "1", 1)
    // Where it cannot begin again, it goes on, and a fork is refused with an error.
    unsafe execv(path, CommandLine.unsafeArgv)
    unsafe free(path)
  }

  private static var threadCount: Int {
    var status = stat()
    // Each thread is a folder in this one, which has two names besides.
    guard unsafe stat("/proc/self/task", &status) == 0 else { return 1 }
    return Int(status.st_nlink) - 2
  }
}
