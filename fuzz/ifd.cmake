# The reader's driver: its protocols and its messages.
twcard_add_fuzzer(t0_exchange twcard_ifd)
twcard_add_fuzzer(t1_exchange twcard_ifd)
twcard_add_fuzzer(t1_reader twcard_ifd)
