#include "storage/transfer/line_protocol.hpp"

#include <fmt/format.h>

#include <charconv>
#include <cmath>
#include <map>

namespace wl::storage {
namespace {

constexpr std::string_view quality_suffix = "_quality";
constexpr std::int64_t ns_per_ms = 1'000'000;

std::string quoted(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c == '\n' ? ' ' : c;
  }
  return out + '"';
}

/// Milliseconds beyond ±292 years do not fit into the protocol's nanoseconds.
std::optional<std::int64_t> nanoseconds(Timestamp time) {
  const std::int64_t ms = to_unix_ms(time);
  if (ms > INT64_MAX / ns_per_ms || ms < INT64_MIN / ns_per_ms) return std::nullopt;
  return ms * ns_per_ms;
}

/// Takes text up to one of `ends` off the front, without its escapes.
std::string take_name(std::string_view& rest, std::string_view ends) {
  std::string name;
  while (!rest.empty() && !ends.contains(rest.front())) {
    if (rest.front() == '\\' && rest.size() > 1 && std::string_view(",= \\").contains(rest[1])) {
      rest.remove_prefix(1);
    }
    name += rest.front();
    rest.remove_prefix(1);
  }
  return name;
}

/// A field value as text; quotes of a string stay in front, its escapes go.
Result<std::string> take_value(std::string_view& rest) {
  if (!rest.starts_with('"')) return take_name(rest, ", ");
  std::string value = "\"";
  for (rest.remove_prefix(1); !rest.empty(); rest.remove_prefix(1)) {
    if (rest.front() == '"') {
      rest.remove_prefix(1);
      return value;
    }
    if (rest.front() == '\\' && rest.size() > 1) rest.remove_prefix(1);
    value += rest.front();
  }
  return fail(Errc::invalid_argument, "a quote is not closed");
}

Result<double> number_in(std::string_view name, std::string_view text) {
  if (text == "true" || text == "True" || text == "t" || text == "T") return 1;
  if (text == "false" || text == "False" || text == "f" || text == "F") return 0;
  std::string_view digits = text;
  if (digits.ends_with('i') || digits.ends_with('u')) digits.remove_suffix(1);
  double value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (error != std::errc{} || end != digits.data() + digits.size() || digits.empty()) {
    return fail(Errc::invalid_argument, fmt::format("{}={} is not a number", name, text));
  }
  return value;
}

using Fields = std::vector<std::pair<std::string, std::string>>;

Result<Fields> take_fields(std::string_view& rest) {
  Fields fields;
  for (;;) {
    std::string name = take_name(rest, "=, ");
    if (!rest.starts_with('=') || name.empty()) {
      return fail(Errc::invalid_argument, "a field is not name=value");
    }
    rest.remove_prefix(1);
    auto value = take_value(rest);
    if (!value) return std::unexpected(value.error());
    fields.emplace_back(std::move(name), std::move(*value));
    if (!rest.starts_with(',')) return fields;
    rest.remove_prefix(1);
  }
}

Result<Timestamp> parse_time(std::string_view text) {
  std::int64_t ns = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), ns);
  if (text.empty() || error != std::errc{} || end != text.data() + text.size()) {
    return fail(Errc::invalid_argument,
                fmt::format("'{}' is not a time in nanoseconds since 1970", text));
  }
  return std::chrono::floor<Milliseconds>(
      std::chrono::sys_time<std::chrono::nanoseconds>{std::chrono::nanoseconds{ns}});
}

Result<std::vector<Record>> link_of(const Fields& fields, Timestamp time) {
  LinkRecord link{.state = LinkState::unknown, .time = time, .cause = {}};
  for (const auto& [name, value] : fields) {
    if (name == "cause" && value.starts_with('"')) link.cause = value.substr(1);
    if (name != "link") continue;
    const auto number = number_in(name, value);
    if (!number) return std::unexpected(number.error());
    if (*number == 1) link.state = LinkState::alive;
    if (*number == 0) link.state = LinkState::gap;
  }
  return std::vector<Record>{link};
}

Result<std::vector<Record>> samples_of(const std::string& device, const Fields& fields,
                                       Timestamp time) {
  std::map<std::string, Quality> qualities;
  std::vector<Record> records;
  for (const auto& [name, value] : fields) {
    const auto number = number_in(name, value);
    if (!number) return std::unexpected(number.error());
    if (!name.ends_with(quality_suffix)) {
      records.push_back(SampleRecord{device + "." + name, *number, quality::good, time});
      continue;
    }
    if (*number < 0 || *number > UINT32_MAX) {
      return fail(Errc::invalid_argument, fmt::format("{} is not a status code", name));
    }
    const std::string point = name.substr(0, name.size() - quality_suffix.size());
    qualities[device + "." + point] = Quality{static_cast<std::uint32_t>(*number)};
  }
  for (Record& record : records) {
    auto& sample = std::get<SampleRecord>(record);
    if (const auto found = qualities.find(sample.key); found != qualities.end()) {
      sample.quality = found->second;
    }
  }
  return records;
}

}  // namespace

std::string protocol_name(std::string_view name) {
  std::string out;
  for (const char c : name) {
    if (c == ',' || c == '=' || c == ' ') out += '\\';
    out += c;
  }
  return out;
}

std::optional<std::string> protocol_line(const Record& record) {
  if (const auto* link = std::get_if<LinkRecord>(&record)) {
    const auto at = nanoseconds(link->time);
    if (!at) return std::nullopt;
    const int number = link->state == LinkState::alive ? 1 : link->state == LinkState::gap ? 0 : -1;
    const std::string cause = link->cause.empty() ? "" : ",cause=" + quoted(link->cause);
    return fmt::format("wattline link={}i{} {}\n", number, cause, *at);
  }
  const auto& sample = std::get<SampleRecord>(record);
  const auto at = nanoseconds(sample.time);
  if (!at || !std::isfinite(sample.value)) return std::nullopt;
  const std::size_t dot = std::min(sample.key.find('.'), sample.key.size());
  const std::string device = protocol_name(sample.key.substr(0, dot));
  const std::string point =
      protocol_name(dot < sample.key.size() ? sample.key.substr(dot + 1) : "value");
  std::string quality;
  if (sample.quality != quality::good) {
    quality = fmt::format(",{}{}={}i", point, quality_suffix, sample.quality.status_code);
  }
  return fmt::format("{} {}={}{} {}\n", device, point, sample.value, quality, *at);
}

Result<std::vector<Record>> read_protocol_line(std::string_view line) {
  if (line.empty() || line.starts_with('#')) return std::vector<Record>{};
  const std::string device = take_name(line, ", ");
  if (device.empty()) return fail(Errc::invalid_argument, "there is no measurement");
  while (line.starts_with(',')) {  // Tags.
    line.remove_prefix(1);
    take_name(line, ", ");
  }
  if (!line.starts_with(' ')) return fail(Errc::invalid_argument, "there is no field");
  line.remove_prefix(1);
  const auto fields = take_fields(line);
  if (!fields) return std::unexpected(fields.error());
  if (!line.starts_with(' ')) {
    return fail(Errc::invalid_argument, "there is no time: history needs one in every line");
  }
  const auto time = parse_time(line.substr(1));
  if (!time) return std::unexpected(time.error());
  return device == "wattline" ? link_of(*fields, *time) : samples_of(device, *fields, *time);
}

}  // namespace wl::storage
