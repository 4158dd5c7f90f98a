#include "storage/sqlite/sqlite_tables.hpp"

#include "storage/sqlite/scratch_database.hpp"
#include "storage/testing/tables_contract.hpp"

namespace wl::storage {
namespace {

class SqliteEngine : public TestEngine {
 public:
  SqliteEngine() {
    std::string pattern = (std::filesystem::temp_directory_path() / "wl-tables-XXXXXX").string();
    directory_ = ::mkdtemp(pattern.data());
    options_.sqlite_path = (directory_ / "wattline.db").string();
    EXPECT_TRUE(migrate(options_));
  }
  ~SqliteEngine() override { std::filesystem::remove_all(directory_); }

  std::unique_ptr<Tables> open() override {
    return open_sqlite_tables(options_, Checkpoints::by_this_connection);
  }

 private:
  std::filesystem::path directory_;
  DatabaseOptions options_;
};

INSTANTIATE_TEST_SUITE_P(sqlite, TablesContract, testing::Values([] {
                           return std::unique_ptr<TestEngine>(std::make_unique<SqliteEngine>());
                         }));

class SqliteTablesTest : public ScratchDatabase {
 protected:
  SqliteTablesTest() {
    EXPECT_TRUE(migrate(options_));
    tables_ = open_sqlite_tables(options_, Checkpoints::by_this_connection);
  }

  /// `hours` hours of `points` points with bodies that do not compress away.
  void fill_chunks(int hours, std::uint32_t points) {
    tables_->begin(Access::write);
    for (int number = 0; number < hours; ++number) {
      std::vector<ChunkRow> chunks;
      for (std::uint32_t point = 1; point <= points; ++point) {
        chunks.push_back({PointRow{point}, Timestamp{std::chrono::hours{number}},
                          std::string(5000, static_cast<char>(number))});
      }
      tables_->put_chunks(chunks);
    }
    tables_->commit();
    tables_->checkpoint();
  }

  /// Drops hour after hour as upkeep does; the longest that one step took.
  Milliseconds drop_hours(int hours, std::size_t points) {
    auto longest = std::chrono::steady_clock::duration::zero();
    for (int number = 1; number <= hours; ++number) {
      const auto start = std::chrono::steady_clock::now();
      while (tables_->drop_chunks(Timestamp{std::chrono::hours{number}}, points) == points) {
      }
      longest = std::max(longest, std::chrono::steady_clock::now() - start);
    }
    tables_->checkpoint();
    return std::chrono::ceil<Milliseconds>(longest);
  }

  void fill_hot(std::uint32_t segments) {
    std::vector<HotPart> parts;
    for (std::uint32_t segment = 0; segment < segments; ++segment)
      parts.push_back({segment, Timestamp{}, 1, std::string(20'000, 'x')});
    tables_->put_hot(parts);
    tables_->checkpoint();
  }

  void drop_hot(std::uint32_t segments) {
    for (std::uint32_t segment = 0; segment < segments; ++segment)
      tables_->drop_hot({segment, Timestamp{}});
  }

  void give_back_all() {
    while (tables_->give_back_space()) {
    }
    tables_->checkpoint();
  }

  static constexpr std::size_t page_size = 4096;

  /// Overwrites the file of a closed database from this byte on.
  void damage_from(std::size_t begin) {
    std::string bytes = content();
    std::fill(bytes.begin() + static_cast<std::ptrdiff_t>(begin), bytes.end(), '\x5a');
    put_file(bytes);
  }

  void read_all_chunks(int hours) {
    for (int number = 0; number < hours; ++number) {
      tables_->chunks_of_hour(Timestamp{std::chrono::hours{number}}, PointRow{0}, 1000);
    }
  }

  std::vector<std::string> column(const std::string& sql) {
    SQLite::Database database(options_.sqlite_path, SQLite::OPEN_READONLY);
    SQLite::Statement rows(database, sql);
    std::vector<std::string> found;
    while (rows.executeStep()) {
      found.push_back(rows.getColumn(0).isNull() ? "NULL" : rows.getColumn(0).getString());
    }
    return found;
  }

  std::unique_ptr<Tables> tables_;
};

TEST_F(SqliteTablesTest, the_file_shrinks_when_chunks_are_dropped) {
  fill_chunks(48, 48);
  const auto before = std::filesystem::file_size(options_.sqlite_path);

  const Milliseconds longest = drop_hours(40, 48);

  EXPECT_LT(std::filesystem::file_size(options_.sqlite_path), before / 3);
  EXPECT_LT(longest, Milliseconds{500});
  EXPECT_THAT(tables_->integrity(), testing::IsEmpty());
  EXPECT_EQ(tables_->chunks_of_hour(Timestamp{std::chrono::hours{47}}, PointRow{0}, 99).size(),
            48u);
}

TEST_F(SqliteTablesTest, the_file_shrinks_when_what_was_hot_is_folded) {
  fill_hot(400);
  const auto before = std::filesystem::file_size(options_.sqlite_path);
  drop_hot(400);

  give_back_all();

  EXPECT_LT(std::filesystem::file_size(options_.sqlite_path), before / 3);
  EXPECT_FALSE(tables_->give_back_space());
  EXPECT_THAT(tables_->integrity(), testing::IsEmpty());
}

TEST_F(SqliteTablesTest, the_view_energy_data_has_the_columns_of_the_contract) {
  tables_->begin(Access::write);
  const DeviceRow conveyor = tables_->make_device("conveyor");
  const DeviceRow station = tables_->make_device("station1");
  tables_->put_fact("device_name.conveyor", "\u4e0a\u6599\u4f20\u9001\u5e26");
  const Timestamp minute = from_unix_ms(1'767'225'540'000);  // 2025-12-31 23:59 UTC
  tables_->put_device_minutes(std::vector<DeviceMinute>{{conveyor, minute, 1.5, 20.25, "running"},
                                                        {station, minute, {}, {}, {}}});
  tables_->commit();

  EXPECT_THAT(
      column("SELECT timestamp || '|' || device_id || '|' || device_name || '|' || power_kw || '|' "
             "|| energy_kwh || '|' || status FROM energy_data ORDER BY device_id"),
      testing::ElementsAre("2025-12-31 23:59:00|conveyor|\u4e0a\u6599\u4f20\u9001\u5e26|1.5|20.25|"
                           "running",
                           "NULL"));
  EXPECT_THAT(column("SELECT device_name FROM energy_data WHERE device_id = 'station1'"),
              testing::ElementsAre("station1"));
}

TEST_F(SqliteTablesTest, the_view_production_data_has_the_columns_of_the_contract) {
  tables_->begin(Access::write);
  tables_->put_production_minutes(std::vector<ProductionMinute>{{from_unix_ms(0), 5, 1, 60, {}}});
  tables_->commit();

  EXPECT_THAT(column("SELECT timestamp || '|' || product_count || '|' || reject_count || '|' || "
                     "runtime_seconds FROM production_data"),
              testing::ElementsAre("1970-01-01 00:00:00|5|1|60"));
  EXPECT_THAT(column("SELECT downtime_seconds FROM production_data"), testing::ElementsAre("NULL"));
  EXPECT_THAT(column("SELECT coalesce(oee_percentage, availability, performance, quality) "
                     "FROM production_data"),
              testing::ElementsAre("NULL"));
}

TEST_F(SqliteTablesTest, the_view_production_data_has_the_oee_of_the_minutes_quarter_hour) {
  const OeeQuarter quarter{.start = from_unix_ms(900'000),
                           .sums = {.planned_ms = 1'000'000,
                                    .running_ms = 500'000,
                                    .minor_stop_ms = 220'000,
                                    .breakdown_ms = 80'000,
                                    .unknown_ms = 200'000,
                                    .ideal_produced_us = 600'000'000,
                                    .ideal_good_us = 540'000'000}};
  tables_->begin(Access::write);
  tables_->put_production_minutes(std::vector<ProductionMinute>{
      {from_unix_ms(840'000), 5, 1, 60, {}}, {from_unix_ms(1'740'000), 6, 1, 60, {}}});
  tables_->put_oee_quarters({&quarter, 1});
  tables_->commit();

  EXPECT_THAT(column("SELECT oee_percentage || '|' || availability || '|' || "
                     "round(performance, 3) || '|' || quality FROM production_data "
                     "ORDER BY timestamp"),
              testing::ElementsAre("NULL", "67.5|90.0|83.333|90.0"));
}

/// What a call that must fail says.
template <class Work>
Error refusal_of(Work&& work) {
  try {
    work();
  } catch (const DatabaseError& error) {
    return error.error();
  }
  ADD_FAILURE() << "it did not fail";
  return {Errc::not_found, ""};
}

TEST_F(SqliteTablesTest, a_lock_of_another_process_is_named_and_the_next_try_works) {
  options_.busy_timeout = Milliseconds{10};
  tables_ = open_sqlite_tables(options_, Checkpoints::by_this_connection);
  SQLite::Database other(options_.sqlite_path, SQLite::OPEN_READWRITE);
  other.exec("BEGIN IMMEDIATE");

  const Error locked = refusal_of([&] { tables_->begin(Access::write); });
  other.exec("ROLLBACK");
  tables_->begin(Access::write);
  tables_->put_fact("x", "1");
  tables_->commit();

  EXPECT_EQ(locked.code, Errc::unavailable);
  EXPECT_THAT(locked.what, testing::HasSubstr(options_.sqlite_path));
  EXPECT_THAT(locked.what, testing::HasSubstr("another process holds its lock"));
  EXPECT_EQ(tables_->fact("x"), "1");
}

TEST_F(SqliteTablesTest, a_damaged_page_is_reported_with_the_file_and_what_to_do) {
  fill_chunks(4, 10);
  tables_.reset();
  damage_from(content().size() - 10 * page_size);  // The newest pages: rows of the chunks.
  tables_ = open_sqlite_tables(options_, Checkpoints::by_this_connection);

  const Error damaged = refusal_of([&] { read_all_chunks(4); });

  EXPECT_EQ(damaged.code, Errc::corrupt);
  EXPECT_THAT(damaged.what, testing::HasSubstr(options_.sqlite_path));
  EXPECT_THAT(damaged.what, testing::HasSubstr("wattline restore"));
  EXPECT_THAT(tables_->integrity(), testing::Not(testing::IsEmpty()));
}

TEST_F(SqliteTablesTest, a_damaged_schema_is_reported_when_the_file_is_opened) {
  tables_.reset();
  damage_from(page_size);  // All but the first page, which holds the header.

  const Error damaged =
      refusal_of([&] { tables_ = open_sqlite_tables(options_, Checkpoints::by_this_connection); });

  EXPECT_EQ(damaged.code, Errc::corrupt);
  EXPECT_THAT(damaged.what, testing::HasSubstr(options_.sqlite_path));
  EXPECT_THAT(damaged.what, testing::HasSubstr("wattline restore"));
}

TEST_F(SqliteTablesTest, a_reader_leaves_the_log_to_the_collector) {
  const auto reader = open_sqlite_tables(options_, Checkpoints::by_the_collector);
  tables_->begin(Access::write);
  tables_->put_fact("x", "1");
  tables_->commit();
  const std::string before = content();

  reader->checkpoint();
  EXPECT_EQ(content(), before);
  tables_->checkpoint();
  EXPECT_NE(content(), before);
}

}  // namespace
}  // namespace wl::storage
