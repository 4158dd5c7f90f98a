// Errors that a caller is expected to handle: a value or a reason, never an exception.
#pragma once

#include <expected>
#include <string>
#include <utility>

namespace wl {

/// What a program may decide on. The text beside it is for a person.
enum class Errc {
  not_found = 1,     ///< The named thing does not exist.
  invalid_argument,  ///< The input is wrong; trying again with the same input is pointless.
  conflict,          ///< The thing is not in a state that allows this.
  corrupt,           ///< Stored data failed its check.
  unavailable,       ///< A peer, a disk or a resource is not there now; later may work.
  permission,        ///< The operating system or a peer refused access.
};

/// A refusal. `what` names cause and, where there is one, the next step.
struct Error {
  Errc code;
  std::string what;
};

template <class T>
using Result = std::expected<T, Error>;

/// `return fail(Errc::not_found, "no device 'x'");` in any function that returns a Result.
inline std::unexpected<Error> fail(Errc code, std::string what) {
  return std::unexpected(Error{code, std::move(what)});
}

/// Thrown only while a program starts: main() prints one line and ends with exit code 2.
class StartError : public std::exception {
 public:
  explicit StartError(std::string what) : what_(std::move(what)) {}
  const char* what() const noexcept override { return what_.c_str(); }

 private:
  std::string what_;
};

}  // namespace wl
