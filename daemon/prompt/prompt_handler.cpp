#include "daemon/prompt/prompt_handler.hpp"

#include "daemon/prompt/surface.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <exception>
#include <optional>

namespace twcard::prompt {

namespace asio = boost::asio;

namespace {

// One question under way. The dialog's thread writes the outcome before it posts `ended`; the rest belongs to the
// server's thread.
struct Job {
  explicit Job(const asio::any_io_executor& executor) : ended(executor, asio::steady_timer::time_point::max()) {}

  Cancellation cancellation;
  asio::steady_timer ended; // never runs out: cancelled when there is an outcome
  bool has_ended = false;
  rpc::Reply reply;
  std::exception_ptr failure;
};

} // namespace

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
  const auto executor = co_await asio::this_coro::executor;
  const auto job = std::make_shared<Job>(executor);
  asio::post(m_person, [job, executor, question = std::move(question)] {
    try {
      if (job->cancellation.requested()) throw Error(Errc::Cancelled, "the caller has gone");
      job->reply = question(job->cancellation);
    } catch (...) {
      job->failure = std::current_exception();
    }
    asio::post(executor, [job] {
      job->has_ended = true;
      job->ended.cancel();
    });
  });

  boost::system::error_code ignored;
  co_await job->ended.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
  if (!job->has_ended) {
    job->cancellation.request();
    throw boost::system::system_error(asio::error::operation_aborted);
  }
  if (job->failure) std::rethrow_exception(job->failure);
  co_return std::move(job->reply);
}

asio::awaitable<rpc::Reply> PromptHandler::handle(std::shared_ptr<rpc::Session>, rpc::Request request) {
  return answer_to(question_of(request));
}

} // namespace twcard::prompt
