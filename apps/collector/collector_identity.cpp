#include "apps/collector/collector_identity.hpp"

#include <fmt/format.h>

#include <charconv>
#include <random>

#include "base/durable_file.hpp"

namespace wl {
namespace {

constexpr std::size_t most_bytes = 200;

std::filesystem::path file_in(const std::filesystem::path& data_dir) {
  return data_dir / "collector.id";
}

/// Two lines: source, run. A file of an older version has the first only.
CollectorIdentity parse(const std::string& text) {
  const auto end = text.find('\n');
  CollectorIdentity identity{.source = text.substr(0, end)};
  if (end == std::string::npos) return identity;
  const char* last = text.data() + text.size();
  std::from_chars(text.data() + end + 1, last, identity.run);
  return identity;
}

Result<CollectorIdentity> keep(const std::filesystem::path& data_dir, CollectorIdentity identity) {
  const auto kept =
      write_file(file_in(data_dir), fmt::format("{}\n{}\n", identity.source, identity.run),
                 Durability::synced);
  if (!kept) return std::unexpected(kept.error());
  return identity;
}

}  // namespace

Result<CollectorIdentity> begin_run(const std::filesystem::path& data_dir) {
  const auto known = read_file(file_in(data_dir), most_bytes);
  if (!known && known.error().code != Errc::not_found) return std::unexpected(known.error());
  CollectorIdentity identity = parse(known.value_or(""));
  if (identity.source.empty()) return renew_source(data_dir, 1);
  ++identity.run;
  return keep(data_dir, std::move(identity));
}

Result<CollectorIdentity> renew_source(const std::filesystem::path& data_dir, std::uint32_t run) {
  std::random_device random;
  return keep(data_dir, {fmt::format("collector-{:08x}{:08x}", random(), random()), run});
}

}  // namespace wl
