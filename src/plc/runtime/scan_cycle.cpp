#include "plc/runtime/scan_cycle.hpp"

#include <spdlog/spdlog.h>

#include "plc/runtime/retain_store.hpp"

namespace wl::plc {

ScanCycle::ScanCycle(Resource& resource, RetainStore* retain, Publish publish)
    : resource_(resource), retain_(retain), publish_(std::move(publish)) {}

std::chrono::nanoseconds ScanCycle::run(std::chrono::nanoseconds now, Timestamp time) {
  const auto started = std::chrono::steady_clock::now();
  const ScanResult result = [&] {
    const RunningScan running(mark_);
    return resource_.scan(now);
  }();
  const auto took = std::chrono::steady_clock::now() - started;

  const bool faulted = resource_.faulted();
  if (faulted && !fault_logged_) {
    fault_logged_ = true;
    spdlog::critical(
        "FAULT: {}. The program stands still and all outputs are zero; "
        "`wattline restart plc` starts it again",
        resource_.fault()->text());
  }
  // A scan that a fault cut short left half of its work: the last whole one is what stays.
  if (retain_ != nullptr && !faulted) retain_->save(resource_.state(), now);
  publish({time, result.changed, result.ran, faulted});
  return took;
}

void ScanCycle::publish(ScanReport report) {
  if (publish_failed_) report.changed = resource_.published();
  try {
    publish_(report);
    publish_failed_ = false;
  } catch (const std::exception& error) {
    if (!publish_failed_) {
      spdlog::error("a scan was not published: {}; all variables follow with the next",
                    error.what());
    }
    publish_failed_ = true;
  }
}

}  // namespace wl::plc
