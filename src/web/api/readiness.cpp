#include "web/api/readiness.hpp"

#include <fmt/format.h>

#include "web/http/json_writer.hpp"
#include "web/http/utf8_text.hpp"

namespace wl::web {

std::optional<NotReady> collector_not_ready(const Result<SystemCache::Facts>& facts,
                                            CollectorPlace place) {
  if (!facts) return NotReady{"collector", "its status cannot be read"};
  const ProcessFacts* collector = (*facts)->process("collector");
  const bool runs_here =
      collector != nullptr && collector->state.life != ProcessState::Life::not_running;
  if (!runs_here && place == CollectorPlace::perhaps_elsewhere) return std::nullopt;
  if (collector == nullptr) return NotReady{"collector", "not running"};
  if (collector->state.life != ProcessState::Life::running)
    return NotReady{"collector", std::string(word_of(collector->state.life))};
  if (collector->state.healthy) return std::nullopt;
  return NotReady{"collector", "not healthy; GET /api/system says why"};
}

namespace {

Response ready(const LiveFigures& live) {
  JsonWriter json;
  json.object().key("success").boolean(true).key("ready").boolean(true);
  json.key("not_ready").array().end();
  if (!live.source.empty()) json.key("live_source").text(live.source);
  if (!live.source_note.empty()) json.key("note").text(as_utf8("live: " + live.source_note));
  json.end();
  return json_response(json.take());
}

}  // namespace

Response readiness_response(const std::vector<NotReady>& missing, const LiveFigures& live,
                            Language language) {
  if (missing.empty()) return ready(live);
  std::string words;
  JsonWriter list;
  list.array();
  for (const NotReady& each : missing) {
    words += fmt::format("{}{}: {}", words.empty() ? "" : "; ", each.part, each.reason);
    list.object().key("part").text(each.part).key("reason").text(as_utf8(each.reason)).end();
  }
  list.end();
  constexpr int retry_after_s = 5;
  return problem_response({503,
                           "not_ready",
                           {words, words},
                           retry_after_s,
                           R"("ready":false,"not_ready":)" + list.take()},
                          language);
}

}  // namespace wl::web
