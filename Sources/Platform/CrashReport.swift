internal import CPlatform

/// Says what a program was at when it crashed, where no other process is there to say it.
package enum CrashReport {
  /// From now on a crash is told on standard error: `before`, the work of the thread, "crashed with SIGSEGV", `after`. Forked
  /// workers reset this.
  package static func install(before: String, after: String) {
    unsafe cplatform_tell_crashes(before, after)
  }

  /// Notes what the calling thread is at, for a person to read.
  package static func note(_ work: String) { unsafe cplatform_note_work(work) }
}
