internal import Imaging
internal import Strategies

/// The readers of what workers say. The first byte chooses one; what is taken must say the same when it is said again.
enum MessageTarget {
  static func run(_ bytes: [UInt8]) {
    guard let kind = bytes.first else { return }
    let payload = Array(bytes.dropFirst())
    switch kind % 5 {
    case 0: check(TaskReport(validating: payload)?.payload) { TaskReport(validating: $0)?.payload }
    case 1: check([TaskReport](validating: payload)?.payload) { [TaskReport](validating: $0)?.payload }
    case 2:
      check(HeadedReport<ImageLayout?>(validating: payload)?.payload) {
        HeadedReport<ImageLayout?>(validating: $0)?.payload
      }
    case 3: check(HeadedReport<Bool>(validating: payload)?.payload) { HeadedReport<Bool>(validating: $0)?.payload }
    default:
      check(HeadedReport<SaveVerdict>(validating: payload)?.payload) {
        HeadedReport<SaveVerdict>(validating: $0)?.payload
      }
    }
  }

  private static func check(_ said: [UInt8]?, _ again: ([UInt8]) -> [UInt8]?) {
    guard let said else { return }
    promise(again(said) == said, "a message that is taken and does not survive being sent")
  }
}
