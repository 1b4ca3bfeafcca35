// A certificate and a signature made with the openssl program, for an invented person with a key made for it and
// forgotten. What the tests expect of them is what the program prints:
//   openssl x509 -noout -subject -issuer -serial -dates -modulus -ext keyUsage -nameopt RFC2253,utf8,-esc_msb
//   printf twcard | openssl dgst -sha256 -sign key.pem
#pragma once

#include "driver/base/bytes.hpp"

namespace twcard::testing {

inline Bytes known_certificate() {
  return *from_base64("MIIDbDCCAlSgAwIBAgIJASNFZ4mrze8BMA0GCSqGSIb3DQEBCwUAMFQxCzAJBgNVBAYTAlRXMRYwFAYDVQQKDA10d2NhcmQg"
                      "5ris6KmmMRIwEAYDVQQDDAnnjovlsI/mmI4xGTAXBgNVBAUTEDAwMDAwMDAxMTIzNDU2NzgwIBcNMjAwMTAyMDMwNDA1WhgP"
                      "MjA1MDA2MDcwODA5MTBaMFQxCzAJBgNVBAYTAlRXMRYwFAYDVQQKDA10d2NhcmQg5ris6KmmMRIwEAYDVQQDDAnnjovlsI/m"
                      "mI4xGTAXBgNVBAUTEDAwMDAwMDAxMTIzNDU2NzgwggEiMA0GCSqGSIb3DQEBAQUAA4IBDwAwggEKAoIBAQDBF70AbC6RxCMO"
                      "VKC9fwXP9cRPFnC8SmTFbVU3ieW621Jcy5pIwFrZeaeVDe+VRudCh3x7Or6BXU+DYXUmTUIw1jXGzYe7o5U2YRXe+KMA6WTc"
                      "KvYMfdHm5QNezOEhQSOzTRrJNyIc2sHzCriq8l00ZHQNgajNDcs9flDPFoMBJmGfY/x3hoAgw5QUO+qAtalHnGFKX43k9PyX"
                      "TMOBfG1ecmskPmbvE/4BWtYLorw9asMhMmmuj6UyahCHNdndPJ/1ae4GyiFYvhsRIrsWKM7elFdvaBNHTFj8bmGLNM845ATx"
                      "GHahQQJS5t/HmyCWm+tgVEuubNm/aMkVKB0iWCRPAgMBAAGjPzA9MAwGA1UdEwEB/wQCMAAwDgYDVR0PAQH/BAQDAgbAMB0G"
                      "A1UdDgQWBBSr6ObNbldCRX+j1FS/r58ldX8DCjANBgkqhkiG9w0BAQsFAAOCAQEAeSH7k45/JxZs59qi6vhkKFWk/bBfkmXS"
                      "Lx+ZsGF0oCeqK75ps62khYJMCJo3d76jNpfr/fu5yKWCYja36H68O4qtAcvoRUQ5HCle8DFkKh5Bp0sUUMZQBFDby95WfYHK"
                      "kUdZVHVicpMFs1+gPnBxPk1l7Jc0VI0X7RYuU71EbiE9B2eii7XLnImr3HlaZdH8B6kOVIq/qEYwnPNPo4lwLU81UJ2Jc/Rh"
                      "ya4L5KKoQNLJrIxArqKMcJ8K9BaLFlZdJq1Hkr/U1m5TwSIOJc6ZLyKvtILN4cxtg6uWiVIZ0ouWDn6KMOYtMRKHYeB506q9"
                      "7OWEVvYj1RAPWHOJcF/2IQ==");
}

inline Bytes known_modulus() {
  return *from_hex("C117BD006C2E91C4230E54A0BD7F05CFF5C44F1670BC4A64C56D553789E5BADB525CCB9A48C05AD979A7950DEF9546E7"
                   "42877C7B3ABE815D4F836175264D4230D635C6CD87BBA395366115DEF8A300E964DC2AF60C7DD1E6E5035ECCE1214123"
                   "B34D1AC937221CDAC1F30AB8AAF25D3464740D81A8CD0DCB3D7E50CF16830126619F63FC77868020C394143BEA80B5A9"
                   "479C614A5F8DE4F4FC974CC3817C6D5E726B243E66EF13FE015AD60BA2BC3D6AC3213269AE8FA5326A108735D9DD3C9F"
                   "F569EE06CA2158BE1B1122BB1628CEDE94576F6813474C58FC6E618B34CF38E404F11876A1410252E6DFC79B20969BEB"
                   "60544BAE6CD9BF68C915281D2258244F");
}

// SHA-256 of "twcard".
inline Bytes known_hash() {
  return *from_hex("5bcaf1ba4f503753d60e81b60bfe703a5f0ed7c73e03a63c4cdf24bcb062997c");
}

inline Bytes known_signature() {
  return *from_base64("omIgLDNqwmRE8wLaP3XNZZyus3rWCDasG7pn1gv8V/2XgReBQ+PDtNdqD9QuFmSQxZlhwCdjKZYp+p4ZuyoSNF2RqksthIly"
                      "zWE1F1UioOdF5CokGiHSzdgULaA7YLGC+EJlEyxQNA7KhJCIyWLxAokKMNCFKly1T1PTMxceV1zkXWjKKEpQlzjypmLZwm8T"
                      "9y3yJIhezrmNxEY/HYiW9/g6ScB+kfdehDwdMsQOROKDMfK3RlRRHgueaRJXie1IYyrf5B/klTb79o81c3tR+J7B3vjhSbrF"
                      "hW1X5kHSfObnoU5NSSUIOhCd9zpCJTjawi8dFVzNCLKMIau1EK96MQ==");
}

// One of MOICA's profile, with subject directory attributes (citizen; last four characters 6789), and what the program
// says of it: `openssl rsa -RSAPublicKey_out`, and the signer of a message by `openssl cms -sign`.
inline Bytes citizen_certificate() {
  return *from_base64(
      "MIICTDCCAbWgAwIBAgIJASNFZ4mrze8BMA0GCSqGSIb3DQEBCwUAMDwxCzAJBgNVBAYTAlRXMRIwEAYDVQQDDAnnjovlsI/mmI4x"
      "GTAXBgNVBAUTEDAwMDAwMDAxMTIzNDU2NzgwHhcNMjYxMjAxMDUzNTIwWhcNMzYxMTI4MDUzNTIwWjA8MQswCQYDVQQGEwJUVzES"
      "MBAGA1UEAwwJ546L5bCP5piOMRkwFwYDVQQFExAwMDAwMDAwMTEyMzQ1Njc4MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQC0"
      "d5d7/r4pRPzA8FAzsOV67cRURHkvPJHEcPIv98RYmCmINUB/RhN9rsU7iiWdswYv6hFMa7F/aLOuSCqgXxuYApY/Gkjkp+d+Qebf"
      "RVcauUCWS+/VTRC4op+PvuWwhFjjkEDMtN3bqvZ3+ENLrTDFarhMfc0TfN/Fk7eOH1w+VQIDAQABo1YwVDAzBgNVHQkELDAqMBUG"
      "B2CGdgFkAgExCgYIYIZ2AWQDAQEwEQYHYIZ2AWQCMzEGEwQ2Nzg5MB0GA1UdDgQWBBQUEQtCKRY56tku4L92FMNBjf4J3DANBgkq"
      "hkiG9w0BAQsFAAOBgQBhYAP8cbEiHSAK+D7ZuzxbgPv/wfoeyiZugrBfNVX6gdVXUf51vSnkfFx0ID/V8SJ8JwIqjJYVx0wL8sn1"
      "rrl978gYwu5wCq5TZLt94lz76gavgemaK0e5BE2iA6cSpOUmrrvic3GjWElHKGWpyiYsUsmNY8laycNGwi1C1GzUPA==");
}

inline Bytes citizen_public_key() {
  return *from_hex("30818902818100B477977BFEBE2944FCC0F05033B0E57AEDC45444792F3C91C470F22FF7C45898298835407F46137DAEC53"
                   "B8A259DB3062FEA114C6B"
                   "B17F68B3AE482AA05F1B9802963F1A48E4A7E77E41E6DF45571AB940964BEFD54D10B8A29F8FBEE5B08458E39040CCB4DDD"
                   "BAAF677F8434BAD30C56A"
                   "B84C7DCD137CDFC593B78E1F5C3E550203010001");
}

inline Bytes citizen_issuer_and_serial() {
  return *from_hex("3049303C310B30090603550406130254573112301006035504030C09E78E8BE5B08FE6988E3119301706035504051310303"
                   "030303030303131323334"
                   "3536373802090123456789ABCDEF01");
}

} // namespace twcard::testing
