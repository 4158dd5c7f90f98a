// Why a value is not taken as it came: one table of reasons, status codes and words.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "model/quality.hpp"

namespace wl {

/// What the collector's cleaning found. A value has at most one reason of the first group and one
/// of the second.
enum class CleaningReason : std::uint8_t {
  // The value itself.
  source_bad,        ///< The source says so; its code is kept.
  source_uncertain,  ///< Likewise.
  wrong_type,        ///< A text where a number belongs.
  not_finite,        ///< NaN or infinite.
  too_long,          ///< An integer beyond ±2^53: its last digits are lost.
  out_of_range,      ///< Outside [low, high] of the point, or a state code without a word.
  too_fast,          ///< Changed faster than `max_rate` of the point.
  stuck,             ///< Unchanged to the last bit for `stuck_after`.
  // Its time.
  clock_ahead,   ///< Dated ahead of its receipt: dated by receipt.
  clock_wrong,   ///< Dated too long ago to be true (1970): dated by receipt.
  clock_back,    ///< Dated before the value before it: dated by receipt.
  clock_behind,  ///< Dated before the value before it arrived: kept with its own time.
  undated,       ///< Without a time: dated by receipt.
  late,          ///< Came by history, behind a newer one: kept with its own time.
  // No news; not stored.
  repeated,   ///< The same notification again.
  undatable,  ///< Came by history with an impossible time: nobody knows where it belongs.
};

inline constexpr std::size_t cleaning_reasons = 16;

namespace quality {
inline constexpr Quality bad_type_mismatch{0x80740000};
inline constexpr Quality bad_out_of_range{0x803C0000};
inline constexpr Quality uncertain_configuration_error{0x420F0000};
inline constexpr Quality uncertain_units_exceeded{0x40940000};
inline constexpr Quality uncertain_not_accurate{0x40930000};
/// The number is the source's, its time is ours: usable as it stands.
inline constexpr Quality good_edited{0x00DC0000};
}  // namespace quality

struct CleaningWords {
  std::string_view key;   ///< In figures and JSON.
  Quality status;         ///< What the sample is stored with; 0: the source's own code.
  std::string_view code;  ///< Name of `status` in IEC 62541-4; empty for 0.
  bool doubtful;          ///< A person should look at the point.
  std::string_view zh_cn;
  std::string_view en;
};

/// By CleaningReason.
inline constexpr std::array<CleaningWords, cleaning_reasons> cleaning_table{{
    {"source_bad", {}, "", false, "来源质量为坏", "bad at its source"},
    {"source_uncertain", {}, "", false, "来源质量不确定", "uncertain at its source"},
    {"wrong_type", quality::bad_type_mismatch, "Bad_TypeMismatch", true, "类型不符：不是数值",
     "a text where a number belongs"},
    {"not_finite", quality::bad_out_of_range, "Bad_OutOfRange", true, "不是有限数（NaN 或无穷大）",
     "NaN or infinite"},
    {"too_long", quality::uncertain_configuration_error, "Uncertain_ConfigurationError", true,
     "整数超过 2^53，末位丢失", "an integer beyond 2^53: its last digits are lost"},
    {"out_of_range", quality::uncertain_units_exceeded, "Uncertain_EngineeringUnitsExceeded", true,
     "超出测点量程", "outside the range of the point"},
    {"too_fast", quality::uncertain_not_accurate, "Uncertain_SensorNotAccurate", true,
     "变化过快，超过 max_rate", "changed faster than max_rate"},
    {"stuck", quality::uncertain_last_usable, "Uncertain_LastUsableValue", true,
     "数值长时间不变（卡死）", "stuck: unchanged for stuck_after"},
    {"clock_ahead", quality::good_edited, "Good_Edited", true, "来源时钟超前，按接收时间记录",
     "the source's clock is ahead: dated by receipt"},
    {"clock_wrong", quality::good_edited, "Good_Edited", true, "来源时钟错误，按接收时间记录",
     "the source's clock is wrong: dated by receipt"},
    {"clock_back", quality::good_edited, "Good_Edited", true, "来源时钟被拨回，按接收时间记录",
     "the source's clock went back: dated by receipt"},
    {"clock_behind",
     {},
     "",
     true,
     "来源时钟滞后，保留其时间",
     "the source's clock is behind: kept with its own time"},
    {"undated",
     {},
     "",
     false,
     "没有源时间戳，按接收时间记录",
     "without a source time: dated by receipt"},
    {"late", {}, "", false, "历史补录，保留其时间", "came late by history: kept with its own time"},
    {"repeated", {}, "", false, "重复通知，未存储", "the same again: not stored"},
    {"undatable",
     {},
     "",
     true,
     "历史值时间不可能，未存储",
     "a history value with an impossible time: not stored"},
}};

constexpr const CleaningWords& words_of(CleaningReason reason) {
  return cleaning_table[static_cast<std::size_t>(reason)];
}

}  // namespace wl
