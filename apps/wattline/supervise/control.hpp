// How `wattline restart` talks to the running supervisor: one line a request on run/wattline.sock,
// answered by lines of progress and at last `exit <code>`.
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>

#include "base/result.hpp"
#include "base/time.hpp"

namespace wl::supervise {

/// One client and its request. The answer goes out at once; a client that left is ignored.
class ControlRequest {
 public:
  ControlRequest(int fd, std::string text) : fd_(fd), text_(std::move(text)) {}
  ~ControlRequest();
  ControlRequest(ControlRequest&& other) noexcept;
  ControlRequest& operator=(ControlRequest&&) = delete;

  const std::string& text() const { return text_; }
  int fd() const { return fd_; }
  void say(const std::string& line) const;
  /// Ends the conversation.
  void finish(int exit_code) const;

 private:
  int fd_;
  std::string text_;
};

/// Listens with mode 0600: whoever may write the run directory's files may ask.
class ControlSocket {
 public:
  static Result<ControlSocket> listen(const std::filesystem::path& run_directory);
  ControlSocket(ControlSocket&& other) noexcept;
  ControlSocket& operator=(ControlSocket&&) = delete;
  ~ControlSocket();

  int fd() const { return fd_; }
  /// The request of one waiting client. A client that says nothing within a second is dropped.
  std::optional<ControlRequest> accept() const;

 private:
  ControlSocket(int fd, std::filesystem::path path) : fd_(fd), path_(std::move(path)) {}

  int fd_;
  std::filesystem::path path_;
};

/// Sends one request and passes each line of the answer on. Returns the exit code of the answer;
/// `unavailable` when nobody listens, or when no line comes for `silence`.
Result<int> ask_supervisor(const std::filesystem::path& run_directory, const std::string& request,
                           Milliseconds silence,
                           const std::function<void(const std::string&)>& on_line);

}  // namespace wl::supervise
