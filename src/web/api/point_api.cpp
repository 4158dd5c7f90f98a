#include "web/api/point_api.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "model/derived_tag.hpp"
#include "opcua/quality_name.hpp"
#include "web/api/device_values.hpp"

namespace wl::web {
namespace {

/// What is asked for.
struct PointFilter {
  std::optional<DeviceId> device;
  std::string quality;  ///< good, uncertain, bad; empty: any.
};

struct PointView {
  const Plant& plant;
  const TagTable& tags;
  PointFilter filter;
  Language language;
  Timestamp now;
  bool fresh;
};

std::string_view kind_word(PointKind kind) {
  switch (kind) {
    case PointKind::counter:
      return "counter";
    case PointKind::state:
      return "state";
    default:
      return "measurement";
  }
}

std::expected<PointFilter, Problem> parse_filter(const std::string& query, const Plant& plant) {
  PointFilter filter;
  if (const auto device = query_parameter(query, "device_id"); device && !device->empty()) {
    filter.device = plant.find_device(*device);
    if (!filter.device) {
      return std::unexpected(bad_parameter("device_id", "a device of GET /api/devices"));
    }
  }
  constexpr std::array<Word<std::string_view>, 3> words{
      {{"good", "good"}, {"uncertain", "uncertain"}, {"bad", "bad"}}};
  const auto quality =
      word_parameter<std::string_view>(query, "quality", std::string_view{}, std::span(words));
  if (!quality) return std::unexpected(quality.error());
  filter.quality = *quality;
  return filter;
}

/// A value that nobody feeds any more is at best the last usable one.
Quality quality_of(const std::optional<LiveValue>& value, bool fresh) {
  if (!value) return quality::bad_waiting_for_initial_data;
  if (!fresh && value->quality.is_good()) return quality::uncertain_last_usable;
  return value->quality;
}

void write_limit(JsonWriter& json, std::string_view name, double limit) {
  constexpr double any = std::numeric_limits<double>::max();
  json.key(name);
  std::abs(limit) < any ? json.number(limit) : json.null();
}

void write_tag(JsonWriter& json, const PointSpec& point, const TagTable& tags) {
  const auto known = tags.find(point.tag);
  const bool derived = is_derived(point.tag);
  json.key("tag");
  point.tag.empty() ? json.null() : json.text(point.tag);
  json.key("derived").boolean(derived).key("access");
  if (known != tags.end()) {
    json.text(known->second.access).key("data_type").text(known->second.data_type);
    json.key("scan_ms").integer(known->second.scan.count());
  } else {
    derived ? json.text("R") : json.null();
    json.key("data_type").null().key("scan_ms").null();
  }
}

void write_value(JsonWriter& json, const PointSpec& point, const std::optional<LiveValue>& value,
                 const PointView& view) {
  const Quality quality = quality_of(value, view.fresh);
  const bool usable = value && !quality.is_bad();
  const std::string_view word =
      usable && point.kind == PointKind::state ? word_of(point, value->value) : std::string_view{};
  json.key("value");
  usable ? json.number(value->value) : json.null();
  json.key("word");
  word.empty() ? json.null() : json.text(word);
  json.key("quality").text(quality.word()).key("status").text(opcua::quality_name(quality));
  const bool timed = value && value->source_time != Timestamp{};
  json.key("source_time");
  timed ? json.text(to_iso8601(value->source_time)) : json.null();
  json.key("age_s");
  if (timed) {
    const auto age = std::max(Milliseconds{0}, view.now - value->source_time);
    json.number(static_cast<double>(age.count()) / 1000);
  } else {
    json.null();
  }
  json.key("stale").boolean(!view.fresh);
}

void write_point(JsonWriter& json, PointId id, const std::optional<LiveValue>& value,
                 const PointView& view) {
  const PointSpec& point = view.plant.point(id);
  const DeviceSpec& device = view.plant.device(point.device);
  json.object().key("point").text(point.key).key("device_id").text(device.id);
  json.key("device_name");
  json.text(view.language == Language::en ? device.name.en : device.name.zh_cn);
  json.key("name").text(point.name);
  write_tag(json, point, view.tags);
  json.key("kind").text(kind_word(point.kind)).key("unit").text(point.unit);
  write_limit(json, "low", point.low);
  write_limit(json, "high", point.high);
  write_value(json, point, value, view);
  json.end();
}

std::string points_json(const PointView& view, const ValueOf& value_of) {
  std::int64_t total = 0;
  JsonWriter json;
  json.object().key("success").boolean(true).key("points").array();
  for (std::uint32_t i = 0; i < view.plant.points.size(); ++i) {
    const PointId id{i};
    if (view.filter.device && view.plant.point(id).device != *view.filter.device) continue;
    const auto value = value_of(id);
    const Quality quality = quality_of(value, view.fresh);
    if (!view.filter.quality.empty() && quality.word() != view.filter.quality) continue;
    write_point(json, id, value, view);
    ++total;
  }
  json.end().key("total").integer(total).key("stale").boolean(!view.fresh).end();
  return json.take();
}

}  // namespace

std::vector<Route> PointApi::routes() {
  return {{"GET", "/api/points", Access::user, Scope::read,
           [this](Call call, Reply reply) { list(std::move(call), std::move(reply)); }}};
}

void PointApi::list(Call call, Reply reply) {
  const Language language = call.request.language();
  auto filter = parse_filter(call.request.query, plant_);
  if (!filter) return reply(problem_response(filter.error(), language));
  const LiveState& state = hub_.state();
  const Timestamp now = clock_();
  PointView view{plant_, tags_, std::move(*filter), language, now, state.fresh(now)};
  if (state.has_values()) {
    return reply(json_response(
        points_json(view, [&](PointId id) { return state.value(plant_.point(id).key); })));
  }
  view.fresh = false;
  const auto shared = std::make_shared<Reply>(std::move(reply));
  const bool asked =
      store_.ask([](storage::Store& store) { return store.latest(); },
                 [view, shared](Result<std::vector<Sample>> latest) {
                   if (!latest) {
                     spdlog::error("points: {}", latest.error().what);
                     return (*shared)(problem_response(problem_of(latest.error()), view.language));
                   }
                   const ValueOf value_of = [&](PointId id) -> std::optional<LiveValue> {
                     const auto sample = std::ranges::find(*latest, id, &Sample::point);
                     if (sample == latest->end()) return std::nullopt;
                     return LiveValue{sample->value, sample->quality, sample->source_time};
                   };
                   (*shared)(json_response(points_json(view, value_of)));
                 });
  if (!asked) (*shared)(problem_response(problems::overloaded(), language));
}

}  // namespace wl::web
