internal import CFuzzer
internal import Glibc
internal import Platform

// Feeds the bytes of libFuzzer to the reader that AUGMENT_FUZZ_TARGET names: a word of `Target`.

let name = Program.environment("AUGMENT_FUZZ_TARGET") ?? ""
guard let chosen = Target(named: name) else {
  fatalError("AUGMENT_FUZZ_TARGET must be one of \(Target.names.joined(separator: ", "))")
}
/// Global, because a C function cannot capture it.
nonisolated(unsafe) var target = chosen

var count = CommandLine.argc
var arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? = unsafe CommandLine.unsafeArgv
let status = unsafe LLVMFuzzerRunDriver(&count, &arguments) { bytes, count in
  unsafe target.run(UnsafeRawBufferPointer(start: bytes, count: count)) ? 0 : -1
}
exit(status)
