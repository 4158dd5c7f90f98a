#include "apps/collector/writer_parts.hpp"

#include "apps/collector/day_file.hpp"
#include "apps/database/database_away.hpp"
#include "storage/archive/file_archive.hpp"

namespace wl {

namespace {

std::unique_ptr<BatchOee> oee_of(const Settings& settings, const Plant& plant,
                                 storage::CollectorStore& store) {
  const std::string saved = or_stop_for(store.oee_state());
  const BatchOee::Options options{.sampling_interval = settings.data_collection_interval,
                                  .ideal_rate_per_hour = settings.theoretical_production_rate,
                                  .data_dir = settings.data_dir};
  return std::make_unique<BatchOee>(plant, plant_calendar(settings, plant), options, saved);
}

}  // namespace

StoreWriter::Parts writer_parts(const Settings& settings, const Plant& plant,
                                std::unique_ptr<storage::CollectorStore> store,
                                std::string source) {
  const std::string saved = or_stop_for(store->ledger_state());
  const BatchLedger::Options options{.sampling_interval = settings.data_collection_interval,
                                     .data_dir = settings.data_dir};
  StoreWriter::Parts parts;
  parts.ledger = std::make_unique<BatchLedger>(plant, options, saved);
  parts.oee = oee_of(settings, plant, *store);
  parts.store = std::move(store);
  parts.source = std::move(source);
  parts.rules.raw = std::chrono::days{settings.history_retention_days};
  if (settings.data_archiving_enabled) {
    parts.archive = std::make_unique<storage::FileArchive>(settings.data_dir / "archive");
    parts.rules.archive = parts.archive.get();
  }
  return parts;
}

}  // namespace wl
