#include "mail/transport.hpp"

#include <curl/curl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <memory>

namespace wl::mail {
namespace {

constexpr std::array<std::string_view, 9> stage_words{"name",       "connect", "greeting",
                                                      "encryption", "login",   "sender",
                                                      "recipient",  "content", "accepted"};

struct CurlDeleter {
  void operator()(CURL* handle) const noexcept { curl_easy_cleanup(handle); }
};
struct ListDeleter {
  void operator()(curl_slist* list) const noexcept { curl_slist_free_all(list); }
};
using Curl = std::unique_ptr<CURL, CurlDeleter>;
using List = std::unique_ptr<curl_slist, ListDeleter>;

/// What the callbacks of one call share.
struct Call {
  const std::atomic<bool>& stop;
  std::string_view left;  ///< Of what is sent.
  Stage stage = Stage::name;
  bool over = false;  ///< QUIT was said: what comes now is politeness.
  std::string answer{};
  std::string tls{};
  std::array<char, CURL_ERROR_SIZE> error{};
};

// ---- Callbacks: C calls them; none throws -------------------------------------------------------

std::size_t give(char* buffer, std::size_t size, std::size_t count, void* call) noexcept {
  std::string_view& left = static_cast<Call*>(call)->left;
  const std::size_t n = std::min(size * count, left.size());
  std::memcpy(buffer, left.data(), n);
  left.remove_prefix(n);
  return n;
}

std::size_t swallow(char*, std::size_t size, std::size_t count, void*) noexcept {
  return size * count;
}

int progress(void* call, curl_off_t, curl_off_t, curl_off_t, curl_off_t) noexcept {
  return static_cast<Call*>(call)->stop ? 1 : 0;
}

std::string one_line(std::string_view text) {
  std::string line(text.substr(0, std::min<std::size_t>(text.find_first_of("\r\n"), 300)));
  std::ranges::replace_if(
      line, [](char c) { return static_cast<unsigned char>(c) < 0x20; }, ' ');
  return line;
}

void on_command(Call& call, std::string_view line) {
  constexpr std::array<std::pair<std::string_view, Stage>, 6> commands{
      {{"EHLO", Stage::greeting},
       {"STARTTLS", Stage::encrypt},
       {"AUTH", Stage::login},
       {"MAIL FROM", Stage::sender},
       {"RCPT TO", Stage::recipient},
       {"DATA", Stage::content}}};
  for (const auto& [word, stage] : commands) {
    if (line.starts_with(word)) call.stage = std::max(call.stage, stage);
  }
  call.over |= line.starts_with("QUIT");
}

/// Follows the conversation; what is sent is looked at for the command only and kept nowhere.
int follow(CURL*, curl_infotype type, char* data, std::size_t size, void* user) noexcept {
  try {
    Call& call = *static_cast<Call*>(user);
    const std::string_view text(data, size);
    if (type == CURLINFO_HEADER_OUT) on_command(call, text);
    if (type == CURLINFO_HEADER_IN && size > 4 && !call.over) call.answer = one_line(text);
    if (type == CURLINFO_TEXT && text.starts_with("SSL connection using ")) {
      call.tls = one_line(text.substr(std::string_view("SSL connection using ").size()));
    }
  } catch (...) {
    // A detail of a report is not worth a failed mail.
  }
  return 0;
}

// ---- One call -----------------------------------------------------------------------------------

Curl new_handle(Call& call, Milliseconds connect_timeout, Milliseconds timeout) {
  static const CURLcode ready = curl_global_init(CURL_GLOBAL_DEFAULT);
  Curl curl(ready == CURLE_OK ? curl_easy_init() : nullptr);
  if (!curl) return curl;
  CURL* c = curl.get();
  curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(c, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(connect_timeout.count()));
  curl_easy_setopt(c, CURLOPT_TIMEOUT_MS, static_cast<long>(timeout.count()));
  curl_easy_setopt(c, CURLOPT_PROXY, "");  // Never by the environment.
  curl_easy_setopt(c, CURLOPT_SSL_VERIFYPEER, 1L);
  curl_easy_setopt(c, CURLOPT_SSL_VERIFYHOST, 2L);
  curl_easy_setopt(c, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  curl_easy_setopt(c, CURLOPT_ERRORBUFFER, call.error.data());
  curl_easy_setopt(c, CURLOPT_VERBOSE, 1L);
  curl_easy_setopt(c, CURLOPT_DEBUGFUNCTION, &follow);
  curl_easy_setopt(c, CURLOPT_DEBUGDATA, &call);
  curl_easy_setopt(c, CURLOPT_NOPROGRESS, 0L);
  curl_easy_setopt(c, CURLOPT_XFERINFOFUNCTION, &progress);
  curl_easy_setopt(c, CURLOPT_XFERINFODATA, &call);
  curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, &swallow);
  return curl;
}

/// What this machine calls itself in EHLO.
std::string own_name() {
  std::array<char, 256> name{};
  if (::gethostname(name.data(), name.size() - 1) != 0) return "localhost";
  std::string text(name.data());
  const bool plain = !text.empty() && std::ranges::all_of(text, [](unsigned char c) {
    return std::isalnum(c) != 0 || c == '-' || c == '.';
  });
  return plain ? text : "localhost";
}

std::string url_of(const SmtpServer& server) {
  const bool v6 = server.host.find(':') != std::string::npos;
  return fmt::format("{}://{}:{}/{}", server.tls == Tls::implicit ? "smtps" : "smtp",
                     v6 ? "[" + server.host + "]" : server.host, server.port, own_name());
}

/// How far it came without a command to show it.
void see_connection(CURL* c, CURLcode result, Call& call, Sending& sending) {
  char* address = nullptr;
  curl_off_t looked_up = 0;
  curl_off_t connected = 0;
  curl_easy_getinfo(c, CURLINFO_PRIMARY_IP, &address);
  curl_easy_getinfo(c, CURLINFO_NAMELOOKUP_TIME_T, &looked_up);
  curl_easy_getinfo(c, CURLINFO_CONNECT_TIME_T, &connected);
  const bool named = looked_up > 0 && result != CURLE_COULDNT_RESOLVE_HOST;
  if (named) call.stage = std::max(call.stage, Stage::connect);
  if (named && address && *address) sending.steps.push_back({Stage::name, address});
  if (connected == 0) return;
  call.stage = std::max(call.stage, Stage::greeting);
  sending.steps.push_back({Stage::connect, fmt::format("{} ms", (connected - looked_up) / 1000)});
}

std::string cause_of(CURLcode result, const SmtpServer& server, const Call& call) {
  const std::string place = fmt::format("{}:{}", server.host, server.port);
  const std::string detail = call.error[0] ? call.error.data() : curl_easy_strerror(result);
  switch (result) {
    case CURLE_COULDNT_RESOLVE_HOST:
      return fmt::format(
          "the name '{}' is not known; check SMTP_SERVER and the name service of "
          "this machine",
          server.host);
    case CURLE_COULDNT_CONNECT:
      return fmt::format("no connection to {}: {}; check SMTP_SERVER, SMTP_PORT and the firewall",
                         place, detail);
    case CURLE_OPERATION_TIMEDOUT:
      return fmt::format(
          "{} did not answer in time ({}); check that SMTP_PORT is the one for "
          "mail, and the load of the server",
          place, detail);
    case CURLE_USE_SSL_FAILED:
      return fmt::format(
          "{} offers no STARTTLS; use its port with encryption (587 or 465), or "
          "SMTP_USE_TLS=False inside a network that you trust",
          place);
    case CURLE_PEER_FAILED_VERIFICATION:
      return fmt::format(
          "the certificate of {} is not trusted: {}; use the name that stands in "
          "it, or name the file of its authority as smtp/ca_file in "
          "config/notify.json",
          place, detail);
    case CURLE_SSL_CACERT_BADFILE:
      return fmt::format("the file of smtp/ca_file in config/notify.json cannot be used: {}",
                         detail);
    case CURLE_SSL_CONNECT_ERROR:
      return fmt::format(
          "no encrypted connection with {}: {}; port 465 is encrypted from the "
          "first byte, others begin plain",
          place, detail);
    case CURLE_LOGIN_DENIED:
      return fmt::format("{} refuses the login: check SMTP_USERNAME and SMTP_PASSWORD", place);
    default:
      return fmt::format("{} at step '{}': {}", place, word(call.stage), detail);
  }
}

/// By RFC 5321: 5yz is for good. What the login or the server as a whole is refused with, is mended
/// by a person and must not cost the letters.
Sending::Outcome outcome_of(CURLcode result, long code, Stage stage) {
  using Outcome = Sending::Outcome;
  if (result == CURLE_OK) return Outcome::accepted;
  if (result == CURLE_ABORTED_BY_CALLBACK) return Outcome::stopped;
  const bool about_letter = stage >= Stage::sender && code >= 400 && code < 600;
  const bool about_login = code == 530 || code == 534 || code == 535 || code == 538;
  if (!about_letter || about_login || code == 421) return Outcome::later_all;
  return code >= 500 ? Outcome::refused : Outcome::later;
}

std::string advice(Stage stage, Sending::Outcome outcome) {
  if (outcome == Sending::Outcome::later) return "it is tried again";
  if (stage == Stage::sender) return "check \"from\" in config/notify.json, or SMTP_USERNAME";
  if (stage == Stage::recipient) return "check the address of the recipient";
  return "ask the administrator of the mail server";
}

void finish(CURL* c, CURLcode result, Call& call, Sending& sending) {
  long code = 0;
  curl_off_t took = 0;
  curl_easy_getinfo(c, CURLINFO_RESPONSE_CODE, &code);
  curl_easy_getinfo(c, CURLINFO_TOTAL_TIME_T, &took);
  sending.code = static_cast<int>(code);
  sending.took = Milliseconds{took / 1000};
  sending.answer = call.answer;
  see_connection(c, result, call, sending);
}

void add_smtp_steps(const SmtpServer& server, const Call& call, Sending& sending) {
  if (!call.tls.empty()) sending.steps.push_back({Stage::encrypt, call.tls});
  if (!server.username.empty() && sending.stage > Stage::login) {
    sending.steps.push_back({Stage::login, "as " + server.username});
  }
  if (sending.stage > Stage::sender) sending.steps.push_back({Stage::sender, "taken"});
  if (sending.stage > Stage::recipient) sending.steps.push_back({Stage::recipient, "taken"});
  if (sending.stage == Stage::accepted) {
    sending.steps.push_back({Stage::accepted, sending.answer});
  }
}

}  // namespace

std::string_view word(Stage stage) {
  return stage_words[static_cast<std::size_t>(stage)];
}

Sending send_mail(const SmtpServer& server, const std::string& from, const std::string& to,
                  const std::string& message, const std::atomic<bool>& stop) {
  Sending sending;
  Call call{.stop = stop, .left = message};
  const Curl curl = new_handle(call, server.connect_timeout, server.timeout);
  const List recipients(curl_slist_append(nullptr, ("<" + to + ">").c_str()));
  if (!curl || !recipients) {
    sending.why = "libcurl could not be started: out of memory";
    return sending;
  }
  CURL* c = curl.get();
  const std::string url = url_of(server);
  const std::string sender = "<" + from + ">";
  curl_easy_setopt(c, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
  curl_easy_setopt(c, CURLOPT_URL, url.c_str());
  curl_easy_setopt(c, CURLOPT_USE_SSL,
                   static_cast<long>(server.tls == Tls::none ? CURLUSESSL_NONE : CURLUSESSL_ALL));
  if (!server.ca_file.empty()) curl_easy_setopt(c, CURLOPT_CAINFO, server.ca_file.c_str());
  if (!server.username.empty()) {
    curl_easy_setopt(c, CURLOPT_USERNAME, server.username.c_str());
    curl_easy_setopt(c, CURLOPT_PASSWORD, server.password.c_str());
  }
  curl_easy_setopt(c, CURLOPT_MAIL_FROM, sender.c_str());
  curl_easy_setopt(c, CURLOPT_MAIL_RCPT, recipients.get());
  curl_easy_setopt(c, CURLOPT_READFUNCTION, &give);
  curl_easy_setopt(c, CURLOPT_READDATA, &call);
  curl_easy_setopt(c, CURLOPT_UPLOAD, 1L);
  const CURLcode result = curl_easy_perform(c);
  finish(c, result, call, sending);
  sending.stage = result == CURLE_OK ? Stage::accepted : call.stage;
  sending.outcome = outcome_of(result, sending.code, sending.stage);
  add_smtp_steps(server, call, sending);
  if (sending.outcome == Sending::Outcome::accepted) return sending;
  const bool about_letter =
      sending.outcome == Sending::Outcome::refused || sending.outcome == Sending::Outcome::later;
  sending.why = about_letter ? fmt::format("{}:{} refused at step '{}': {}; {}", server.host,
                                           server.port, word(sending.stage), sending.answer,
                                           advice(sending.stage, sending.outcome))
                             : cause_of(result, server, call);
  return sending;
}

// ---- Webhooks -----------------------------------------------------------------------------------

std::string host_of_url(const std::string& url) {
  const std::size_t scheme = url.find("://");
  const std::size_t begin = scheme == std::string::npos ? 0 : scheme + 3;
  const std::string place = url.substr(begin, url.find_first_of("/?#", begin) - begin);
  const std::size_t login = place.rfind('@');
  return login == std::string::npos ? place : place.substr(login + 1);
}

namespace {

/// Nothing when there is no memory.
List headers_of(const Webhook& webhook) {
  List headers(curl_slist_append(nullptr, "Content-Type: application/json; charset=utf-8"));
  for (const std::string& each : webhook.headers) {
    if (headers && !curl_slist_append(headers.get(), each.c_str())) headers.reset();
  }
  return headers;
}

}  // namespace

Sending call_webhook(const Webhook& webhook, const std::string& json,
                     const std::atomic<bool>& stop) {
  Sending sending;
  Call call{.stop = stop, .left = {}};
  const Curl curl = new_handle(call, webhook.connect_timeout, webhook.timeout);
  const List headers = headers_of(webhook);
  if (!curl || !headers) {
    sending.why = "libcurl could not be started: out of memory";
    return sending;
  }
  CURL* c = curl.get();
  curl_easy_setopt(c, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(c, CURLOPT_URL, webhook.url.c_str());
  curl_easy_setopt(c, CURLOPT_HTTPHEADER, headers.get());
  curl_easy_setopt(c, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(json.size()));
  curl_easy_setopt(c, CURLOPT_POSTFIELDS, json.data());
  curl_easy_setopt(c, CURLOPT_USERAGENT, "wattline");
  const CURLcode result = curl_easy_perform(c);
  finish(c, result, call, sending);
  const std::string place = host_of_url(webhook.url);
  const int code = sending.code;
  const bool answered = result == CURLE_OK;
  sending.stage = answered ? Stage::content : call.stage;
  if (result == CURLE_ABORTED_BY_CALLBACK) {
    sending.outcome = Sending::Outcome::stopped;
  } else if (answered && code >= 200 && code < 300) {
    sending.outcome = Sending::Outcome::accepted;
    sending.stage = Stage::accepted;
    return sending;
  } else if (answered && code >= 300 && code < 500 && code != 408 && code != 425 && code != 429) {
    sending.outcome = Sending::Outcome::refused;
    sending.why = fmt::format(
        "the webhook at {} answers {}; check its url in config/notify.json "
        "and config/webhook.json.template",
        place, code);
    return sending;
  }
  const std::string detail = call.error[0] ? call.error.data() : curl_easy_strerror(result);
  sending.why = answered
                    ? fmt::format("the webhook at {} answers {}; it is tried again", place, code)
                    : fmt::format("no answer from the webhook at {}: {}", place, detail);
  return sending;
}

}  // namespace wl::mail
