#include "apps/collector/alarm_service.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <utility>

#include "base/overloaded.hpp"

namespace wl {
namespace {

constexpr Milliseconds facts_pause{500};
constexpr Milliseconds look_pause{50};

}  // namespace

AlarmService::AlarmService(const Plant& plant, collector::AlarmDeskOptions options,
                           std::optional<collector::AlarmMemory> memory, collector::Now start,
                           AlarmOutputs outputs)
    : desk_(plant, std::move(options), std::move(memory), start), outputs_(std::move(outputs)) {
  figures_.set(desk_.figures());
}

void AlarmService::handle(AlarmEvent event, collector::Now now) {
  std::visit(Overloaded{[&](AlarmOrder& order) { desk_.on_order(order.reader, order.order, now); },
                        [&](AlarmsRead& read) {
                          reading_ = false;
                          if (read.alarms) {
                            desk_.on_database(std::move(*read.alarms), now);
                          } else {
                            desk_.on_database_away(read.alarms.error().what, now);
                          }
                        },
                        [&](AlarmsRemembered& memory) { on_remembered(memory); },
                        [&](LettersPosted& letters) { desk_.on_posted(letters.last_id); },
                        [&](OeeSeen& seen) { desk_.on_oee(std::move(seen.oee)); }},
             event);
}

void AlarmService::on_remembered(const AlarmsRemembered& memory) {
  if (memory.on_disk) desk_.on_remembered(memory.number);
  memory_refused_ = !memory.on_disk;
  while (!held_.empty() && held_.front().memory <= memory.number) {
    collector::AlarmNews::Answer answer = std::move(held_.front().answer);
    held_.pop_front();
    outputs_.answer(answer.reader, std::move(answer.answer));
  }
}

Milliseconds AlarmService::next_due() const {
  const Milliseconds due = desk_.next_due().value_or(next_facts_);
  return reading_ ? std::min(due, next_look_) : due;
}

void AlarmService::turn(collector::Core& core, collector::Now now) {
  next_look_ = now.monotonic + look_pause;
  for (AlarmEvent& event : posted_.drain()) handle(std::move(event), now);
  if (now.monotonic >= next_facts_) tell_facts(now);
  desk_.on_time(now);
  collector::AlarmNews news = desk_.take(now);
  if (news.memory) outputs_.remember(std::move(*news.memory), news.memory_number);
  if (!news.rows.empty() || !news.journal.empty()) {
    core.on_alarms(std::exchange(news.rows, {}), std::exchange(news.journal, {}));
  }
  hand_on(std::move(news));
}

void AlarmService::hand_on(collector::AlarmNews news) {
  for (const std::string& notice : news.notices) spdlog::warn("alarms: {}", notice);
  if (news.live) outputs_.live(std::move(*news.live));
  for (collector::AlarmNews::Answer& answer : news.answers) {
    if (news.memory_number != 0) {
      held_.push_back({news.memory_number, std::move(answer)});
    } else {
      outputs_.answer(answer.reader, std::move(answer.answer));
    }
  }
  if (!news.letters.empty() && outputs_.letters) {
    outputs_.letters(std::move(news.letters));
  } else if (!news.letters.empty()) {
    desk_.on_posted(news.letters.back().id);
  }
  if (!news.read_database) return;
  reading_ = true;
  outputs_.read_database();
}

/// The figures are renewed here too: twice a second is enough for a status file.
void AlarmService::tell_facts(collector::Now now) {
  next_facts_ = now.monotonic + facts_pause;
  desk_.on_forward(outputs_.forward());
  desk_.on_host(outputs_.host());
  desk_.on_mail(outputs_.mail());
  if (std::exchange(memory_refused_, false)) desk_.on_not_remembered();
  figures_.set(desk_.figures());
}

}  // namespace wl
