#include "virtual_alarms.hpp"

namespace wl::bench {

VirtualAlarms::VirtualAlarms(const Plant& plant, Options options)
    : file_(options.folder),
      service_(plant, std::move(options.desk), std::move(options.memory),
               {.wall = options.start, .monotonic = {}}, outputs()) {}

AlarmOutputs VirtualAlarms::outputs() {
  return {.live = [](const LiveMessage&) {},
          .answer = [](std::uint64_t, const LiveAnswer&) {},
          .remember =
              [this](const std::string& memory, std::uint64_t number) {
                memory_bytes_ += memory.size();
                service_.post(AlarmsRemembered{number, file_.write(memory)});
              },
          .letters =
              [this](std::vector<alarm::notify::Letter> letters) {
                service_.post(LettersPosted{letters.back().id});
                letters_.insert(letters_.end(), letters.begin(), letters.end());
              },
          .read_database = [this] { read_(); },
          .forward = [this] { return facts_; },
          .host = [] { return collector::HostFacts{}; },
          .mail = [] { return collector::MailFacts{}; }};
}

void VirtualAlarms::told(Result<collector::AlarmsInDatabase> alarms) {
  service_.post(AlarmsRead{std::move(alarms)});
}

void VirtualAlarms::turn(collector::Core& core, collector::Now now,
                         const collector::ForwardFigures& forward) {
  facts_ = {.spool_share = static_cast<double>(forward.spool_bytes) /
                           static_cast<double>(forward.spool_capacity),
            .records_lost = forward.records_dropped,
            .lost_by_disk = forward.records_lost - forward.records_dropped,
            .records_wait = forward.stored_seq < forward.durable_seq,
            .batches_stored = forward.batches_stored,
            .earlier_stored = forward.earlier_stored};
  service_.turn(core, now);
}

}  // namespace wl::bench
