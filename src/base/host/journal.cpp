#include "base/host/journal.hpp"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <cctype>

namespace wl::journal {
namespace {

constexpr std::streamoff tail_bytes = 1 << 20;
constexpr int most_files = 64;  // Of a process; the settings allow a thousand.
constexpr std::size_t time_length = std::string_view("2026-11-22T15:46:37.123Z").size();

bool begins_with_time(std::string_view line) {
  return line.size() >= time_length && std::isdigit(static_cast<unsigned char>(line[0])) &&
         line[4] == '-' && line[10] == 'T' && line[time_length - 1] == 'Z';
}

std::string read_tail(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary | std::ios::ate);
  if (!file) return {};
  const std::streamoff size = file.tellg();
  const std::streamoff from = std::max<std::streamoff>(0, size - tail_bytes);
  std::string text(static_cast<std::size_t>(size - from), '\0');
  file.seekg(from);
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(file.gcount()));
  if (from > 0) text.erase(0, text.find('\n') + 1);  // The first line was cut.
  return text;
}

unsigned long inode_of(const std::filesystem::path& path) {
  struct stat info {};
  return ::stat(path.c_str(), &info) == 0 ? info.st_ino : 0;
}

}  // namespace

std::vector<Entry> split(std::string_view text) {
  std::vector<Entry> entries;
  while (!text.empty()) {
    const auto end = text.find('\n');
    const std::string_view line = text.substr(0, end);
    text = end == std::string_view::npos ? std::string_view{} : text.substr(end + 1);
    if (begins_with_time(line) || entries.empty()) {
      const auto time = begins_with_time(line) ? line.substr(0, time_length) : std::string_view{};
      entries.push_back({std::string(time), std::string(line)});
    } else {
      entries.back().text.append("\n").append(line);
    }
  }
  return entries;
}

std::vector<Entry> merge(std::vector<std::vector<Entry>> lists) {
  std::vector<Entry> all;
  for (auto& list : lists) std::ranges::move(list, std::back_inserter(all));
  std::ranges::stable_sort(all, {}, &Entry::time);
  return all;
}

std::string_view level_of(const Entry& entry) {
  if (entry.time.empty() || entry.text.size() <= time_length + 1) return {};
  const std::string_view rest = std::string_view(entry.text).substr(time_length + 1);
  return rest.substr(0, rest.find(' '));
}

std::vector<Entry> tail(const std::filesystem::path& directory, const std::string& process,
                        std::size_t count, const Wanted& wanted) {
  std::vector<Entry> entries;
  // spdlog names rotated files plc.1.log, plc.2.log …
  for (int number = 0; number < most_files && entries.size() < count; ++number) {
    const auto name = number == 0 ? process + ".log" : fmt::format("{}.{}.log", process, number);
    if (!std::filesystem::exists(directory / name)) break;
    auto older = split(read_tail(directory / name));
    if (wanted) std::erase_if(older, [&](const Entry& entry) { return !wanted(entry); });
    older.insert(older.end(), std::move_iterator(entries.begin()),
                 std::move_iterator(entries.end()));
    entries = std::move(older);
  }
  if (entries.size() > count) {
    entries.erase(entries.begin(), entries.end() - static_cast<std::ptrdiff_t>(count));
  }
  return entries;
}

Follower::Follower(std::filesystem::path path) : path_(std::move(path)) {
  std::error_code error;
  const auto size = std::filesystem::file_size(path_, error);
  open_from(error ? 0 : static_cast<std::streamoff>(size));
}

void Follower::open_from(std::streamoff offset) {
  inode_ = inode_of(path_);
  file_ = std::ifstream(path_, std::ios::binary);
  file_.seekg(offset);
}

void Follower::read_new() {
  if (inode_ == 0) return;
  file_.clear();  // The end reached last time.
  char buffer[65536];
  while (file_.read(buffer, sizeof buffer) || file_.gcount() > 0) {
    pending_.append(buffer, static_cast<std::size_t>(file_.gcount()));
  }
}

std::vector<Entry> Follower::poll() {
  const unsigned long now = inode_of(path_);
  read_new();
  if (now != inode_ && now != 0) {  // Rotated: the rest of the old file was read just above.
    open_from(0);
    read_new();
  }
  const auto end = pending_.rfind('\n');
  if (end == std::string::npos) return {};
  const std::string whole = pending_.substr(0, end + 1);
  pending_.erase(0, end + 1);
  return split(whole);
}

}  // namespace wl::journal
