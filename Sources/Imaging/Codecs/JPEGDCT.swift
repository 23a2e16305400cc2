/// How exactly the cosine transform of JPEG is computed. Another one gives other bytes.
public enum JPEGDCT: String, CaseIterable, Codable, Sendable {
  /// To the nearest whole number, as nearly every program does it.
  case exact
  /// With fewer multiplications, and colour differences repeated and not interpolated where they are decoded: for
  /// processors on which the exact one is slow. With AVX2 it saves a tenth of decoding and nothing of encoding.
  case fast
}
