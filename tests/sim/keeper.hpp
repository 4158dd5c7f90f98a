// Does what SpoolKeeper does, on virtual time and a simulated disk: the real StoreAndForward.
#pragma once

#include <functional>
#include <memory>
#include <variant>

#include "apps/collector/store_writer.hpp"
#include "collector/forward/store_and_forward.hpp"
#include "tests/sim/disk.hpp"
#include "tests/sim/mailbox.hpp"
#include "tests/sim/world.hpp"

namespace wl::sim {

class Keeper {
 public:
  /// `delay`: what the disk took; the outputs act then.
  struct Outputs {
    std::function<void(std::uint64_t seq, Milliseconds delay)> durable;
    std::function<void(std::shared_ptr<const collector::Record>, Milliseconds delay)> write;
  };
  struct Away {
    std::string reason;
  };
  /// Told the time that the task's own disk work takes.
  using Task = std::function<void(Milliseconds)>;
  using Event = std::variant<collector::Record, Task, DatabaseOpened, Away, WriteDone>;

  /// Opens the spool as SpoolKeeper does. `patient`: what cannot be read stays where it is, and the
  /// start is refused; else it is skipped. Throws StartError.
  Keeper(World& world, Disk& disk, const collector::ForwardOptions& options, bool patient);

  void start(Outputs outputs) { outputs_ = std::move(outputs); }
  void post(Event event, Milliseconds delay = {});

  const collector::StoreAndForward& forward() const { return *forward_; }
  Milliseconds next_due() const;
  void turn();
  std::string words_of_due() const;
  bool idle() const { return events_.size() == 0 && forward_->drained(); }

 private:
  void handle(Event event, Milliseconds cost);
  void on_record(collector::Record record);
  void on_done(WriteDone done);
  void perform(collector::ForwardActions actions, Milliseconds cost);

  World& world_;
  Disk& disk_;
  std::unique_ptr<collector::StoreAndForward> forward_;
  Outputs outputs_;
  Mailbox<Event> events_;
  std::uint64_t lost_before_ = 0;
  Milliseconds busy_until_{};
};

}  // namespace wl::sim
