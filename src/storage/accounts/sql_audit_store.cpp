#include "storage/accounts/sql_audit_store.hpp"

namespace wl::storage {
namespace {

const std::string audit_columns =
    "id, at, actor, remote_address, action, subject, `before`, `after`, ref, previous_hash, hash";
constexpr std::size_t audit_column_count = 11;

AuditRow audit_row_of(const SqlRow& row) {
  return {.id = row.integer(0),
          .at = row.time(1),
          .actor = row.text(2),
          .remote_address = row.text(3),
          .action = row.text(4),
          .subject = row.text(5),
          .before = row.text(6),
          .after = row.text(7),
          .ref = row.text(8),
          .previous_hash = row.text(9),
          .hash = row.text(10)};
}

/// ` WHERE …` with its values.
class Condition {
 public:
  /// The word itself, or what begins with it and `separator`. A range, so that an index finds it
  /// and no character of the word means anything.
  void word_or_below(const std::string& column, const std::string& word, char separator) {
    if (word.empty()) return;
    add("(" + column + " = ? OR (" + column + " >= ? AND " + column + " < ?))");
    values_.emplace_back(word);
    values_.emplace_back(word + separator);
    values_.emplace_back(word + static_cast<char>(separator + 1));
  }
  void time(const std::string& comparison, const std::optional<Timestamp>& at) {
    if (!at) return;
    add(comparison);
    values_.emplace_back(*at);
  }
  const std::string& text() const { return text_; }
  const SqlValues& values() const { return values_; }

 private:
  void add(const std::string& part) { text_ += (text_.empty() ? " WHERE " : " AND ") + part; }

  std::string text_;
  SqlValues values_;
};

Condition condition_of(const AuditFilter& filter) {
  Condition condition;
  condition.word_or_below("actor", filter.actor, '/');
  condition.word_or_below("action", filter.action, '.');
  condition.time("at >= ?", filter.from);
  condition.time("at < ?", filter.to);
  return condition;
}

}  // namespace

std::optional<AuditHead> SqlAuditStore::head(const std::string& lock) {
  std::optional<AuditHead> found;
  sql_.each("SELECT entries, hash, seal FROM audit_head WHERE id = 1" + lock, {},
            [&](const SqlRow& row) {
              found = AuditHead{row.integer(0), row.text(1), row.text(2)};
            });
  return found;
}

bool SqlAuditStore::is_stored(const std::string& ref) {
  bool found = false;
  sql_.each("SELECT id FROM audit_log WHERE ref = ?", {ref}, [&](const SqlRow&) { found = true; });
  return found;
}

void SqlAuditStore::insert(const AuditRow& row) {
  sql_.run(
      "INSERT INTO audit_log (" + audit_columns + ") VALUES " + question_marks(audit_column_count),
      {row.id, row.at, row.actor, row.remote_address, row.action, row.subject, row.before,
       row.after, row.ref, row.previous_hash, row.hash});
}

Result<void> SqlAuditStore::append(std::span<const AuditRow> rows, const AuditSealer& sealer) {
  return attempt(sql_, Access::write, [&] {
    // The first statement: whoever waits for the head sees all that was written before.
    auto last = head(sql_.for_update());
    if (!last) {
      // Somebody removed it. A new one would hide that, so the chain goes on without: verify
      // reports it.
      last = AuditHead{};
      sql_.each("SELECT id, hash FROM audit_log ORDER BY id DESC LIMIT 1", {},
                [&](const SqlRow& row) {
                  *last = {row.integer(0), row.text(1), ""};
                });
    }
    for (AuditRow row : rows) {
      if (is_stored(row.ref)) continue;
      row.id = last->entries + 1;
      row.previous_hash = last->hash;
      row.hash = sealer.hash_of(row);
      insert(row);
      *last = {row.id, row.hash, ""};
    }
    last->seal = sealer.seal_of(*last);
    sql_.run("UPDATE audit_head SET entries = ?, hash = ?, seal = ? WHERE id = 1",
             {last->entries, last->hash, last->seal});
  });
}

void SqlAuditStore::select(const std::string& rest, const SqlValues& values,
                           std::vector<AuditRow>& to) {
  sql_.each("SELECT " + audit_columns + " FROM audit_log" + rest, values,
            [&](const SqlRow& row) { to.push_back(audit_row_of(row)); });
}

Result<AuditPage> SqlAuditStore::page(const AuditFilter& filter, std::size_t offset,
                                      std::size_t limit) {
  return attempt(sql_, Access::read, [&] {
    const Condition condition = condition_of(filter);
    AuditPage found;
    sql_.each("SELECT COUNT(*) FROM audit_log" + condition.text(), condition.values(),
              [&](const SqlRow& row) { found.total = row.integer(0); });
    SqlValues values = condition.values();
    values.emplace_back(limit);
    values.emplace_back(offset);
    select(condition.text() + " ORDER BY id DESC LIMIT ? OFFSET ?", values, found.rows);
    return found;
  });
}

Result<AuditStretch> SqlAuditStore::stretch(std::int64_t after_id, std::size_t limit) {
  return attempt(sql_, Access::read, [&] {
    AuditStretch found;
    found.head = head("");
    select(" WHERE id > ? ORDER BY id LIMIT ?", {after_id, limit}, found.rows);
    return found;
  });
}

Result<bool> SqlAuditStore::is_guarded() {
  return attempt(sql_, Access::read, [&] {
    bool guarded = false;
    sql_.each(sql_.guard_query(), {}, [&](const SqlRow& row) { guarded = row.integer(0) == 1; });
    return guarded;
  });
}

}  // namespace wl::storage
