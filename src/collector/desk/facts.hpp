// What the alarm desk is told beside the values: the state of the system itself.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/time.hpp"

namespace wl::collector {

/// The way of the records to the database; told as often as one likes.
struct ForwardFacts {
  double spool_share = 0;            ///< Of DATA_CACHE_SIZE in use, 0 to 1.
  std::uint64_t records_lost = 0;    ///< Since the start: the spool was full.
  std::uint64_t lost_by_disk = 0;    ///< Records and samples: damaged, or long refused.
  bool records_wait = false;         ///< Something is not in the database yet.
  std::uint64_t batches_stored = 0;  ///< Since the start.
  bool earlier_stored = true;        ///< The database has all that processes before us collected.

  bool operator==(const ForwardFacts&) const = default;
};

/// A disk that the installation writes to.
struct DiskFacts {
  std::string name;  ///< `data`, `logs`: for a person.
  std::uint64_t free_bytes = 0;
  std::uint64_t total_bytes = 0;
};

/// A certificate that is in use, ours or a peer's.
struct CertificateFacts {
  std::string subject;
  Timestamp not_after{};
};

/// What only a look at the machine tells; told every few seconds by a thread that may wait.
struct HostFacts {
  /// Asked while the link is down: does anybody listen at the gateway's address? Nothing: it was
  /// not asked.
  std::optional<bool> gateway_listens;
  std::vector<DiskFacts> disks;
  std::vector<CertificateFacts> certificates;
};

/// The OEE of the shift that is going on.
struct OeeFacts {
  std::string subject;  ///< Which line: `total`.
  double percent = 0;
};

/// What waits to be told to people.
struct MailFacts {
  Milliseconds oldest_age{};  ///< Of what waits in the outbox; 0: nothing waits, or nobody is told.
};

}  // namespace wl::collector
