internal import CPlatform
internal import Glibc

/// What a program does first, wherever and however it is started.
package enum Startup {
  /// The arguments, without the name of the program. Unlike those of `CommandLine`, they do not come from /proc, which a
  /// sandbox may not have. A path that is not UTF-8 comes as the text that gives it back.
  package static var arguments: [String] { Array(allArguments.dropFirst()) }

  /// The same with the name of the program, which may be missing.
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

  /// To be called first in the `main` of a program that forks. A library may start threads before `main`: OpenCV brings
  /// one for linear algebra with it, and which one is the machine's choice; OpenBLAS, which comes with NumPy, starts a
  /// thread for each core. Then the program begins once more, with that forbidden; it keeps its process id, arguments
  /// and descriptors.
  package static func reexecIfThreadsStarted() {
    guard cplatform_has_threads(), unsafe getenv(threadLimitName).map({ unsafe String(cString: $0) }) != "1" else {
      return
    }
    unsafe setenv(threadLimitName, "1", 1)
    // By its real name, which it is listed under from then on; without /proc, by the one that it was started with. Where
    // it cannot begin again, it goes on, and a fork is refused with an error.
    if let path = unsafe realpath("/proc/self/exe", nil) {
      unsafe execv(path, cplatform_arguments())
      unsafe free(path)
    }
    if let path = unsafe cplatform_executable_path() { unsafe execv(path, cplatform_arguments()) }
  }

  private static let threadLimitName = "OPENBLAS_NUM_THREADS"

  /// Before anything else is opened: where standard input, output or error is closed, what cannot be written to takes its
  /// number, which a pipe or a file would have got otherwise and text for people would have gone to.
  package static func openMissingDescriptors() { cplatform_open_missing_descriptors() }
}
