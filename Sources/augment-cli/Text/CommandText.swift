internal import Platform

/// Command lines for people to copy.
enum CommandText {
  /// That of this process, quoted for a shell.
  static var ofThisProcess: String { text(Startup.allArguments) }

  /// That of this process with a further option, unless it has it, or none is needed.
  static func ofThisProcess(with option: String?) -> String {
    let arguments = Startup.allArguments
    guard let option, !arguments.contains(option) else { return text(arguments) }
    return text(arguments + [option])
  }

  private static func text(_ arguments: [String]) -> String { arguments.map(quoted).joined(separator: " ") }

  /// The argument, quoted for a shell if necessary.
  private static func quoted(_ argument: String) -> String {
    let isPlain = argument.utf8.allSatisfy { byte in
      UnicodeScalar(byte).properties.isAlphabetic || "0123456789-_./,=+:".utf8.contains(byte)
    }
    guard !isPlain || argument.isEmpty else { return argument }
    return "'\(argument.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''"))'"
  }
}
