#include "storage/historian/link_timeline.hpp"

#include <algorithm>

namespace wl::storage {
namespace {

bool same_kind(const LinkInterval& a, const LinkInterval& b) {
  return a.alive == b.alive && a.cause == b.cause;
}

void put_joined(Tables& tables, LinkInterval piece) {
  const auto before = tables.link_at_or_before(piece.from);
  if (before && before->to == piece.from && same_kind(*before, piece)) piece.from = before->from;
  const auto next = tables.link_after(piece.from);
  if (next && next->from == piece.to && same_kind(*next, piece)) {
    tables.remove_link(next->from);
    piece.to = next->to;
  }
  tables.put_link(piece);
}

/// Takes the time of `life` out of a stored gap.
void carve(Tables& tables, const LinkInterval& gap, const LinkInterval& life) {
  tables.remove_link(gap.from);
  if (gap.from < life.from) tables.put_link({gap.from, life.from, false, gap.cause});
  if (gap.to > life.to) tables.put_link({life.to, gap.to, false, gap.cause});
}

}  // namespace

std::vector<LinkInterval> add_link(Tables& tables, const LinkInterval& interval) {
  std::vector<LinkInterval> added;
  LinkInterval rest = interval;
  while (rest.from < rest.to) {  // Ends: each round passes or removes one stored interval.
    const auto before = tables.link_at_or_before(rest.from);
    if (before && before->to > rest.from) {
      if (interval.alive && !before->alive) {
        carve(tables, *before, interval);
        continue;
      }
      rest.from = std::max(rest.from, before->to);
      if (rest.from >= rest.to) break;
    }
    const auto next = tables.link_after(rest.from - Milliseconds{1});
    LinkInterval piece = rest;
    if (next) piece.to = std::min(piece.to, next->from);
    if (piece.from < piece.to) {
      added.push_back(piece);
      put_joined(tables, piece);
    }
    if (!next) break;
    const bool fills = interval.alive && !next->alive;
    rest.from = fills ? piece.to : std::max(piece.to, next->to);
  }
  return added;
}

}  // namespace wl::storage
