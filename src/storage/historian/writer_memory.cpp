#include "storage/historian/writer_memory.hpp"

#include "storage/historian/stored_bytes.hpp"

namespace wl::storage {

WriterMemory WriterMemory::load(Tables& tables) {
  WriterMemory memory;
  for (const OpenRow& row : tables.open_all()) {
    memory.of(row.point).open =
        or_throw(decode_open(row.body), {"open rollups", Owner::point, row.point.value});
  }
  for (const LatestRow& row : tables.latest()) memory.of(row.point).latest = row;
  memory.extent = facts::read_extent(tables);
  memory.raw_removed_before = facts::read_time(tables, facts::raw_removed_before);
  memory.minutes_until = facts::read_time(tables, facts::minutes_until);
  memory.alive_from = Timestamp::max();  // Nothing is known yet.
  return memory;
}

void WriterMemory::keep_recent(PointRow row, const Bucket& minute) {
  constexpr std::size_t kept = 4;
  std::vector<Bucket>& recent = of(row).recent;
  if (recent.size() == kept) recent.erase(recent.begin());
  recent.push_back(minute);
}

}  // namespace wl::storage
