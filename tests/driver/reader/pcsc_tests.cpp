// What needs no pcscd; the rest is tested against a real one (tests/system).
#include "driver/reader/pcsc.hpp"

#include <boost/test/unit_test.hpp>
#include <winscard.h>

namespace twcard::reader {

BOOST_AUTO_TEST_SUITE(pcsc)

BOOST_AUTO_TEST_CASE(return_codes_have_their_meanings) {
  const std::pair<LONG, Errc> meanings[] = {{SCARD_E_NO_SERVICE, Errc::NoPcsc},
                                            {SCARD_E_SERVICE_STOPPED, Errc::NoPcsc},
                                            {SCARD_F_COMM_ERROR, Errc::NoPcsc},
                                            {SCARD_E_INVALID_HANDLE, Errc::NoPcsc},
                                            {SCARD_W_SECURITY_VIOLATION, Errc::NoPcsc},
                                            {SCARD_E_UNKNOWN_READER, Errc::NoReader},
                                            {SCARD_E_READER_UNAVAILABLE, Errc::NoReader},
                                            {SCARD_E_NO_SMARTCARD, Errc::NoCard},
                                            {SCARD_W_REMOVED_CARD, Errc::CardRemoved},
                                            {SCARD_E_NOT_TRANSACTED, Errc::CardRemoved},
                                            {SCARD_W_RESET_CARD, Errc::CardReset},
                                            {SCARD_E_SHARING_VIOLATION, Errc::CardReset},
                                            {SCARD_W_UNRESPONSIVE_CARD, Errc::UnsupportedCard},
                                            {SCARD_E_PROTO_MISMATCH, Errc::UnsupportedCard},
                                            {SCARD_E_TIMEOUT, Errc::Timeout},
                                            {SCARD_E_CANCELLED, Errc::Cancelled},
                                            {SCARD_E_INVALID_PARAMETER, Errc::Internal}};
  for (const auto& [code, meaning] : meanings) BOOST_TEST(name_of(errc_of_pcsc(code)) == name_of(meaning));
}

BOOST_AUTO_TEST_CASE(an_unknown_return_code_is_an_internal_error) {
  BOOST_CHECK(errc_of_pcsc(0x80100099) == Errc::Internal);
  BOOST_CHECK(errc_of_pcsc(-1) == Errc::Internal);
}

BOOST_AUTO_TEST_CASE(cancelling_when_nobody_waits_does_not_block) {
  PcscReaders readers;
  readers.cancel();
  readers.cancel();
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace twcard::reader
