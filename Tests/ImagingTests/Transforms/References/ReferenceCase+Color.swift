extension ReferenceCase {
  static let colorMakers: [String: Maker] = [:]
}
