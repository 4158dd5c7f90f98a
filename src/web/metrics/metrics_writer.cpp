#include "web/metrics/metrics_writer.hpp"

#include <fmt/format.h>

#include <cmath>

namespace wl::web {
namespace {

/// Of a label's value; a help text needs no escaped quote and bears one.
std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '\\') {
      out += "\\\\";
    } else if (c == '"') {
      out += "\\\"";
    } else if (c == '\n') {
      out += "\\n";
    } else {
      out += c;
    }
  }
  return out;
}

std::string_view word_of(MetricType type) {
  switch (type) {
    case MetricType::counter:
      return "counter";
    case MetricType::histogram:
      return "histogram";
    default:
      return "gauge";
  }
}

std::string number_of(double value) {
  if (std::isnan(value)) return "NaN";
  if (std::isinf(value)) return value > 0 ? "+Inf" : "-Inf";
  return fmt::format("{}", value);
}

}  // namespace

bool MetricsWriter::family(std::string_view name, MetricType type, std::string_view help) {
  skipped_ = !names_.insert(std::string(name)).second;
  if (skipped_) return false;
  name_ = name;
  text_ += fmt::format("# HELP {} {}\n# TYPE {} {}\n", name, help, name, word_of(type));
  return true;
}

void MetricsWriter::sample(double value, Labels labels, std::string_view suffix) {
  if (skipped_) return;
  text_ += name_;
  text_ += suffix;
  char before = '{';
  for (const auto& [name, text] : labels) {
    text_ += fmt::format("{}{}=\"{}\"", before, name, escaped(text));
    before = ',';
  }
  if (labels.size() > 0) text_ += '}';
  text_ += fmt::format(" {}\n", number_of(value));
}

void MetricsWriter::single(std::string_view name, MetricType type, std::string_view help,
                           double value) {
  if (family(name, type, help)) sample(value);
}

std::string metric_name(std::string_view text) {
  std::string name;
  for (const char c : text) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
    const bool digit = c >= '0' && c <= '9';
    if (name.empty() && digit) name += '_';
    name += letter || digit ? c : '_';
  }
  return name.empty() ? "_" : name;
}

}  // namespace wl::web
