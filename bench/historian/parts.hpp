// The parts of the benchmark; each prints its figures (figures.hpp) and needs fresh databases.
#pragma once

#include <chrono>
#include <string>

#include "engine.hpp"

namespace wl::bench {

struct IngestOptions {
  std::vector<std::size_t> batches = {480, 4800};  ///< Samples a batch; each in every round.
  int rounds = 3;             ///< Each engine in turn in every round; the table shows medians.
  int hours = 12;             ///< Of data a round and batch size; time goes on from round to round.
  std::uint16_t mariadb = 0;  ///< Not 0: only our store, on the MariaDB at this port.
};
/// Samples a second of 48 points at 1 Hz in batches of 480 and of 4,800 samples.
void measure_ingest(const Places& places, const IngestOptions& options);

/// A database that the demo line filled: where real data comes from.
struct LineDatabase {
  std::string path;   ///< Empty: none.
  std::string plant;  ///< Its plant.json.
  int days = 3;       ///< The newest of it.
};
/// Bytes a sample on disk: `hours` of 48 points at 1 Hz, or what stands in a line's database.
void measure_size(const Places& places, int hours, const LineDatabase& line);

struct QueryOptions {
  int days = 365;      ///< History of two devices at one sample a minute.
  double seconds = 5;  ///< For each question and engine.
};
/// p50 and p99 of each question on 1,000 points while 10,000 samples a second come in.
void measure_queries(const Places& places, const QueryOptions& options);

/// The same questions, of fixed length, after 3, 30, 90 and 365 days of history.
void measure_flat(const Places& places, double seconds);

struct SustainedOptions {
  int minutes = 10;
  std::size_t points = 10'000;
};
/// Real time: a batch of 10 s of all points every 10 s, a reader beside it. Wattline alone.
void measure_sustained(const Places& places, const SustainedOptions& options);

}  // namespace wl::bench
