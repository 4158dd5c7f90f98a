// The text format of Prometheus, version 0.0.4.
#pragma once

#include <initializer_list>
#include <set>
#include <string>
#include <string_view>
#include <utility>

namespace wl::web {

inline constexpr std::string_view metrics_content_type = "text/plain; version=0.0.4; charset=utf-8";

enum class MetricType { counter, gauge, histogram };

/// Writes families one after the other: HELP, TYPE, samples. A name that was written before is left
/// out, with its samples: the format allows a name once.
class MetricsWriter {
 public:
  using Labels = std::initializer_list<std::pair<std::string_view, std::string_view>>;

  /// Begins a family; samples follow. False when the name stood before.
  bool family(std::string_view name, MetricType type, std::string_view help);
  /// Of the family begun last. `suffix`: `_bucket`, `_sum` or `_count` of a histogram.
  void sample(double value, Labels labels = {}, std::string_view suffix = {});
  /// A family with one sample.
  void single(std::string_view name, MetricType type, std::string_view help, double value);

  std::string take() { return std::move(text_); }

 private:
  std::string text_;
  std::string name_;
  bool skipped_ = false;
  std::set<std::string, std::less<>> names_;
};

/// Letters, digits and `_`; every other byte becomes `_`. Never begins with a digit.
std::string metric_name(std::string_view text);

}  // namespace wl::web
