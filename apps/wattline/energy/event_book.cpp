#include "apps/wattline/energy/event_book.hpp"

#include <algorithm>
#include <ranges>

namespace wl::energy {
namespace {

using collector::ledger::bucket_of;
using collector::ledger::LedgerState;
using collector::ledger::MeterBook;
using collector::ledger::MeterSpec;

bool same(const MeterEvent& a, const MeterEvent& b) {
  return a.device == b.device && a.kind == b.kind && a.at == b.at && a.before == b.before &&
         a.after == b.after;
}

bool has(const std::vector<MeterEvent>& events, const MeterEvent& wanted) {
  return std::ranges::any_of(events, [&](const MeterEvent& event) { return same(event, wanted); });
}

/// Takes away the one that `withdrawal` voids.
void withdraw(std::vector<MeterEvent>& events, const MeterEvent& withdrawal) {
  std::erase_if(events, [&](const MeterEvent& event) {
    return event.device == withdrawal.device && event.at == withdrawal.at &&
           event.kind == withdrawal.voided && event.revision == withdrawal.revision;
  });
}

/// What was seen when it happened stays told: a recomputation cannot see it.
bool only_then(const MeterEvent& event) {
  return event.kind == MeterEventKind::corrected || event.kind == MeterEventKind::future;
}

}  // namespace

EventBook::EventBook(std::vector<MeterEvent> told, const LedgerState& saved)
    : told_(std::move(told)) {
  for (const MeterBook& book : saved.meters) saved_revisions_[book.key] = book.revision;
  for (const MeterEvent& event : told_)
    revisions_[event.device] = std::max(revisions_[event.device], event.revision);
  std::vector<MeterEvent> withdrawals;
  std::ranges::copy_if(told_, std::back_inserter(withdrawals), [](const MeterEvent& event) {
    return event.kind == MeterEventKind::withdrawn;
  });
  std::erase_if(told_,
                [](const MeterEvent& event) { return event.kind == MeterEventKind::withdrawn; });
  for (const MeterEvent& withdrawal : withdrawals) withdraw(told_, withdrawal);
  for (const MeterEvent& event : told_) eventful_.insert({event.device, bucket_of(event.at)});
}

LedgerState EventBook::first_state(const std::vector<MeterSpec>& specs) {
  LedgerState state;
  for (const MeterSpec& spec : specs) {
    devices_[spec.key] = spec.device;
    std::uint32_t& revision = revisions_[spec.device];
    if (const auto saved = saved_revisions_.find(spec.key); saved != saved_revisions_.end())
      revision = std::max(revision, saved->second);
    MeterBook book;
    book.key = spec.key;
    book.source = spec.source;
    book.revision = revision;
    state.meters.push_back(std::move(book));
  }
  return state;
}

void EventBook::take(const std::vector<MeterEvent>& events, Timestamp from) {
  for (const MeterEvent& event : events) {
    if (event.at < from || event.kind == MeterEventKind::corrected) continue;
    if (event.kind == MeterEventKind::withdrawn) {
      withdraw(wanted_, event);
      continue;
    }
    eventful_.insert({event.device, bucket_of(event.at)});
    wanted_.push_back(event);
  }
}

bool EventBook::keep(DeviceId device, Timestamp bucket) {
  const bool eventful = eventful_.contains({device, bucket});
  if (eventful) kept_.insert({device, bucket});
  return eventful;
}

void EventBook::correct(DeviceId device, Timestamp bucket, std::int64_t before,
                        std::int64_t after) {
  corrections_.push_back({.device = device,
                          .kind = MeterEventKind::corrected,
                          .at = bucket,
                          .before = before,
                          .after = after,
                          .revision = ++revisions_[device]});
}

bool EventBook::kept(const MeterEvent& event) const {
  return kept_.contains({event.device, bucket_of(event.at)});
}

EventBook::Changes EventBook::changes(Timestamp from, LedgerState& state) const {
  Changes changes;
  changes.events = corrections_;
  for (const MeterEvent& event : wanted_) {
    if (kept(event) || has(told_, event)) continue;
    changes.events.push_back(event);
    ++changes.told;
  }
  for (const MeterEvent& event : told_) {
    if (event.at < from || only_then(event) || kept(event) || has(wanted_, event)) continue;
    MeterEvent withdrawal = event;
    withdrawal.kind = MeterEventKind::withdrawn;
    withdrawal.voided = event.kind;
    changes.events.push_back(withdrawal);
    ++changes.withdrawn;
  }
  for (MeterBook& book : state.meters) {
    for (MeterEvent& event : book.told) {
      const auto known = std::ranges::find_if(
          told_, [&](const MeterEvent& before) { return same(before, event); });
      if (known != told_.end()) event.revision = known->revision;
    }
    // Corrections have numbers of ours.
    if (const auto device = devices_.find(book.key); device != devices_.end())
      book.revision = std::max(book.revision, revisions_.at(device->second));
  }
  return changes;
}

}  // namespace wl::energy
