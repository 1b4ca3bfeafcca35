#include "cli/frame/program.hpp"

#include <vector>

int main(int argc, char* argv[]) {
  const std::vector<std::string> words(argv + (argc > 0 ? 1 : 0), argv + argc);
  return static_cast<int>(twcard::cli::run_program(words));
}
