// Letters: the outbox on the collector's disk, its sender, and the mail server beyond.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "alarm/notify/letter.hpp"
#include "tests/sim/disk.hpp"
#include "tests/sim/world.hpp"

namespace wl::sim {

/// Outside of everything that can fail: what people have in their mail boxes.
class MailServer {
 public:
  enum class State { well, dead, loses_answers };
  struct Received {
    std::uint64_t wishes = 0;
    std::uint64_t copies = 0;  ///< All with the same Message-ID: a reader shows one.
  };

  void set(State state) { state_ = state; }
  void set_latency(Milliseconds latency) { latency_ = latency; }
  State state() const { return state_; }
  Milliseconds latency() const { return latency_; }
  void receive(std::uint64_t id, std::uint64_t wishes);
  const std::map<std::uint64_t, Received>& received() const { return received_; }
  /// A Message-ID that came with another content.
  std::optional<std::uint64_t> torn() const { return torn_; }

 private:
  State state_ = State::well;
  Milliseconds latency_{200};
  std::map<std::uint64_t, Received> received_;
  std::optional<std::uint64_t> torn_;
};

/// A model of mail/outbox.hpp and its sender by their promises: a posted letter is on the disk; one
/// that is there or was sent is not taken again; it goes when the server has said yes. Dies with
/// the process, the files stay.
class Outbox {
 public:
  Outbox(World& world, Disk& disk, MailServer& server);

  /// Puts them in the outbox, oldest first; the id of the last one that is there. What the disk
  /// refused is tried again with the next.
  std::uint64_t post(const std::vector<alarm::notify::Letter>& letters);
  bool empty() const { return waiting_.empty() && refused_.empty(); }
  bool has_refused() const { return !refused_.empty(); }
  /// How long the oldest letter has waited in this process.
  Milliseconds oldest_age() const;

  Milliseconds next_due() const;
  void turn();

 private:
  bool keep(const alarm::notify::Letter& letter);
  void deliver();
  void forget(std::uint64_t id);

  World& world_;
  Disk& disk_;
  MailServer& server_;
  std::set<std::uint64_t> sent_;  ///< The newest; on the disk, too.
  struct Waiting {
    std::uint64_t wishes = 0;
    Milliseconds since{};
  };
  std::map<std::uint64_t, Waiting> waiting_;  ///< By id.
  std::vector<alarm::notify::Letter> refused_;
  Milliseconds next_try_{};
  bool sending_ = false;
};

}  // namespace wl::sim
