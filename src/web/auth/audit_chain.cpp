#include "web/auth/audit_chain.hpp"

#include <fmt/format.h>

#include <charconv>

#include "web/auth/digest.hpp"

namespace wl::web {
namespace {

constexpr std::size_t name_bytes = 190;  // Of the columns in MariaDB.
constexpr std::size_t subject_bytes = 1000;
constexpr std::size_t content_bytes = 4000;
constexpr std::size_t ref_bytes = 12;
constexpr std::size_t anchor_digits = 16;
constexpr std::string_view ellipsis = "…";

/// Every text with its length: no two entries give the same bytes.
void add(std::string& to, std::string_view text) {
  to += fmt::format("{}:", text.size());
  to += text;
}

/// Bytes of the character that begins here; 0 when it is none.
std::size_t character_length(std::string_view text) {
  const auto byte = [text](std::size_t at) { return static_cast<unsigned char>(text[at]); };
  const std::size_t length = byte(0) < 0x80                       ? 1
                             : byte(0) >= 0xc2 && byte(0) <= 0xdf ? 2
                             : byte(0) >= 0xe0 && byte(0) <= 0xef ? 3
                             : byte(0) >= 0xf0 && byte(0) <= 0xf4 ? 4
                                                                  : 0;
  if (length == 0 || length > text.size()) return 0;
  for (std::size_t i = 1; i < length; ++i)
    if ((byte(i) & 0xc0U) != 0x80U) return 0;
  // Overlong forms, surrogates and what lies above U+10FFFF (RFC 3629, 4).
  if ((byte(0) == 0xe0 && byte(1) < 0xa0) || (byte(0) == 0xed && byte(1) > 0x9f)) return 0;
  if ((byte(0) == 0xf0 && byte(1) < 0x90) || (byte(0) == 0xf4 && byte(1) > 0x8f)) return 0;
  return length;
}

std::string fitting(std::string_view text, std::size_t most) {
  const bool cut = text.size() > most;
  const std::size_t room = cut ? most - ellipsis.size() : most;
  std::string out;
  while (!text.empty()) {
    const std::size_t length = character_length(text);
    const bool sound = length > 0 && text[0] != '\0';
    if (out.size() + (sound ? length : 1) > room) break;
    if (sound) {
      out += text.substr(0, length);
    } else {
      out += '?';
    }
    text.remove_prefix(std::max<std::size_t>(length, 1));
  }
  if (cut) out += ellipsis;
  return out;
}

}  // namespace

AuditChain::AuditChain(const std::string& secret_key)
    : key_(hmac_sha256_hex(secret_key, "audit chain")) {}

std::string AuditChain::hash_of(const storage::AuditRow& row) const {
  std::string bytes = fmt::format("entry 1\n{}\n{}\n", row.id, to_unix_ms(row.at));
  for (const std::string* text : {&row.actor, &row.remote_address, &row.action, &row.subject,
                                  &row.before, &row.after, &row.ref, &row.previous_hash})
    add(bytes, *text);
  return hmac_sha256_hex(key_, bytes);
}

std::string AuditChain::seal_of(const storage::AuditHead& head) const {
  return hmac_sha256_hex(key_, fmt::format("head 1\n{}\n{}", head.entries, head.hash));
}

storage::AuditRow ready_for_log(storage::AuditRow row) {
  row.actor = fitting(row.actor, name_bytes);
  row.remote_address = fitting(row.remote_address, name_bytes);
  row.action = fitting(row.action, name_bytes);
  row.subject = fitting(row.subject, subject_bytes);
  row.before = fitting(row.before, content_bytes);
  row.after = fitting(row.after, content_bytes);
  if (row.ref.empty()) row.ref = random_hex(ref_bytes);
  return row;
}

std::string sentence(const AuditFault& fault) {
  const std::string which =
      fault.count == 1 ? fmt::format("entry {} is", fault.id)
                       : fmt::format("entries {} to {} are", fault.id, fault.id + fault.count - 1);
  switch (fault.kind) {
    case AuditFault::Kind::removed:
      return which + " missing: removed from the log";
    case AuditFault::Kind::changed:
      return which + " not what was written: changed afterwards, or put there by somebody else";
    case AuditFault::Kind::replaced:
      return which + " genuine but does not follow the one before: that one was exchanged";
    case AuditFault::Kind::cut_off:
      return which + " missing at the end: cut off";
    case AuditFault::Kind::added:
      return which +
             " beyond the end that was sealed: put there by somebody else, or the record "
             "of the head was set back";
    case AuditFault::Kind::head:
      return "the record of the head (table audit_head) was changed or removed: whether entries "
             "are missing at the end cannot be told";
    case AuditFault::Kind::other:
      return which + " another one than the anchor says, or not there: the log was written anew";
  }
  return which;
}

std::optional<AuditAnchor> parse_anchor(std::string_view text) {
  AuditAnchor anchor;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), anchor.id);
  if (error != std::errc{} || anchor.id < 1) return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  if (!text.starts_with(':') || text.size() < 1 + anchor_digits) return std::nullopt;
  anchor.hash = text.substr(1);
  return anchor;
}

std::optional<AuditFault> AuditWalk::take(const storage::AuditRow& row) {
  using Kind = AuditFault::Kind;
  if (row.id > last_id_ + 1) {
    return AuditFault{Kind::removed, last_id_ + 1, row.id - last_id_ - 1};
  }
  if (row.id != last_id_ + 1 || chain_.hash_of(row) != row.hash)
    return AuditFault{Kind::changed, row.id};
  if (row.previous_hash != last_hash_) return AuditFault{Kind::replaced, row.id};
  if (anchor_ && anchor_->id == row.id && !row.hash.starts_with(anchor_->hash))
    return AuditFault{Kind::other, row.id};
  last_id_ = row.id;
  last_hash_ = row.hash;
  return std::nullopt;
}

std::optional<AuditFault> AuditWalk::finish(const std::optional<storage::AuditHead>& head) const {
  using Kind = AuditFault::Kind;
  if (!head) return AuditFault{Kind::head};
  const bool fresh = head->entries == 0 && head->hash.empty() && head->seal.empty();
  if (!fresh && chain_.seal_of(*head) != head->seal) return AuditFault{Kind::head};
  if (last_id_ < head->entries)
    return AuditFault{Kind::cut_off, last_id_ + 1, head->entries - last_id_};
  if (last_id_ > head->entries)
    return AuditFault{Kind::added, head->entries + 1, last_id_ - head->entries};
  if (last_hash_ != head->hash) return AuditFault{Kind::head};
  if (anchor_ && anchor_->id > last_id_) return AuditFault{Kind::other, anchor_->id};
  return std::nullopt;
}

std::string AuditWalk::anchor() const {
  return last_id_ == 0 ? "" : fmt::format("{}:{}", last_id_, last_hash_.substr(0, anchor_digits));
}

}  // namespace wl::web
