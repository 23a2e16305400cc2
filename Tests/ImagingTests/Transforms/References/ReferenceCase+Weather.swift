extension ReferenceCase {
  static let weatherMakers: [String: Maker] = [:]
}
