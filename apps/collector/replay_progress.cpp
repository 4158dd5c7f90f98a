#include "apps/collector/replay_progress.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace wl {
namespace {

constexpr std::chrono::milliseconds bar_pause{200};
constexpr int step_of_lines = 10;  ///< Per cent.
constexpr int bar_width = 24;

std::string bar(int percent) {
  const auto full = static_cast<std::size_t>(percent * bar_width / 100);
  return std::string(full, '#') + std::string(bar_width - full, '.');
}

}  // namespace

std::string with_commas(std::uint64_t number) {
  std::string text = fmt::to_string(number);
  for (std::size_t place = text.size(); place > 3; place -= 3) text.insert(place - 3, ",");
  return text;
}

std::string ReplayProgress::at(Timestamp reached, std::uint64_t samples,
                               std::chrono::milliseconds took) {
  const auto whole = std::max<std::int64_t>((end_ - first_).count(), 1);
  const auto part = std::clamp<std::int64_t>((reached - first_).count(), 0, whole);
  const int percent = static_cast<int>(100 * part / whole);
  const bool due = form_ == Form::bar ? shown_ < 0 || took - shown_at_ >= bar_pause
                                      : shown_ < 0 || percent >= shown_ + step_of_lines;
  if (!due) return "";
  shown_ = form_ == Form::bar ? percent : percent / step_of_lines * step_of_lines;
  shown_at_ = took;
  const auto ms = std::max<std::int64_t>(took.count(), 1);
  const auto rate = samples * 1000 / static_cast<std::uint64_t>(ms);
  const std::string left =
      part > 0 ? fmt::format("{} s left", ms * (whole - part) / part / 1000) : "";
  const std::string text = fmt::format("{:3} %  {}  {} samples/s  {}", percent,
                                       to_iso8601(reached).substr(0, 10), with_commas(rate), left);
  if (form_ == Form::lines) return text + "\n";
  return fmt::format("\r  [{}] {:<60}", bar(percent), text);
}

}  // namespace wl
