// Any line on run/live.sock: an order or a message is refused, or reads back as it was written.
//
// The first byte chooses whether the rest stands alone or in the place of one member of a whole
// order or message, as nearly every random line is no JSON at all.
#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/check.hpp"
#include "model/live_message.hpp"
#include "model/live_order.hpp"

namespace {

using namespace wl;

void try_order(std::string_view line) {
  const auto order = decode_order(line);
  const auto ref = ref_of_order(line);
  if (!order) {
    WL_CHECK(order.error().code == Errc::invalid_argument && !order.error().what.empty());
    return;
  }
  WL_CHECK(ref == order->ref);
  WL_CHECK(!order->by.empty() && order->ids.size() <= max_order_ids);
  WL_CHECK(order->note.size() <= max_order_note);
  const std::string again = encode_order(*order);
  WL_CHECK(again.find('\n') == std::string::npos);
  WL_CHECK(decode_order(again) == *order);
}

void try_message(std::string_view line) {
  const auto message = decode_live(line);
  if (!message) {
    WL_CHECK(message.error().code == Errc::invalid_argument && !message.error().what.empty());
    return;
  }
  const std::string once = encode_live(*message);
  const auto again = decode_live(once);
  WL_CHECK(once.find('\n') == std::string::npos);
  WL_CHECK(again.has_value());
  // A number beyond all doubles is written as null, which is read as 0: settled after the second.
  const std::string twice = encode_live(*again);
  WL_CHECK(encode_live(decode_live(twice).value()) == twice);
}

constexpr std::array<std::string_view, 9> frames{
    "?",
    R"({"order":?,"ref":7,"by":"a"})",
    R"({"order":"acknowledge","ref":?,"by":"a","ids":[12],"note":""})",
    R"({"order":"acknowledge","ref":7,"by":?,"ids":[12],"note":""})",
    R"({"order":"shelve","ref":8,"by":"a","ids":?,"note":"","minutes":30})",
    R"({"order":"shelve","ref":8,"by":"a","ids":[12],"note":"?","minutes":30})",
    R"({"type":"values","ts":"2026-11-22","values":{"a?":{"v":1,"q":"good","t":"2026-11-22"}}})",
    R"({"type":"answer","ts":"2026-11-22","ref":1,"ok":false,"code":?,"error":"","alarms":[]})",
    R"({"type":"snapshot","ts":"2026-11-22","values":{},"alarms":?})"};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  std::string line(frames[data[0] % frames.size()]);
  line.replace(line.find('?'), 1, reinterpret_cast<const char*>(data + 1), size - 1);
  try_order(line);
  try_message(line);
  return 0;
}
