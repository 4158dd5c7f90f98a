#include "storage/historian/stored_bytes.hpp"

#include <fmt/format.h>

namespace wl::storage {
namespace {

constexpr const char* next_step =
    "Everything else can be read; `wattline db check` shows all damage. Stop Wattline, keep a copy "
    "of the database and restore a backup with `wattline restore`";

Error without_names(const Error& error, const StoredAt& place) {
  return {error.code, fmt::format("{} of row {}, {}: {}", place.what, place.row,
                                  to_iso8601(place.start), error.what)};
}

std::string owner_of(const StoredAt& place, Tables& tables) {
  const bool segment = place.owner == Owner::segment;
  const auto rows = segment                        ? std::vector<NamedRow>{}
                    : place.owner == Owner::device ? tables.devices()
                                                   : tables.points();
  for (const NamedRow& row : rows) {
    if (row.row == place.row) return row.key;
  }
  return fmt::format("{} {}", segment ? "segment" : "row", place.row);
}

Error damage_in(const DamagedBytes& damage, Tables& tables) {
  const StoredAt& at = damage.place();
  const bool dated = at.start != Timestamp{};
  const std::string place = fmt::format("{} of {}{}{}", at.what, owner_of(at, tables),
                                        dated ? " at " : "", dated ? to_iso8601(at.start) : "");
  const Error& cause = damage.cause();
  if (cause.code != Errc::corrupt) {
    return {cause.code, fmt::format("the database {}: {}: {}", tables.place(), place, cause.what)};
  }
  return {cause.code, fmt::format("the database {} is damaged in one place: {}: {}. {}",
                                  tables.place(), place, cause.what, next_step)};
}

}  // namespace

DamagedBytes::DamagedBytes(const Error& error, const StoredAt& place)
    : DatabaseError(without_names(error, place)), place_(place), cause_(error) {}

void throw_damage(const Error& error, const StoredAt& place) {
  throw DamagedBytes(error, place);
}

Error described(const DatabaseError& error, Tables& tables) noexcept {
  const auto* const damage = dynamic_cast<const DamagedBytes*>(&error);
  if (damage == nullptr) return error.error();
  try {
    return damage_in(*damage, tables);
  } catch (const DatabaseError&) {  // The names cannot be read either.
    return error.error();
  }
}

}  // namespace wl::storage
