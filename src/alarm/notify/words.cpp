#include "alarm/notify/words.hpp"

#include <fmt/format.h>

#include <cmath>

namespace wl::alarm::notify {
namespace {

bool chinese(Language language) {
  return language == Language::zh_cn;
}

std::string_view state_text(const AlarmRecord& record, Language language) {
  const bool zh = chinese(language);
  if (!record.active) return zh ? "已恢复" : "over";
  if (record.state == State::active_acked) return zh ? "已确认" : "acknowledged";
  return zh ? "未确认" : "not acknowledged";
}

/// `45 s`, `12 min`, `3 h 05 min`.
std::string duration_text(Milliseconds time, Language language) {
  const auto s = time.count() / 1000;
  const bool zh = chinese(language);
  if (s < 60) return fmt::format(fmt::runtime(zh ? "{} 秒" : "{} s"), s);
  if (s < 3600) return fmt::format(fmt::runtime(zh ? "{} 分钟" : "{} min"), s / 60);
  return fmt::format(fmt::runtime(zh ? "{} 小时 {:02} 分钟" : "{} h {:02} min"), s / 3600,
                     s / 60 % 60);
}

std::string collapsed_text(const LetterLine& line, Language language) {
  const std::uint64_t reports = line.wishes + line.suppressed;
  if (reports <= 1) return {};
  return fmt::format(fmt::runtime(chinese(language) ? "合并 {} 次" : "{} reports in one"), reports);
}

std::string device_text(const std::string& device, const Plant& plant, Language language) {
  if (device.empty()) return chinese(language) ? "其他" : "others";
  if (device == "system") return chinese(language) ? "系统" : "system";
  const auto id = plant.find_device(device);
  if (!id) return device;
  const LocalText& name = plant.device(*id).name;
  const std::string& text = chinese(language) ? name.zh_cn : name.en;
  return text.empty() ? device : text;
}

/// Fit for JSON too, which knows no infinity.
std::string number_text(double value) {
  return std::isfinite(value) ? fmt::format("{:.6g}", value) : "null";
}

TextFields line_fields(const LetterLine& line, const WordsContext& context, Language language) {
  const AlarmRecord& record = line.record;
  TextFields to;
  to.values = {
      {"id", std::to_string(record.id)},
      {"key", record.key},
      {"device", record.device},
      {"device_text", device_text(record.device, context.plant, language)},
      {"parameter", record.parameter},
      {"level", std::string(word(record.level))},
      {"level_text", std::string(level_text(record.level, language))},
      {"message", message_of(record, context.plant, language)},
      {"state", std::string(word(record.state))},
      {"state_text", std::string(state_text(record, language))},
      {"value", number_text(record.actual_value)},
      {"limit", number_text(record.threshold_value)},
      {"since", context.local_time(record.timestamp)},
      {"since_iso", to_iso8601(record.timestamp)},
      {"until", record.cleared_at ? context.local_time(*record.cleared_at) : ""},
      {"collapsed_text", collapsed_text(line, language)},
      {"comma", ","},
  };
  return to;
}

void add_counts(TextFields& to, const Letter& letter, const WordsContext& context,
                Language language) {
  auto& levels = to.lists["levels"];
  for (const Level level : {Level::emergency, Level::critical, Level::warning}) {
    const std::uint64_t alarms = letter.by_level[static_cast<std::size_t>(level)];
    if (alarms == 0) continue;
    levels.push_back({{{"level_text", std::string(level_text(level, language))},
                       {"count", std::to_string(alarms)}},
                      {}});
  }
  auto& devices = to.lists["devices"];
  for (const auto& [device, alarms] : letter.by_device) {
    devices.push_back({{{"device_text", device_text(device, context.plant, language)},
                        {"count", std::to_string(alarms)}},
                       {}});
  }
  auto& more = to.lists["more"];
  if (letter.alarms > letter.lines.size()) {
    more.push_back({{{"count", std::to_string(letter.alarms - letter.lines.size())}}, {}});
  }
}

void add_notes(TextFields& to, const Letter& letter, Language language) {
  auto& notes = to.lists["notes"];
  const bool zh = chinese(language);
  if (letter.settled > 0) {
    notes.push_back(
        {{{"note",
           fmt::format(fmt::runtime(zh ? "另有 {} 条报告在发送前已恢复或已有人处理，未单独发送。"
                                       : "{} more reports were over, or in somebody's "
                                         "hands, before they were due."),
                       letter.settled)}},
         {}});
  }
  if (letter.state_lost) {
    notes.push_back(
        {{{"note", zh ? "通知状态文件无法读取，重启前等待发送的报告未计入，请在报警页面核对。"
                      : "The saved state of notification could not be read: what waited before the "
                        "restart is not counted here. Please check the alarm page."}},
         {}});
  }
}

}  // namespace

std::string_view level_text(Level level, Language language) {
  const bool zh = chinese(language);
  switch (level) {
    case Level::warning:
      return zh ? "警告" : "Warning";
    case Level::critical:
      return zh ? "严重" : "Critical";
    case Level::emergency:
      break;
  }
  return zh ? "紧急" : "Emergency";
}

TextFields fields_of(const Letter& letter, const WordsContext& context, Language language) {
  TextFields to;
  const LocalText& plant = context.plant.name;
  to.values = {
      {"plant", chinese(language) ? plant.zh_cn : plant.en},
      {"kind", std::string(word(letter.kind))},
      {"letter_id", std::to_string(letter.id)},
      {"time", context.local_time(letter.at)},
      {"time_iso", to_iso8601(letter.at)},
      {"level", std::string(word(letter.level))},
      {"level_text", std::string(level_text(letter.level, language))},
      {"alarms", std::to_string(letter.alarms)},
      {"returned", std::to_string(letter.returned)},
      {"active", std::to_string(letter.alarms - std::min(letter.alarms, letter.returned))},
      {"wishes", std::to_string(letter.wishes)},
      {"message", letter.lines.empty()
                      ? ""
                      : message_of(letter.lines.front().record, context.plant, language)},
      {"flood_raises", std::to_string(letter.flood_raises)},
      {"flood_time", duration_text(letter.flood_time, language)},
      {"waited", duration_text(letter.waited, language)},
  };
  auto& lines = to.lists["lines"];
  for (const LetterLine& line : letter.lines) {
    lines.push_back(line_fields(line, context, language));
  }
  if (!lines.empty()) lines.back().values["comma"] = "";
  add_counts(to, letter, context, language);
  add_notes(to, letter, language);
  auto& flood = to.lists["flood"];
  if (letter.flood) flood.emplace_back();
  return to;
}

Letter sample_letter(LetterKind kind) {
  LetterLine line;
  line.record.id = 1;
  line.record.key = "sample.power_kw:high:critical";
  line.record.device = "sample";
  line.record.parameter = "power_kw";
  line.record.level = Level::critical;
  line.record.active = kind != LetterKind::returned;
  line.record.cleared_at = Timestamp{};
  line.wishes = 2;
  Letter letter;
  letter.id = 1;
  letter.kind = kind;
  letter.level = Level::critical;
  letter.lines = {line, line};
  letter.alarms = 3;
  letter.by_level = {1, 1, 1};
  letter.by_device = {{"sample", 3}};
  letter.wishes = 4;
  letter.settled = 1;
  letter.state_lost = true;
  letter.flood = true;
  return letter;
}

}  // namespace wl::alarm::notify
