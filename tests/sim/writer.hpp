// Does what StoreWriter does, on virtual time: the real Store and the real BatchLedger.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "apps/collector/store_writer.hpp"
#include "tests/sim/database.hpp"
#include "tests/sim/mailbox.hpp"

namespace wl::sim {

class Writer {
 public:
  using Batch = std::shared_ptr<const collector::Record>;

  /// Tries to open the database at once; without it later ones follow by themselves.
  Writer(World& world, Database& database, std::string source);

  std::optional<Timestamp> covered_until() const { return covered_until_; }
  void start(StoreWriter::Events events) { events_ = std::move(events); }
  void write(Batch batch, Milliseconds delay) { jobs_.post(std::move(batch), delay); }
  void read_alarms();

  Milliseconds next_due() const;
  void turn();

 private:
  bool try_open();
  void tell_opened();
  void tell_alarms();
  void do_job();
  std::string try_write(const collector::Record& batch);
  void keep_up();

  World& world_;
  Database& database_;
  const std::string source_;
  std::unique_ptr<storage::CollectorStore> store_;
  std::unique_ptr<BatchLedger> ledger_;
  std::optional<Timestamp> covered_until_;
  StoreWriter::Events events_;
  Mailbox<Batch> jobs_;  ///< Null: read the alarms.
  std::optional<Batch> job_;
  std::string away_;
  bool told_opened_ = false;
  bool alarms_wanted_ = false;
  Milliseconds job_done_{};
  Milliseconds next_try_{};
  Milliseconds pause_{1000};
  Milliseconds next_upkeep_;
};

}  // namespace wl::sim
