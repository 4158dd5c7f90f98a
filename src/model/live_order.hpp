// What a reader of run/live.sock may order of the collector: one JSON a line.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace wl {

/// What a person wants done to alarms, or what the collector shall look at again. The collector
/// answers every order with a LiveMessage of type `answer` that carries the same `ref`, to the
/// reader that gave it and to nobody else.
struct LiveOrder {
  enum class Kind {
    acknowledge,    ///< ids, by, note.
    shelve,         ///< ids, minutes, by, note: hidden for so long.
    unshelve,       ///< ids, by, note.
    rules_changed,  ///< by: the table `thresholds` has changed; answered when it was read.
  };

  Kind kind = Kind::rules_changed;
  std::uint64_t ref = 0;  ///< Chosen by the reader, at least 1; any number that it can tell apart.
  std::vector<std::uint64_t> ids;  ///< `alarms.id`, each once; 1 to max_order_ids.
  int minutes = 0;                 ///< 1 to 1440.
  std::string by;                  ///< The name of the person, 1 to 100 bytes. Never empty.
  std::string note;                ///< At most 500 bytes.

  bool operator==(const LiveOrder&) const = default;
};

inline constexpr std::size_t max_order_bytes = 64 * 1024;  ///< Of a line.
inline constexpr std::size_t max_order_ids = 1000;
/// The greatest whole number that every JSON reader keeps exactly; no alarm has a greater one.
inline constexpr std::uint64_t max_order_id = (1ULL << 53) - 1;
inline constexpr std::size_t max_order_note = 500;  ///< Bytes, as in `alarms.note`.
inline constexpr int max_shelve_minutes = 24 * 60;

/// `acknowledge`, `shelve`, `unshelve`, `rules_changed`.
std::string_view word(LiveOrder::Kind kind);

/// One line without the line feed:
/// {"order":"shelve","ref":8,"by":"admin","ids":[12],"note":"","minutes":30}
std::string encode_order(const LiveOrder& order);

/// Strict: a member that is missing, of another type, out of its limits or unknown is named in the
/// error. What is not wholly understood is not done by half.
Result<LiveOrder> decode_order(std::string_view line);

/// The `ref` of a line that decode_order() refused, so that it can be answered all the same;
/// nothing when the line is no JSON object or has none.
std::optional<std::uint64_t> ref_of_order(std::string_view line);

}  // namespace wl
