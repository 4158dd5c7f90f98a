#include "opcua/server.hpp"

#include <fmt/format.h>
#include <open62541/server.h>

#include <atomic>
#include <cerrno>
#include <chrono>
#include <deque>
#include <future>
#include <set>
#include <thread>

#include "base/bounded_queue.hpp"
#include "base/log.hpp"
#include "opcua/address_space.hpp"
#include "opcua/history_service.hpp"
#include "opcua/open62541_value.hpp"
#include "opcua/server_config.hpp"

namespace wl::opcua {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t max_waiting_posts = 20'000;
/// How long one turn of the event loop may wait for the network: the delay of a post(). Each turn
/// of an idle server costs some 10 µs.
constexpr std::uint32_t turn_ms = 10;
/// Longer work on posted values would hold up the clients.
constexpr Milliseconds drain_time_box{30};
constexpr Milliseconds session_count_interval{500};

struct UaServerDeleter {
  void operator()(UA_Server* server) const noexcept { UA_Server_delete(server); }
};
using UaServer = std::unique_ptr<UA_Server, UaServerDeleter>;

}  // namespace

/// Everything below `queue_` belongs to the server thread once it runs.
class Server::Impl {
 public:
  explicit Impl(ServerOptions options)
      : options_(std::move(options)),
        history_(options_.history),
        check_(Pki(options_.security.pki_dir), [this](const std::string& why) { refused(why); }) {}
  ~Impl() { stop(); }

  Result<VariableId> add_variable(const VariableSpec& spec);
  Result<void> start();
  void stop();
  void post(std::vector<VariableUpdate> updates) { queue_.push(std::move(updates)); }
  ServerStats stats() const;

  void set_handler(WriteHandler handler) { handler_ = std::move(handler); }

 private:
  struct Variable {
    VariableSpec spec;
    UaDataValue value;
    UaNodeId id;
  };

  static UA_StatusCode on_read(UA_Server* server, const UA_NodeId*, void*, const UA_NodeId*,
                               void* context, UA_Boolean, const UA_NumericRange* range,
                               UA_DataValue* out);
  static UA_StatusCode on_client_write(UA_Server* server, const UA_NodeId*, void*, const UA_NodeId*,
                                       void* context, const UA_NumericRange* range,
                                       const UA_DataValue* value);

  void run(std::promise<Result<void>> started);
  Result<void> try_set_up();
  Result<void> set_up();
  Result<void> add_nodes();
  void turn();
  void guarded_turn();
  /// False when updates are left.
  bool drain();
  void apply(const VariableUpdate& update);
  UA_StatusCode accept_write(VariableId id, const UA_DataValue& value);
  void count_sessions();
  void refused(const std::string& reason);

  const ServerOptions options_;
  std::vector<Variable> variables_;
  std::set<std::string> known_ids_;
  WriteHandler handler_;
  std::thread thread_;
  std::atomic<bool> stopping_{false};
  std::atomic<std::uint64_t> sessions_{0};
  std::atomic<std::uint64_t> applied_{0};
  std::atomic<std::uint64_t> failed_{0};  ///< Posts that broke off.
  std::atomic<std::uint64_t> turns_{0};
  std::atomic<std::uint64_t> history_values_{0};
  std::atomic<std::uint64_t> history_cut_{0};
  BoundedQueue<std::vector<VariableUpdate>> queue_{max_waiting_posts, WhenFull::drop_oldest};

  HistoryService history_;
  CertificateCheck check_;
  std::string refusal_;  ///< Told last: a client tries every few seconds.
  UaServer server_;
  std::deque<std::vector<VariableUpdate>> taken_;
  bool applying_ = false;  ///< A write callback comes from apply(), not from a client.
  Clock::time_point next_session_count_{};
};

Result<VariableId> Server::Impl::add_variable(const VariableSpec& spec) {
  const std::string name = fmt::format("ns={};s={}", spec.namespace_index, spec.node_id);
  if (thread_.joinable()) {
    return fail(Errc::conflict, fmt::format("{}: the server already runs", name));
  }
  if (spec.namespace_index < 2 || spec.namespace_index >= 2 + options_.namespace_uris.size()) {
    return fail(Errc::invalid_argument,
                fmt::format("{}: the server has no such namespace index", name));
  }
  if (spec.browse_path.empty()) {
    return fail(Errc::invalid_argument, fmt::format("{}: the browse path is empty", name));
  }
  auto id = parse_node_id(name);
  if (!id) return fail(Errc::invalid_argument, fmt::format("{}: not a NodeId", name));
  if (!known_ids_.insert(name).second) {
    return fail(Errc::invalid_argument, fmt::format("{}: the NodeId exists twice", name));
  }
  const VariableId index{static_cast<std::uint32_t>(variables_.size())};
  variables_.push_back({spec, {}, std::move(*id)});
  history_.add_variable(name, spec.type);
  return index;
}

Result<void> Server::Impl::start() {
  if (thread_.joinable()) return fail(Errc::conflict, "the OPC UA server already runs");
  const Result<void> probe = probe_listen(options_.host, options_.port);
  if (!probe) return probe;
  stopping_ = false;
  std::promise<Result<void>> started;
  auto result = started.get_future();
  thread_ =
      std::thread([this, promise = std::move(started)]() mutable { run(std::move(promise)); });
  Result<void> verdict = result.get();
  if (!verdict) thread_.join();
  return verdict;
}

void Server::Impl::stop() {
  stopping_ = true;
  if (thread_.joinable()) thread_.join();
}

ServerStats Server::Impl::stats() const {
  return {sessions_.load(),       applied_.load(),     queue_.dropped() + failed_.load(),
          history_values_.load(), history_cut_.load(), turns_.load()};
}

void Server::Impl::run(std::promise<Result<void>> started) {
  Result<void> ready = try_set_up();
  const bool is_ready = ready.has_value();
  started.set_value(std::move(ready));
  while (is_ready && !stopping_) {
    guarded_turn();
    ++turns_;
  }
  if (is_ready) UA_Server_run_shutdown(server_.get());
  server_.reset();
  sessions_ = 0;
}

Result<void> Server::Impl::try_set_up() {
  try {
    return set_up();
  } catch (const std::exception& error) {
    return fail(Errc::unavailable, fmt::format("the OPC UA server: {}", error.what()));
  }
}

Result<void> Server::Impl::set_up() {
  auto config = make_server_config(options_, check_);
  if (!config) return std::unexpected(config.error());
  config->context = this;
  history_.install(*config);
  server_.reset(UA_Server_newWithConfig(&*config));
  if (!server_) return fail(Errc::unavailable, "the OPC UA server cannot be created");
  for (const std::string& uri : options_.namespace_uris) {
    UA_Server_addNamespace(server_.get(), uri.c_str());
  }
  const Result<void> nodes = add_nodes();
  if (!nodes) return nodes;
  const UA_StatusCode status = UA_Server_run_startup(server_.get());
  if (status == UA_STATUSCODE_GOOD) return {};
  return fail(Errc::unavailable, fmt::format("cannot listen on {}:{}: {}", options_.host,
                                             options_.port, status_name(status)));
}

Result<void> Server::Impl::add_nodes() {
  AddressSpace space(server_.get(), history_.is_on() ? HistoryAccess::read : HistoryAccess::none);
  const UA_DataSource source{&Impl::on_read, &Impl::on_client_write};
  for (std::size_t i = 0; i < variables_.size(); ++i) {
    Variable& variable = variables_[i];
    variable.value = {};  // Good and empty: a Bad one would fail the node's type check.
    // The context is not a pointer but the index.
    const auto status = space.add(variable.spec, source, reinterpret_cast<void*>(i));
    if (status != UA_STATUSCODE_GOOD) {
      return fail(Errc::invalid_argument,
                  fmt::format("ns={};s={}: cannot make the node: {}", variable.spec.namespace_index,
                              variable.spec.node_id, status_name(status)));
    }
    variable.value->hasStatus = true;
    variable.value->status = UA_STATUSCODE_BADWAITINGFORINITIALDATA;
    variable.value->hasSourceTimestamp = true;
    variable.value->sourceTimestamp = UA_DateTime_now();
    history_.record(static_cast<std::uint32_t>(i),
                    {zero_of(variable.spec.type), quality::bad_waiting_for_initial_data,
                     from_ua_time(variable.value->sourceTimestamp)});
  }
  return {};
}

/// A post that broke off counts as dropped: who posted sees it and can post again.
void Server::Impl::guarded_turn() {
  try {
    turn();
  } catch (const std::exception& error) {
    applying_ = false;
    if (failed_.fetch_add(1) == 0) spdlog::error("opcua server: {}", error.what());
  }
}

void Server::Impl::turn() {
  const bool drained = drain();
  errno = 0;  // The loop takes a signal's old EINTR for news, and turns without waiting.
  UA_EventLoop* loop = UA_Server_getConfig(server_.get())->eventLoop;
  loop->run(loop, drained ? turn_ms : 0);
  count_sessions();
}

bool Server::Impl::drain() {
  if (taken_.empty()) {
    for (auto& updates : queue_.drain()) taken_.push_back(std::move(updates));
  }
  const auto until = Clock::now() + drain_time_box;
  while (!taken_.empty() && Clock::now() < until) {
    const auto updates = std::move(taken_.front());
    taken_.pop_front();  // First: what cannot be applied is not met again.
    for (const VariableUpdate& update : updates) apply(update);
  }
  return taken_.empty();
}

/// The value is put into our own slot; the write only makes the library read it again and queue it
/// for every exception-based monitored item.
void Server::Impl::apply(const VariableUpdate& update) {
  if (update.variable.value >= variables_.size()) return;
  Variable& variable = variables_[update.variable.value];
  variable.value = to_ua(update.value, variable.spec.type);
  history_.record(update.variable.value, update.value);
  UA_WriteValue write;
  UA_WriteValue_init(&write);
  write.nodeId = *variable.id;
  write.attributeId = UA_ATTRIBUTEID_VALUE;
  write.value = *variable.value;
  applying_ = true;
  const UA_StatusCode status = UA_Server_write(server_.get(), &write);
  applying_ = false;
  if (status != UA_STATUSCODE_GOOD) {
    spdlog::error("opcua server: {}: {}", variable.spec.node_id, status_name(status));
  }
  applied_.fetch_add(1, std::memory_order_relaxed);
}

UA_StatusCode Server::Impl::on_read(UA_Server* server, const UA_NodeId*, void*, const UA_NodeId*,
                                    void* context, UA_Boolean, const UA_NumericRange* range,
                                    UA_DataValue* out) {
  const auto& impl = *static_cast<Impl*>(UA_Server_getConfig(server)->context);
  if (range) {
    out->hasStatus = true;
    out->status = UA_STATUSCODE_BADINDEXRANGEINVALID;  // All our variables are scalars.
    return UA_STATUSCODE_GOOD;
  }
  *out = *impl.variables_[reinterpret_cast<std::uintptr_t>(context)].value;
  out->value.storageType = UA_VARIANT_DATA_NODELETE;  // Copied by the caller.
  return UA_STATUSCODE_GOOD;
}

UA_StatusCode Server::Impl::on_client_write(UA_Server* server, const UA_NodeId*, void*,
                                            const UA_NodeId*, void* context,
                                            const UA_NumericRange* range,
                                            const UA_DataValue* value) {
  auto& impl = *static_cast<Impl*>(UA_Server_getConfig(server)->context);
  if (impl.applying_) return UA_STATUSCODE_GOOD;
  if (range) return UA_STATUSCODE_BADINDEXRANGEINVALID;
  const VariableId id{static_cast<std::uint32_t>(reinterpret_cast<std::uintptr_t>(context))};
  try {
    return impl.accept_write(id, *value);
  } catch (const std::exception& error) {
    spdlog::error("opcua server: write refused: {}", error.what());
    return UA_STATUSCODE_BADINTERNALERROR;
  }
}

UA_StatusCode Server::Impl::accept_write(VariableId id, const UA_DataValue& value) {
  if (!handler_) return UA_STATUSCODE_BADNOTWRITABLE;
  if (value.hasStatus && value.status != UA_STATUSCODE_GOOD) {
    return UA_STATUSCODE_BADWRITENOTSUPPORTED;  // Quality is ours to tell.
  }
  if (!value.hasValue) return UA_STATUSCODE_BADTYPEMISMATCH;
  const auto wish = from_ua(value.value);
  if (!wish) return UA_STATUSCODE_BADTYPEMISMATCH;
  return handler_(id, *wish).status_code;
}

void Server::Impl::refused(const std::string& reason) {
  if (reason != refusal_) spdlog::warn("opcua server: a client was refused: {}", reason);
  refusal_ = reason;
}

void Server::Impl::count_sessions() {
  const auto now = Clock::now();
  if (now < next_session_count_) return;
  next_session_count_ = now + session_count_interval;
  sessions_ = UA_Server_getStatistics(server_.get()).ss.currentSessionCount;
  history_values_ = history_.ring().values();
  history_cut_ = history_.ring().cut();
}

Server::Server(ServerOptions options) : impl_(std::make_unique<Impl>(std::move(options))) {}
Server::~Server() = default;

Result<VariableId> Server::add_variable(const VariableSpec& spec) {
  return impl_->add_variable(spec);
}

void Server::on_write(WriteHandler handler) {
  impl_->set_handler(std::move(handler));
}

Result<void> Server::start() {
  return impl_->start();
}

void Server::stop() {
  impl_->stop();
}

void Server::post(std::vector<VariableUpdate> updates) {
  impl_->post(std::move(updates));
}

ServerStats Server::stats() const {
  return impl_->stats();
}

}  // namespace wl::opcua
