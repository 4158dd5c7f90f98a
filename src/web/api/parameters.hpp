// Query parameters as values, or a problem that names the parameter and what it should be.
#pragma once

#include <expected>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "base/time.hpp"
#include "storage/store.hpp"
#include "web/http/problem.hpp"

namespace wl::web {

Problem bad_parameter(std::string_view name, std::string_view wanted);

/// A missing or empty parameter gives `otherwise`.
std::expected<Timestamp, Problem> time_parameter(const std::string& query, std::string_view name,
                                                 Timestamp otherwise);
/// 1 to `high`.
std::expected<std::uint64_t, Problem> count_parameter(const std::string& query,
                                                      std::string_view name,
                                                      std::uint64_t otherwise, std::int64_t high);

struct TimeRange {
  Timestamp from{};  ///< Inclusive.
  Timestamp to{};    ///< Exclusive; after `from`.

  Milliseconds length() const { return to - from; }
  bool operator==(const TimeRange&) const = default;
};

/// start_time (default: `default_span` before the end) and end_time (default, and at most: now).
/// start_time must be before end_time.
std::expected<TimeRange, Problem> range_parameters(const std::string& query, Timestamp now,
                                                   Milliseconds default_span);

template <class T>
struct Word {
  std::string_view word;
  T meaning;
};

/// One of some words; the problem lists them. Precondition: `otherwise` stands for a missing one.
template <class T>
std::expected<T, Problem> word_parameter(const std::string& query, std::string_view name,
                                         T otherwise, std::span<const Word<T>> words) {
  const auto text = query_parameter(query, name);
  if (!text || text->empty()) return otherwise;
  std::string known;
  for (const Word<T>& word : words) {
    if (word.word == *text) return word.meaning;
    known += known.empty() ? "" : ", ";
    known += word.word;
  }
  return std::unexpected(bad_parameter(name, known));
}

enum class Format { json, csv };

/// For calls that write both. Json when it is missing.
std::expected<Format, Problem> format_parameter(const std::string& query);

/// A problem when `format` asks for anything but json: an answer in another format than the one
/// asked for would be read wrongly.
std::optional<Problem> format_problem(const std::string& query);

/// The word of an interval in answers: 1m, 15m, hour, day, week, month. These are taken too.
std::string_view word_of(storage::Interval interval);

}  // namespace wl::web
