// Where every step of the front end puts what it finds.
#pragma once

#include <string>
#include <vector>

#include "plc/lang/diagnostics/diagnostic.hpp"

namespace wl::plc::lang {

inline constexpr std::size_t max_diagnostics = 1000;
inline constexpr std::size_t max_warnings = 100;  ///< So that errors always find room.

/// Collects up to max_diagnostics and drops the rest: after a thousand nobody reads on.
class DiagnosticSink {
 public:
  /// Returns the new diagnostic, so that the caller can add notes; valid until the next report.
  Diagnostic& report(Code code, Span span, std::string message, std::string hint = {}) {
    if (list_.size() >= max_diagnostics) {
      overflow_ = {};
      return overflow_;
    }
    list_.push_back({.code = code,
                     .span = span,
                     .message = std::move(message),
                     .hint = std::move(hint),
                     .notes = {}});
    return list_.back();
  }

  /// Something that is allowed but hardly meant. It never stops the program from running. Only
  /// statements warn: an expression whose check reports anything counts as wrong.
  void warn(Code code, Span span, std::string message, std::string hint) {
    if (warnings_ == max_warnings) return;
    ++warnings_;
    report(code, span, std::move(message), std::move(hint)).severity = Severity::warning;
  }

  const std::vector<Diagnostic>& list() const { return list_; }
  std::vector<Diagnostic> take() { return std::move(list_); }
  std::size_t size() const { return list_.size(); }

 private:
  std::vector<Diagnostic> list_;
  Diagnostic overflow_;
  std::size_t warnings_ = 0;
};

}  // namespace wl::plc::lang
