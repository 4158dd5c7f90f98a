// A server process that is stopped, not ended: its sockets stay open and say nothing.
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>

#include "opcua/free_port.hpp"
#include "opcua/recorder.hpp"
#include "opcua/server.hpp"

namespace wl::opcua {
namespace {

using std::chrono::milliseconds;

/// Serves one counter until the parent closes its end of the pipe.
[[noreturn]] void serve(std::uint16_t port, int parent) {
  ServerOptions options;
  options.port = port;
  options.application_uri = "urn:localhost:Wattline:Test";
  options.application_name = "Test";
  options.namespace_uris = {"urn:wattline:test"};
  Server server(options);
  VariableSpec spec;
  spec.node_id = "Line.Count";
  spec.browse_path = {"Line", "Count"};
  spec.type = DataType::uint32;
  const auto count = server.add_variable(spec);
  if (!count || !server.start()) _exit(1);
  server.post({{*count, {std::uint64_t{5}, quality::good, from_unix_ms(1'763'820'000'000)}}});
  char byte = 0;
  while (read(parent, &byte, 1) > 0) {
  }
  _exit(0);
}

/// A forked process that serves; ended by the destructor.
class ServerProcess {
 public:
  explicit ServerProcess(std::uint16_t port) {
    if (pipe(pipe_) != 0) return;
    pid_ = fork();
    if (pid_ != 0) {
      close(pipe_[0]);
      return;
    }
    close(pipe_[1]);
    serve(port, pipe_[0]);
  }
  ~ServerProcess() {
    kill(pid_, SIGKILL);
    waitpid(pid_, nullptr, 0);
    close(pipe_[1]);
  }
  ServerProcess(const ServerProcess&) = delete;
  ServerProcess& operator=(const ServerProcess&) = delete;
  void send(int signal) const { kill(pid_, signal); }

 private:
  pid_t pid_ = -1;
  int pipe_[2] = {-1, -1};
};

TEST(HungServer, it_is_found_within_three_seconds_and_taken_back_when_it_goes_on) {
  const auto port = free_port();
  ServerProcess process(port);
  Recorder recorder;
  SubscriberOptions options;
  options.endpoint_urls = {"opc.tcp://127.0.0.1:" + std::to_string(port)};
  options.node_ids = {"ns=2;s=Line.Count"};
  options.timeout = milliseconds{1'000};
  Subscriber subscriber(options, recorder.events());
  subscriber.start();
  ASSERT_TRUE(recorder.wait([](const auto& seen) { return seen.alive > 0; }));

  process.send(SIGSTOP);
  EXPECT_TRUE(recorder.wait_link(LinkState::down, milliseconds{3'000}));
  process.send(SIGCONT);

  EXPECT_TRUE(recorder.wait_link(LinkState::up, milliseconds{3'000}));
}

TEST(HungServer, to_stop_does_not_wait_for_it_as_long_as_a_request_may_take) {
  const auto port = free_port();
  ServerProcess process(port);
  Recorder recorder;
  SubscriberOptions options;
  options.endpoint_urls = {"opc.tcp://127.0.0.1:" + std::to_string(port)};
  options.node_ids = {"ns=2;s=Line.Count"};
  options.timeout = milliseconds{15'000};
  Subscriber subscriber(options, recorder.events());
  subscriber.start();
  ASSERT_TRUE(recorder.wait([](const auto& seen) { return seen.alive > 0; }));
  process.send(SIGSTOP);
  const auto begin = std::chrono::steady_clock::now();

  subscriber.stop();

  EXPECT_LT(std::chrono::steady_clock::now() - begin, milliseconds{4'000});
}

}  // namespace
}  // namespace wl::opcua
