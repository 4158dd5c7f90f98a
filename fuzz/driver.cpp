// Stands in for libFuzzer where clang is not at hand.
//
//   <fuzzer> SECONDS [SEED [FOLDER]]   generated inputs; a failure is replayed by its seed
//   <fuzzer> FILE...                   these inputs
//
// Inputs are random bytes of many lengths, often with runs of one byte, and mutations of those
// before; with a folder also its files and what they mutate to. The target aborts, or a sanitizer
// does, on the first that it cannot bear.
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <string_view>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

using Random = std::mt19937_64;

void run(std::string_view input) {
  LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(input.data()), input.size());
}

std::string fresh(Random& random) {
  std::string input;
  for (std::size_t length = random() % (random() % 10 == 0 ? 4096 : 300); input.size() < length;) {
    const char byte = static_cast<char>(random());
    input.append(random() % 4 == 0 ? 1 + random() % 40 : 1, random() % 3 == 0 ? '\0' : byte);
  }
  return input;
}

std::string mutated(std::string input, Random& random) {
  for (std::uint64_t change = random() % 4; !input.empty() && change < 4; ++change) {
    const std::size_t at = random() % input.size();
    switch (random() % 4) {
      case 0:
        input[at] = static_cast<char>(random());
        break;
      case 1:
        input[at] = static_cast<char>(input[at] ^ (1 << (random() % 8)));
        break;
      case 2:
        input.resize(at);
        break;
      default:
        input.insert(at, 1 + random() % 8, static_cast<char>(random()));
        break;
    }
  }
  return input;
}

/// In the order of their names: the same seed, the same inputs.
std::vector<std::string> corpus_of(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> paths;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) paths.push_back(entry);
  std::ranges::sort(paths);
  std::vector<std::string> corpus;
  for (const auto& path : paths) {
    std::ifstream file(path, std::ios::binary);
    corpus.emplace_back(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
  }
  return corpus;
}

int generate(std::chrono::seconds duration, std::uint64_t seed,
             const std::vector<std::string>& corpus) {
  for (const std::string& input : corpus) run(input);
  const auto end = std::chrono::steady_clock::now() + duration;
  std::string input;
  std::uint64_t runs = 0;
  for (; std::chrono::steady_clock::now() < end; ++runs) {
    Random random(seed + runs);
    const bool begin = runs % 16 == 0;
    if (begin && !corpus.empty() && random() % 4 != 0) {
      input = corpus[random() % corpus.size()];
    } else {
      input = begin ? fresh(random) : mutated(std::move(input), random);
    }
    run(input);
  }
  fmt::print("{} inputs from seed {}: all borne\n", runs, seed);
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  const std::string_view first = argc > 1 ? argv[1] : "5";
  unsigned seconds = 0;
  const auto [end, error] = std::from_chars(first.data(), first.data() + first.size(), seconds);
  if (error == std::errc{} && end == first.data() + first.size())
    return generate(std::chrono::seconds{seconds},
                    argc > 2 ? std::strtoull(argv[2], nullptr, 10) : 1,
                    argc > 3 ? corpus_of(argv[3]) : std::vector<std::string>());
  for (int i = 1; i < argc; ++i) {
    std::ifstream file(argv[i], std::ios::binary);
    if (!file) {
      fmt::print(stderr, "cannot read {}\n", argv[i]);
      return 2;
    }
    run(std::string(std::istreambuf_iterator<char>(file), {}));
  }
  return 0;
}
