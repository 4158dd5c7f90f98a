// `wattline logs`.
#include <fmt/format.h>

#include "apps/wattline/commands.hpp"
#include "base/host/journal.hpp"
#include "base/stop_signal.hpp"

namespace wl::command {
namespace {

void print(const std::vector<journal::Entry>& entries) {
  for (const auto& entry : entries) fmt::print("{}\n", entry.text);
  std::fflush(stdout);
}

}  // namespace

int logs(const std::filesystem::path& root, const LogsQuery& query) {
  const Settings settings = read_settings(root);
  std::vector<std::string> names{"wattline"};
  names.insert(names.end(), std::begin(process_names), std::end(process_names));
  if (!query.process.empty()) names = {query.process};

  std::vector<journal::Follower> followers;
  std::vector<std::vector<journal::Entry>> lists;
  const auto count = static_cast<std::size_t>(query.lines);
  for (const std::string& name : names) {
    followers.emplace_back(settings.log_dir / (name + ".log"));
    lists.push_back(journal::tail(settings.log_dir, name, count));
  }
  auto entries = journal::merge(std::move(lists));
  if (entries.size() > count) {
    entries.erase(entries.begin(), entries.end() - static_cast<std::ptrdiff_t>(count));
  }
  print(entries);
  if (!query.follow) return 0;

  StopSignal stop;
  while (!stop.wait(Milliseconds{250}) && !std::ferror(stdout)) {
    lists.clear();
    for (auto& follower : followers) lists.push_back(follower.poll());
    print(journal::merge(std::move(lists)));
  }
  return 0;
}

}  // namespace wl::command
