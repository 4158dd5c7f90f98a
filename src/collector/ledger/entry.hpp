// The words of the ledger: the values it gives out stand in model/, the store keeps them.
#pragma once

#include "model/energy_ledger.hpp"

namespace wl::collector::ledger {

inline constexpr Milliseconds bucket_length = energy_bucket_length;

/// Start of the bucket that holds `at`.
inline Timestamp bucket_of(Timestamp at) {
  using Buckets = std::chrono::duration<std::int64_t, std::ratio<900>>;
  return std::chrono::floor<Buckets>(at);
}

using Method = EnergyMethod;
using BucketEntry = EnergyBucket;
using EventKind = MeterEventKind;
using LedgerEvent = MeterEvent;
using wl::LedgerEntries;

}  // namespace wl::collector::ledger
