#include "cli/frame/arguments.hpp"

#include "cli/frame/failure.hpp"

#include <boost/test/unit_test.hpp>

using namespace twcard::cli;

namespace {

const std::vector<Option> options{
    {"--out", "FILE", {}}, {"--ca", "FILE", {}, true}, {"--force", "", {}}, {"--help", "", {}}};

Arguments parse(const std::vector<std::string>& words) {
  return Arguments::parse(words, options);
}

bool refuses(const std::vector<std::string>& words, const std::string& message) {
  try {
    (void)parse(words);
  } catch (const Failure& failure) {
    BOOST_TEST(failure.in(twcard::Language::English) == message);
    return failure.exit_code() == ExitCode::Usage && !failure.in(twcard::Language::TraditionalChinese).empty();
  }
  return false;
}

} // namespace

BOOST_AUTO_TEST_SUITE(arguments)

BOOST_AUTO_TEST_CASE(values_stand_after_the_option_or_after_an_equals_sign) {
  const auto arguments = parse({"file", "--out", "a", "--ca=b", "--ca", "c=d"});
  BOOST_TEST(arguments.value("--out").value() == "a");
  BOOST_TEST(arguments.values("--ca") == (std::vector<std::string>{"b", "c=d"}), boost::test_tools::per_element());
  BOOST_TEST(arguments.positionals() == std::vector<std::string>{"file"}, boost::test_tools::per_element());
  BOOST_TEST(!arguments.has("--force"));
  BOOST_TEST(!arguments.value("--force").has_value());
}

BOOST_AUTO_TEST_CASE(two_dashes_end_the_options) {
  const auto arguments = parse({"--force", "--", "--out"});
  BOOST_TEST(arguments.has("--force"));
  BOOST_TEST(arguments.positionals() == std::vector<std::string>{"--out"}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_dash_alone_is_a_word_and_h_is_help) {
  const auto arguments = parse({"-", "-h"});
  BOOST_TEST(arguments.positionals() == std::vector<std::string>{"-"}, boost::test_tools::per_element());
  BOOST_TEST(arguments.has("--help"));
}

BOOST_AUTO_TEST_CASE(mistakes_are_named) {
  BOOST_TEST(refuses({"--outt", "x"}, "unknown option --outt; did you mean --out?"));
  BOOST_TEST(refuses({"--entirely-else"}, "unknown option --entirely-else"));
  BOOST_TEST(refuses({"--ou"}, "unknown option --ou; did you mean --out?"));
  BOOST_TEST(refuses({"-x"}, "unknown option -x"));
  BOOST_TEST(refuses({"--out"}, "--out needs a value: --out FILE"));
  BOOST_TEST(refuses({"--out", "a", "--out", "b"}, "--out is given twice"));
  BOOST_TEST(refuses({"--force=yes"}, "--force takes no value"));
  BOOST_TEST(refuses({"--\x1b[2J"}, "unknown option --\\u{1B}[2J"));
}

BOOST_AUTO_TEST_SUITE_END()
