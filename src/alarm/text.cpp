#include "alarm/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace wl::alarm {
namespace {

struct Words {
  std::string_view key;
  std::string_view zh_cn;
  std::string_view en;
};

/// In the order of MessageKey. {device} {parameter} {actual} {limit} {unit} are filled in.
constexpr std::array<Words, 18> table{{
    {"high", "{device} {parameter} 为 {actual}{unit}，高于上限 {limit}{unit}",
     "{device}: {parameter} is {actual}{unit}, above the limit {limit}{unit}"},
    {"low", "{device} {parameter} 为 {actual}{unit}，低于下限 {limit}{unit}",
     "{device}: {parameter} is {actual}{unit}, below the limit {limit}{unit}"},
    {"deviation", "{device} {parameter} 偏离设定值 {actual}{unit}，允许 {limit}{unit}",
     "{device}: {parameter} is {actual}{unit} off its setpoint, allowed are {limit}{unit}"},
    {"rate", "{device} {parameter} 每秒变化 {actual}{unit}，允许 {limit}{unit}",
     "{device}: {parameter} changes by {actual}{unit} a second, allowed are {limit}{unit}"},
    {"stale", "{device} {parameter} 已 {actual} s 没有新值，允许 {limit} s",
     "{device}: {parameter} has had no new value for {actual} s, allowed are {limit} s"},
    {"quality", "{device} {parameter} 的数据质量不可信，请检查传感器和通信",
     "{device}: {parameter} cannot be trusted; check its sensor and wiring"},
    {"state", "{device} {parameter} 处于状态“{state}”",
     "{device}: {parameter} is in state '{state}'"},
    {"plc_down", "PLC 无响应，请检查 PLC 的电源和网络",
     "The PLC does not answer; check its power and network"},
    {"gateway_down", "网关未运行，请检查网关进程", "The gateway does not run; check its process"},
    {"link_lost", "与网关的数据连接中断，数据缺失",
     "The data link to the gateway is lost; data is missing"},
    {"spool_filling", "缓存队列已用 {actual} %（上限 {limit} %），请检查数据库",
     "The spool is {actual} % full (limit {limit} %); check the database"},
    {"database_down", "数据库不可用，数据暂存于缓存队列",
     "The database is not available; data waits in the spool"},
    {"clock_step", "系统时钟跳变 {actual} s，请检查时间同步",
     "The system clock jumped by {actual} s; check the time synchronisation"},
    {"disk_low", "磁盘 {subject} 仅剩 {actual} %（下限 {limit} %）",
     "Disk {subject} has only {actual} % left (limit {limit} %)"},
    // Without the days that are left: the words of an alarm that stands do not change.
    {"certificate_expiring", "证书 {subject} 将在 {limit} 天内到期，请更换",
     "Certificate {subject} expires within {limit} days; renew it"},
    {"oee_low", "{subject} OEE 为 {actual} %，低于 {limit} %",
     "{subject} OEE is {actual} %, below {limit} %"},
    {"mail_failing",
     "通知已有 {actual} 分钟未能送出（上限 {limit} 分钟），请运行 wattline mail test",
     "Letters have waited for {actual} min (limit {limit} min); run: wattline mail test"},
    {"spool_damaged", "缓存目录所在磁盘损坏或拒绝写入，部分数据已丢失，请检查该磁盘和日志",
     "The disk of the spool is damaged or refuses to write and data was lost; check that disk and "
     "the log"},
}};
static_assert(table.size() == static_cast<std::size_t>(MessageKey::spool_damaged) + 1);

const Words& words_of(MessageKey key) {
  return table[static_cast<std::size_t>(key)];
}

/// At most three decimals and no trailing zeros: 3.6000000000000001 is shown as 3.6.
std::string number(double value) {
  std::string text = fmt::format("{:.3f}", value);
  text.erase(text.find_last_not_of('0') + 1);
  if (text.ends_with('.')) text.pop_back();
  return text == "-0" ? "0" : text;
}

const PointSpec* point_of(const AlarmRecord& record, const Plant& plant) {
  const auto id = plant.find_point(record.device + "." + record.parameter);
  return id ? &plant.point(*id) : nullptr;
}

std::string device_name(const AlarmRecord& record, const Plant& plant, Language language) {
  const auto id = plant.find_device(record.device);
  if (!id) return record.device;
  const LocalText& name = plant.device(*id).name;
  const std::string& text = language == Language::zh_cn ? name.zh_cn : name.en;
  return text.empty() ? record.device : text;
}

std::string state_word(double code, const PointSpec* point) {
  if (point && code >= 0 && code < static_cast<double>(point->words.size())) {
    return point->words[static_cast<std::size_t>(code)];
  }
  return number(code);
}

}  // namespace

std::string_view word(MessageKey key) {
  return words_of(key).key;
}

std::optional<MessageKey> message_from_word(std::string_view text) {
  const auto found = std::ranges::find(table, text, &Words::key);
  if (found == table.end()) return std::nullopt;
  return static_cast<MessageKey>(found - table.begin());
}

std::string message_of(const AlarmRecord& record, const Plant& plant, Language language) {
  const Words& words = words_of(record.message);
  const PointSpec* point = point_of(record, plant);
  const std::string unit = point && !point->unit.empty() ? " " + point->unit : "";
  return fmt::format(fmt::runtime(language == Language::zh_cn ? words.zh_cn : words.en),
                     fmt::arg("device", device_name(record, plant, language)),
                     fmt::arg("parameter", record.parameter), fmt::arg("subject", record.parameter),
                     fmt::arg("actual", number(record.actual_value)),
                     fmt::arg("limit", number(record.threshold_value)), fmt::arg("unit", unit),
                     fmt::arg("state", state_word(record.actual_value, point)));
}

}  // namespace wl::alarm
