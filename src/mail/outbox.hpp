// Letters on disk that wait for a mail server or a webhook: written before anybody tries to send.
//
//   <data>/outbox/<id>-<part>-u.letter   waits; `u` urgent, `d` may be dropped for want of room
//   <data>/outbox/failed/                refused for good, with the reason inside
//   <data>/outbox/quarantine/            damaged files, as they were found
//   <data>/outbox/sender.json            what the sender did: counts, last error, last names
//   <data>/outbox/dropped                letters dropped at the limit and not yet told about
//   <data>/outbox/retry                  a person asks the sender not to wait any longer
#pragma once

#include <cstdint>
#include <deque>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"

namespace wl::mail {

enum class Channel : std::uint8_t { mail, webhook };

/// One mail to one person, or one call of a webhook, ready to go.
struct OutboxLetter {
  /// Names the letter for ever: the same id and part are never sent twice.
  std::uint64_t id = 0;
  std::uint32_t part = 0;  ///< 0 … 999: which recipient.
  bool urgent = false;
  Channel channel = Channel::mail;
  std::string from;     ///< Of a mail.
  std::string to;       ///< Of a mail.
  std::string subject;  ///< For lists of what waits.
  Timestamp created_at{};
  std::string body;    ///< The bytes of the mail; the JSON of a webhook.
  std::string reason;  ///< In failed/: why.

  bool operator==(const OutboxLetter&) const = default;
};

/// A file of the outbox. `name` is its file name.
struct OutboxFile {
  std::string name;
  std::uint64_t bytes = 0;
  bool urgent = false;
};

/// `00001764356400123-001-u.letter`: the order of names is the order of letters.
std::string file_name(const OutboxLetter& letter);

/// Content of a file, with a checksum. parse_letter() refuses what is damaged: `corrupt`.
std::string encode_letter(const OutboxLetter& letter);
Result<OutboxLetter> parse_letter(std::string_view content);

/// Letters that wait in `folder`, by name. Other files are not looked at.
Result<std::vector<OutboxFile>> list_letters(const std::filesystem::path& folder);

struct OutboxLimits {
  std::size_t letters = 1000;
  std::uint64_t bytes = 20'000'000;
};

/// The side that puts letters in. One thread owns it; another one (OutboxSender) takes them out,
/// and a command may, too: files are the only thing that they share.
///
/// post() costs one file of some 10 kB written and synced, whatever the mail server does; at the
/// limit also a listing of the folder. It never waits for the network.
class Outbox {
 public:
  /// Makes the folders. Letters of before stay; a file half-written by a crash is removed.
  static Result<Outbox> open(std::filesystem::path folder, OutboxLimits limits = {});

  /// On return the letter survives a power cut. One that is or was here already is taken for sent:
  /// the same letter may be posted again after a restart. At the limit the oldest letter that is
  /// not urgent goes, then the oldest urgent one; one that is not urgent never pushes out an urgent
  /// one but is dropped itself. dropped() counts. An error means that it is not kept.
  Result<void> post(const OutboxLetter& letter);

  /// Letters dropped since they were last told about; told() makes it fewer.
  std::uint64_t dropped() const { return dropped_; }
  Result<void> told(std::uint64_t dropped);

 private:
  Outbox(std::filesystem::path folder, OutboxLimits limits);
  bool is_over(std::uint64_t bytes) const;
  /// False when the new letter itself is the one that goes.
  Result<bool> make_room(bool urgent, std::uint64_t bytes);
  Result<void> look();
  Result<void> note_dropped(std::uint64_t dropped);
  void remember(const std::string& name);

  std::filesystem::path folder_;
  OutboxLimits limits_;
  std::size_t letters_ = 0;  ///< At most so many wait: what the sender took is still counted.
  std::uint64_t bytes_ = 0;
  std::uint64_t dropped_ = 0;
  std::deque<std::string> known_;  ///< Newest names, posted or sent.
};

/// What an operator and /api/system want to know; any process may ask.
struct OutboxStatus {
  std::uint64_t pending = 0;
  Milliseconds oldest_age{};  ///< Of what is pending.
  std::uint64_t failed = 0;   ///< In failed/.
  std::uint64_t quarantined = 0;
  std::uint64_t dropped = 0;  ///< Not yet told about.
  std::uint64_t sent = 0;     ///< Since the installation began.
  std::string last_error;     ///< Empty after a success.
  std::optional<Timestamp> last_error_at;
  std::optional<Timestamp> last_sent_at;
};

/// Reads the folder, at most some thousand names; an outbox that does not exist is empty.
Result<OutboxStatus> read_status(const std::filesystem::path& folder, Timestamp now);

/// The oldest `most` letters of a folder with letters; damaged ones are left out.
Result<std::vector<OutboxLetter>> read_letters(const std::filesystem::path& folder,
                                               std::size_t most);

/// Everything that waits for its time is due when the sender looks next.
Result<void> ask_to_retry(const std::filesystem::path& folder);
/// True once for each time that somebody asked: for the sender.
bool take_retry_request(const std::filesystem::path& folder);

/// Puts every letter of failed/ back among those that wait, as if it was new. Returns how many.
Result<std::size_t> retry_failed(const std::filesystem::path& folder, Timestamp now);

}  // namespace wl::mail
