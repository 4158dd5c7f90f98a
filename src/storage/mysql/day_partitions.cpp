#include "storage/mysql/day_partitions.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>

namespace wl::storage::mysql {
namespace {

/// Days noted at once; far more than a batch touches. What is beyond comes with its next batch.
constexpr std::size_t max_wanted = 400;

/// After a failed split: about ten minutes of batches.
constexpr int pause_after_failure = 60;

std::string definition(std::optional<Day> bound) {
  const std::string below =
      bound ? fmt::format("({})", to_unix_ms(start_of(*bound))) : std::string("MAXVALUE");
  return fmt::format("PARTITION {} VALUES LESS THAN {}", partition_name(bound), below);
}

std::string split(std::optional<Day> partition, const std::vector<Day>& at) {
  std::vector<std::string> parts;
  for (const Day bound : at) parts.push_back(definition(bound));
  parts.push_back(definition(partition));
  return fmt::format("ALTER TABLE chunks REORGANIZE PARTITION {} INTO ({})",
                     partition_name(partition), fmt::join(parts, ", "));
}

}  // namespace

Day day_of(Timestamp hour) {
  return std::chrono::floor<std::chrono::days>(hour).time_since_epoch().count();
}

Timestamp start_of(Day day) {
  return Timestamp{std::chrono::days{day}};
}

std::string partition_name(std::optional<Day> bound) {
  if (!bound) return "rest";
  return *bound < 0 ? fmt::format("to_m{}", -*bound) : fmt::format("to_{}", *bound);
}

std::optional<Day> bound_in_name(const std::string& name) {
  std::string_view digits = name;
  if (!digits.starts_with("to_")) return std::nullopt;
  digits.remove_prefix(3);
  const bool negative = digits.starts_with('m');
  if (negative) digits.remove_prefix(1);
  Day day{};
  const auto [end, ec] = std::from_chars(digits.data(), digits.data() + digits.size(), day);
  if (ec != std::errc{} || end != digits.data() + digits.size()) return std::nullopt;
  return negative ? -day : day;
}

std::vector<std::string> splits(const std::set<Day>& bounds, const std::set<Day>& wanted) {
  std::set<Day> edges;
  for (const Day day : wanted) {
    edges.insert(day);
    edges.insert(day + 1);
  }
  std::erase_if(edges, [&](Day edge) { return bounds.contains(edge); });
  if (bounds.size() + edges.size() > max_partitions) return {};
  std::vector<std::string> statements;
  for (auto edge = edges.begin(); edge != edges.end();) {
    const auto above = bounds.upper_bound(*edge);
    std::vector<Day> inside;
    while (edge != edges.end() && (above == bounds.end() || *edge < *above)) {
      inside.push_back(*edge++);
    }
    statements.push_back(
        split(above == bounds.end() ? std::nullopt : std::optional<Day>(*above), inside));
  }
  return statements;
}

std::set<Day> read_bounds(Connection& connection) {
  std::set<Day> bounds;
  const auto rows = connection.rows(
      "SELECT PARTITION_NAME FROM information_schema.PARTITIONS "
      "WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = 'chunks'");
  for (const TextRow& row : rows) {
    if (const auto bound = bound_in_name(row.at(0).value_or(""))) bounds.insert(*bound);
  }
  return bounds;
}

void DayPartitions::want(Timestamp hour) {
  const Day day = day_of(hour);
  for (const Day each : {day, day + 1}) {
    const bool there = known_ && known_->contains(each) && known_->contains(each + 1);
    if (!there && wanted_.size() < max_wanted) wanted_.insert(each);
  }
}

void DayPartitions::keep_up(Connection& connection) {
  if (wanted_.empty()) return;
  if (calls_to_skip_ > 0) {
    --calls_to_skip_;
    return;
  }
  try {
    if (!known_) known_ = read_bounds(connection);
    for (const std::string& statement : splits(*known_, wanted_)) connection.command(statement);
    known_ = read_bounds(connection);
    wanted_.clear();
  } catch (const ServerError&) {
    known_.reset();
    calls_to_skip_ = pause_after_failure;
  }
}

}  // namespace wl::storage::mysql
