#include "web/http/problem.hpp"

#include <fmt/format.h>

#include "web/http/json_writer.hpp"

namespace wl::web {
namespace {

std::string_view title_of(int status) {
  switch (status) {
    case 400:
      return "Bad Request";
    case 401:
      return "Unauthorized";
    case 403:
      return "Forbidden";
    case 404:
      return "Not Found";
    case 405:
      return "Method Not Allowed";
    case 409:
      return "Conflict";
    case 411:
      return "Length Required";
    case 413:
      return "Content Too Large";
    case 412:
      return "Precondition Failed";
    case 415:
      return "Unsupported Media Type";
    case 421:
      return "Misdirected Request";
    case 426:
      return "Upgrade Required";
    case 429:
      return "Too Many Requests";
    case 431:
      return "Request Header Fields Too Large";
    case 503:
      return "Service Unavailable";
    case 504:
      return "Gateway Timeout";
    default:
      return "Internal Server Error";
  }
}

}  // namespace

Response problem_response(const Problem& problem, Language language) {
  const std::string& message = problem.message.in(language);
  JsonWriter json;
  json.object().key("type").text("about:blank").key("title").text(title_of(problem.status));
  json.key("status").integer(problem.status).key("detail").text(message);
  json.key("success").boolean(false).key("error").text(problem.error);
  json.key("message").text(message);
  if (problem.retry_after_s) json.key("retry_after").integer(*problem.retry_after_s);
  json.end();
  std::string body = json.take();
  if (!problem.members.empty()) body.insert(body.size() - 1, "," + problem.members);
  Response response;
  response.status = problem.status;
  response.content_type = "application/problem+json; charset=utf-8";
  response.body = std::move(body);
  response.headers.emplace_back("Cache-Control", "no-store");
  if (problem.retry_after_s) {
    response.headers.emplace_back("Retry-After", std::to_string(*problem.retry_after_s));
  }
  return response;
}

Problem problem_of(const Error& error) {
  switch (error.code) {
    case Errc::not_found:
      return {404, "not_found", {"没有找到", error.what}, {}};
    case Errc::invalid_argument:
      return {400, "invalid_argument", {error.what, error.what}, {}};
    case Errc::conflict:
      return {409, "conflict", {error.what, error.what}, {}};
    case Errc::permission:
    case Errc::corrupt:
    case Errc::unavailable:
      return problems::database_unavailable();
  }
  return problems::internal();
}

namespace problems {

Problem not_found(std::string_view path) {
  return {
      404, "not_found", {fmt::format("没有 {}", path), fmt::format("there is no {}", path)}, {}};
}

Problem sign_in_needed() {
  return {401, "sign_in_needed", {"请先登录", "sign in first"}, {}};
}

Problem bad_request(std::string zh_cn, std::string en) {
  return {400, "bad_request", {std::move(zh_cn), std::move(en)}, {}};
}

Problem database_unavailable() {
  return {503,
          "database_unavailable",
          {"数据库暂时不可用,请稍后重试;管理员请运行 wattline doctor",
           "the database is not available now; try again soon. An administrator can run "
           "`wattline doctor`"},
          5};
}

Problem overloaded() {
  return {
      503, "overloaded", {"服务器繁忙,请稍后重试", "the server is busy; try again in a moment"}, 2};
}

Problem internal() {
  return {500,
          "internal",
          {"内部错误,详情见 logs/web.log", "internal error; logs/web.log has the details"},
          {}};
}

}  // namespace problems

Response json_response(std::string body) {
  Response response;
  response.body = std::move(body);
  response.headers.emplace_back("Cache-Control", "no-store");
  return response;
}

}  // namespace wl::web
