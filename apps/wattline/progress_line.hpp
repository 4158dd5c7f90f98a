// Long work at a terminal: one line that renews itself. Elsewhere nothing, or a line a second.
#pragma once

#include <chrono>
#include <string>

#include "base/stop_signal.hpp"
#include "storage/backup/progress.hpp"

namespace wl::command {

/// Writes to stderr, so that stdout stays for results. Ctrl-C and SIGTERM make the work stop. Lives
/// as long as the work; construct it before any thread.
class ProgressLine {
 public:
  /// What is written where there is no terminal.
  enum class Elsewhere {
    nothing,
    lines,  ///< At most one a second, for a program that reads them.
  };

  explicit ProgressLine(Elsewhere elsewhere = Elsewhere::nothing);
  ~ProgressLine();  ///< Clears the line.
  ProgressLine(const ProgressLine&) = delete;
  ProgressLine& operator=(const ProgressLine&) = delete;

  /// For the work; refers to this object.
  storage::Progress bytes();
  /// Shows a text of the caller's own; false: stop.
  bool show(const std::string& text);

 private:
  StopSignal stop_;
  bool terminal_;
  Elsewhere elsewhere_;
  std::string last_;
  std::chrono::steady_clock::time_point shown_at_{};
};

/// `12.3 MB`.
std::string size_text(std::uint64_t bytes);

}  // namespace wl::command
