# How everything is compiled: language level, warnings, hardening, instrumentation. Every target links twcard_options.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/bin")

if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE Release CACHE STRING "Release, Debug, or None for flags of one's own" FORCE)
endif()

find_program(CCACHE ccache)
if(CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER "${CCACHE}")
endif()

set(TWCARD_SANITIZE "" CACHE STRING "Sanitizers for the whole build: empty, address, thread")
option(TWCARD_COVERAGE "Instrument for llvm-cov (clang) or gcov (gcc)" OFF)
option(TWCARD_WERROR "Warnings are errors" OFF)

add_library(twcard_options INTERFACE)
target_include_directories(twcard_options INTERFACE "${CMAKE_SOURCE_DIR}")
target_compile_options(twcard_options INTERFACE
  -Wall -Wextra -Wpedantic $<$<BOOL:${TWCARD_WERROR}>:-Werror> -Wshadow -Wconversion -Wnon-virtual-dtor -Woverloaded-virtual -Wold-style-cast
  -fvisibility=hidden -fvisibility-inlines-hidden)
target_compile_definitions(twcard_options INTERFACE TWCARD_VERSION="${PROJECT_VERSION}")

# In every build: lazy binding saves vector registers on the stack, and memcpy may just have had a PIN in them.
target_link_options(twcard_options INTERFACE -Wl,-z,relro,-z,now)

if(CMAKE_BUILD_TYPE STREQUAL "Release")
  target_compile_options(twcard_options INTERFACE
    -fstack-protector-strong -fstack-clash-protection -fcf-protection -D_FORTIFY_SOURCE=2 -D_GLIBCXX_ASSERTIONS)
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    # What gcc 12's optimiser thinks of inlined vectors, strings and coroutine frames is wrong: clang and the sanitizer
    # builds look at the same code.
    target_compile_options(twcard_options INTERFACE -Wno-array-bounds -Wno-restrict -Wno-stringop-overflow
      -Wno-stringop-overread -Wno-mismatched-new-delete)
  endif()
  target_link_options(twcard_options INTERFACE -Wl,-z,noexecstack,--as-needed)
  include(CheckPIESupported)
  check_pie_supported()
endif()

if(TWCARD_SANITIZE STREQUAL "address")
  # -fsanitize=function and coroutines do not go together in clang 14.
  set(flags -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer)
  if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
    list(APPEND flags -fno-sanitize=function)
  endif()
elseif(TWCARD_SANITIZE STREQUAL "thread")
  set(flags -fsanitize=thread -fno-omit-frame-pointer)
endif()
if(TWCARD_COVERAGE)
  if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
    list(APPEND flags -fprofile-instr-generate -fcoverage-mapping)
  else()
    list(APPEND flags --coverage)
  endif()
endif()
if(TWCARD_FUZZ)
  list(APPEND flags -fsanitize=fuzzer-no-link)
endif()
if(flags)
  target_compile_options(twcard_options INTERFACE ${flags})
  target_link_options(twcard_options INTERFACE ${flags})
endif()
