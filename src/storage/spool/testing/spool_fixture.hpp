// A spool on a folder in memory, for tests.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "storage/spool/spool.hpp"
#include "storage/spool/testing/crash_files.hpp"

namespace wl::storage::spool {

class SpoolTest : public testing::Test {
 protected:
  void open(SpoolOptions options = {}) {
    spool_.reset();
    auto spool = Spool::open(files_, options);
    ASSERT_TRUE(spool) << spool.error().what;
    spool_ = std::move(*spool);
  }

  /// One record a sync, so that each vouches for those before it.
  void put(std::uint64_t first, std::uint64_t last, std::size_t size = 100) {
    for (std::uint64_t seq = first; seq <= last; ++seq) {
      ASSERT_TRUE(spool_->append(seq, std::string(size, 'x')));
      ASSERT_EQ(spool_->sync().value_or(0), seq);
    }
  }

  std::vector<std::uint64_t> read_all() {
    std::vector<std::uint64_t> seqs;
    for (std::size_t before = SIZE_MAX; before != seqs.size();) {
      before = seqs.size();
      const auto records = spool_->read(1 << 20);
      EXPECT_TRUE(records);
      for (const SpoolRecord& record : *records) seqs.push_back(record.seq);
    }
    return seqs;
  }

  std::string newest_segment() const {
    std::string newest;
    for (const auto& [name, content] : files_.content()) {
      if (segment_number(name)) newest = std::max(newest, name);
    }
    return newest;
  }

  void fill_quarantine() {
    for (int i = 0; i < 64; ++i) files_.put("quarantine/" + std::to_string(i), "old");
  }

  static constexpr SpoolOptions small{.capacity_bytes = 64u << 10, .segment_bytes = 1000};

  CrashFiles files_{1};
  std::unique_ptr<Spool> spool_;
};

}  // namespace wl::storage::spool
