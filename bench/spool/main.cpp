// bench_spool DIRECTORY: figures of the spool on the disk of DIRECTORY; makes and removes a folder.
//
// A record stands for a batch of 10 s at 100 samples/s: 1,000 samples of 16 bytes.
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "storage/spool/posix_files.hpp"
#include "storage/spool/spool.hpp"

namespace {

using namespace wl::storage::spool;
using Clock = std::chrono::steady_clock;

constexpr std::uint64_t samples_a_batch = 1000;
constexpr std::size_t batch_bytes = samples_a_batch * 16;

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

template <class T>
T need(wl::Result<T> result) {
  if (!result) throw std::runtime_error(result.error().what);
  if constexpr (!std::is_void_v<T>) return std::move(*result);
}

struct OpenSpool {
  explicit OpenSpool(const std::filesystem::path& folder)
      : files(need(PosixSpoolFiles::open(folder))),
        spool(need(Spool::open(*files, {.capacity_bytes = 2'000'000'000}))) {}
  std::unique_ptr<PosixSpoolFiles> files;
  std::unique_ptr<Spool> spool;
};

std::string batch(std::uint64_t seed) {
  std::string bytes(batch_bytes, '\0');
  for (char& byte : bytes) {
    seed = seed * 6364136223846793005u + 1442695040888963407u;
    byte = static_cast<char>(seed >> 56);
  }
  return bytes;
}

void append_one_by_one(Spool& spool, std::uint64_t count) {
  const std::string bytes = batch(1);
  std::vector<double> took;
  for (std::uint64_t i = 0; i < count; ++i) {
    const auto start = Clock::now();
    need(spool.append(spool.last_seq() + 1, bytes));
    need(spool.sync());
    took.push_back(seconds_since(start) * 1e3);
  }
  std::ranges::sort(took);
  fmt::print("append + sync of a 10-s batch ({} bytes): p50 {:.2f} ms, p99 {:.2f} ms\n",
             batch_bytes, took[count / 2], took[count * 99 / 100]);
}

void fill(Spool& spool, std::uint64_t bytes) {
  const std::string record = batch(2);
  const auto start = Clock::now();
  std::uint64_t done = 0;
  while (done < bytes) {
    for (int i = 0; i < 250; ++i, done += record.size()) {
      need(spool.append(spool.last_seq() + 1, record));
    }
    need(spool.sync());
  }
  const double took = seconds_since(start);
  fmt::print("fill {:.0f} MB, a sync each 4 MB: {:.0f} MB/s\n", static_cast<double>(done) / 1e6,
             static_cast<double>(done) / 1e6 / took);
}

void drain(Spool& spool) {
  const auto start = Clock::now();
  std::uint64_t batches = 0;
  for (;;) {
    const auto records = need(spool.read(1u << 20));
    if (records.empty()) break;
    batches += records.size();
    need(spool.release(records.back().seq));
    need(spool.sync());
  }
  const double samples = static_cast<double>(batches * samples_a_batch);
  fmt::print("drain {:.1f} million samples, released and synced each 1 MB: {:.2f} million/s\n",
             samples / 1e6, samples / 1e6 / seconds_since(start));
}

void restart(const std::filesystem::path& folder, const char* what) {
  const auto start = Clock::now();
  const OpenSpool again(folder);
  fmt::print("open {:.0f} MB in {} segments, {}: {:.0f} ms\n",
             static_cast<double>(again.spool->state().bytes) / 1e6, again.spool->state().segments,
             what, seconds_since(start) * 1e3);
}

void measure(const std::filesystem::path& folder) {
  {
    const OpenSpool open(folder);
    append_one_by_one(*open.spool, 500);
    fill(*open.spool, 1'000'000'000);
  }
  restart(folder, "the last one without a seal");
  restart(folder, "all sealed");
  const OpenSpool open(folder);
  drain(*open.spool);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    fmt::print(stderr, "usage: bench_spool DIRECTORY\n");
    return 2;
  }
  const std::filesystem::path folder = std::filesystem::path(argv[1]) / "bench-spool";
  int code = 0;
  try {
    measure(folder);
  } catch (const std::exception& error) {
    fmt::print(stderr, "{}\n", error.what());
    code = 1;
  }
  std::error_code gone;
  std::filesystem::remove_all(folder, gone);
  return code;
}
