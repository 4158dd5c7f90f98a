#include "collector/desk/conditions.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>

namespace wl::collector {
namespace {

using alarm::Level;
using alarm::MessageKey;

constexpr Milliseconds step_limit{2000};
constexpr Milliseconds drop_shown{60'000};
constexpr double gigabyte = 1e9;

double seconds(Milliseconds time) {
  return static_cast<double>(time.count()) / 1000;
}

/// One decimal: an alarm of 9.7 % is not told anew for every 0.01 % less.
double percent(double share) {
  return std::round(share * 1000) / 10;
}

}  // namespace

std::vector<alarm::Condition> Conditions::on_tick(const Tick& tick,
                                                  std::span<const PlcWatch::Controller> plcs) {
  told_.clear();
  look_at_link(tick);
  look_at_plcs(plcs);
  look_at_spool(tick);
  look_at_spool_disk(tick);
  look_at_database(tick);
  look_at_clock(tick);
  look_at_disks();
  look_at_certificates(tick);
  look_at_oee();
  look_at_mail();
  return std::exchange(told_, {});
}

void Conditions::holds(alarm::Condition condition) {
  condition.active = true;
  held_.insert({condition.name, condition.subject});
  told_.push_back(std::move(condition));
}

void Conditions::over(MessageKey name, const std::string& subject) {
  held_.erase({name, subject});
  told_.push_back({.name = name, .subject = subject});
}

void Conditions::restore(MessageKey name, const std::string& subject) {
  held_.insert({name, subject});
  if (name == MessageKey::gateway_down) gateway_down_ = true;
}

bool Conditions::held(MessageKey name, const std::string& subject) const {
  return held_.contains({name, subject});
}

void Conditions::over_unless_named(MessageKey name, const std::set<std::string>& named) {
  std::vector<std::string> gone;
  for (const auto& [key, subject] : held_) {
    if (key == name && !named.contains(subject)) gone.push_back(subject);
  }
  for (const std::string& subject : gone) over(name, subject);
}

void Conditions::look_at_link(const Tick& tick) {
  if (tick.link_alive) {
    dead_since_.reset();
    unheard_since_.reset();
    gateway_down_ = false;
    over(MessageKey::gateway_down);
    return over(MessageKey::link_lost);
  }
  if (!dead_since_) dead_since_ = tick.monotonic;
  look_at_gateway(tick);
  const Milliseconds dead = tick.monotonic - *dead_since_;
  if (dead < options_.link_patience) return;
  holds({.name = MessageKey::link_lost,
         .subject = {},
         .level = Level::critical,
         .threshold = seconds(options_.link_patience),
         .actual = seconds(dead)});
}

void Conditions::look_at_gateway(const Tick& tick) {
  if (!host_ || !host_->gateway_listens) return;
  if (*host_->gateway_listens) {
    unheard_since_.reset();
    gateway_down_ = false;
    return over(MessageKey::gateway_down);
  }
  if (!unheard_since_) unheard_since_ = tick.monotonic;
  const Milliseconds unheard = tick.monotonic - *unheard_since_;
  if (unheard < options_.gateway_patience) return;
  gateway_down_ = true;
  holds({.name = MessageKey::gateway_down,
         .subject = {},
         .level = Level::critical,
         .threshold = seconds(options_.gateway_patience),
         .actual = seconds(unheard)});
}

void Conditions::look_at_plcs(std::span<const PlcWatch::Controller> plcs) {
  std::set<std::string> named;
  for (const PlcWatch::Controller& plc : plcs) {
    named.insert(plc.name);
    if (!plc.down) {
      over(MessageKey::plc_down, plc.name);
      continue;
    }
    holds({.name = MessageKey::plc_down,
           .subject = plc.name,
           .level = Level::critical,
           .threshold = seconds(PlcWatch::longest_standstill),
           .actual = plc.silent_s});
  }
  over_unless_named(MessageKey::plc_down, named);
}

void Conditions::look_at_spool(const Tick& tick) {
  if (!forward_) return;
  const bool drops = dropped_.are_new(forward_->records_lost, tick.monotonic);
  const double share = forward_->spool_share;
  const bool still = held(MessageKey::spool_filling) && share >= 0.45;
  if (!drops && share < 0.5 && !still) return over(MessageKey::spool_filling);
  Level level = share >= 0.8 ? Level::critical : Level::warning;
  if (drops) level = Level::emergency;
  holds({.name = MessageKey::spool_filling,
         .subject = {},
         .level = level,
         .threshold = drops          ? 100.0
                      : share >= 0.8 ? 80.0
                                     : 50.0,
         .actual = percent(share)});
}

void Conditions::look_at_spool_disk(const Tick& tick) {
  if (!forward_) return;
  if (!lost_by_disk_.are_new(forward_->lost_by_disk, tick.monotonic))
    return over(MessageKey::spool_damaged);
  holds({.name = MessageKey::spool_damaged,
         .subject = {},
         .level = Level::emergency,
         .threshold = 0,
         .actual = static_cast<double>(forward_->lost_by_disk)});
}

bool Conditions::Losses::are_new(std::uint64_t count, Milliseconds now) {
  if (count > before) at = now;
  before = count;
  if (at && now - *at > drop_shown) at.reset();
  return at.has_value();
}

void Conditions::look_at_database(const Tick& tick) {
  if (!forward_) return;
  const bool stored = forward_->batches_stored != stored_before_;
  stored_before_ = forward_->batches_stored;
  if (stored || !forward_->records_wait || !stored_at_) stored_at_ = tick.monotonic;
  const Milliseconds waited = tick.monotonic - *stored_at_;
  if (waited > options_.database_patience) {
    holds({.name = MessageKey::database_down,
           .subject = {},
           .level = Level::critical,
           .threshold = seconds(options_.database_patience),
           .actual = seconds(waited)});
  } else if (forward_->batches_stored > 0) {  // Only a batch proves that it takes them.
    over(MessageKey::database_down);
  }
}

void Conditions::look_at_clock(const Tick& tick) {
  const Milliseconds offset = tick.at.time_since_epoch() - tick.monotonic;
  const Milliseconds step = clock_offset_ ? offset - *clock_offset_ : Milliseconds{};
  clock_offset_ = offset;
  if (std::chrono::abs(step) > step_limit) {
    stepped_at_ = tick.monotonic;
    step_s_ = seconds(step);
  }
  if (!stepped_at_ || tick.monotonic - *stepped_at_ > options_.clock_step_shown) {
    return over(MessageKey::clock_step);
  }
  holds({.name = MessageKey::clock_step,
         .subject = {},
         .level = Level::warning,
         .threshold = seconds(step_limit),
         .actual = step_s_});
}

void Conditions::look_at_disks() {
  if (!host_) return;
  std::set<std::string> named;
  for (const DiskFacts& disk : host_->disks) {
    if (disk.total_bytes == 0) continue;
    named.insert(disk.name);
    const auto total = static_cast<double>(disk.total_bytes);
    const auto free = static_cast<double>(disk.free_bytes);
    // A gigabyte of a small disk is more than 10 % of it; the message names the limit that counts.
    double limit = std::min(1.0, std::max(0.1, gigabyte / total));
    const double share = free / total;
    const bool still = held(MessageKey::disk_low, disk.name) && share < 1.1 * limit;
    if (share >= limit && !still) {
      over(MessageKey::disk_low, disk.name);
      continue;
    }
    const bool critical = share < 0.03;
    if (critical) limit = 0.03;
    holds({.name = MessageKey::disk_low,
           .subject = disk.name,
           .level = critical ? Level::critical : Level::warning,
           .threshold = percent(limit),
           .actual = percent(share)});
  }
  over_unless_named(MessageKey::disk_low, named);
}

void Conditions::look_at_certificates(const Tick& tick) {
  constexpr double first_warning = 30;
  constexpr double last_warning = 7;
  if (!host_) return;
  std::set<std::string> named;
  for (const CertificateFacts& certificate : host_->certificates) {
    named.insert(certificate.subject);
    const double days = std::floor(seconds(certificate.not_after - tick.at) / 86'400);
    if (days >= first_warning) {
      over(MessageKey::certificate_expiring, certificate.subject);
      continue;
    }
    const bool critical = days < last_warning;
    holds({.name = MessageKey::certificate_expiring,
           .subject = certificate.subject,
           .level = critical ? Level::critical : Level::warning,
           .threshold = critical ? last_warning : first_warning,
           .actual = days});
  }
  over_unless_named(MessageKey::certificate_expiring, named);
}

void Conditions::look_at_oee() {
  if (!oee_known_) return;
  std::set<std::string> named;
  if (oee_) {
    named.insert(oee_->subject);
    const double limit = options_.oee_limit_percent;
    const bool still = held(MessageKey::oee_low, oee_->subject) && oee_->percent < limit + 1;
    if (oee_->percent < limit || still) {
      holds({.name = MessageKey::oee_low,
             .subject = oee_->subject,
             .level = Level::warning,
             .threshold = limit,
             .actual = std::round(oee_->percent * 10) / 10});
    } else {
      over(MessageKey::oee_low, oee_->subject);
    }
  }
  over_unless_named(MessageKey::oee_low, named);
}

void Conditions::look_at_mail() {
  if (!mail_) return;
  if (mail_->oldest_age <= options_.mail_patience) return over(MessageKey::mail_failing);
  holds({.name = MessageKey::mail_failing,
         .subject = {},
         .level = Level::warning,
         .threshold = std::floor(seconds(options_.mail_patience) / 60),
         .actual = std::floor(seconds(mail_->oldest_age) / 60)});
}

}  // namespace wl::collector
