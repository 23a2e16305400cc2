internal import CPlatform
internal import Glibc

/// The first steps of a program, however it is started.
package enum Startup {
  /// The arguments, without the name of the program. Unlike those of `CommandLine`, they do not come from /proc, which
  /// a sandbox may not have. An argument that is not UTF-8 is escaped, as `PathText` does.
  package static var arguments: [String] { Array(allArguments.dropFirst()) }

  /// The arguments with the name of the program, which may be missing.
  package static var allArguments: [String] {
    var arguments: [String] = []
    var next = unsafe cplatform_arguments()
    while let argument = unsafe next.pointee {
      let bytes = unsafe [UInt8](UnsafeRawBufferPointer(start: argument, count: strlen(argument)))
      arguments.append(PathText.text(of: bytes))
      unsafe next += 1
    }
    return arguments
  }

  /// Call first in the `main` of a program that forks. A library may start threads before `main`: OpenCV loads a linear
  /// algebra library, and which one depends on the machine; OpenBLAS, which comes with NumPy, starts a thread per core.
  /// The program then re-executes itself with those threads disabled; it keeps its PID, arguments and descriptors.
  package static func reexecIfThreadsStarted() {
    guard cplatform_has_threads(), unsafe getenv(threadLimitName).map({ unsafe String(cString: $0) }) != "1" else {
      return
    }
    unsafe setenv(threadLimitName, "1", 1)
    // By its real path, under which it is listed from then on; without /proc, by the path it was started by. If it
    // cannot re-execute, it continues, and a fork is refused with an error.
    if let path = unsafe realpath("/proc/self/exe", nil) {
      unsafe execv(path, cplatform_arguments())
      unsafe free(path)
    }
    if let path = unsafe cplatform_executable_path() { unsafe execv(path, cplatform_arguments()) }
  }

  private static let threadLimitName = "OPENBLAS_NUM_THREADS"

  /// Call before anything else is opened. If standard input, output or error is closed, its number goes to a descriptor
  /// that cannot be written to; otherwise the next pipe or file would get it, and with it text meant for people.
  package static func openMissingDescriptors() { cplatform_open_missing_descriptors() }

  /// Has SIGTERM come when the thread ends that has started this process. A process that nobody waits for any more, such as
  /// the work of a node that was taken for dead, must not go on.
  package static func stopWithParent() { cplatform_signal_with_parent(SIGTERM, getppid()) }

  /// Makes a closed pipe or an exceeded file-size limit a write error (EPIPE, EFBIG) instead of the end of the process.
  package static func ignoreWriteSignals() {
    signal(SIGPIPE, SIG_IGN)
    signal(SIGXFSZ, SIG_IGN)
  }
}
