#include "storage/transfer/csv.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

namespace wl::storage {
namespace {

/// What a spreadsheet may take for the beginning of a formula; the last four are full width, which
/// one with a Chinese or Japanese keyboard takes too.
constexpr std::array<std::string_view, 11> formula_starts{"=",  "+",  "-",  "@",  "\t", "\r",
                                                          "\n", "＝", "＋", "－", "＠"};

bool begins_a_formula(std::string_view text) {
  return std::ranges::any_of(formula_starts,
                             [text](std::string_view start) { return text.starts_with(start); });
}

std::string quality_text(Quality quality) {
  for (const Quality plain : {quality::good, Quality{0x40000000}, quality::bad}) {
    if (quality == plain) return std::string(quality.word());
  }
  return fmt::format("0x{:08X}", quality.status_code);
}

Result<Quality> parse_quality(std::string_view text) {
  if (text.empty() || text == "good") return quality::good;
  if (text == "uncertain") return Quality{0x40000000};
  if (text == "bad") return quality::bad;
  std::uint32_t code = 0;
  const bool hex = text.starts_with("0x") || text.starts_with("0X");
  if (hex) text.remove_prefix(2);
  const auto [end, error] =
      std::from_chars(text.data(), text.data() + text.size(), code, hex ? 16 : 10);
  if (error != std::errc{} || end != text.data() + text.size()) {
    return fail(Errc::invalid_argument,
                fmt::format("quality '{}' is not good, uncertain, bad or a status code", text));
  }
  return Quality{code};
}

Result<double> parse_number(std::string_view text) {
  double value = 0;
  if (text.starts_with('+')) text.remove_prefix(1);
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) {
    return fail(Errc::invalid_argument, fmt::format("value '{}' is not a number", text));
  }
  return value;
}

/// Takes one field off the front of `rest`; false when a quote is not closed.
bool take_field(std::string_view& rest, std::string& field) {
  field.clear();
  if (!rest.starts_with('"')) {
    const std::size_t end = std::min(rest.find(','), rest.size());
    field = rest.substr(0, end);
    rest.remove_prefix(end);
    return true;
  }
  for (rest.remove_prefix(1); !rest.empty(); rest.remove_prefix(1)) {
    if (rest.front() == '"') {
      if (!rest.substr(1).starts_with('"')) {
        rest.remove_prefix(1);
        return true;
      }
      rest.remove_prefix(1);
    }
    field += rest.front();
  }
  return false;
}

Result<std::vector<std::string>> fields_of(std::string_view line) {
  std::vector<std::string> fields;
  for (;;) {
    std::string field;
    if (!take_field(line, field)) return fail(Errc::invalid_argument, "a quote is not closed");
    fields.push_back(std::move(field));
    if (line.empty()) return fields;
    if (line.front() != ',') return fail(Errc::invalid_argument, "text follows a closing quote");
    line.remove_prefix(1);
  }
}

std::string without_guard(std::string text) {
  const bool guarded = text.starts_with('\'') && begins_a_formula(std::string_view(text).substr(1));
  return guarded ? text.substr(1) : text;
}

double number_of(LinkState state) {
  return state == LinkState::alive ? 1 : state == LinkState::gap ? 0 : -1;
}

}  // namespace

std::string number_text(double value) {
  return fmt::format("{}", value);
}

std::string csv_text(std::string_view text) {
  std::string out;
  if (begins_a_formula(text)) out += '\'';
  out += text;
  if (out.find_first_of(",\"\r\n") == out.npos) return out;
  std::string quoted = "\"";
  for (const char c : out) {
    if (c == '"') quoted += '"';
    quoted += c == '\n' || c == '\r' ? ' ' : c;  // A record is a line: readers stay simple.
  }
  return quoted + '"';
}

std::string csv_line(const Record& record, std::string_view unit) {
  if (const auto* link = std::get_if<LinkRecord>(&record)) {
    return fmt::format("{},{},{},,{}\n", to_iso8601(link->time), link_key, number_of(link->state),
                       csv_text(link->cause));
  }
  const auto& sample = std::get<SampleRecord>(record);
  return fmt::format("{},{},{},{},{}\n", to_iso8601(sample.time), csv_text(sample.key),
                     number_text(sample.value), quality_text(sample.quality), csv_text(unit));
}

Result<CsvReader> CsvReader::open(std::string_view header) {
  if (header.starts_with("\xEF\xBB\xBF")) header.remove_prefix(3);
  const auto names = fields_of(header);
  if (!names) return std::unexpected(names.error());
  const auto column = [&](std::string_view name) -> std::optional<std::size_t> {
    const auto found = std::ranges::find(*names, name);
    if (found == names->end()) return std::nullopt;
    return static_cast<std::size_t>(found - names->begin());
  };
  const auto time = column("time"), point = column("point"), value = column("value");
  if (!time || !point || !value) {
    return fail(Errc::invalid_argument,
                "the first line must name the columns time, point and value, as "
                "`wattline export` writes them");
  }
  CsvReader reader;
  reader.columns_ = names->size();
  reader.time_ = *time;
  reader.point_ = *point;
  reader.value_ = *value;
  reader.quality_ = column("quality");
  reader.unit_ = column("unit");
  return reader;
}

Result<Record> CsvReader::read(std::string_view line) const {
  const auto fields = fields_of(line);
  if (!fields) return std::unexpected(fields.error());
  if (fields->size() != columns_) {
    return fail(Errc::invalid_argument,
                fmt::format("{} columns, the header has {}", fields->size(), columns_));
  }
  const auto time = parse_iso8601((*fields)[time_]);
  if (!time) return std::unexpected(time.error());
  const auto value = parse_number((*fields)[value_]);
  if (!value) return std::unexpected(value.error());
  const std::string key = without_guard((*fields)[point_]);
  if (key == link_key) {
    const LinkState state = *value == 1   ? LinkState::alive
                            : *value == 0 ? LinkState::gap
                                          : LinkState::unknown;
    return LinkRecord{state, *time, unit_ ? without_guard((*fields)[*unit_]) : std::string()};
  }
  const auto quality = parse_quality(quality_ ? (*fields)[*quality_] : std::string());
  if (!quality) return std::unexpected(quality.error());
  return SampleRecord{key, *value, *quality, *time};
}

}  // namespace wl::storage
