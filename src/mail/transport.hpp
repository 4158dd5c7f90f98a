// One mail to a server, one call of a webhook: libcurl, step by step. Blocking; each call bounded.
#pragma once

#include <atomic>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"

namespace wl::mail {

enum class Tls : std::uint8_t {
  none,
  starttls,  ///< Required: a server that does not offer it is refused.
  implicit,  ///< From the first byte, as on port 465.
};

struct SmtpServer {
  std::string host;
  std::uint16_t port = 587;
  Tls tls = Tls::starttls;
  std::string username;  ///< Empty: no login.
  std::string password;
  std::string ca_file;  ///< Empty: the certificates that the system trusts.
  /// Up to its greeting, encryption and login: servers that doubt a stranger let him wait.
  Milliseconds connect_timeout = std::chrono::seconds(30);
  Milliseconds timeout = std::chrono::seconds(90);  ///< For all of it.
};

struct Webhook {
  std::string url;  ///< http or https; often a secret: never logged whole.
  /// `Name: value`, one line each, beside Content-Type; often a secret, too.
  std::vector<std::string> headers{};
  Milliseconds connect_timeout = std::chrono::seconds(10);
  Milliseconds timeout = std::chrono::seconds(30);
};

/// How far a sending came. In this order.
enum class Stage : std::uint8_t {
  name,       ///< Looking up the name of the server.
  connect,    ///< TCP.
  greeting,   ///< Its first words.
  encrypt,    ///< STARTTLS, or TLS from the beginning.
  login,      ///< AUTH.
  sender,     ///< MAIL FROM.
  recipient,  ///< RCPT TO.
  content,    ///< DATA; of a webhook the whole call.
  accepted,
};
std::string_view word(Stage stage);

struct Step {
  Stage stage{};
  std::string what;  ///< `10.0.0.5`, `TLSv1.3 / …`.
};

struct Sending {
  enum class Outcome : std::uint8_t {
    accepted,
    later,      ///< Of this letter: greylisting, a full mailbox.
    later_all,  ///< Of the server: away, login refused, certificate: every letter would fail.
    refused,    ///< For good: trying again is pointless.
    stopped,    ///< `stop` was set.
  };
  Outcome outcome = Outcome::later_all;
  Stage stage = Stage::name;  ///< Where it ended.
  int code = 0;               ///< Of the server: 550; of HTTP: 500; 0 when it said none.
  std::string why;            ///< Cause and next step; empty when accepted.
  std::string answer;         ///< The server's last words, one line.
  std::vector<Step> steps;    ///< What went well.
  Milliseconds took{};
};

/// Sends `message` (as of build_mail()) to one address. The certificate of the server is checked.
/// Ends within a second when `stop` becomes true, except while a name is looked up.
Sending send_mail(const SmtpServer& server, const std::string& from, const std::string& to,
                  const std::string& message, const std::atomic<bool>& stop);

/// POST of JSON. 2xx is accepted; 4xx but 408, 425, 429 is refused; redirects are not followed.
Sending call_webhook(const Webhook& webhook, const std::string& json,
                     const std::atomic<bool>& stop);

/// The URL without path, query and login: fit for a log.
std::string host_of_url(const std::string& url);

}  // namespace wl::mail
