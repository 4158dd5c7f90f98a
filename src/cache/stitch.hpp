// Joins what the hashes in Redis say once and what the channel says from then on.
#pragma once

#include <cstdint>
#include <string>

#include "model/live_message.hpp"

namespace wl::cache {

/// Pure. Feed it every message of the channel, from the moment of the subscription on; when it
/// wants a snapshot, read the hashes and feed that. As both change in one transaction, a message
/// that was heard before the hashes were read is in them.
class Stitch {
 public:
  enum class Verdict {
    pass,           ///< It is the next one.
    ignore,         ///< Known already.
    read_snapshot,  ///< Something is missing between this and what was passed.
  };

  Verdict on_channel(const LiveMessage& message) {
    if (message.epoch.empty() || message.seq == 0) return Verdict::ignore;  // Not a collector's.
    if (message.type == LiveMessage::Type::snapshot) return take(message);
    if (message.epoch != epoch_) return Verdict::read_snapshot;
    if (message.seq <= seq_) return Verdict::ignore;
    if (message.seq != seq_ + 1) return Verdict::read_snapshot;
    return take(message);
  }
  Verdict on_snapshot(const LiveMessage& snapshot) { return take(snapshot); }

 private:
  Verdict take(const LiveMessage& message) {
    epoch_ = message.epoch;
    seq_ = message.seq;
    return Verdict::pass;
  }

  std::string epoch_;
  std::uint64_t seq_ = 0;
};

}  // namespace wl::cache
