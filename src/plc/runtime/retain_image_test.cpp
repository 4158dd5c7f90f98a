#include "plc/runtime/retain_image.hpp"

#include <algorithm>
#include <array>
#include <cstring>

#include "base/durable_file.hpp"

namespace wl::plc {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

Symbol retained(std::string path, IecType type, std::uint32_t offset, std::uint32_t size) {
  Symbol symbol;
  symbol.path = std::move(path);
  symbol.type = type;
  symbol.offset = offset;
  symbol.size = size;
  symbol.retain = true;
  return symbol;
}

using State = std::array<std::byte, 32>;

template <class T>
void put(State& state, std::size_t offset, T value) {
  std::memcpy(state.data() + offset, &value, sizeof value);
}

template <class T>
T get(const State& state, std::size_t offset) {
  T value;
  std::memcpy(&value, state.data() + offset, sizeof value);
  return value;
}

std::vector<std::byte> copy(std::span<const std::byte> bytes) {
  return {bytes.begin(), bytes.end()};
}

const std::vector<Symbol> line{retained("PLC_PRG.rEnergy", IecType::lreal, 0, 8),
                               retained("PLC_PRG.udiBoot", IecType::udint, 8, 4),
                               retained("PLC_PRG.sBatch", IecType::string, 16, 8)};

std::vector<std::byte> image_of(double energy, std::uint32_t boot, const char* batch,
                                std::uint64_t sequence) {
  State state{};
  put(state, 0, energy);
  put(state, 8, boot);
  std::memcpy(state.data() + 16, batch, std::strlen(batch));
  RetainImage image(line);
  image.capture(state);
  return copy(image.seal(sequence));
}

TEST(RetainImage, values_come_back_in_another_process) {
  const auto bytes = image_of(12.5, 7, "A-1", 42);
  const auto stored = parse_retain(bytes).value();
  State state{};

  const RestoreReport report = apply_retain(stored, line, state);

  EXPECT_EQ(stored.sequence, 42u);
  EXPECT_EQ(stored.layout_hash, RetainImage(line).layout_hash());
  EXPECT_EQ(get<double>(state, 0), 12.5);
  EXPECT_EQ(get<std::uint32_t>(state, 8), 7u);
  EXPECT_STREQ(reinterpret_cast<const char*>(state.data() + 16), "A-1");
  EXPECT_THAT(report.kept, ElementsAre("PLC_PRG.rEnergy", "PLC_PRG.udiBoot", "PLC_PRG.sBatch"));
  EXPECT_THAT(report.dropped, IsEmpty());
  EXPECT_THAT(report.added, IsEmpty());
}

TEST(RetainImage, capture_tells_whether_a_retained_value_changed) {
  State state{};
  RetainImage image(line);
  EXPECT_TRUE(image.capture(state));
  EXPECT_FALSE(image.capture(state));
  put(state, 12, std::uint32_t{1});  // Between the variables.
  EXPECT_FALSE(image.capture(state));
  put(state, 8, std::uint32_t{1});
  EXPECT_TRUE(image.capture(state));
}

TEST(RetainImage, a_changed_program_keeps_what_still_has_its_path_and_type) {
  const auto bytes = image_of(12.5, 7, "A-1", 1);
  const std::vector<Symbol> changed{
      retained("PLC_PRG.rNew", IecType::lreal, 0, 8),
      retained("plc_prg.RENERGY", IecType::lreal, 8, 8),
      retained("PLC_PRG.udiBoot", IecType::dint, 16, 4),
  };
  State state{};

  const RestoreReport report = apply_retain(*parse_retain(bytes), changed, state);

  EXPECT_EQ(get<double>(state, 8), 12.5);
  EXPECT_EQ(get<std::int32_t>(state, 16), 0);
  EXPECT_THAT(report.kept, ElementsAre("plc_prg.RENERGY"));
  EXPECT_THAT(report.dropped, ElementsAre("PLC_PRG.udiBoot", "PLC_PRG.sBatch"));
  EXPECT_THAT(report.added, ElementsAre("PLC_PRG.rNew", "PLC_PRG.udiBoot"));
}

TEST(RetainImage, a_string_that_became_shorter_is_cut_and_still_ends) {
  const auto bytes = image_of(0, 0, "A-12345", 1);
  const std::vector<Symbol> shorter{retained("PLC_PRG.sBatch", IecType::string, 4, 4)};
  State state;
  state.fill(std::byte{0xFF});

  apply_retain(*parse_retain(bytes), shorter, state);

  EXPECT_STREQ(reinterpret_cast<const char*>(state.data() + 4), "A-1");
}

TEST(RetainImage, the_order_of_declarations_changes_the_layout_but_loses_nothing) {
  const std::vector<Symbol> swapped{line[2], line[1], line[0]};
  State state{};

  const auto report = apply_retain(*parse_retain(image_of(12.5, 7, "A", 1)), swapped, state);

  EXPECT_NE(RetainImage(swapped).layout_hash(), RetainImage(line).layout_hash());
  EXPECT_THAT(report.dropped, IsEmpty());
  EXPECT_EQ(get<double>(state, 0), 12.5);
}

/// How many of `count` variations of an image are taken for a whole one.
template <class Vary>
std::size_t accepted(std::size_t count, Vary vary) {
  std::size_t good = 0;
  for (std::size_t i = 0; i < count; ++i) good += parse_retain(vary(i)).has_value() ? 1 : 0;
  return good;
}

TEST(RetainImage, no_flipped_bit_goes_unnoticed) {
  const auto whole = image_of(12.5, 7, "A-1", 42);
  EXPECT_EQ(accepted(whole.size() * 8,
                     [&](std::size_t bit) {
                       auto bytes = whole;
                       bytes[bit / 8] ^= std::byte(1U << (bit % 8));
                       return bytes;
                     }),
            0u);
}

TEST(RetainImage, no_cut_off_image_is_taken_for_a_whole_one) {
  const auto whole = image_of(12.5, 7, "A-1", 42);
  EXPECT_EQ(accepted(whole.size(),
                     [&](std::size_t length) {
                       return std::vector(whole.begin(),
                                          whole.begin() + static_cast<std::ptrdiff_t>(length));
                     }),
            0u);
}

TEST(RetainImage, a_write_torn_at_any_byte_is_old_new_or_refused) {
  const auto older = image_of(12.5, 7, "A-1", 42);
  const auto newer = image_of(13.5, 8, "B-2", 46);
  EXPECT_EQ(accepted(newer.size(),
                     [&](std::size_t torn) {
                       auto bytes = older;
                       std::copy_n(newer.begin(), torn, bytes.begin());
                       return bytes == older || bytes == newer ? std::vector<std::byte>{} : bytes;
                     }),
            0u);
}

TEST(RetainImage, bytes_of_an_older_longer_image_behind_the_end_do_not_matter) {
  auto bytes = image_of(12.5, 7, "A-1", 42);
  bytes.resize(bytes.size() + 100, std::byte{0x55});
  EXPECT_EQ(parse_retain(bytes).value().sequence, 42u);
}

TEST(RetainImage, a_blank_file_is_no_damage) {
  EXPECT_EQ(parse_retain({}).error().code, Errc::not_found);
  EXPECT_EQ(parse_retain(std::vector(100, std::byte{0})).error().code, Errc::not_found);
  EXPECT_EQ(parse_retain(std::vector(100, std::byte{1})).error().code, Errc::corrupt);
}

TEST(RetainImage, lengths_that_lie_under_a_right_checksum_are_refused) {
  auto bytes = image_of(12.5, 7, "A-1", 42);
  const std::uint32_t count = 0xFFFFFFFF;
  std::memcpy(bytes.data() + 32, &count, sizeof count);
  const std::uint32_t checksum = crc32c(std::span(bytes).first(bytes.size() - 4));
  std::memcpy(bytes.data() + bytes.size() - 4, &checksum, sizeof checksum);

  EXPECT_THAT(parse_retain(bytes).error().what, HasSubstr("lengths"));
}

TEST(RetainImage, an_image_larger_than_64_kib_keeps_its_length) {
  std::vector<Symbol> symbols;
  std::vector<std::byte> state(100'000, std::byte{0x11});
  symbols.push_back(retained("PLC_PRG.a", IecType::string, 0, 50'000));
  symbols.push_back(retained("PLC_PRG.b", IecType::string, 50'000, 50'000));
  RetainImage image(symbols);
  image.capture(state);

  const auto stored = parse_retain(image.seal(1)).value();

  EXPECT_EQ(stored.values.back().value.size(), 50'000u);
  EXPECT_EQ(stored.values.back().value.back(), std::byte{0x11});
}

TEST(RetainImage, a_program_without_retain_variables_has_an_empty_image) {
  RetainImage image({});
  EXPECT_TRUE(parse_retain(image.seal(1)).value().values.empty());
}

}  // namespace
}  // namespace wl::plc
