// GET /metrics: figures of all processes of the installation.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "web/http/http_figures.hpp"
#include "web/http/server.hpp"
#include "web/system/system_facts.hpp"

namespace wl::web {

/// Of the process that answers.
struct WebFigures {
  ServerFigures server;
  HttpFigures http;
  std::size_t live_clients = 0;
  std::size_t sessions = 0;
  bool live_fresh = false;
  /// Jobs that wait, by the name of their desk.
  std::vector<std::pair<std::string_view, std::size_t>> desks;
  std::optional<std::uint64_t> audit_lost;  ///< Nothing: no audit log is kept.
};

/// `facts` null: the files could not be read; then the web process tells of itself alone.
///
/// A numeric detail of a status file becomes `wattline_<process>_<detail>`; a detail that counts up
/// since the start of its process is a counter, the others are gauges. Texts are left out. What a
/// hung or ended process said last is left out, too: `wattline_up` says why.
std::string metrics_text(const WebFigures& web, const SystemFacts* facts);

}  // namespace wl::web
