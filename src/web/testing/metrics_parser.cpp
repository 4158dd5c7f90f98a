#include "web/testing/metrics_parser.hpp"

#include <charconv>
#include <cmath>
#include <limits>
#include <optional>
#include <regex>
#include <set>
#include <sstream>

namespace wl::web::testing {
namespace {

std::optional<double> value_of(const std::string& text) {
  if (text == "+Inf") return std::numeric_limits<double>::infinity();
  if (text == "-Inf") return -std::numeric_limits<double>::infinity();
  if (text == "NaN") return std::numeric_limits<double>::quiet_NaN();
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc{} && end == text.data() + text.size() ? std::optional(value)
                                                                  : std::nullopt;
}

class Parser {
 public:
  ParsedMetrics run(const std::string& text) {
    if (!text.ends_with('\n')) mistake("no line feed at the end");
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) {
      ++number_;
      if (line.starts_with('#')) {
        comment(line);
      } else {
        sample(line);
      }
    }
    for (const auto& [name, type] : found_.types)
      if (type == "histogram") check_histogram(name);
    return std::move(found_);
  }

 private:
  void mistake(const std::string& what) {
    found_.mistakes.push_back("line " + std::to_string(number_) + ": " + what);
  }

  void comment(const std::string& line) {
    static const std::regex help(R"(# HELP ([a-zA-Z_:][a-zA-Z0-9_:]*) (?:[^\\\n]|\\\\|\\n)*)");
    static const std::regex type(
        R"(# TYPE ([a-zA-Z_:][a-zA-Z0-9_:]*) (counter|gauge|histogram|summary|untyped))");
    std::smatch match;
    if (std::regex_match(line, match, help)) {
      if (!helped_.insert(match[1]).second) mistake("a second HELP of " + match[1].str());
    } else if (std::regex_match(line, match, type)) {
      if (!helped_.contains(match[1])) mistake("TYPE without HELP: " + match[1].str());
      if (!found_.types.emplace(match[1], match[2]).second)
        mistake("a second TYPE of " + match[1].str());
      family_ = match[1];
    } else {
      mistake("neither HELP nor TYPE: " + line);
    }
  }

  void sample(const std::string& line) {
    static const std::regex form(
        R"re(([a-zA-Z_:][a-zA-Z0-9_:]*)(\{[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\n]|\\\\|\\"|\\n)*")re"
        R"re((?:,[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\n]|\\\\|\\"|\\n)*")*\})? (\S+))re");
    std::smatch match;
    if (!std::regex_match(line, match, form)) return mistake("no sample: " + line);
    const std::string name = match[1];
    const bool part =
        found_.types[family_] == "histogram" &&
        (name == family_ + "_bucket" || name == family_ + "_sum" || name == family_ + "_count");
    if (name != family_ && !part) mistake(name + " stands outside its family");
    const auto value = value_of(match[3]);
    if (!value) return mistake("no number: " + match[3].str());
    if (found_.types[family_] == "counter" && !(*value >= 0)) mistake(name + " is negative");
    if (!found_.samples.emplace(name + match[2].str(), *value).second)
      mistake("a second sample of " + name + match[2].str());
    if (name == family_ + "_bucket") buckets_[family_].push_back(*value);
  }

  void check_histogram(const std::string& name) {
    const auto& buckets = buckets_[name];
    for (std::size_t i = 1; i < buckets.size(); ++i)
      if (buckets[i] < buckets[i - 1]) mistake("the buckets of " + name + " fall");
    const auto count = found_.samples.find(name + "_count");
    const auto all = found_.samples.find(name + "_bucket{le=\"+Inf\"}");
    const bool sound = count != found_.samples.end() && all != found_.samples.end() &&
                       count->second == all->second && found_.samples.contains(name + "_sum");
    if (!sound) mistake(name + " lacks _sum, _count or +Inf, or they differ");
  }

  ParsedMetrics found_;
  std::set<std::string> helped_;
  std::map<std::string, std::vector<double>> buckets_;
  std::string family_;
  int number_ = 0;
};

}  // namespace

ParsedMetrics parse_metrics(const std::string& text) {
  return Parser().run(text);
}

}  // namespace wl::web::testing
