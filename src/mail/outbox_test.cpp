#include "mail/outbox.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/durable_file.hpp"
#include "mail/sender_record.hpp"
#include "mail/testing/folder.hpp"

namespace wl::mail {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

OutboxLetter letter(std::uint64_t id, bool urgent = false) {
  OutboxLetter made;
  made.id = id;
  made.urgent = urgent;
  made.from = "a@b";
  made.to = "c@d";
  made.subject = "主题";
  made.created_at = from_unix_ms(1000);
  made.body = "body";
  return made;
}

struct OutboxFolder : testing::Test {
  Folder folder;

  Outbox open(OutboxLimits limits = {}) { return Outbox::open(folder.path, limits).value(); }
  std::vector<std::string> names() const { return folder.names(".letter"); }
};

TEST_F(OutboxFolder, a_letter_comes_back_as_it_was) {
  open().post(letter(7)).value();

  const auto content = read_file(folder.path / file_name(letter(7)));
  EXPECT_EQ(parse_letter(content.value()).value(), letter(7));
}

TEST_F(OutboxFolder, letters_are_read_without_being_taken_and_damaged_ones_left_out) {
  Outbox outbox = open();
  outbox.post(letter(1)).value();
  outbox.post(letter(2)).value();
  outbox.post(letter(3)).value();
  write_file(folder.path / file_name(letter(1)), "garbage", Durability::visible).value();

  EXPECT_THAT(read_letters(folder.path, 1).value(), ElementsAre(letter(2)));
  EXPECT_THAT(read_letters(folder.path, 9).value(), ElementsAre(letter(2), letter(3)));
  EXPECT_EQ(names().size(), 3u);
}

TEST_F(OutboxFolder, the_order_of_names_is_the_order_of_letters) {
  Outbox outbox = open();
  outbox.post(letter(1'764'356'400'123)).value();
  outbox.post(letter(9)).value();

  EXPECT_THAT(names(), ElementsAre("00000000000000000009-000-d.letter",
                                   "00000001764356400123-000-d.letter"));
}

TEST_F(OutboxFolder, the_same_letter_is_kept_once) {
  Outbox outbox = open();
  outbox.post(letter(7)).value();
  outbox.post(letter(7)).value();
  open().post(letter(7)).value();

  EXPECT_EQ(names().size(), 1u);
}

TEST_F(OutboxFolder, one_that_was_sent_before_the_restart_is_not_posted_again) {
  open();
  SenderRecord record;
  record.remember(file_name(letter(7)));
  write_record(folder.path, record).value();

  open().post(letter(7)).value();

  EXPECT_THAT(names(), ElementsAre());
}

TEST_F(OutboxFolder, one_that_failed_before_the_restart_neither) {
  open();
  write_file(folder.path / "failed" / file_name(letter(7)), encode_letter(letter(7)),
             Durability::synced)
      .value();

  open().post(letter(7)).value();

  EXPECT_THAT(names(), ElementsAre());
}

TEST_F(OutboxFolder, at_the_limit_the_oldest_that_is_not_urgent_goes_and_is_counted) {
  Outbox outbox = open({.letters = 3});
  outbox.post(letter(1, true)).value();
  outbox.post(letter(2)).value();
  outbox.post(letter(3)).value();
  outbox.post(letter(4)).value();

  EXPECT_THAT(names(),
              ElementsAre(file_name(letter(1, true)), file_name(letter(3)), file_name(letter(4))));
  EXPECT_EQ(outbox.dropped(), 1u);
  EXPECT_EQ(open().dropped(), 1u);
}

TEST_F(OutboxFolder, with_urgent_ones_only_the_oldest_of_them_makes_room_for_an_urgent_one) {
  Outbox outbox = open({.letters = 2});
  outbox.post(letter(1, true)).value();
  outbox.post(letter(2, true)).value();
  outbox.post(letter(3)).value();
  outbox.post(letter(4, true)).value();

  EXPECT_THAT(names(), ElementsAre(file_name(letter(2, true)), file_name(letter(4, true))));
  EXPECT_EQ(outbox.dropped(), 2u);
}

TEST_F(OutboxFolder, bytes_are_limited_too) {
  const std::uint64_t one = encode_letter(letter(1)).size();
  Outbox outbox = open({.letters = 100, .bytes = 2 * one});
  outbox.post(letter(1)).value();
  outbox.post(letter(2)).value();
  outbox.post(letter(3)).value();

  EXPECT_THAT(names(), ElementsAre(file_name(letter(2)), file_name(letter(3))));
}

TEST_F(OutboxFolder, what_was_sent_meanwhile_makes_room) {
  Outbox outbox = open({.letters = 2});
  outbox.post(letter(1)).value();
  outbox.post(letter(2)).value();
  std::filesystem::remove(folder.path / file_name(letter(1)));
  outbox.post(letter(3)).value();

  EXPECT_EQ(outbox.dropped(), 0u);
  EXPECT_EQ(names().size(), 2u);
}

TEST_F(OutboxFolder, what_was_told_is_not_told_again) {
  Outbox outbox = open({.letters = 1});
  outbox.post(letter(1)).value();
  outbox.post(letter(2)).value();
  outbox.told(1).value();

  EXPECT_EQ(open().dropped(), 0u);
}

TEST_F(OutboxFolder, a_folder_that_cannot_be_written_is_an_error_that_names_it) {
  write_file(folder.path / "file", "", Durability::visible).value();

  const auto opened = Outbox::open(folder.path / "file" / "outbox");

  ASSERT_FALSE(opened.has_value());
  EXPECT_THAT(opened.error().what, HasSubstr((folder.path / "file").string()));
}

// ---- What a crash leaves behind ---------------------------------------------------------------

TEST_F(OutboxFolder, a_half_written_file_is_removed_and_the_letter_can_be_posted) {
  open();
  const std::string name = file_name(letter(7));
  write_file(folder.path / "x", "wattline-outbox 1 0000", Durability::visible).value();
  std::filesystem::rename(folder.path / "x", folder.path / (name + ".tmp"));

  open().post(letter(7)).value();

  EXPECT_THAT(folder.names(".tmp"), ElementsAre());
  EXPECT_THAT(names(), ElementsAre(name));
}

TEST_F(OutboxFolder, status_of_an_outbox_that_does_not_exist_is_empty) {
  const auto status = read_status(folder.path / "nothing", from_unix_ms(0));

  ASSERT_TRUE(status.has_value());
  EXPECT_EQ(status->pending, 0u);
}

TEST_F(OutboxFolder, status_tells_what_waits_and_for_how_long) {
  Outbox outbox = open();
  outbox.post(letter(1)).value();
  outbox.post(letter(2)).value();

  const OutboxStatus status = read_status(folder.path, from_unix_ms(61'000)).value();

  EXPECT_EQ(status.pending, 2u);
  EXPECT_EQ(status.oldest_age, Milliseconds{60'000});
}

TEST_F(OutboxFolder, failed_letters_can_be_put_back) {
  open();
  OutboxLetter failed = letter(7);
  failed.reason = "550";
  write_file(folder.path / "failed" / file_name(failed), encode_letter(failed), Durability::synced)
      .value();

  EXPECT_EQ(retry_failed(folder.path, from_unix_ms(5000)).value(), 1u);

  const auto back = parse_letter(read_file(folder.path / file_name(failed)).value()).value();
  EXPECT_EQ(back.created_at, from_unix_ms(5000));
  EXPECT_EQ(back.reason, "");
  EXPECT_EQ(read_status(folder.path, from_unix_ms(5000)).value().failed, 0u);
}

TEST(OutboxLetterFile, every_changed_or_missing_byte_is_found) {
  const std::string good = encode_letter(letter(7));
  std::vector<std::size_t> unseen;
  for (std::size_t i = 0; i < good.size(); ++i) {
    std::string bad = good;
    bad[i] = static_cast<char>(bad[i] ^ 1);
    // The last line break is no part of the letter.
    if (parse_letter(bad) && i + 1 < good.size()) unseen.push_back(i);
    if (parse_letter(std::string_view(good).substr(0, i))) unseen.push_back(i);
  }
  EXPECT_THAT(unseen, ElementsAre());
}

}  // namespace
}  // namespace wl::mail
