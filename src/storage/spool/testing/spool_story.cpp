#include "storage/spool/testing/spool_story.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "storage/spool/spool.hpp"
#include "storage/spool/testing/crash_files.hpp"

namespace wl::storage::spool {
namespace {

/// A collector, a database and a disk; the database is always there and stores a seq once.
class Story {
 public:
  Story(std::uint64_t seed, const StoryOptions& options, StoryCounts& counts)
      : options_(options), counts_(counts), random_(seed), files_(seed + 1) {}

  std::string run() {
    open();
    for (int i = 0; i < 60 && found_.empty(); ++i) step();
    finish();
    counts_.faults += files_.faults();
    return found_;
  }

 private:
  void step() {
    switch (random_() % 12) {
      case 0:
      case 1:
      case 2:
        append();
        break;
      case 3:
      case 4:
      case 5:
        sync();
        break;
      case 6:
      case 7:
        move_to_database();
        break;
      case 8:
        if (spool_ != nullptr) spool_->rewind();
        previous_read_ = 0;
        break;
      case 9:
        inject();
        break;
      case 10:
        files_.heal();
        break;
      default:
        if (random_() % 2 == 0) restart();
        break;
    }
    if (!files_.powered()) restart();
  }

  void append() {
    for (std::uint64_t n = random_() % 5; n > 0 && spool_ != nullptr; --n) {
      const std::uint64_t newest = stored_.empty() ? 0 : stored_.rbegin()->first;
      const std::uint64_t seq = std::max(spool_->last_seq(), newest) + 1 + random_() % 2;
      const std::size_t size = 1 + random_() % (random_() % 8 == 0 ? 4000 : 200);
      std::string bytes(size, static_cast<char>('a' + random_() % 26));
      bytes += fmt::format("{}", random_());  // Another one under the same seq is another record.
      if (!spool_->append(seq, bytes)) continue;
      appended_[seq].insert(bytes);
      unsynced_[seq] = bytes;
      if (options_.acknowledges == StoryOptions::Acknowledges::after_append) acknowledge(seq);
    }
  }

  void acknowledge(std::uint64_t up_to) {
    for (auto at = unsynced_.begin(); at != unsynced_.end() && at->first <= up_to;) {
      acknowledged_[at->first] = at->second;
      ++counts_.acknowledged;
      at = unsynced_.erase(at);
    }
  }

  void sync() {
    if (spool_ == nullptr) return;
    const auto durable = spool_->sync();
    take_told();
    if (!durable) return;
    acknowledge(*durable);
    if (!unsynced_.empty()) report("sync() left records behind");
    const bool quiet = files_.powered() && files_.faults() == seen_faults_;
    seen_faults_ = files_.faults();
    if (quiet) surely_released_ = spool_->state().released_seq;
  }

  void move_to_database() {
    if (spool_ == nullptr) return;
    const auto records = spool_->read(1 + random_() % 4000);
    take_told();
    if (!records) return;
    for (const SpoolRecord& record : *records) store(record);
    if (records->empty() || random_() % 4 == 0) return;
    [[maybe_unused]] const auto removed = spool_->release(records->back().seq);
  }

  void store(const SpoolRecord& record) {
    if (record.seq <= previous_read_) report(fmt::format("{} out of order", record.seq));
    previous_read_ = record.seq;
    if (record.seq <= surely_released_) report(fmt::format("{} was released", record.seq));
    if (!appended_[record.seq].contains(record.bytes)) {
      report(fmt::format("{} was never appended", record.seq));
    }
    if (unsynced_.contains(record.seq) && unsynced_[record.seq] == record.bytes) {
      report(fmt::format("{} was read before it was durable", record.seq));
    }
    if (stored_.emplace(record.seq, record.bytes).second) ++counts_.stored;
  }

  void inject() {
    switch (random_() % 4) {
      case 0:
        files_.cut_power_at(1 + random_() % 12);
        break;
      case 1:
        files_.fail_at(1 + random_() % 12, CrashFiles::Lasts::once);
        break;
      case 2:
        files_.fail_at(1 + random_() % 12, CrashFiles::Lasts::until_healed);
        break;
      default:
        files_.set_space(random_() % 20'000);
        break;
    }
  }

  void restart() {
    spool_.reset();
    const bool power = !files_.powered() || random_() % 2 == 0;
    if (power) files_.power_on();
    ++(power ? counts_.power_cuts : counts_.kills);
    if (random_() % 2 == 0) files_.heal();
    unsynced_.clear();
    open();
  }

  void open() {
    SpoolOptions options{.capacity_bytes = options_.capacity_bytes};
    options.segment_bytes = 2'000;
    previous_read_ = 0;
    auto spool = Spool::open(files_, options);
    if (!spool) {  // step() tries again at the next restart.
      refusal_ = spool.error().what;
      return;
    }
    spool_ = std::move(*spool);
    take_told();
  }

  void take_told() {
    for (const SpoolLoss& loss : spool_->take_losses()) {
      if (loss.cause == SpoolLoss::Cause::damaged) {
        report(fmt::format("{} to {} told as damaged", loss.first_seq, loss.last_seq));
      }
      for (std::uint64_t seq = loss.first_seq; seq <= loss.last_seq; ++seq) told_.insert(seq);
    }
    counts_.torn_tails += spool_->take_damages().size();
  }

  void finish() {
    spool_.reset();
    files_.power_on();
    files_.heal();
    unsynced_.clear();
    open();
    if (spool_ == nullptr) return report("a healthy disk is refused: " + refusal_);
    spool_->rewind();
    previous_read_ = 0;
    for (std::size_t before = SIZE_MAX; before != stored_.size() + previous_read_;) {
      before = stored_.size() + previous_read_;
      move_to_database();
    }
    for (const auto& [seq, bytes] : acknowledged_) {
      const auto at = stored_.find(seq);
      if (at == stored_.end() && !told_.contains(seq)) report(fmt::format("{} is lost", seq));
      if (at != stored_.end() && at->second != bytes) report(fmt::format("{} differs", seq));
    }
    counts_.dropped += told_.size();
  }

  void report(const std::string& what) {
    if (found_.empty()) found_ = what;
  }

  const StoryOptions& options_;
  StoryCounts& counts_;
  std::mt19937_64 random_;
  CrashFiles files_;
  std::unique_ptr<Spool> spool_;
  std::map<std::uint64_t, std::set<std::string>> appended_;
  std::map<std::uint64_t, std::string> unsynced_;
  std::map<std::uint64_t, std::string> acknowledged_;
  std::map<std::uint64_t, std::string> stored_;
  std::set<std::uint64_t> told_;
  std::uint64_t previous_read_ = 0;
  std::uint64_t surely_released_ = 0;
  std::uint64_t seen_faults_ = 0;
  std::string refusal_;
  std::string found_;
};

}  // namespace

std::string run_story(std::uint64_t seed, const StoryOptions& options, StoryCounts& counts) {
  const std::string found = Story(seed, options, counts).run();
  return found.empty() ? found : fmt::format("seed {}: {}", seed, found);
}

}  // namespace wl::storage::spool
