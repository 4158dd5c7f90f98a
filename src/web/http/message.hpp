// HTTP as handlers see it: plain values, no word of Beast.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.hpp"

namespace wl::web {

/// The language of messages, by Accept-Language. Chinese unless English is preferred.
enum class Language { zh_cn, en };

/// Names are lower case in requests.
using Headers = std::vector<std::pair<std::string, std::string>>;

struct Request {
  std::string method;  ///< GET, HEAD, POST …
  std::string path;    ///< Percent-decoded, without query; starts with '/'.
  std::string query;   ///< Raw, without '?'.
  Headers headers;
  std::string body;
  std::string remote_address;  ///< Without port.
  bool secure = false;         ///< Came over TLS.

  /// Empty when there is none.
  std::string_view header(std::string_view lower_case_name) const;
  /// Value of a cookie; nothing when it is missing.
  std::optional<std::string> cookie(std::string_view name) const;
  Language language() const;
};

/// A body that is made while it is sent: an export of any length in the memory of one piece.
class BodySource {
 public:
  using Piece = std::move_only_function<void(Result<std::string>)>;

  virtual ~BodySource() = default;
  /// Gives the next piece, now or later, exactly once, on the loop's thread, where it is also
  /// called. An empty one is the end; an error cuts the connection. Never asked before it answered,
  /// nor after its end.
  virtual void next(Piece piece) = 0;
};

struct Response {
  int status = 200;
  std::string content_type = "application/json; charset=utf-8";
  Headers headers;
  std::string body;
  /// Used instead of `body` when set: a file that many responses share.
  std::shared_ptr<const std::string> shared_body;
  /// Used instead of both when set.
  std::shared_ptr<BodySource> source;

  std::string_view content() const { return shared_body ? *shared_body : std::string_view(body); }
};

/// Called once, on the loop's thread, with the answer.
using Reply = std::move_only_function<void(Response)>;
/// Something to do on the loop's thread.
using Task = std::move_only_function<void()>;
/// Hands a task to the loop's thread, from any thread. The loop outlives who holds this.
using PostToLoop = std::function<void(Task)>;

/// A request target cut into path and query. Nothing when it is not in origin form, has a broken
/// percent sequence, or decodes to bad UTF-8 or a control character; in the path also for a
/// backslash, an escaped slash or a `.`/`..` segment.
struct Target {
  std::string path;
  std::string query;
};
std::optional<Target> parse_target(std::string_view target);

/// The decoded value of the first parameter with this name. `+` is a space.
std::optional<std::string> query_parameter(std::string_view query, std::string_view name);

/// True when a browser of another origin sent it: Origin names another authority than Host, or
/// Sec-Fetch-Site says so. A script sends neither and is no browser.
bool is_cross_origin(const Request& request);
/// True when Origin is there and names exactly the authority of Host.
bool has_own_origin(const Request& request);

}  // namespace wl::web
