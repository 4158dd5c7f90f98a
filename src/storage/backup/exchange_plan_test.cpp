#include "storage/backup/exchange_plan.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/durable_file.hpp"
#include "storage/backup/restore.hpp"

namespace wl::storage {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

class ExchangePlanTest : public testing::Test {
 protected:
  ExchangePlanTest() {
    std::string pattern = (fs::temp_directory_path() / "wl-plan-XXXXXX").string();
    directory_ = ::mkdtemp(pattern.data());
  }
  ~ExchangePlanTest() override { fs::remove_all(directory_); }

  void put(const std::string& name, const std::string& text) const {
    ASSERT_TRUE(write_file(directory_ / name, text, Durability::visible));
  }
  std::string get(const std::string& name) const {
    return read_file(directory_ / name).value_or("missing");
  }
  Exchange step(const std::string& name) const {
    return {directory_ / (name + ".new"), directory_ / name, directory_ / (name + ".old")};
  }

  fs::path directory_;
};

TEST_F(ExchangePlanTest, the_log_of_a_database_goes_aside_with_it) {
  put("db", "old");
  put("db-wal", "old log");
  put("db.new", "new");

  ASSERT_TRUE(exchange(step("db")));

  EXPECT_EQ(get("db"), "new");
  EXPECT_EQ(get("db-wal"), "missing");
  EXPECT_EQ(get("db.old"), "old");
  EXPECT_EQ(get("db.old-wal"), "old log");
}

TEST_F(ExchangePlanTest, done_twice_it_is_done_once) {
  put("db", "old");
  put("db.new", "new");
  ASSERT_TRUE(exchange(step("db")));

  ASSERT_TRUE(exchange(step("db")));

  EXPECT_EQ(get("db"), "new");
  EXPECT_EQ(get("db.old"), "old");
}

TEST_F(ExchangePlanTest, killed_between_two_renames_it_goes_on) {
  put("db.old", "old");  // The first rename was done.
  put("db-wal", "old log");
  put("db.new", "new");

  ASSERT_TRUE(exchange(step("db")));

  EXPECT_EQ(get("db"), "new");
  EXPECT_EQ(get("db-wal"), "missing");
  EXPECT_EQ(get("db.old"), "old");
}

TEST_F(ExchangePlanTest, what_was_set_aside_is_never_overwritten) {
  put("db.old", "set aside before the kill");
  put("db", "made by somebody since");
  put("db.new", "new");

  ASSERT_TRUE(exchange(step("db")));

  EXPECT_EQ(get("db.old"), "set aside before the kill");
  EXPECT_EQ(get("db.old.2"), "made by somebody since");
}

TEST_F(ExchangePlanTest, a_plan_that_was_written_is_finished_and_gone) {
  put("a", "old a");
  put("a.new", "new a");
  put("b.new", "new b");
  ASSERT_TRUE(write_plan(directory_, {.exchanges = {step("a"), step("b")}, .mysql_dump = {}}));

  const auto finished = finish_restore(directory_, {});

  ASSERT_TRUE(finished) << finished.error().what;
  EXPECT_EQ((*finished)->size(), 2u);
  EXPECT_EQ(get("a"), "new a");
  EXPECT_EQ(get("b"), "new b");
  EXPECT_FALSE(fs::exists(plan_path(directory_)));
  EXPECT_EQ(finish_restore(directory_, {}).value(), std::nullopt);
}

TEST_F(ExchangePlanTest, a_damaged_plan_is_named) {
  put("restore-plan.json", "{\"exchanges\": 5}");

  EXPECT_THAT(finish_restore(directory_, {}).error().what, HasSubstr("restore-plan.json"));
}

}  // namespace
}  // namespace wl::storage
