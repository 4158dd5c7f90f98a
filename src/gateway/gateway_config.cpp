#include "gateway/gateway_config.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <set>

#include "base/json_file.hpp"
#include "base/nearest.hpp"

namespace wl::gateway {
namespace {

constexpr double any_number = 1e15;
constexpr std::int64_t min_scan_ms = 10;
constexpr std::int64_t max_scan_ms = 3'600'000;

using Variables = std::map<std::string, std::string>;

/// A step of a tag's path: not empty, without a dot, different from its siblings.
std::string read_name(const JsonCursor& item, std::set<std::string>& siblings) {
  const JsonCursor place = item.at("name");
  std::string name = place.text();
  if (name.find('.') != std::string::npos) place.problem("a name must not contain a dot");
  if (!name.empty() && !siblings.insert(name).second) {
    place.problem(fmt::format("'{}' exists twice here", name));
  }
  return name;
}

std::string read_text(const JsonCursor& place) {
  std::string text = place.text();
  if (text.empty()) place.problem("must not be empty");
  return text;
}

std::string optional_text(const JsonCursor& item, std::string_view key) {
  const auto place = item.find(key);
  return place ? place->text() : std::string{};
}

DataType read_type(const JsonCursor& place) {
  const std::string name = place.text();
  if (const auto type = data_type_from_name(name)) return *type;
  constexpr std::array<std::string_view, 12> known{"Boolean", "SByte", "Byte",   "Int16",
                                                   "UInt16",  "Int32", "UInt32", "Int64",
                                                   "UInt64",  "Float", "Double", "String"};
  const auto guess = nearest(name, known);
  place.problem(guess ? fmt::format("unknown type '{}'; did you mean '{}'?", name, *guess)
                      : fmt::format("unknown type '{}'; known: {}", name, fmt::join(known, ", ")));
  return DataType::float64;
}

TagAccess read_access(const JsonCursor& place) {
  const std::string text = place.text();
  if (text == "RW") return TagAccess::read_write;
  if (text != "R") place.problem(fmt::format("unknown access '{}'; expected R or RW", text));
  return TagAccess::read;
}

Scaling read_scaling(const JsonCursor& place) {
  place.allow_only({"raw_low", "raw_high", "low", "high"});
  const auto number = [&](std::string_view key) {
    return place.at(key).number(-any_number, any_number);
  };
  const Scaling scaling{number("raw_low"), number("raw_high"), number("low"), number("high")};
  if (scaling.raw_low == scaling.raw_high) place.problem("raw_low and raw_high must differ");
  if (scaling.low == scaling.high) place.problem("low and high must differ");
  return scaling;
}

TagConfig read_tag(const JsonCursor& item, const std::string& parent,
                   std::set<std::string>& siblings) {
  item.allow_only({"name", "address", "type", "access", "scan_ms", "description", "unit", "scaling",
                   "deadband"});
  TagConfig tag;
  tag.name = read_name(item, siblings);
  tag.path = parent + "." + tag.name;
  tag.address = read_text(item.at("address"));
  tag.type = read_type(item.at("type"));
  tag.access = read_access(item.at("access"));
  tag.scan = Milliseconds{item.at("scan_ms").integer(min_scan_ms, max_scan_ms)};
  tag.description = optional_text(item, "description");
  tag.unit = optional_text(item, "unit");
  const bool is_number = tag.type != DataType::string && tag.type != DataType::boolean;
  if (const auto place = item.find("scaling")) {
    tag.scaling = read_scaling(*place);
    if (!is_number) place->problem("only numbers can be scaled");
  }
  if (const auto place = item.find("deadband")) {
    tag.deadband = place->number(0, any_number);
    if (!is_number) place->problem("only numbers have a deadband");
  }
  return tag;
}

TagGroupConfig read_group(const JsonCursor& item, const std::string& parent,
                          std::set<std::string>& siblings) {
  item.allow_only({"name", "tags"});
  TagGroupConfig group;
  group.name = read_name(item, siblings);
  std::set<std::string> names;
  for (const JsonCursor& tag : item.at("tags").items()) {
    group.tags.push_back(read_tag(tag, parent + "." + group.name, names));
  }
  return group;
}

GatewayDeviceConfig read_device(const JsonCursor& item, const std::string& parent,
                                std::set<std::string>& siblings) {
  item.allow_only({"name", "groups"});
  GatewayDeviceConfig device;
  device.name = read_name(item, siblings);
  std::set<std::string> names;
  for (const JsonCursor& group : item.at("groups").items()) {
    device.groups.push_back(read_group(group, parent + "." + device.name, names));
  }
  return device;
}

std::string read_endpoint(const JsonCursor& place, const Variables& variables) {
  std::string text = read_text(place);
  for (auto begin = text.find("${"); begin != std::string::npos; begin = text.find("${", begin)) {
    const auto end = text.find('}', begin);
    const std::string name =
        end == std::string::npos ? "" : text.substr(begin + 2, end - begin - 2);
    const auto found = variables.find(name);
    if (found == variables.end()) {
      std::vector<std::string_view> known;
      for (const auto& [key, value] : variables) known.push_back(key);
      place.problem(
          fmt::format("unknown variable '${{{}}}'; known: {}", name, fmt::join(known, ", ")));
      return text;
    }
    text.replace(begin, end - begin + 1, found->second);
    begin += found->second.size();
  }
  if (!text.empty() && !text.starts_with("opc.tcp://")) {
    place.problem(fmt::format("'{}' is no endpoint; expected opc.tcp://host:port", text));
  }
  return text;
}

ChannelConfig read_channel(const JsonCursor& item, const Variables& variables,
                           std::set<std::string>& siblings) {
  item.allow_only({"name", "driver", "endpoint", "application_path", "devices"});
  ChannelConfig channel;
  channel.name = read_name(item, siblings);
  const JsonCursor driver = item.at("driver");
  channel.driver = driver.text();
  if (!channel.driver.empty() && channel.driver != "opcua") {
    driver.problem(fmt::format("unknown driver '{}'; known: opcua", channel.driver));
  }
  channel.endpoint = read_endpoint(item.at("endpoint"), variables);
  if (const auto path = item.find("application_path")) channel.application_path = read_text(*path);
  std::set<std::string> names;
  for (const JsonCursor& device : item.at("devices").items()) {
    channel.devices.push_back(read_device(device, channel.name, names));
  }
  return channel;
}

}  // namespace

double Scaling::to_engineering(double raw) const {
  return low + (raw - raw_low) * (high - low) / (raw_high - raw_low);
}

double Scaling::to_raw(double engineering) const {
  return raw_low + (engineering - low) * (raw_high - raw_low) / (high - low);
}

std::vector<TagConfig> ChannelConfig::tags() const {
  std::vector<TagConfig> all;
  for (const auto& device : devices) {
    for (const auto& group : device.groups) {
      all.insert(all.end(), group.tags.begin(), group.tags.end());
    }
  }
  return all;
}

std::size_t GatewayConfig::tag_count() const {
  std::size_t count = 0;
  for (const auto& channel : channels) count += channel.tags().size();
  return count;
}

Result<GatewayConfig> parse_gateway_config(std::string text, const std::string& file_name,
                                           const Variables& variables) {
  auto document = JsonDocument::parse(std::move(text), file_name);
  if (!document) return std::unexpected(document.error());
  const JsonCursor root = (*document)->root();
  root.allow_only({"channels"});
  GatewayConfig config;
  std::set<std::string> names;
  for (const JsonCursor& channel : root.at("channels").items()) {
    config.channels.push_back(read_channel(channel, variables, names));
  }
  if ((*document)->problems().empty() && config.tag_count() == 0) {
    root.problem("there is no tag in it");
  }
  const Result<void> verdict = (*document)->verdict();
  if (!verdict) return std::unexpected(verdict.error());
  return config;
}

}  // namespace wl::gateway
