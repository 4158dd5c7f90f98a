// Reads a JSON body member by member.
#pragma once

#include <boost/json/object.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "web/http/problem.hpp"

namespace wl::web {

/// The first mistake is kept, the rest is skipped. A member that nobody asked for is a mistake,
/// too: a mistyped one would silently not count, and nobody sets what is not theirs to set.
class BodyReader {
 public:
  /// An empty text is {}.
  explicit BodyReader(std::string_view text);

  bool has(std::string_view name) const { return object_.contains(name); }

  /// These leave `to` as it is where the member is missing or wrong.
  void text(std::string_view name, std::string& to, std::size_t most_bytes);
  void number(std::string_view name, double& to);
  void whole(std::string_view name, std::int64_t& to, std::int64_t low, std::int64_t high);
  void flag(std::string_view name, bool& to);

  /// An array that must be there, with 1 to `most` members above 0.
  std::vector<std::int64_t> whole_numbers(std::string_view name, std::size_t most);
  /// An array that must be there, with 1 to `most` texts.
  std::vector<std::string> texts(std::string_view name, std::size_t most);

  /// A member that is null counts as an empty text.
  void null_is_empty(std::string_view name);
  /// A member that an answer has, for those who send the whole answer back; it changes nothing.
  void ignore(std::string_view name) { take(name); }
  void need(std::string_view name);

  void refuse(Problem problem);
  /// `name: what is wrong with it`.
  void refuse(std::string_view name, std::string_view zh_cn, std::string_view en);

  /// The first mistake; or a member that nobody asked for. After all have been asked for.
  std::optional<Problem> mistake();

 private:
  const boost::json::value* take(std::string_view name);

  boost::json::object object_;
  std::vector<std::string> taken_;
  std::optional<Problem> problem_;
};

}  // namespace wl::web
