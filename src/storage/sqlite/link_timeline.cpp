#include "storage/sqlite/link_timeline.hpp"

#include <algorithm>

namespace wl::storage {
namespace {

LinkInterval row_of(SQLite::Statement& row) {
  return {.from = from_unix_ms(row.getColumn(0).getInt64()),
          .to = from_unix_ms(row.getColumn(1).getInt64()),
          .alive = row.getColumn(2).getInt() != 0,
          .cause = row.getColumn(3).getString()};
}

bool same_kind(const LinkInterval& a, const LinkInterval& b) {
  return a.alive == b.alive && a.cause == b.cause;
}

}  // namespace

LinkTimeline::LinkTimeline(SQLite::Database& database)
    : at_or_before_(database,
                    "SELECT from_ts, to_ts, alive, cause FROM link_intervals WHERE from_ts <= ?1 "
                    "ORDER BY from_ts DESC LIMIT 1"),
      after_(database,
             "SELECT from_ts, to_ts, alive, cause FROM link_intervals WHERE from_ts > ?1 "
             "ORDER BY from_ts LIMIT 1"),
      // Intervals are disjoint, so only the last one that starts before ?1 can reach over it.
      touching_(database,
                "SELECT from_ts, to_ts, alive, cause FROM link_intervals WHERE from_ts >= "
                "coalesce((SELECT max(from_ts) FROM link_intervals WHERE from_ts <= ?1), ?1) "
                "AND from_ts < ?2 AND to_ts > ?1 ORDER BY from_ts"),
      end_(database, "SELECT to_ts FROM link_intervals ORDER BY from_ts DESC LIMIT 1"),
      insert_(database, "INSERT INTO link_intervals VALUES (?1, ?2, ?3, ?4)"),
      remove_(database, "DELETE FROM link_intervals WHERE from_ts = ?1") {}

void LinkTimeline::add(const LinkInterval& interval) {
  LinkInterval rest = interval;
  while (rest.from < rest.to) {  // Ends: each round passes one stored interval.
    if (const auto before = one(at_or_before_, rest.from)) {
      rest.from = std::max(rest.from, before->to);
      if (rest.from >= rest.to) return;
    }
    const auto next = one(after_, rest.from - Milliseconds{1});
    LinkInterval piece = rest;
    if (next) piece.to = std::min(piece.to, next->from);
    if (piece.from < piece.to) insert_joined(piece);
    if (!next) return;
    rest.from = std::max(piece.to, next->to);
  }
}

void LinkTimeline::insert_joined(LinkInterval piece) {
  const auto before = one(at_or_before_, piece.from);
  if (before && before->to == piece.from && same_kind(*before, piece)) {
    remove_.with(before->from)->exec();
    piece.from = before->from;
  }
  const auto next = one(after_, piece.from);
  if (next && next->from == piece.to && same_kind(*next, piece)) {
    remove_.with(next->from)->exec();
    piece.to = next->to;
  }
  insert_.with(piece.from, piece.to, piece.alive ? 1 : 0, piece.cause)->exec();
}

std::vector<LinkInterval> LinkTimeline::touching(Timestamp from, Timestamp to) {
  std::vector<LinkInterval> found;
  auto rows = touching_.with(from, to);
  while (rows->executeStep()) found.push_back(row_of(*rows.operator->()));
  return found;
}

std::optional<Timestamp> LinkTimeline::end() {
  auto row = end_.with();
  if (!row->executeStep()) return std::nullopt;
  return from_unix_ms(row->getColumn(0).getInt64());
}

std::optional<LinkInterval> LinkTimeline::one(Prepared& query, Timestamp at) {
  auto row = query.with(at);
  if (!row->executeStep()) return std::nullopt;
  return row_of(*row.operator->());
}

}  // namespace wl::storage
