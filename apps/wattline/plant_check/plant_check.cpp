#include "apps/wattline/plant_check/plant_check.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "apps/wattline/plant_check/point_rules.hpp"
#include "apps/wattline/plant_check/tag_index.hpp"
#include "base/json_file.hpp"
#include "model/derived_tag.hpp"

namespace wl::plant_check {
namespace {

/// The lines of a reader's error back into findings.
void add_refusal(const std::string& refusal, const std::string& file, Report& report) {
  std::size_t begin = 0;
  while (begin < refusal.size()) {
    const std::size_t end = std::min(refusal.find('\n', begin), refusal.size());
    std::string text = refusal.substr(begin, end - begin);
    begin = end + 1;
    Finding finding{.weight = Weight::error, .file = file, .line = 0, .place = "", .text = text};
    if (text.starts_with(file + ":")) {
      text.erase(0, file.size() + 1);
      const std::size_t digits = std::min(text.find_first_not_of("0123456789"), text.size());
      if (digits > 0) finding.line = std::stoi(text.substr(0, std::min<std::size_t>(digits, 9)));
      text.erase(0, std::min(text.find_first_not_of(": ", digits), text.size()));
      finding.text = text;
    }
    report.findings.push_back(std::move(finding));
  }
}

/// Both files could be read: does the one fit the other, and the database?
class Comparison {
 public:
  Comparison(const Input& input, Report& report)
      : input_(input), report_(report), plant_(*report.plant), tags_(*report.gateway) {}

  void run(const Stored& stored) {
    find_places();
    for (std::uint32_t i = 0; i < plant_.devices.size(); ++i) device(DeviceId{i});
    for (std::uint32_t i = 0; i < plant_.points.size(); ++i) point(PointId{i});
    for (std::uint32_t i = 0; i < plant_.devices.size(); ++i) commands(DeviceId{i});
    shared_tags();
    for (const std::string& key : stored.points) gone(key);
    for (const ThresholdRow& row : stored.thresholds) threshold(row);
  }

 private:
  void find_places() {
    std::vector<std::size_t> next(plant_.devices.size());
    for (const PointSpec& point : plant_.points) {
      const std::uint32_t device = point.device.value;
      places_.push_back(fmt::format("/devices/{}/points/{}", device, next[device]++));
    }
  }

  void add(Weight weight, const std::string& place, std::string text) {
    report_.findings.push_back({.weight = weight,
                                .file = input_.plant.name,
                                .line = place.empty() ? 0 : line_of(input_.plant.text, place),
                                .place = place,
                                .text = std::move(text)});
  }

  void device(DeviceId id) {
    const DeviceSpec& device = plant_.device(id);
    const std::string place = fmt::format("/devices/{}", id.value);
    if (device.name.zh_cn.empty())
      add(Weight::error, place + "/name/zh-CN", "the Chinese name is empty");
    if (device.name.en.empty()) add(Weight::error, place + "/name/en", "the English name is empty");
    const bool power = plant_.find_point(device.id + ".power_kw").has_value();
    const bool energy = plant_.find_point(device.id + ".energy_kwh").has_value();
    if (!power && !energy)
      add(Weight::warning, place,
          fmt::format("device '{}' has neither power_kw nor energy_kwh: it has no energy, and its "
                      "card shows a dash",
                      device.id));
    if (!power && energy)
      add(Weight::warning, place,
          fmt::format("device '{}' has no power_kw: its card and the chart show a dash",
                      device.id));
  }

  void point(PointId id) {
    const PointSpec& point = plant_.point(id);
    const std::string& place = places_[id.value];
    for (const Verdict& verdict : judge(point, plant_.device(point.device)))
      add(verdict.weight, place, verdict.text);
    if (point.tag.empty() || is_derived(point.tag)) return;
    beside_its_tag(point, place);
  }

  /// Of a point or a command: the tag must exist and fit.
  void beside_its_tag(const auto& user, const std::string& place) {
    const gateway::TagConfig* tag = tags_.find(user.tag);
    if (tag == nullptr) {
      const auto guess = tags_.nearest_to(user.tag);
      return add(Weight::error, place + "/tag",
                 fmt::format("{} has no tag '{}'{}", input_.gateway.name, user.tag,
                             guess ? fmt::format("; did you mean '{}'?", *guess)
                                   : ". `wattline plant list` shows the tags in use"));
    }
    for (const Verdict& verdict : judge(user, *tag))
      add(verdict.weight, place + "/tag", verdict.text);
  }

  void commands(DeviceId id) {
    if (report_.commands.empty()) return;  // They could not be read, which was told.
    const auto& all = report_.commands.at(id.value);
    for (std::size_t i = 0; i < all.size(); ++i)
      beside_its_tag(all[i], fmt::format("/devices/{}/commands/{}", id.value, i));
  }

  void shared_tags() {
    std::map<std::string, std::uint32_t> first;
    for (std::uint32_t i = 0; i < plant_.points.size(); ++i) {
      const PointSpec& point = plant_.points[i];
      if (point.tag.empty() || is_derived(point.tag)) continue;
      const auto [known, is_new] = first.emplace(point.tag, i);
      const PointSpec& other = plant_.points[known->second];
      if (is_new || other.device == point.device) continue;
      const bool counts = point.name == "energy_kwh" || point.name == "power_kw";
      add(counts ? Weight::error : Weight::warning, places_[i] + "/tag",
          fmt::format("the tag of '{}' feeds '{}' too (line {}){}", point.key, other.key,
                      line_of(input_.plant.text, places_[known->second] + "/tag"),
                      counts ? ": the same energy would count twice" : ""));
    }
  }

  void gone(const std::string& key) {
    if (plant_.find_point(key)) return;
    add(Weight::warning, "",
        fmt::format("the history has '{}', which the plant has no more: its values stay and "
                    "nothing new is added",
                    key));
  }

  void threshold(const ThresholdRow& row) {
    if (plant_.find_point(row.device_id + "." + row.parameter_name)) return;
    add(Weight::warning, "",
        fmt::format("threshold {} watches {}.{}, which is not in the plant: it can never raise an "
                    "alarm. Remove it on the thresholds page",
                    row.id, row.device_id, row.parameter_name));
  }

  const Input& input_;
  Report& report_;
  const Plant& plant_;
  const TagIndex tags_;
  std::vector<std::string> places_;  ///< JSON pointers, by PointId.
};

}  // namespace

std::string to_text(const Finding& finding) {
  std::string text = finding.file;
  if (finding.line > 0) text += fmt::format(":{}", finding.line);
  if (!finding.place.empty()) text += fmt::format(": {}", finding.place);
  return text + ": " + finding.text;
}

bool Report::sound() const {
  return std::ranges::none_of(
      findings, [](const Finding& finding) { return finding.weight == Weight::error; });
}

Report check(const Input& input, const Stored& stored) {
  Report report;
  auto plant = parse_plant(input.plant.text, input.plant.name);
  if (plant) {
    auto commands = parse_commands(input.plant.text, input.plant.name, *plant);
    if (commands) report.commands = std::move(*commands);
    if (!commands) add_refusal(commands.error().what, input.plant.name, report);
    report.plant = std::move(*plant);
  } else {
    add_refusal(plant.error().what, input.plant.name, report);
  }
  auto gateway =
      gateway::parse_gateway_config(input.gateway.text, input.gateway.name, input.variables);
  if (gateway) {
    report.gateway = std::move(*gateway);
  } else {
    add_refusal(gateway.error().what, input.gateway.name, report);
  }
  if (report.plant && report.gateway) Comparison(input, report).run(stored);
  std::ranges::stable_sort(report.findings, [](const Finding& a, const Finding& b) {
    if (a.weight != b.weight) return a.weight == Weight::error;
    return a.file != b.file ? a.file < b.file : a.line < b.line;
  });
  return report;
}

}  // namespace wl::plant_check
