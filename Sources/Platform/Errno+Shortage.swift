package import SystemPackage

extension Errno {
  /// Whether the machine is short of something that others may give back: room on the disk, descriptors, processes or
  /// memory. What follows would fail as well, and may work when it is tried again.
  package var isShortage: Bool {
    switch self {
    case .noSpace, .diskQuotaExceeded: true
    case .tooManyOpenFiles, .tooManyOpenFilesInSystem: true
    case .noMemory, .resourceTemporarilyUnavailable: true
    default: false
    }
  }
}
