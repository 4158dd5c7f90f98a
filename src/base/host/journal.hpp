// Reads the log files of the processes as one stream, ordered by time, over rotations.
#pragma once

#include <filesystem>
#include <fstream>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace wl::journal {

/// One message: a line that begins with a time and the lines without one that follow it.
struct Entry {
  std::string time;  ///< `2026-11-22T15:46:37.123Z`: as text it sorts like the time.
  std::string text;  ///< With the time, without the last line feed.

  bool operator==(const Entry&) const = default;
};

/// Splits a text into entries. Lines before the first time get the time "".
std::vector<Entry> split(std::string_view text);

/// All entries in the order of their times; at the same time in the order of the lists.
std::vector<Entry> merge(std::vector<std::vector<Entry>> lists);

/// The level of a message as spdlog writes it: `info`, `warning`, `error` …; empty without a time.
std::string_view level_of(const Entry& entry);

/// True for an entry that is wanted; empty: every one is.
using Wanted = std::function<bool(const Entry&)>;

/// The last `count` entries of `<directory>/<process>.log` and of the rotated files before it that
/// are wanted. At most the last MiB of each file is read, and 64 files.
std::vector<Entry> tail(const std::filesystem::path& directory, const std::string& process,
                        std::size_t count, const Wanted& wanted = {});

/// Follows one log from its present end, also when it is rotated or does not exist yet.
class Follower {
 public:
  explicit Follower(std::filesystem::path path);

  /// What was written since the last call; whole lines only.
  std::vector<Entry> poll();

 private:
  void open_from(std::streamoff offset);
  void read_new();

  std::filesystem::path path_;
  std::ifstream file_;
  unsigned long inode_ = 0;  ///< 0: there was no file.
  std::string pending_;
};

}  // namespace wl::journal
