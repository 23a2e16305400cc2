/// Where an object of a pipeline file names its class: as Albumentations, hydra or mmdetection do, or by hand.
struct ClassKey {
  let entry: ConfigValue.Entry

  private static let names = ["__class_fullname__", "_target_", "type", "name"]
  /// What hydra adds, of no meaning here.
  private static let foreign = ["_convert_", "_recursive_", "_partial_"]

  /// `nil` if there is none.
  init?(of entries: [ConfigValue.Entry]) {
    for name in Self.names {
      guard let entry = entries.first(where: { $0.key == name }) else { continue }
      self.entry = entry
      return
    }
    return nil
  }

  /// Removes it from the fields of the object, and makes parameters that lie in an object of their own (`params`) fields.
  func take(from fields: inout ConfigFields) {
    _ = fields.take(entry.key)
    if entry.key == "_target_" { for key in Self.foreign { _ = fields.take(key) } }
    guard !fields.has("applied"), case .object(let parameters) = fields.value(of: "params")?.content else { return }
    _ = fields.take("params")
    fields.add(parameters)
  }
}
