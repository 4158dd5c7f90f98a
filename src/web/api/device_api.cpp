#include "web/api/device_api.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>

#include "web/api/bucket_page.hpp"
#include "web/api/device_values.hpp"
#include "web/api/history_page.hpp"

namespace wl::web {
namespace {

const std::string& text_in(const LocalText& text, Language language) {
  return language == Language::en ? text.en : text.zh_cn;
}

void write_both(JsonWriter& json, std::string_view key, const LocalText& text) {
  json.key(key).object().key("zh-CN").text(text.zh_cn).key("en").text(text.en).end();
}

/// The common frame of /current, from the feed or from the database.
struct CurrentView {
  const Plant& plant;
  DeviceId device;
  Language language;
  std::optional<Timestamp> timestamp;  ///< Of what the values are the state.
  bool fresh;
};

std::string current_json(const CurrentView& view, const ValueOf& value_of) {
  const DeviceSpec& device = view.plant.device(view.device);
  JsonWriter json;
  json.object().key("success").boolean(true).key("device_id").text(device.id);
  json.key("data").object().key("timestamp");
  if (view.timestamp) {
    json.text(to_iso8601(*view.timestamp));
  } else {
    json.null();
  }
  json.key("device_id").text(device.id);
  json.key("device_name").text(text_in(device.name, view.language));
  write_device_values(json, view.plant, view.device, value_of,
                      view.fresh ? Trust::good : Trust::uncertain);
  json.key("stale").boolean(!view.fresh).end().end();
  return json.take();
}

/// Nothing when no point was ever heard of: such points carry the epoch.
std::optional<Timestamp> newest(const Plant& plant, DeviceId device, const ValueOf& value_of) {
  Timestamp time{};
  for (const PointId id : plant.points_of(device)) {
    if (const auto value = value_of(id)) time = std::max(time, value->source_time);
  }
  return time == Timestamp{} ? std::nullopt : std::optional(time);
}

/// An export as the server sends it; each piece is read when the client has taken the one before.
class CsvSource : public BodySource, public std::enable_shared_from_this<CsvSource> {
 public:
  CsvSource(StoreDesk& store, std::unique_ptr<CsvReader> reader)
      : store_(store), reader_(std::move(reader)) {}

  void next(Piece piece) override {
    if (first_) return piece(*std::exchange(first_, std::nullopt));
    if (ended_) return piece(std::string());
    const auto shared = std::make_shared<Piece>(std::move(piece));
    const bool asked = store_.ask(
        [self = shared_from_this()](storage::Store& store) { return self->reader_->read(store); },
        [self = shared_from_this(), shared](Result<CsvPiece> read) {
          if (!read) return (*shared)(std::unexpected(read.error()));
          self->ended_ = read->last;
          if (read->text.empty()) return self->next(std::move(*shared));
          (*shared)(std::move(read->text));
        });
    if (!asked) (*shared)(fail(Errc::unavailable, "too many requests wait for the database"));
  }
  /// Given again by the next call.
  void put_back(std::string piece) { first_ = std::move(piece); }

 private:
  StoreDesk& store_;
  std::unique_ptr<CsvReader> reader_;  // Used by the store's thread, one call at a time.
  std::optional<std::string> first_;
  bool ended_ = false;
};

Response csv_response(std::shared_ptr<BodySource> source) {
  Response response;
  response.content_type = "text/csv; charset=utf-8; header=present";
  response.headers = {{"Content-Disposition", "attachment; filename=\"history.csv\""},
                      {"Cache-Control", "no-store"}};
  response.source = std::move(source);
  return response;
}

void reply_problem(Reply& reply, const Problem& problem, Language language) {
  reply(problem_response(problem, language));
}

}  // namespace

std::vector<Route> DeviceApi::routes() {
  const auto bind = [this](void (DeviceApi::*handler)(Call, Reply)) -> Handler {
    return [this, handler](Call call, Reply reply) {
      (this->*handler)(std::move(call), std::move(reply));
    };
  };
  return {
      {"GET", "/api/devices", Access::user, Scope::read, bind(&DeviceApi::list)},
      {"GET", "/api/devices/{id}/current", Access::user, Scope::read, bind(&DeviceApi::current)},
      {"GET", "/api/devices/{id}/history", Access::user, Scope::read, bind(&DeviceApi::history)}};
}

void DeviceApi::list(Call call, Reply reply) {
  const Language language = call.request.language();
  JsonWriter json;
  json.object().key("success").boolean(true).key("devices").array();
  for (const DeviceSpec& device : plant_.devices) {
    json.object().key("id").text(device.id);
    json.key("name").text(text_in(device.name, language)).key("type").text(device.type);
    json.key("description").text(text_in(device.description, language));
    // A page that switches language need not ask again.
    write_both(json, "names", device.name);
    write_both(json, "descriptions", device.description);
    json.key("rated_power_kw").number(device.rated_power_kw).end();
  }
  json.end().key("total").integer(static_cast<std::int64_t>(plant_.devices.size()));
  json.key("time_zone").text(plant_.time_zone).end();
  reply(json_response(json.take()));
}

std::string DeviceApi::live_json(DeviceId device, Language language) const {
  const LiveState& state = hub_.state();
  const ValueOf value_of = [&](PointId id) { return state.value(plant_.point(id).key); };
  const bool fresh = state.fresh(clock_());
  // Sample and hold: while the feed lives, the values are those of its last word.
  const auto timestamp = fresh ? std::optional(state.heard_at()) : newest(plant_, device, value_of);
  return current_json({plant_, device, language, timestamp, fresh}, value_of);
}

void DeviceApi::current(Call call, Reply reply) {
  const Language language = call.request.language();
  const auto device = plant_.find_device(call.parameters["id"]);
  if (!device) return reply_problem(reply, problems::not_found(call.request.path), language);
  if (hub_.state().has_values()) return reply(json_response(live_json(*device, language)));
  current_from_database(*device, language, std::move(reply));
}

void DeviceApi::current_from_database(DeviceId device, Language language, Reply reply) {
  const auto shared = std::make_shared<Reply>(std::move(reply));
  const bool asked = store_.ask(
      [](storage::Store& store) { return store.latest(); },
      [this, device, language, shared](Result<std::vector<Sample>> latest) {
        if (!latest) {
          spdlog::error("latest values: {}", latest.error().what);
          return reply_problem(*shared, problem_of(latest.error()), language);
        }
        const ValueOf value_of = [&](PointId id) -> std::optional<LiveValue> {
          const auto sample = std::ranges::find(*latest, id, &Sample::point);
          if (sample == latest->end()) return std::nullopt;
          return LiveValue{sample->value, sample->quality, sample->source_time};
        };
        const auto timestamp = newest(plant_, device, value_of);
        (*shared)(
            json_response(current_json({plant_, device, language, timestamp, false}, value_of)));
      });
  if (!asked) reply_problem(*shared, problems::overloaded(), language);
}

void DeviceApi::history(Call call, Reply reply) {
  const Language language = call.request.language();
  const auto device = plant_.find_device(call.parameters["id"]);
  if (!device) return reply_problem(reply, problems::not_found(call.request.path), language);
  const auto format = format_parameter(call.request.query);
  if (!format) return reply_problem(reply, format.error(), language);
  if (asks_for_buckets(call.request.query))
    return buckets(*device, *format, call, std::move(reply));
  const Timestamp now = clock_();
  auto query = parse_history_query(call.request.query, rules_.tick, now);
  if (!query) return reply_problem(reply, query.error(), language);
  query->device = *device;
  query->window.settled_until = now - rules_.settle;
  if (*format == Format::csv) {
    const RowSpan span = asks_for_a_page(call.request.query) ? RowSpan::page : RowSpan::window;
    return stream(read_rows(plant_, *query, span), language, std::move(reply));
  }
  answer(
      [&plant = plant_, query = *query](storage::Store& store) -> Result<std::string> {
        auto body = history_body(store, plant, query);
        if (!body) return std::unexpected(body.error());
        return std::move(body->json);
      },
      language, std::move(reply));
}

void DeviceApi::buckets(DeviceId device, Format format, const Call& call, Reply reply) {
  const Language language = call.request.language();
  const Timestamp now = clock_();
  const bool csv = format == Format::csv;
  auto query = parse_bucket_query(call.request.query, plant_, device, now,
                                  csv ? BucketForm::stream : BucketForm::page);
  if (!query) return reply_problem(reply, query.error(), language);
  query->settled_until = now - rules_.settle;
  if (csv) return stream(read_buckets(plant_, std::move(*query)), language, std::move(reply));
  answer(
      [&plant = plant_, query = std::move(*query)](storage::Store& store) -> Result<std::string> {
        auto body = bucket_body(store, plant, query);
        if (!body) return std::unexpected(body.error());
        return std::move(body->json);
      },
      language, std::move(reply));
}

void DeviceApi::answer(std::function<Result<std::string>(storage::Store&)> body, Language language,
                       Reply reply) {
  const auto shared = std::make_shared<Reply>(std::move(reply));
  const bool asked = store_.ask(std::move(body), [shared, language](Result<std::string> written) {
    if (written) return (*shared)(json_response(std::move(*written)));
    spdlog::error("history: {}", written.error().what);
    reply_problem(*shared, problem_of(written.error()), language);
  });
  if (!asked) reply_problem(*shared, problems::overloaded(), language);
}

void DeviceApi::stream(std::unique_ptr<CsvReader> reader, Language language, Reply reply) {
  const auto shared = std::make_shared<Reply>(std::move(reply));
  const auto source = std::make_shared<CsvSource>(store_, std::move(reader));
  source->next([source, shared, language](Result<std::string> first) {
    if (!first) {
      spdlog::error("history: {}", first.error().what);
      return reply_problem(*shared, problem_of(first.error()), language);
    }
    source->put_back(std::move(*first));
    (*shared)(csv_response(source));
  });
}

}  // namespace wl::web
