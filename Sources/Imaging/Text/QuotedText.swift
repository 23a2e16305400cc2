/// A text of a file as a message may show it: in quotes, short, and without what a terminal would obey.
func quoted(_ text: String) -> String {
  let shown = text.unicodeScalars.prefix(61)
  return "\"\(printable(shown.prefix(60)))\(shown.count > 60 ? "..." : "")\""
}

/// The scalars, those that are not to be seen written as escapes: files are hostile input.
package func printable(_ scalars: some Sequence<Unicode.Scalar>) -> String {
  scalars.reduce(into: "") { text, scalar in
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator: text += scalar.escaped(asASCII: true)
    default: text.unicodeScalars.append(scalar)
    }
  }
}
