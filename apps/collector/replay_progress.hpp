// What a person sees of a replay: how far, how fast, how long still.
#pragma once

#include <chrono>
#include <string>

#include "base/time.hpp"

namespace wl {

/// Texts only; the caller prints. At a terminal one line that is written over, else a line each
/// ten per cent.
class ReplayProgress {
 public:
  enum class Form { bar, lines };

  ReplayProgress(Form form, Timestamp first, Timestamp end)
      : form_(form), first_(first), end_(end) {}

  /// Nothing to print: an empty text. `took` is the real time since the start.
  std::string at(Timestamp reached, std::uint64_t samples, std::chrono::milliseconds took);
  /// Ends the line of a bar.
  std::string end() const { return form_ == Form::bar && shown_ >= 0 ? "\n" : ""; }

 private:
  const Form form_;
  const Timestamp first_;
  const Timestamp end_;
  int shown_ = -1;  ///< Per cent of the newest line.
  std::chrono::milliseconds shown_at_{};
};

/// `1,234,567`.
std::string with_commas(std::uint64_t number);

}  // namespace wl
