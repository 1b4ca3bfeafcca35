#include "portal/verification/refusal.hpp"

namespace twcard::portal {

std::string_view name_of(Reason reason) {
  switch (reason) {
  case Reason::BadRequest: return "bad_request";
  case Reason::TooLarge: return "too_large";
  case Reason::NotFound: return "not_found";
  case Reason::MethodNotAllowed: return "method_not_allowed";
  case Reason::MediaType: return "media_type";
  case Reason::OriginRefused: return "origin_refused";
  case Reason::NotSignedIn: return "not_signed_in";
  case Reason::Busy: return "busy";
  case Reason::Internal: return "internal";
  case Reason::IdNumberInvalid: return "id_number_invalid";
  case Reason::FieldInvalid: return "field_invalid";
  case Reason::ChallengeMissing: return "challenge_missing";
  case Reason::ChallengeExpired: return "challenge_expired";
  case Reason::TokenMalformed: return "token_malformed";
  case Reason::TokenFormat: return "token_format";
  case Reason::TokenAlgorithm: return "token_algorithm";
  case Reason::SignatureInvalid: return "signature_invalid";
  case Reason::CertificateMalformed: return "certificate_malformed";
  case Reason::CertificateUntrusted: return "certificate_untrusted";
  case Reason::CertificateExpired: return "certificate_expired";
  case Reason::CertificateNotYetValid: return "certificate_not_yet_valid";
  case Reason::CertificateUsage: return "certificate_usage";
  case Reason::CertificateProfile: return "certificate_profile";
  case Reason::CertificateRevoked: return "certificate_revoked";
  case Reason::RevocationUnknown: return "revocation_unknown";
  case Reason::IdMismatch: return "id_mismatch";
  case Reason::ProofMalformed: return "proof_malformed";
  case Reason::ProofUsed: return "proof_used";
  case Reason::AccountMissing: return "account_missing";
  case Reason::PasswordUnfit: return "password_unfit";
  case Reason::PasswordWrong: return "password_wrong";
  case Reason::TooManyTries: return "too_many_tries";
  }
  return "internal";
}

Text text_of(Reason reason) {
  switch (reason) {
  case Reason::BadRequest: return {"The request is malformed.", "請求的格式不正確。"};
  case Reason::TooLarge: return {"The request is too large.", "請求的內容過大。"};
  case Reason::NotFound: return {"There is no page at this address.", "找不到這個網址。"};
  case Reason::MethodNotAllowed: return {"This address does not take such a request.", "這個網址不接受這種請求。"};
  case Reason::MediaType: return {"The request must be JSON.", "請求必須是 JSON 格式。"};
  case Reason::OriginRefused:
    return {"The request does not come from this site's own page.", "請求並非來自本網站的網頁。"};
  case Reason::NotSignedIn: return {"Please sign in first.", "請先登入。"};
  case Reason::Busy: return {"The site is busy. Please try again in a moment.", "系統忙碌中，請稍後再試。"};
  case Reason::Internal:
    return {"Something went wrong on the server. Please try again.", "伺服器發生錯誤，請再試一次。"};
  case Reason::IdNumberInvalid:
    return {"This is not a valid ID number. Please check it.", "身分證統一編號不正確，請檢查後重新輸入。"};
  case Reason::FieldInvalid:
    return {"A field of the form is not valid. Please check it.", "表單中有欄位不正確，請檢查後再送出。"};
  case Reason::ChallengeMissing:
    return {"This sign-in has been used already or was never started. Please start again.",
            "這次登入已使用過或尚未開始，請重新登入。"};
  case Reason::ChallengeExpired:
    return {"The sign-in took longer than five minutes. Please start again.", "登入已超過五分鐘的時限，請重新登入。"};
  case Reason::TokenMalformed: return {"The card service's answer is malformed.", "讀卡服務的回應格式不正確。"};
  case Reason::TokenFormat:
    return {"The card service's answer has a format that this site does not know.", "本網站不支援讀卡服務的回應格式。"};
  case Reason::TokenAlgorithm:
    return {"The signature's algorithm is not accepted by this site.", "本網站不接受這種簽章演算法。"};
  case Reason::SignatureInvalid:
    return {"The card's signature does not match this sign-in. Please start again.",
            "卡片的簽章與這次登入不符，請重新登入。"};
  case Reason::CertificateMalformed: return {"The card's certificate is damaged.", "卡片憑證的內容已損毀。"};
  case Reason::CertificateUntrusted:
    return {"The card's certificate was not issued by an authority that this site trusts.",
            "卡片憑證並非由本網站信任的憑證管理中心簽發。"};
  case Reason::CertificateExpired:
    return {"The card's certificate has expired. It can be renewed at a household registration office.",
            "卡片憑證已過期，請至戶政事務所換發或辦理展期。"};
  case Reason::CertificateNotYetValid: return {"The card's certificate is not valid yet.", "卡片憑證尚未生效。"};
  case Reason::CertificateUsage:
    return {"The card's certificate is not meant for signatures.", "這張卡片憑證不是用於簽章的憑證。"};
  case Reason::CertificateProfile:
    return {"The card's certificate is not a citizen certificate.", "這張卡片憑證不是自然人憑證。"};
  case Reason::CertificateRevoked:
    return {"The card's certificate has been revoked and can no longer be used.", "卡片憑證已廢止，無法使用。"};
  case Reason::RevocationUnknown:
    return {"The site cannot check now whether the certificate was revoked. Please try again later.",
            "目前無法查驗憑證是否已廢止，請稍後再試。"};
  case Reason::IdMismatch:
    return {"The ID number that was typed is not the card holder's. Please check it.",
            "輸入的身分證統一編號與卡片憑證不符，請確認後再試一次。"};
  case Reason::ProofMalformed:
    return {"What the card service gave for the NHI card is malformed.", "讀卡服務對健保卡的回應格式不正確。"};
  case Reason::ProofUsed:
    return {"This signature of the NHI card has been used already. Please start again.",
            "這次健保卡的簽章已使用過，請重新登入。"};
  case Reason::AccountMissing:
    return {
        "Sign-in with this NHI card has not been set up. Sign in with your citizen certificate first and set it up.",
        "這張健保卡尚未啟用登入。請先以自然人憑證登入後啟用。"};
  case Reason::PasswordUnfit:
    return {"The password must have 8 to 64 letters, digits or other characters of the keyboard.",
            "密碼須為 8 至 64 個英文字母、數字或鍵盤上的符號。"};
  case Reason::PasswordWrong:
    return {"The password is wrong. Please check it and try again.", "密碼不正確，請確認後再試一次。"};
  case Reason::TooManyTries:
    return {"There were too many wrong passwords for this card. Please try again in 15 minutes.",
            "這張卡片的密碼輸入錯誤次數過多，請 15 分鐘後再試。"};
  }
  return {};
}

} // namespace twcard::portal
