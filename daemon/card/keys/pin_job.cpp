#include "daemon/card/keys/pin_job.hpp"

namespace twcard::service {

void PinTries::require_try(const PinUse& use) const {
  if (!use.last_try_agreed && m_tries->may_be_last(m_card)) throw Error(Errc::PinLastTry, "one PIN attempt is left");
}

void PinTries::failed(const Error& error) const {
  if (error.tries_left()) m_tries->refused(m_card, *error.tries_left());
  if (error.code() == Errc::PinBlocked) m_tries->refused(m_card, 0);
}

SecureBytes PinJob::operator()(reader::Transaction& transaction, card::Card& any_card) const {
  auto& card = dynamic_cast<card::SigningCard&>(any_card);
  // Here, because another job may have cost a try since the person was asked.
  if (!transaction.logged_in()) m_tries.require_try(m_use);
  try {
    auto result = carry_out(transaction, card);
    m_tries.accepted();
    return result;
  } catch (const Error& error) {
    m_tries.failed(error);
    throw;
  }
}

SecureBytes PinJob::carry_out(reader::Transaction& transaction, card::SigningCard& card) const {
  switch (m_task.kind) {
  case KeyTask::Kind::CheckPin: card.verify_pin(transaction, *m_use.pin); return {};
  case KeyTask::Kind::PrivateOperation:
    return card.private_operation(transaction, *m_use.pin, m_task.key, m_task.block->view());
  case KeyTask::Kind::Decrypt: break;
  }
  throw Error(Errc::Internal, "only a vendor's library removes the padding by itself");
}

} // namespace twcard::service
