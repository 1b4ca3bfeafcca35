// The same check as the server's (portal/nhi/identity_number.cpp): a typing error costs no card operation.
const LETTERS = 'ABCDEFGHJKLMNPQRSTUVXYWZIO';

export function isIdNumber(typed) {
  if (!/^[A-Z][A-Z0-9]\d{8}$/.test(typed)) return false;
  const numberOf = (letter) => LETTERS.indexOf(letter) + 10;
  const place = numberOf(typed[0]);
  const second = /\d/.test(typed[1]) ? Number(typed[1]) : numberOf(typed[1]) % 10;
  const digits = [Math.floor(place / 10), place % 10, second, ...[...typed.slice(2)].map(Number)];
  const weights = [1, 9, 8, 7, 6, 5, 4, 3, 2, 1, 1];
  return digits.reduce((sum, digit, index) => sum + digit * weights[index], 0) % 10 === 0;
}
