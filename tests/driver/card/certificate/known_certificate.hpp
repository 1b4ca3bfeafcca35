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

} // namespace twcard::testing
