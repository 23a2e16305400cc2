extension ReferenceCase {
  static let mixingMakers: [String: Maker] = [:]
}
