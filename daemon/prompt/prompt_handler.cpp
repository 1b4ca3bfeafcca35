#include "daemon/prompt/prompt_handler.hpp"

#include "daemon/prompt/surface.hpp"
#include "rpc/blocking_work.hpp"

#include <memory>

namespace twcard::prompt {

namespace asio = boost::asio;

PromptHandler::~PromptHandler() {
  m_person.join();
}

PromptHandler::Question PromptHandler::question_of(const rpc::Request& request) const {
  if (request.method == "prompt.consent")
    return [options = m_options, asked = consent_request_of(request.params)](const Cancellation& cancellation) {
      const auto language = language_for(asked.surface);
      if (asked.may_be_remembered)
        return rpc::Reply{form_of(ask_consent_to_keep(options, asked, language, cancellation)), {}};
      const auto dialog = consent_dialog(asked, language);
      rpc::Reply reply;
      reply.result["approved"] = ask_consent(options, asked.surface, dialog, cancellation);
      return reply;
    };
  if (request.method == "prompt.pin")
    return [options = m_options, asked = pin_request_of(request.params)](const Cancellation& cancellation) {
      const auto dialog = pin_dialog(asked, language_for(asked.surface));
      rpc::Reply reply;
      reply.blob = ask_pin(options, asked.surface, dialog, asked.min_length, asked.max_length, cancellation);
      return reply;
    };
  if (request.method == "prompt.last_try")
    return [options = m_options, asked = last_try_request_of(request.params)](const Cancellation& cancellation) {
      const auto dialog = last_try_dialog(asked, language_for(asked.surface));
      rpc::Reply reply;
      reply.result["approved"] = ask_consent(options, asked.surface, dialog, cancellation);
      return reply;
    };
  if (request.method == "prompt.card")
    return [options = m_options, asked = card_request_of(request.params)](const Cancellation& cancellation) {
      rpc::Reply reply;
      reply.result["chosen"] = ask_card(options, asked, language_for(asked.surface), cancellation);
      return reply;
    };
  throw Error(Errc::BadRequest, "method: not one of twcard-prompt");
}

asio::awaitable<rpc::Reply> PromptHandler::answer_to(Question question) {
  const auto cancellation = std::make_shared<Cancellation>();
  // Closes the dialog of a caller that has gone; after the answer it does nothing.
  const struct Leaving {
    Cancellation& cancellation;
    ~Leaving() { cancellation.request(); }
  } leaving{*cancellation};
  // With a name: GCC 12 destroys a closure twice that is a temporary of a co_await expression.
  std::function<rpc::Reply()> ask = [cancellation, question = std::move(question)] {
    if (cancellation->requested()) throw Error(Errc::Cancelled, "the caller has gone");
    return question(*cancellation);
  };
  co_return co_await rpc::run_blocking(m_person, std::move(ask));
}

asio::awaitable<rpc::Reply> PromptHandler::handle(std::shared_ptr<rpc::Session>, rpc::Request request) {
  return answer_to(question_of(request));
}

} // namespace twcard::prompt
