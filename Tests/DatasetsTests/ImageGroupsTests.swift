import Datasets
import Foundation
import Imaging
import TestSupport
import Testing

/// Which images belong together.
struct ImageGroupsTests {
  private func group(_ path: String, _ groups: ImageGroups) -> String? {
    groups.group(of: InputImage(path: path, format: path.hasSuffix(".png") ? .png : .jpeg))
  }

  private func listed(_ text: String) throws -> ImageGroups {
    let folder = try TemporaryFolder()
    let file = folder.url.appendingPathComponent("groups.csv")
    try Data(text.utf8).write(to: file)
    return try ImageGroups(file: file.path(percentEncoded: false))
  }

  @Test func aStemIsTheNameInAnyFolder() {
    #expect(group("left/0001.png", .stem) == "0001" && group("right/deep/0001.jpg", .stem) == "0001")
    #expect(group("0001.extra.png", .stem) == "0001.extra")
  }

  @Test func aFolderIsOneGroupWithoutThoseInIt() {
    #expect(group("clip/1.jpg", .folder) == "clip" && group("clip/deep/1.jpg", .folder) == "clip/deep")
    #expect(group("1.jpg", .folder) == "")
  }

  @Test func aTableNamesGroupsAndLeavesOthersAlone() throws {
    let groups = try listed("path,group\r\nb/1.png,x\r\n\"a,b.png\",x\r\n\nc.png,y")
    #expect(group("b/1.png", groups) == "x" && group("a,b.png", groups) == "x" && group("c.png", groups) == "y")
    #expect(group("d.png", groups) == nil)
    let tabs = try listed("a,b.png\tone group\n")
    #expect(group("a,b.png", tabs) == "one group")
  }

  @Test func aWrongTableIsRefusedWithItsLine() throws {
    for (text, expected) in [
      ("a.png\n", ":1: is not a path and a group"), ("a.png,x\nb.png,x,y", ":2: is not a path and a group"),
      ("a.png,x\na.png,y", ":2: lists \"a.png\" for the second time"), ("path,group\n", ": lists no images"),
    ] {
      let error = #expect(throws: GroupError.self) { try listed(text) }
      #expect("\(error as Any)".contains(expected) || error?.description.hasSuffix(expected) == true, "\(text)")
    }
  }
}
