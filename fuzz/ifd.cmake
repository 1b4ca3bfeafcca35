# The reader's driver: its protocols and its messages.
foreach(target t1_exchange t0_exchange t1_reader)
  add_executable(fuzz_${target} ${target}.cpp)
  target_link_libraries(fuzz_${target} PRIVATE twcard_ifd)
  target_link_options(fuzz_${target} PRIVATE -fsanitize=fuzzer)
endforeach()
