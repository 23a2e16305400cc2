internal import Glibc
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

  /// Whether a file system has gone, or takes nothing more: what follows will fail as well, today and tomorrow.
  package var isLoss: Bool {
    // ENOTCONN is what a FUSE file system says whose server is gone.
    [Glibc.EROFS, Glibc.ENODEV, Glibc.ENXIO, Glibc.ESTALE, Glibc.ENOTCONN].contains(rawValue)
  }
}
