// The lines of a feed from a file or a pipe, until they end or somebody asks to stop.
#pragma once

#include <string>
#include <string_view>

#include "apps/collector/unique_fd.hpp"
#include "base/result.hpp"
#include "base/stop_signal.hpp"

namespace wl {

class FeedInput {
 public:
  enum class Got { line, end, stopped };

  /// `-` is stdin. `not_found` names the file. `stop` must outlive it.
  static Result<FeedInput> open(const std::string& path, StopSignal& stop);

  /// The next line without its end, valid until the next call. `end`: no whole line is left.
  /// `invalid_argument` for a line beyond 1 MB.
  Result<Got> next(std::string_view& line);

 private:
  FeedInput(int fd, UniqueFd owned, StopSignal& stop);
  Result<Got> fill();

  int fd_;
  UniqueFd owned_;
  StopSignal* stop_;
  std::string buffer_;
  std::size_t begin_ = 0;  ///< Of what was not given out yet.
  std::size_t end_ = 0;
};

}  // namespace wl
