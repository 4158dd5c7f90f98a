#include "storage/backup/exchange_plan.hpp"

#include <fmt/format.h>

#include <boost/json.hpp>

#include "base/durable_file.hpp"
#include "base/json_file.hpp"
#include "base/open_file.hpp"

namespace wl::storage {
namespace {

namespace fs = std::filesystem;

fs::path with_suffix(const fs::path& path, std::string_view suffix) {
  return path.string() + std::string(suffix);
}

bool is_there(const fs::path& path) {
  std::error_code ignored;
  return fs::symlink_status(path, ignored).type() != fs::file_type::not_found;
}

/// A name at which nothing is: what was set aside is never overwritten.
fs::path free_name(const fs::path& wanted) {
  fs::path name = wanted;
  for (int number = 2; is_there(name); ++number)
    name = fmt::format("{}.{}", wanted.string(), number);
  return name;
}

Result<void> move(const fs::path& from, const fs::path& to) {
  std::error_code error;
  fs::rename(from, to, error);
  if (!error) return {};
  return fail(Errc::unavailable, fmt::format("cannot rename {} to {}: {}", from.string(),
                                             to.string(), error.message()));
}

}  // namespace

fs::path plan_path(const fs::path& root) {
  return root / "restore-plan.json";
}

Result<void> write_plan(const fs::path& root, const ExchangePlan& plan) {
  boost::json::array steps;
  for (const Exchange& step : plan.exchanges) {
    steps.push_back({{"staged", step.staged.string()},
                     {"target", step.target.string()},
                     {"aside", step.aside.string()}});
  }
  const boost::json::object all{{"exchanges", std::move(steps)},
                                {"mysql_dump", plan.mysql_dump.string()}};
  return write_file(plan_path(root), boost::json::serialize(all) + "\n", Durability::synced, 0600);
}

Result<std::optional<ExchangePlan>> read_plan(const fs::path& root) {
  const fs::path path = plan_path(root);
  auto text = read_file(path, 64u << 20);
  if (!text && text.error().code == Errc::not_found) return std::nullopt;
  if (!text) return std::unexpected(text.error());
  auto document = JsonDocument::parse(std::move(*text), path.string());
  if (!document) return fail(Errc::corrupt, document.error().what);
  const JsonCursor top = (*document)->root();
  ExchangePlan plan;
  for (const JsonCursor& step : top.at("exchanges").items()) {
    plan.exchanges.push_back(
        {step.at("staged").text(), step.at("target").text(), step.at("aside").text()});
  }
  plan.mysql_dump = top.at("mysql_dump").text();
  if (const auto verdict = (*document)->verdict(); !verdict) {
    return fail(Errc::corrupt,
                fmt::format("{}\nA restore was interrupted and its plan is damaged: restore the "
                            "backup again with --force, after removing this file",
                            verdict.error().what));
  }
  return plan;
}

Result<void> exchange(const Exchange& step) {
  if (!is_there(step.staged)) return {};  // Done already.
  for (const std::string_view suffix : {"", "-wal", "-shm"}) {
    const fs::path target = with_suffix(step.target, suffix);
    if (!is_there(target)) continue;
    if (const auto moved = move(target, free_name(with_suffix(step.aside, suffix))); !moved)
      return moved;
  }
  if (const auto moved = move(step.staged, step.target); !moved) return moved;
  return sync_directory(step.target.parent_path());
}

}  // namespace wl::storage
