// What all four databases are asked to do, so that one loop measures each of them.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "model/plant.hpp"
#include "model/sample.hpp"

namespace wl::bench {

enum class Ask {
  latest,  ///< The newest value of every point.
  chart,   ///< min, max, mean of each minute of one point.
  hours,   ///< min, max, mean of each hour of all points of a device.
  days,    ///< The same of each day.
  energy,  ///< Energy of each day of a device.
  raw,     ///< Samples of one point.
};

inline constexpr Ask all_asks[] = {Ask::latest, Ask::chart,  Ask::hours,
                                   Ask::days,   Ask::energy, Ask::raw};
std::string_view name_of(Ask ask);

struct Question {
  Ask ask = Ask::latest;
  DeviceId device;   ///< hours, days, energy.
  PointId point;     ///< chart, raw.
  Timestamp from{};  ///< Whole minutes; hours and days for those.
  Timestamp to{};    ///< Exclusive. latest: that of the newest sample.
};

/// Throws std::runtime_error when the engine refuses or fails. One thread uses it.
class Reader {
 public:
  virtual ~Reader() = default;
  /// How many values (raw, latest) or buckets came: the same number from every engine.
  virtual std::size_t ask(const Question& question) = 0;
};

/// An engine with an empty database. Throws as Reader does.
class Engine {
 public:
  virtual ~Engine() = default;
  virtual std::string_view name() const = 0;

  /// Brings `batches`, in time order, into the form that is sent; never part of a measured time.
  /// Forgets those prepared before. They must stay alive.
  virtual void prepare(std::span<const std::span<const Sample>> batches) = 0;
  /// Writes the prepared batch of this number; returns when the engine has acknowledged it.
  virtual void write(std::size_t batch) = 0;
  /// Hands over what the engine still holds back in memory, if it does and can be told to.
  virtual void finish() {}
  virtual std::unique_ptr<Reader> reader() = 0;
  /// Everything goes to the disk, merged as far as the engine merges.
  virtual void settle() = 0;
  virtual std::uint64_t disk_bytes() const = 0;
  /// Counts what it gives back of all points: proof that nothing was dropped.
  virtual std::uint64_t stored_samples() = 0;
};

/// Where the peers listen and what may be written to. A port of 0: not started, left out.
struct Places {
  std::string folder;  ///< Private; `wattline.db` goes here, peers have folders of their own in it.
  std::uint16_t victoria = 0;
  std::uint16_t influx = 0;
  std::uint16_t clickhouse = 0;
};

std::unique_ptr<Engine> make_wattline(const Plant& plant, const Places& places);
/// On the database `wattline_bench` of the MariaDB at this port of 127.0.0.1, user and password
/// `tester`; it must be empty.
std::unique_ptr<Engine> make_wattline_on_mariadb(const Plant& plant, std::uint16_t port);
std::unique_ptr<Engine> make_victoria(const Plant& plant, const Places& places);
std::unique_ptr<Engine> make_influx(const Plant& plant, const Places& places);
std::unique_ptr<Engine> make_clickhouse(const Plant& plant, const Places& places);

/// Wattline first, then the peers that run. `plant` must outlive them.
std::vector<std::unique_ptr<Engine>> make_engines(const Plant& plant, const Places& places);

/// Bytes on disk of all files below a folder, as `du` counts them: InfluxDB keeps sparse files.
std::uint64_t bytes_below(const std::string& folder);
/// Waits until the files below a folder have kept their size for `quiet_seconds`; 60 s at most.
void settle_folder(const std::string& folder, int quiet_seconds);
/// How often `needle` occurs in `text`.
std::size_t occurrences(std::string_view text, std::string_view needle);

}  // namespace wl::bench
