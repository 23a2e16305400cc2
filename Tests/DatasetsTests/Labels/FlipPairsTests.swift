import Datasets
import Testing

/// Which points change places in a mirrored image.
struct FlipPairsTests {
  private static func kind(_ names: [String], _ order: [Int]? = nil) -> LabelClass {
    var kind = LabelClass("person")
    (kind.keypointNames, kind.mirroredKeypoints) = (names, order)
    return kind
  }

  @Test(arguments: [
    ["nose", "left_eye", "right_eye"], ["Nose", "LeftEye", "RightEye"], ["nose", "eye_l", "eye_r"],
    ["n", "L-Eye", "R-Eye"], ["n", "LEye", "REye"], ["n", "lEye", "rEye"], ["n", "lefteye", "righteye"],
    ["n", "EyeLeft", "EyeRight"], ["n", "left eye 2", "right eye 2"], ["n", "Left_eye", "right_eye"],
    ["n", "eye.L", "eye.R"], ["n", "LEFT_EYE", "RIGHT_EYE"], ["n", "right.upper.left", "left.upper.right"],
    ["n", "l", "r"], ["n", "left", "right"],
  ])
  func namesThatDifferInTheSideArePairs(names: [String]) {
    #expect(FlipPairs.byName.order(for: Self.kind(names)) == [0, 2, 1])
  }

  @Test(arguments: [
    [], ["nose", "mouth"], ["lamp", "ramp"], ["left_eye", "right_ear"], ["left_eye", "left_ear"], ["bright", "blight"],
    ["left_eye", "right_eye", "right_eye"], ["left_eye", "Left_Eye", "right_eye"], ["load", "road"], ["lid1", "rid1"],
  ])
  func otherNamesAreNoPairs(names: [String]) {
    #expect(FlipPairs.byName.order(for: Self.kind(names)) == nil)
  }

  @Test func thePointsOfCOCOsPersonsArePairs() {
    let parts = ["eye", "ear", "shoulder", "elbow", "wrist", "hip", "knee", "ankle"]
    let names = ["nose"] + parts.flatMap { ["left_\($0)", "right_\($0)"] }
    let order = [0, 2, 1, 4, 3, 6, 5, 8, 7, 10, 9, 12, 11, 14, 13, 16, 15]
    #expect(FlipPairs.byName.order(for: Self.kind(names)) == order)
  }

  /// What is told for this run counts before what the labels tell, and that before names.
  @Test func theMoreExplicitCounts() throws {
    let kind = Self.kind(["left_eye", "right_eye", "x", "y"], [0, 1, 3, 2])
    #expect(FlipPairs.byName.order(for: kind) == [0, 1, 3, 2])
    #expect(FlipPairs.none.order(for: kind) == nil)
    #expect(try FlipPairs(parsing: "0:2").order(for: kind) == [2, 1, 0, 3])
    #expect(try FlipPairs(parsing: "x:right_eye").order(for: kind) == [0, 2, 1, 3])
  }

  @Test func pairsAreReadAsTheyAreWritten() throws {
    #expect(try FlipPairs(parsing: "a:b, 5:4 ,q:é") == .pairs([.names("a", "b"), .indices(5, 4), .names("q", "é")]))
  }

  @Test func unknownPairsAreTold() throws {
    let pairs = try FlipPairs(parsing: "a:b,2:3,c:x")
    let classes = [Self.kind(["a", "b"]), Self.kind(["b", "c"])]
    #expect(pairs.unknownPairs(in: classes) == [.indices(2, 3), .names("c", "x")])
    #expect(classes.map { pairs.order(for: $0) } == [[1, 0], nil])
    let uncounted = LabelClass("hand")
    #expect(pairs.unknownPairs(in: classes + [uncounted]) == [.names("c", "x")])
    #expect(pairs.order(for: uncounted) == [0, 1, 3, 2])
    #expect(FlipPairs.byName.unknownPairs(in: classes).isEmpty)
  }

  @Test(arguments: ["auto", "none", "left_eye:right_eye,5:6", "é:ü"])
  func aTextComesBack(text: String) throws {
    #expect("\(try FlipPairs(parsing: text))" == text)
  }

  @Test(arguments: [
    ("", "\"\" is neither auto, none, nor a pair of points such as left_eye:right_eye"),
    ("a", "\"a\" is neither auto, none, nor a pair of points such as left_eye:right_eye"),
    ("a:b,", "\"\" is neither auto, none, nor a pair of points such as left_eye:right_eye"),
    ("a:b:c", "\"a:b:c\" is neither auto, none, nor a pair of points such as left_eye:right_eye"),
    ("a: ", "\"a: \" is neither auto, none, nor a pair of points such as left_eye:right_eye"),
    ("1:b", "\"1:b\" pairs a number with a name"), ("a:a", "the point \"a\" is in more than one place"),
    ("5:05", "the point \"05\" is in more than one place"), ("a:b,c:a", "the point \"a\" is in more than one place"),
    ("1:99999999999999999999", "the points of \"1:99999999999999999999\" must be less than 10000"),
  ])
  func aBrokenTextIsTold(text: String, expected: String) {
    let error = #expect(throws: FlipPairs.ParsingError.self) { try FlipPairs(parsing: text) }
    #expect(error?.description == expected)
  }
}
