// A strict reader of the Prometheus text format, for tests.
#pragma once

#include <map>
#include <string>
#include <vector>

namespace wl::web::testing {

struct ParsedMetrics {
  std::vector<std::string> mistakes;      ///< `line 3: …`; empty: the text is sound.
  std::map<std::string, double> samples;  ///< By `name{label="value"}` as it stands.
  std::map<std::string, std::string> types;
};

/// Besides the grammar: each family has HELP and TYPE once and before its samples, its samples
/// stand together, no series stands twice, counters are not negative, the buckets of a histogram
/// rise and `+Inf` equals `_count`, the text ends with a line feed.
ParsedMetrics parse_metrics(const std::string& text);

}  // namespace wl::web::testing
