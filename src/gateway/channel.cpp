#include "gateway/channel.hpp"

#include <algorithm>
#include <cmath>

#include "base/log.hpp"

namespace wl::gateway {
namespace {

constexpr std::size_t max_waiting_events = 10'000;
/// How long the channel sleeps when no tag waits for its slot; an event wakes it at once.
constexpr Milliseconds idle_wait{100};

constexpr Quality bad_type_mismatch{0x80740000};
constexpr Quality bad_out_of_range{0x803C0000};
constexpr Quality bad_not_writable{0x803B0000};

/// A wish in the tag's unit brought to the device's unit and type; the refusal when it cannot be.
std::variant<Value, Quality> device_value(const TagConfig& tag, const Value& wish) {
  const auto number = to_number(wish);
  if (tag.type != DataType::string && !number) return bad_type_mismatch;
  if (number && !std::isfinite(*number)) return bad_out_of_range;
  Value raw = wish;
  if (tag.scaling && number) {
    const auto [low, high] = std::minmax(tag.scaling->low, tag.scaling->high);
    if (*number < low || *number > high) return bad_out_of_range;
    raw = tag.scaling->to_raw(*number);
    const bool is_integer = tag.type != DataType::float32 && tag.type != DataType::float64;
    if (is_integer) raw = std::round(std::get<double>(raw));
  }
  auto fitting = convert(raw, tag.type);
  if (!fitting) return number ? bad_out_of_range : bad_type_mismatch;
  return std::move(*fitting);
}

}  // namespace

Channel::Channel(ChannelConfig config, Sink sink, const DriverFactory& factory)
    : config_(std::move(config)),
      tags_(config_.tags()),
      sink_(std::move(sink)),
      events_(max_waiting_events, WhenFull::drop_oldest) {
  for (const TagConfig& tag : tags_) pipelines_.emplace_back(tag);
  driver_ = factory(config_, driver_events());
}

Channel::~Channel() {
  stop();
}

void Channel::start() {
  thread_ = std::thread([this] { run(); });
  driver_->start();
}

void Channel::stop() {
  if (stopping_.exchange(true)) return;
  driver_->stop();
  events_.close();
  if (thread_.joinable()) thread_.join();
}

Quality Channel::write(std::uint32_t tag, const Value& value) {
  const TagConfig& config = tags_.at(tag);
  if (config.access != TagAccess::read_write) return bad_not_writable;
  if (!state_.get()->is_up) return quality::bad_no_communication;
  const auto wish = device_value(config, value);
  if (const auto* refusal = std::get_if<Quality>(&wish)) return *refusal;
  driver_->write(tag, std::get<Value>(wish), [path = config.path](Quality result) {
    if (result.is_good()) return;
    spdlog::warn("{}: the device refused a write with status {:#010x}", path, result.status_code);
  });
  return quality::good;
}

DriverEvents Channel::driver_events() {
  DriverEvents events;
  events.on_values = [this](std::vector<DriverValue> values) { events_.push(std::move(values)); };
  events.on_up = [this](std::string detail, Timestamp) { events_.push(Up{std::move(detail)}); };
  events.on_down = [this](std::string reason, Timestamp at) {
    events_.push(Down{std::move(reason), at});
  };
  return events;
}

void Channel::run() {
  while (!stopping_) {
    try {
      turn();
    } catch (const std::exception& error) {
      if (!update_lost_) spdlog::error("{}: {}; all tags follow again", config_.name, error.what());
      update_lost_ = true;
    }
  }
}

void Channel::turn() {
  for (Event& event : events_.drain(until_next_slot(wall_now()))) {
    taken_.push_back(std::move(event));
  }
  while (!taken_.empty()) {
    const Event event = std::move(taken_.front());
    taken_.pop_front();  // First: an event that cannot be handled is not met again.
    std::visit([this](const auto& each) { handle(each); }, event);
  }
  give_out_withheld(wall_now());
  if (update_lost_) tell_all();
  publish();
  update_lost_ = false;
}

void Channel::handle(const std::vector<DriverValue>& values) {
  const Timestamp now = wall_now();
  for (const DriverValue& each : values) {
    if (each.tag >= pipelines_.size()) continue;
    TagPipeline& pipeline = pipelines_[each.tag];
    if (auto seen = pipeline.on_value(each.value, now)) updates_.push_back({each.tag, *seen});
    if (pipeline.take_mismatch()) {
      spdlog::error("{}: a value of {} does not fit its type {}; correct the type in gateway.json",
                    tags_[each.tag].path, tags_[each.tag].address,
                    data_type_name(tags_[each.tag].type));
    }
  }
}

void Channel::handle(const Up& up) {
  spdlog::info("{}: {} is connected{}{}", config_.name, config_.endpoint,
               up.detail.empty() ? "" : "; ", up.detail);
  state_.set({true, up.detail});
}

void Channel::handle(const Down& down) {
  spdlog::warn("{}: {}", config_.name, down.reason);
  const bool was_up = state_.get()->is_up;
  state_.set({false, down.reason});
  for (std::uint32_t i = 0; i < pipelines_.size(); ++i) {
    const bool is_told = pipelines_[i].last().quality == quality::bad_no_communication;
    if (is_told && !was_up) continue;  // Another reason for the same loss: its time stays.
    for (DataValue& value : pipelines_[i].on_link_down(down.at)) {
      updates_.push_back({i, std::move(value)});
    }
  }
}

void Channel::give_out_withheld(Timestamp now) {
  for (std::uint32_t i = 0; i < pipelines_.size(); ++i) {
    if (auto seen = pipelines_[i].on_time(now)) updates_.push_back({i, *seen});
  }
}

Milliseconds Channel::until_next_slot(Timestamp now) const {
  Milliseconds wait = idle_wait;
  for (const TagPipeline& pipeline : pipelines_) {
    if (pipeline.due()) wait = std::min(wait, *pipeline.due() - now);
  }
  return std::max(wait, Milliseconds{1});
}

void Channel::tell_all() {
  updates_.clear();
  for (std::uint32_t i = 0; i < pipelines_.size(); ++i) {
    const DataValue& last = pipelines_[i].last();
    if (last.source_time != Timestamp{}) updates_.push_back({i, last});  // Else: never heard of.
  }
}

void Channel::publish() {
  if (updates_.empty()) return;
  sink_(std::exchange(updates_, {}));
  good_tags_ = static_cast<std::size_t>(
      std::count_if(pipelines_.begin(), pipelines_.end(),
                    [](const TagPipeline& each) { return each.last().quality.is_good(); }));
}

}  // namespace wl::gateway
