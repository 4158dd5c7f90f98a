#include "base/process_status.hpp"

#include <fmt/format.h>

#include <boost/json.hpp>

#include "base/durable_file.hpp"
#include "base/json_file.hpp"

namespace wl {
namespace {

std::filesystem::path status_path(const std::filesystem::path& directory, const std::string& name) {
  return directory / (name + ".status.json");
}

}  // namespace

Result<void> write_status(const std::filesystem::path& run_directory, const ProcessStatus& status) {
  boost::json::object details;
  for (const auto& [key, value] : status.details) details[key] = value;
  const boost::json::object object{{"name", status.name},
                                   {"pid", status.pid},
                                   {"version", status.version},
                                   {"started_at", to_iso8601(status.started_at)},
                                   {"heartbeat_at", to_iso8601(status.heartbeat_at)},
                                   {"healthy", status.healthy},
                                   {"reason", status.reason},
                                   {"details", details}};
  return write_file(status_path(run_directory, status.name), boost::json::serialize(object) + "\n",
                    Durability::visible);
}

Result<ProcessStatus> read_status(const std::filesystem::path& run_directory,
                                  const std::string& name) {
  const auto path = status_path(run_directory, name);
  auto content = read_file(path);
  if (!content) return std::unexpected(content.error());
  auto document = JsonDocument::parse(std::move(*content), path.string());
  if (!document) return std::unexpected(document.error());
  const auto root = (*document)->root();
  ProcessStatus status;
  status.name = root.at("name").text();
  status.pid = static_cast<int>(root.at("pid").integer(0, 1 << 30));
  status.version = root.at("version").text();
  status.started_at = parse_iso8601(root.at("started_at").text()).value_or(Timestamp{});
  status.heartbeat_at = parse_iso8601(root.at("heartbeat_at").text()).value_or(Timestamp{});
  status.healthy = root.at("healthy").boolean();
  status.reason = root.at("reason").text();
  for (const auto& [key, value] : root.at("details").members()) {
    status.details.emplace_back(key, value.text());
  }
  if (auto verdict = (*document)->verdict(); !verdict) return std::unexpected(verdict.error());
  return status;
}

void remove_status(const std::filesystem::path& run_directory, const std::string& name) {
  std::error_code ignored;  // It may never have been written.
  std::filesystem::remove(status_path(run_directory, name), ignored);
}

}  // namespace wl
