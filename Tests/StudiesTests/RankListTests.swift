import Studies
import Testing

/// The syntax of `--ranks`.
struct RankListTests {
  @Test func doublingBeginsAndEndsWhereItIsToldTo() throws {
    for first in 1...70 {
      for last in first...140 {
        let ranks = try RankList("\(first)..\(last)").ranks
        #expect(ranks.first == first && ranks.last == last)
        for (number, next) in zip(ranks, ranks.dropFirst()) { #expect(next == min(2 * number, last)) }
      }
    }
  }

  @Test func stepsBeginAndEndWhereTheyAreToldTo() throws {
    for first in 1...12 {
      for last in first...24 {
        for step in 1...13 {
          let ranks = try RankList("\(first)..\(last)+\(step)").ranks
          #expect(ranks.first == first && ranks.last == last)
          for (number, next) in zip(ranks, ranks.dropFirst()) { #expect(next == min(number + step, last)) }
        }
      }
    }
  }

  @Test(arguments: [
    ("1", [1]), ("1024", [1024]), ("1,2,3", [1, 2, 3]), ("4,1", [4, 1]), ("1..64", [1, 2, 4, 8, 16, 32, 64]),
    ("1..6", [1, 2, 4, 6]), ("3..3", [3]), ("1..8+1", [1, 2, 3, 4, 5, 6, 7, 8]), ("2..9+3", [2, 5, 8, 9]),
    ("1,4..16,20..24+2", [1, 4, 8, 16, 20, 22, 24]), ("007", [7]),
  ])
  func listMeans(text: String, ranks: [Int]) throws {
    #expect(try RankList(text).ranks == ranks)
  }

  @Test func messagesNameWhatIsCounted() {
    let error = #expect(throws: RankList.Invalid.self) { try RankList("", of: "nodes") }
    #expect(error?.description == "no nodes are named")
  }

  private static let form = "write 1,2,4 or 1..64, which doubles, or 1..8+1, which goes in steps"

  @Test(arguments: [
    ("", "no ranks are named"), ("8..2", "8..2 goes down; write 2..8"), ("1,2,1", "1 is named twice"),
    ("1..8,4", "4 is named twice"), ("0", "ranks and steps lie between 1 and 1024, not 0"),
    ("1..1025", "ranks and steps lie between 1 and 1024, not 1025"),
    ("1..8+0", "ranks and steps lie between 1 and 1024, not 0"),
    ("99999999999999999999", "ranks and steps lie between 1 and 1024, not 99999999999999999999"),
    ("a", "'a' is not a number of ranks; \(form)"), ("1,", "'' is not a number of ranks; \(form)"),
    (",", "'' is not a number of ranks; \(form)"),
    ("-1", "'-1' is not a number of ranks; \(form)"), ("+1", "'+1' is not a number of ranks; \(form)"),
    ("1..", "'1..' is not a number of ranks; \(form)"), ("..4", "'..4' is not a number of ranks; \(form)"),
    ("1...4", "'1...4' is not a number of ranks; \(form)"), ("1..4+", "'1..4+' is not a number of ranks; \(form)"),
    ("1..4+1+1", "'1..4+1+1' is not a number of ranks; \(form)"), ("1.5", "'1.5' is not a number of ranks; \(form)"),
    ("1 2", "'1 2' is not a number of ranks; \(form)"), ("٣", "'٣' is not a number of ranks; \(form)"),
  ])
  func listIsRefusedWithASentence(text: String, sentence: String) {
    #expect(throws: RankList.Invalid.self) { try RankList(text) }
    do {
      _ = try RankList(text)
    } catch {
      #expect(error.description == sentence)
    }
  }
}
