/// Text from a file, made safe for a message: quoted, cut to 60 scalars, without terminal control characters.
package func quoted(_ text: String) -> String {
  let shown = text.unicodeScalars.prefix(61)
  return "\"\(printable(shown.prefix(60)))\(shown.count > 60 ? "..." : "")\""
}

/// The scalars as text, with invisible ones escaped, because files are hostile input.
package func printable(_ scalars: some Sequence<Unicode.Scalar>) -> String {
  scalars.reduce(into: "") { text, scalar in
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator: text += scalar.escaped(asASCII: true)
    default: text.unicodeScalars.append(scalar)
    }
  }
}
