internal import CPlatform

/// Where memory may be refused: under a limit of the address space, or where the kernel promises no more than it has.
///
/// Whatever grows with an image is asked for by way of this, and a refusal is an error. What Swift allocates itself it
/// cannot be refused: it ends the process. In a worker the pool survives that; in the main process only small things are
/// left to it, of which the C library has a reserve as long as anything large was freed before.
package enum Memory {
  /// Whether an array of so many bytes can be allocated. They are given back at once, and in a process of one thread
  /// nobody takes them before the array does.
  package static func hasRoom(forArrayOf byteCount: Int) -> Bool {
    let headerByteCount = 64  // what Swift puts before the elements, and the C library before that
    return byteCount < Int.max - headerByteCount && cplatform_has_room(byteCount + headerByteCount)
  }
}
