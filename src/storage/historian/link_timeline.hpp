// Disjoint stretches of proven life and of gaps, joined while they are written.
#pragma once

#include <vector>

#include "storage/tables.hpp"

namespace wl::storage {

/// Used inside the caller's transaction. Throws DatabaseError.
///
/// Adds the part of `interval` that no stored interval covers yet: after a clock was set back the
/// same hour comes twice, and the first record of it stays. But life wins over a gap: what was
/// missed may be filled later, from the server's history. Joins neighbours of the same kind and
/// cause. Returns the parts that were added; none for an empty or reversed interval.
std::vector<LinkInterval> add_link(Tables& tables, const LinkInterval& interval);

}  // namespace wl::storage
