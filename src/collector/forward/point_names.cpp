#include "collector/forward/point_names.hpp"

#include <fmt/format.h>

#include <charconv>
#include <span>

#include "base/durable_file.hpp"

namespace wl::collector {
namespace {

constexpr std::string_view prefix = "points-";
constexpr std::string_view suffix = ".wlspool-names";

std::vector<std::string> keys_of(const Plant& plant) {
  std::vector<std::string> keys;
  for (const PointSpec& point : plant.points) keys.push_back(point.key);
  return keys;
}

std::string lines_of(const std::vector<std::string>& keys) {
  std::string lines;
  for (const std::string& key : keys) lines += key + '\n';
  return lines;
}

std::uint32_t checksum(const std::string& lines) {
  return crc32c(std::as_bytes(std::span(lines)));
}

}  // namespace

PointNames::PointNames(std::vector<std::string> keys)
    : keys_(std::move(keys)), id_(checksum(lines_of(keys_))) {}

PointNames::PointNames(const Plant& plant) : PointNames(keys_of(plant)) {}

Result<PointNames> PointNames::from_text(std::string_view text) {
  std::vector<std::string> keys;
  while (!text.empty()) {
    const auto end = text.find('\n');
    if (end == std::string_view::npos) return fail(Errc::corrupt, "the last line has no end");
    keys.emplace_back(text.substr(0, end));
    text.remove_prefix(end + 1);
  }
  return PointNames(std::move(keys));
}

std::string PointNames::text() const {
  return lines_of(keys_);
}

std::string PointNames::file_of(std::uint32_t id) {
  return fmt::format("{}{:08x}{}", prefix, id, suffix);
}

std::optional<std::uint32_t> PointNames::id_of_file(std::string_view name) {
  constexpr std::size_t digits = 8;
  if (name.size() != prefix.size() + digits + suffix.size()) return std::nullopt;
  if (!name.starts_with(prefix) || !name.ends_with(suffix)) return std::nullopt;
  std::uint32_t id = 0;
  const char* end = name.data() + prefix.size() + digits;
  const auto [at, error] = std::from_chars(name.data() + prefix.size(), end, id, 16);
  return error == std::errc{} && at == end ? std::optional(id) : std::nullopt;
}

std::vector<std::optional<PointId>> PointNames::in(const Plant& plant) const {
  std::vector<std::optional<PointId>> points;
  for (const std::string& key : keys_) points.push_back(plant.find_point(key));
  return points;
}

}  // namespace wl::collector
