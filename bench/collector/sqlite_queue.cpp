#include <SQLiteCpp/SQLiteCpp.h>

#include <optional>

#include "packed_samples.hpp"
#include "queues.hpp"

namespace wl::bench {
namespace {

class SqliteQueue : public Queue {
 public:
  SqliteQueue(SqliteRow row, const std::filesystem::path& folder)
      : row_(row),
        path_((folder / (row == SqliteRow::sample ? "rows.db" : "blobs.db")).string()),
        database_(path_, SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE) {
    database_.exec("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL");
    database_.exec(row == SqliteRow::sample
                       ? "CREATE TABLE queue(id INTEGER PRIMARY KEY, point INTEGER, value REAL, "
                         "quality INTEGER, time INTEGER)"
                       : "CREATE TABLE queue(id INTEGER PRIMARY KEY, samples BLOB)");
    insert_.emplace(database_, row == SqliteRow::sample
                                   ? "INSERT INTO queue(point, value, quality, time) "
                                     "VALUES(?, ?, ?, ?)"
                                   : "INSERT INTO queue(samples) VALUES(?)");
  }

  std::string_view name() const override {
    return row_ == SqliteRow::sample ? "SQLite, a row a sample" : "SQLite, a row a record";
  }

  void keep(const collector::Record& record) override {
    SQLite::Transaction transaction(database_);
    if (row_ == SqliteRow::sample) {
      for (const Sample& sample : record.samples) add(sample);
    } else {
      const std::string bytes = packed(record.samples);
      insert_->bind(1, bytes.data(), static_cast<int>(bytes.size()));
      insert_->exec();
      insert_->reset();
    }
    transaction.commit();
  }

  std::size_t forward() override {
    std::size_t samples = 0;
    SQLite::Statement read(database_, "SELECT * FROM queue ORDER BY id");
    std::vector<Sample> batch;
    while (read.executeStep()) {
      batch.clear();
      take(read, batch);
      samples += batch.size();
    }
    database_.exec("DELETE FROM queue");
    return samples;
  }

  std::uint64_t bytes() const override {
    return std::filesystem::file_size(path_) + std::filesystem::file_size(path_ + "-wal");
  }

 private:
  void add(const Sample& sample) {
    insert_->bind(1, sample.point.value);
    insert_->bind(2, sample.value);
    insert_->bind(3, sample.quality.status_code);
    insert_->bind(4, to_unix_ms(sample.source_time));
    insert_->exec();
    insert_->reset();
  }

  void take(SQLite::Statement& read, std::vector<Sample>& into) const {
    if (row_ == SqliteRow::record) {
      const SQLite::Column blob = read.getColumn(1);
      unpack({static_cast<const char*>(blob.getBlob()), static_cast<std::size_t>(blob.getBytes())},
             into);
      return;
    }
    into.push_back({PointId{read.getColumn(1).getUInt()}, read.getColumn(2).getDouble(),
                    Quality{read.getColumn(3).getUInt()},
                    from_unix_ms(read.getColumn(4).getInt64())});
  }

  const SqliteRow row_;
  const std::string path_;
  SQLite::Database database_;
  std::optional<SQLite::Statement> insert_;
};

}  // namespace

std::unique_ptr<Queue> make_sqlite_queue(SqliteRow row, const std::filesystem::path& folder) {
  return std::make_unique<SqliteQueue>(row, folder);
}

}  // namespace wl::bench
