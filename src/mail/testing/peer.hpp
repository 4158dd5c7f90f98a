// For tests: tests/integration/mail_peer.py as a child, which ends with this object.
#pragma once

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace wl::mail {

class Peer {
 public:
  explicit Peer(std::vector<std::string> arguments) {
    std::array<int, 2> in{};
    std::array<int, 2> out{};
    if (::pipe2(in.data(), O_CLOEXEC) != 0 || ::pipe2(out.data(), O_CLOEXEC) != 0) return;
    arguments.insert(arguments.begin(), {"/usr/bin/python3", "-I", WL_MAIL_PEER});
    std::vector<char*> words;
    for (std::string& each : arguments) words.push_back(each.data());
    words.push_back(nullptr);
    pid_ = ::fork();
    if (pid_ == 0) {
      ::dup2(in[0], 0);
      ::dup2(out[1], 1);
      ::execv(words[0], words.data());
      ::_exit(127);
    }
    ::close(in[0]);
    ::close(out[1]);
    in_ = in[1];
    out_ = out[0];
    const std::string first = line();
    if (first.starts_with("PORT ")) port_ = static_cast<std::uint16_t>(std::stoi(first.substr(5)));
  }
  ~Peer() {
    ::close(in_);
    ::close(out_);
    ::kill(pid_, SIGTERM);  // It may be busy being slow.
    ::waitpid(pid_, nullptr, 0);
  }
  Peer(const Peer&) = delete;
  Peer& operator=(const Peer&) = delete;

  std::uint16_t port() const { return port_; }

  /// What it says next; empty after 20 s of silence.
  std::string line() {
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (said_.find('\n') == std::string::npos) {
      const auto left =
          std::chrono::ceil<std::chrono::milliseconds>(end - std::chrono::steady_clock::now());
      pollfd waiting{out_, POLLIN, 0};
      if (left.count() <= 0 || ::poll(&waiting, 1, static_cast<int>(left.count())) <= 0) return {};
      std::array<char, 4096> part{};
      const ssize_t n = ::read(out_, part.data(), part.size());
      if (n <= 0) return {};
      said_.append(part.data(), static_cast<std::size_t>(n));
    }
    const std::size_t end_of_line = said_.find('\n');
    std::string first = said_.substr(0, end_of_line);
    said_.erase(0, end_of_line + 1);
    return first;
  }

 private:
  pid_t pid_ = -1;
  int in_ = -1;
  int out_ = -1;
  std::uint16_t port_ = 0;
  std::string said_;
};

}  // namespace wl::mail
