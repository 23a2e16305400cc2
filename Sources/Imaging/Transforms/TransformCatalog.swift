/// The transforms that pipeline files may name.
public enum TransformCatalog {
  /// Every transform.
  public static let all: [any Transform.Type] = [HorizontalFlip.self]

  /// The transform of that name.
  public static func type(named name: String) -> (any Transform.Type)? { all.first { $0.name == name } }
}
