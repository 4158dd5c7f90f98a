// The values of a virtual run on their way from `wattline-plc --feed` to `wattline-collector
// --replay`: lines of text, made to be written and read at millions of values a second.
//
//     wattline-feed 1 1763769600000 1764374400000    format, first scan, expected end (unix ms)
//     var 0 UInt32 PLC_PRG.udiScanCount              number, type, PLC variable; numbers from 0
//     0 0=1 4=0.512                                  ms since the scan before, what changed
//     100 0=2
//     end                                            complete: without it the writer died
//
// BOOL is 0 or 1, a number the shortest text that reads back the same. STRING is left out: no point
// takes a text. A scan that changed nothing may be left out, but a line comes at least each second.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"
#include "model/value.hpp"

namespace wl {

struct FeedVariable {
  DataType type = DataType::float64;
  std::string path;  ///< `PLC_PRG.rTotalPower`
};

struct FeedHead {
  Timestamp first{};
  Timestamp expected_end{};  ///< For a progress bar only.
  std::vector<FeedVariable> variables;
};

struct FeedChange {
  std::uint32_t variable = 0;  ///< Index into FeedHead::variables.
  Value value;                 ///< Of the variable's type.
};

/// Appends lines to a text; the caller writes it out. One thread.
class FeedWriter {
 public:
  /// The text begins with the head.
  explicit FeedWriter(const FeedHead& head);

  void begin_scan(Timestamp time);
  void add(std::uint32_t variable, const Value& value);
  void end_scan() { text_.push_back('\n'); }
  void end() { text_ += "end\n"; }

  /// What is to be written; empty afterwards.
  std::string take() { return std::exchange(text_, {}); }
  std::size_t size() const { return text_.size(); }

 private:
  std::string text_;
  Timestamp last_{};
};

/// Takes line after line, without their ends. Errors (`corrupt`) say the line's number and what is
/// wrong with it. One thread.
class FeedReader {
 public:
  enum class Line { head, scan, end };

  Result<Line> take(std::string_view line);

  /// Complete with the first scan.
  const FeedHead& head() const { return head_; }
  /// Of the scan that was taken last; valid until the next take().
  Timestamp time() const { return time_; }
  const std::vector<FeedChange>& changes() const { return changes_; }

 private:
  Result<void> take_head(std::string_view line);
  Result<void> take_variable(std::string_view line);
  Result<void> take_scan(std::string_view line);
  std::unexpected<Error> wrong(std::string_view what) const;

  FeedHead head_;
  Timestamp time_{};
  std::vector<FeedChange> changes_;
  std::uint64_t number_ = 0;  ///< Of the line, from 1.
  bool ended_ = false;
};

}  // namespace wl
