#include "apps/wattline/progress_line.hpp"

#include <fmt/format.h>
#include <unistd.h>

namespace wl::command {

ProgressLine::ProgressLine(Elsewhere elsewhere)
    : terminal_(::isatty(STDERR_FILENO) == 1), elsewhere_(elsewhere) {}

ProgressLine::~ProgressLine() {
  if (terminal_ && !last_.empty()) fmt::print(stderr, "\r\033[K");
}

storage::Progress ProgressLine::bytes() {
  return [this](const storage::ProgressStep& step) {
    const bool counts = terminal_ || elsewhere_ == Elsewhere::lines;
    if (!counts) return show(std::string(step.doing));  // A log wants no percentages.
    if (step.total == 0) return show(fmt::format("{} {}", step.doing, size_text(step.done)));
    return show(
        fmt::format("{} {:.0f} % of {}", step.doing,
                    100.0 * static_cast<double>(step.done) / static_cast<double>(step.total),
                    size_text(step.total)));
  };
}

bool ProgressLine::show(const std::string& text) {
  if (stop_.wait(std::chrono::milliseconds{0})) return false;
  const auto now = std::chrono::steady_clock::now();
  const std::chrono::milliseconds pause{terminal_ ? 100 : 1000};
  if (now - shown_at_ < pause || text == last_) return true;
  shown_at_ = now;
  last_ = text;
  if (terminal_) fmt::print(stderr, "\r\033[K{}", text);
  if (!terminal_ && elsewhere_ == Elsewhere::lines) fmt::print(stderr, "{}\n", text);
  return true;
}

std::string size_text(std::uint64_t bytes) {
  const auto number = static_cast<double>(bytes);
  if (bytes < 1'000'000) return fmt::format("{:.1f} kB", number / 1e3);
  if (bytes < 1'000'000'000) return fmt::format("{:.1f} MB", number / 1e6);
  return fmt::format("{:.2f} GB", number / 1e9);
}

}  // namespace wl::command
