#include "apps/plc/run_line.hpp"

#include <spdlog/spdlog.h>
#include <unistd.h>

#include <atomic>
#include <memory>

#include "apps/plc/publication.hpp"
#include "apps/plc/status_report.hpp"
#include "apps/plc/truth_log.hpp"
#include "plc/runtime/retain_store.hpp"
#include "plc/runtime/scan_loop.hpp"
#include "plc/runtime/symbol_value.hpp"
#include "plc/runtime/watchdog.hpp"

namespace wl {
namespace {

/// The value, or the reason why the program cannot start.
template <class T>
T or_stop(Result<T> result) {
  if (result) return std::move(*result);
  if (result.error().code == Errc::conflict) throw AlreadyRunning(result.error().what);
  throw StartError(result.error().what);
}

/// The boot counter as the retain image has it; kept by the scan thread for the status.
class BootCount {
 public:
  explicit BootCount(std::span<const plc::Symbol> symbols) {
    if (const auto index = plc::find_symbol(symbols, "PLC_PRG.udiBootCount")) {
      symbol_ = symbols[*index];
    }
  }
  void take(std::span<const std::byte> image) {
    if (symbol_.size == 0) return;
    const auto number = to_number(plc::read_symbol(image, symbol_)).value_or(0);
    value_.store(static_cast<std::uint64_t>(number), std::memory_order_relaxed);
  }
  std::uint64_t value() const { return value_.load(std::memory_order_relaxed); }

 private:
  plc::Symbol symbol_;
  std::atomic<std::uint64_t> value_ = 0;
};

/// Everything that runs, in the order in which it starts; it stops in the reverse order.
class Line {
 public:
  explicit Line(const LineRun& run)
      : run_(run),
        resource_(or_stop(plc::Resource::create(run.program))),
        boots_(resource_->symbols()),
        retain_(or_stop(plc::RetainStore::open(run.settings.retain_dir(), resource_->symbols()))),
        truth_(open_truth_log()),
        publication_(
            or_stop(Publication::start(*resource_, {.host = run.settings.plc_opc_ua_host,
                                                    .port = run.settings.plc_opc_ua_port}))),
        cycle_(*resource_, retain_.get(), [this](const plc::ScanReport& r) { after_scan(r); }),
        loop_(cycle_, resource_->tick()) {}

  void start() {
    // Only now: whatever could refuse the start has been passed, and old data may be touched.
    retain_->restore(resource_->state()).log(run_.settings.retain_dir());
    watchdog_ = std::make_unique<plc::WatchdogThread>(cycle_.mark(), resource_->control(),
                                                      plc::watchdog_limit(resource_->tick()));
    loop_.start();
    spdlog::info("the line runs: {} POUs, {} variables published on port {}, scan every {} us",
                 run_.pous, resource_->published().size(), run_.settings.plc_opc_ua_port,
                 resource_->tick().count() / 1000);
  }

  PlcCondition condition() const {
    return {.cycles = loop_.cycles(),
            .loop = loop_.status(),
            .fault = resource_->faulted() ? resource_->fault()->text() : std::string(),
            .retain_trouble = retain_->trouble(),
            .pous = run_.pous,
            .boot_count = boots_.value(),
            .sessions = publication_->stats().sessions};
  }

  void stop() {
    loop_.stop();
    if (const auto closed = retain_->close(); !closed) {
      spdlog::critical("retain: {}", closed.error().what);
    }
    publication_->stop();
  }

 private:
  std::unique_ptr<TruthLog> open_truth_log() const {
    if (run_.truth_log.empty()) return nullptr;
    return or_stop(TruthLog::open(run_.truth_log, resource_->symbols()));
  }

  /// Truth first: a client must not know a scan of which the truth log does not.
  void after_scan(const plc::ScanReport& report) {
    if (report.ran) boots_.take(resource_->image());
    if (truth_ && report.ran) truth_->append(resource_->image(), report.time);
    publication_->publish(report);
  }

  const LineRun& run_;
  std::unique_ptr<plc::Resource> resource_;
  BootCount boots_;
  std::unique_ptr<plc::RetainStore> retain_;
  std::unique_ptr<TruthLog> truth_;
  std::unique_ptr<Publication> publication_;
  plc::ScanCycle cycle_;
  std::unique_ptr<plc::WatchdogThread> watchdog_;
  plc::ScanLoop loop_;
};

/// Says once, not once a second, that the status file cannot be written.
class StatusFile {
 public:
  explicit StatusFile(std::filesystem::path directory) : directory_(std::move(directory)) {}
  ~StatusFile() { remove_status(directory_, "plc"); }
  StatusFile(const StatusFile&) = delete;
  StatusFile& operator=(const StatusFile&) = delete;

  void write(const ProcessStatus& status) {
    const auto written = write_status(directory_, status);
    if (!written && !failing_) spdlog::error("status: {}", written.error().what);
    failing_ = !written;
  }

 private:
  const std::filesystem::path directory_;
  bool failing_ = false;
};

}  // namespace

void run_line(const LineRun& run, StopSignal& stop) {
  Line line(run);
  line.start();
  StatusReport report(WATTLINE_VERSION, ::getpid(), wall_now());
  StatusFile file(run.settings.run_dir);
  bool healthy = false;
  do {
    const ProcessStatus status = report.at(wall_now(), line.condition());
    file.write(status);
    healthy = status.healthy;
  } while (!stop.wait(status_pause(healthy)));
  spdlog::info("stopping");
  line.stop();
  spdlog::info("stopped");
}

}  // namespace wl
