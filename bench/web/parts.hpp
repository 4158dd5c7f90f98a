// The parts of the benchmark; each prints its figures (figures.hpp) as JSON lines.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace wl::bench {

/// The running wattline-web, or a peer.
struct Site {
  std::uint16_t port = 0;
  std::string cookie;     ///< `name=value` of a signed-in user; empty: none.
  std::vector<int> pids;  ///< Whose CPU time counts; of the first one the memory, too.
  std::string socket;     ///< Of the live feed; bench_web stands in for the collector there.
  std::string plant;      ///< plant.json of the points in the feed.
};

struct RequestOptions {
  std::string label;
  std::vector<std::string> targets;  ///< The connections take them in turn.
  int connections = 50;
  double seconds = 5;
  double warm_seconds = 1;   ///< Before; not counted.
  double every_seconds = 0;  ///< Each connection asks once in so long, at a phase of its own; 0: it
                             ///< asks again at once.
};
/// Requests a second, a core second, p50 and p99.
void measure_requests(const Site& site, const RequestOptions& options);

struct PushOptions {
  int clients = 5000;
  double seconds = 30;
};
/// A line a second to every client: p50 and p99 from live.sock to the client, CPU a broadcast,
/// resident memory a client.
void measure_push(const Site& site, const PushOptions& options);

struct StalledOptions {
  int clients = 50;
  int lines_a_second = 20;
  double seconds = 10;  ///< A phase.
  int rounds = 3;       ///< Of one phase in which all read and one in which the last one does not.
};
/// What the 49 see with and without a client that does not read.
void measure_stalled(const Site& site, const StalledOptions& options);

struct LoginOptions {
  std::string user, password;  ///< Valid ones.
  double seconds = 30;         ///< A phase: first calm, then the storm.
  int bad_a_second = 50;
};
void measure_logins(const Site& site, const LoginOptions& options);

struct SoakOptions {
  std::string asset;    ///< A static file, `/assets/…`.
  std::string history;  ///< A target with a heavy answer.
  double warm_requests = 100e3;
  double requests = 1e6;
};
/// Resident memory over many requests of all kinds.
void measure_soak(const Site& site, const SoakOptions& options);

/// Feeds live.sock until the process gets SIGTERM, for parts that need a live line and no more.
void feed(const Site& site);

struct IngestOptions {
  std::string database;
  std::string plant;
  int samples_a_batch = 480;
  double every_seconds = 1;
};
/// Writes batches as the collector does until SIGTERM, then prints what a batch took.
void ingest(const IngestOptions& options);
/// Makes the database with admin / admin123 and `hours` of history up to now: every point each
/// second.
void make_database(const IngestOptions& options, int hours);

}  // namespace wl::bench
