#include "tests/sim/disk.hpp"

namespace wl::sim {
namespace {

std::uint64_t used(const storage::spool::CrashFiles& files) {
  std::uint64_t sum = 0;
  for (const auto& [name, content] : files.content()) sum += content.size();
  return sum;
}

}  // namespace

void Disk::fill(std::uint64_t left) {
  spool.set_space(used(spool) + left);
  data.set_space(used(data) + left);
}

void Disk::fail_calls(std::uint64_t n, storage::spool::CrashFiles::Lasts lasts) {
  spool.fail_at(n, lasts);
  if (lasts == storage::spool::CrashFiles::Lasts::until_healed) data.fail_at(n, lasts);
}

void Disk::heal() {
  spool.heal();
  data.heal();
}

void Disk::look() {
  if (!spool.powered() || !data.powered())
    throw Crash{Crash::Kind::power, Fault::power_cut_in_spool};
}

void Disk::power_on() {
  spool.power_on();
  data.power_on();
}

Result<void> replace_file(storage::spool::SpoolFiles& files, const std::string& name,
                          std::string_view content) {
  const std::string draft = name + ".new";
  Result<void> done = files.create(draft);
  if (!done && done.error().code == Errc::conflict) done = files.truncate(draft, 0);
  if (done) done = files.append(draft, content);
  if (done) done = files.sync(draft);
  if (done) done = files.rename(draft, name);
  return done ? files.sync_directory("") : done;
}

}  // namespace wl::sim
