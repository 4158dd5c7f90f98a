#include "web/live/live_group.hpp"

#include <fmt/format.h>

namespace wl::web {
namespace {

/// A little under the collector's second, so that its beat is never skipped twice.
constexpr Milliseconds proof_of_life{900};

}  // namespace

LiveGroup::LiveGroup(Subscription subscription, const std::string& epoch)
    : subscription_(std::move(subscription)),
      epoch_(fmt::format("{}-{:08x}", epoch, subscription_.fingerprint())) {}

LiveMessage LiveGroup::named(LiveMessage whole) const {
  whole.epoch = epoch_;
  whole.devices = subscription_.names();
  return whole;
}

std::optional<Pushed> LiveGroup::part_of(const LiveMessage& message) {
  using Type = LiveMessage::Type;
  snapshot_.reset();  // Out of date, and large.
  LiveMessage part = subscription_.part_of(message);
  const bool news = part.type != Type::values || !part.values.empty();
  const Milliseconds silent = message.ts - told_at_;
  if (!news && silent >= Milliseconds{0} && silent < proof_of_life) return std::nullopt;
  told_at_ = message.ts;
  if (part.type == Type::snapshot) part = named(std::move(part));
  return make_pushed(std::move(part));
}

const Pushed& LiveGroup::snapshot(const LiveState& state, Timestamp now) {
  if (!snapshot_ || snapshot_->message->seq != state.seq()) {
    snapshot_ = make_pushed(named(subscription_.part_of(state.snapshot(now))));
  }
  return *snapshot_;
}

std::optional<Pushed> LiveGroup::missed_since(std::uint64_t seq, const LiveState& state,
                                              Timestamp now) const {
  const auto missed = state.missed_since(seq, now);
  if (!missed) return std::nullopt;
  return make_pushed(named(subscription_.part_of(*missed)));
}

}  // namespace wl::web
