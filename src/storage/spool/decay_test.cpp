// Bytes that change on the disk by themselves: found, named, told; never handed out.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <random>
#include <set>

#include "storage/spool/spool.hpp"
#include "storage/spool/testing/crash_files.hpp"

namespace wl::storage::spool {
namespace {

/// Fills a spool, changes one bit of one of its files, and reads all of it.
class Decay {
 public:
  explicit Decay(std::uint64_t seed) : random_(seed), files_(seed) {}

  std::string run() {
    fill();
    decay();
    // Twice: what was told and not released must be told again.
    std::string found = read_all();
    if (found.empty() && !named_ && !told_.empty()) found = "a loss without a name";
    const auto told = std::exchange(told_, {});
    if (found.empty()) found = read_all();
    if (found.empty() && !std::ranges::includes(told_, told)) found = "a loss was forgotten";
    return found.empty() ? found : fmt::format("{}: {}", what_, found);
  }

 private:
  static constexpr SpoolOptions options_{.capacity_bytes = 1 << 20, .segment_bytes = 1000};

  void fill() {
    const auto spool = std::move(*Spool::open(files_, options_));
    const std::uint64_t count = 5 + random_() % 30;
    for (std::uint64_t seq = 1; seq <= count; ++seq) {
      records_[seq] = std::string(1 + random_() % 300, static_cast<char>('a' + seq % 26));
      if (spool->append(seq, records_[seq])) [[maybe_unused]]
        const auto r = spool->sync();
    }
    released_ = random_() % (count / 2);
    if (spool->release(released_)) [[maybe_unused]]
      const auto r = spool->sync();
  }

  void decay() {
    const auto content = files_.content();
    auto at = content.begin();
    std::advance(at, static_cast<std::ptrdiff_t>(random_() % content.size()));
    const std::uint64_t offset = random_() % at->second.size();
    mark_ = at->first == ReleaseMark::file;
    what_ = fmt::format("byte {} of {}", offset, at->first);
    files_.flip(at->first, offset);
  }

  std::string read_all() {
    auto spool = Spool::open(files_, options_);
    if (!spool) return "refused: " + spool.error().what;
    std::set<std::uint64_t> found;
    for (std::size_t before = SIZE_MAX; before != found.size();) {
      before = found.size();
      const auto records = (*spool)->read(1000);
      if (!records) return records.error().what;
      for (const SpoolRecord& record : *records) {
        if (records_[record.seq] != record.bytes) return fmt::format("{} differs", record.seq);
        if (!found.insert(record.seq).second) return fmt::format("{} came twice", record.seq);
        if (record.seq <= released_ && !mark_) return fmt::format("{} was released", record.seq);
      }
    }
    for (const SpoolLoss& loss : (*spool)->take_losses()) {
      for (auto seq = loss.first_seq; seq <= loss.last_seq; ++seq) told_.insert(seq);
    }
    named_ = named_ || !(*spool)->take_damages().empty();
    return missing(found);
  }

  /// No later record vouches for the last one: it is named as damage, but is no proven loss.
  std::string missing(const std::set<std::uint64_t>& found) const {
    for (const auto& [seq, bytes] : records_) {
      const bool last = seq == records_.rbegin()->first;
      const bool known = found.contains(seq) || told_.contains(seq) || (last && named_);
      if (seq > released_ && !known) return fmt::format("{} is missing and not told", seq);
      if (found.contains(seq) && told_.contains(seq)) return fmt::format("{} told and there", seq);
    }
    return {};
  }

  std::mt19937_64 random_;
  CrashFiles files_;
  std::map<std::uint64_t, std::string> records_;
  std::uint64_t released_ = 0;
  bool mark_ = false;
  bool named_ = false;
  std::set<std::uint64_t> told_;
  std::string what_;
};

std::vector<std::string> decay_many(std::uint64_t count) {
  std::vector<std::string> broken;
  for (std::uint64_t seed = 1; seed <= count && broken.size() < 5; ++seed) {
    const std::string what = Decay(seed).run();
    if (!what.empty()) broken.push_back(fmt::format("seed {}: {}", seed, what));
  }
  return broken;
}

TEST(SpoolDecay, one_changed_bit_anywhere_is_never_handed_out_and_what_it_costs_is_told) {
  EXPECT_THAT(decay_many(3000), testing::IsEmpty());
}

}  // namespace
}  // namespace wl::storage::spool
