# twcard_add_test(NAME name SOURCES a.cpp … LIBRARIES target … [STACK] [LABELS …])
# One Boost.Test program and one ctest entry. STACK: the program runs inside scripts/with-stack (real pcscd, virtual
# reader, the services), one at a time.
function(twcard_add_test)
  cmake_parse_arguments(arg "STACK" "NAME" "SOURCES;LIBRARIES;LABELS;STACK_OPTIONS" ${ARGN})
  add_executable(${arg_NAME} ${arg_SOURCES})
  target_link_libraries(${arg_NAME} PRIVATE ${arg_LIBRARIES} twcard_options Boost::unit_test_framework)
  set_target_properties(${arg_NAME} PROPERTIES RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/tests")
  if(arg_STACK)
    add_test(NAME ${arg_NAME} COMMAND "${CMAKE_SOURCE_DIR}/scripts/with-stack" --build "${CMAKE_BINARY_DIR}"
      ${arg_STACK_OPTIONS} -- $<TARGET_FILE:${arg_NAME}>)
    list(APPEND arg_LABELS stack)
  else()
    add_test(NAME ${arg_NAME} COMMAND ${arg_NAME})
  endif()
  set_tests_properties(${arg_NAME} PROPERTIES LABELS "${arg_LABELS}" TIMEOUT 300)
endfunction()
