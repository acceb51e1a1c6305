/*
 * session.c - one client's conversation, as its requests see it
 */
#include "ldap/session.h"

#include "config/settings.h"
#include "ldap/offers.h"
#include "ldap/operation.h"
#include "ldap/paging.h"
#include "ldap/peek.h"
#include "proxy/base/str.h"
#include "proxy/exchange/account.h"
#include "proxy/protocol.h"

void ldap_session_init(struct ldap_session *session,
                       const struct gateway *gateway)
{
    size_t limit = (size_t)gateway->settings->ldap.listener.line_limit;

    *session = (struct ldap_session){ .gateway = gateway };
    ldap_frame_init(&session->frame, limit);
    ldap_lookout_init(&session->lookout, limit);
}

void ldap_session_fini(struct ldap_session *session)
{
    ldap_session_forget(session);
    ldap_frame_fini(&session->frame);
    ldap_lookout_fini(&session->lookout);
}

void ldap_session_forget(struct ldap_session *session)
{
    account_unref(&session->account);
    ldap_paging_free(&session->paging);
    session->refused_mechanism = NULL;
}

/* --- The loop: what comes ------------------------------------------------- */

static void drop(struct ldap_session *session)
{
    session->found = LDAP_FOUND_NOTHING;
    ldap_frame_reset(&session->frame);
}

/* Decides what is known about the request before it runs. */
static void prepare(struct ldap_session *session, const struct ldap_peek *peek)
{
    session->watched = (struct ldap_watched){
        .id = peek->id,
        .can_stop =
            peek->operation == LDAP_SEARCH || peek->operation == LDAP_COMPARE,
    };
    session->cancel_done =
        peek->cancels &&
        ldap_lookout_take_cancelled(&session->lookout, peek->target);
    atomic_store(&session->stop, LDAP_GOES_ON);
}

/* Stops the request, which may be running; false when it is too late. */
static bool stop(struct ldap_session *session, enum ldap_stop how)
{
    int before = LDAP_GOES_ON;

    if (how == LDAP_GOES_ON ||
        !atomic_compare_exchange_strong(&session->stop, &before, (int)how))
        return false;
    if (how == LDAP_CANCELLED)
        ldap_lookout_note_cancelled(&session->lookout, session->watched.id);
    return true;
}

/* A message is whole; `rest` is what has come behind it.  One that is abandoned
 * already is not run at all. */
static void begin(struct ldap_session *session, const char *rest, size_t len)
{
    const struct buf *message = &session->frame.message;
    struct ldap_peek peek;

    if (!ldap_peek(message->data, message->len, &peek))
        return;
    session->hasty = ldap_lookout_take(&session->lookout, message->len, &peek);
    if (peek.operation == LDAP_UNBIND)
        session->leaves = true;
    if (peek.operation == LDAP_UNBIND || peek.operation == LDAP_ABANDON) {
        drop(session);
        return;
    }
    prepare(session, &peek);
    enum ldap_stop how =
        ldap_lookout_see(&session->lookout, &session->watched, rest, len);
    if (stop(session, how) && how == LDAP_ABANDONED)
        drop(session);
}

size_t ldap_session_take(struct ldap_session *session, const char *data,
                         size_t len)
{
    size_t taken = ldap_frame_take(&session->frame, data, len, &session->found);

    if (session->found == LDAP_FOUND_MESSAGE)
        begin(session, data + taken, len - taken);
    return taken;
}

bool ldap_session_overtake(struct ldap_session *session, const char *data,
                           size_t len)
{
    return stop(session, ldap_lookout_see(&session->lookout, &session->watched,
                                          data, len));
}

void ldap_session_done(struct ldap_session *session)
{
    drop(session);
}

/* --- The worker: what is asked -------------------------------------------- */

enum ldap_stop ldap_session_settle(struct ldap_session *session)
{
    int was = atomic_exchange(&session->stop, LDAP_STOP_LATE);

    return was == LDAP_STOP_LATE ? LDAP_GOES_ON : (enum ldap_stop)was;
}

/* Why a request is not run because of its controls; success if it is (4.1.11).
 * To act for somebody else without saying that this is refused would be worse
 * than what RFC 4370, 3, forbids. */
static enum ldap_code judge_controls(const struct ldap_call *call,
                                     const char **message_out)
{
    const struct ldap_request *request = call->request;

    for (size_t i = 0; i < request->control_count; i++) {
        const struct ldap_control *control = &request->controls[i];

        if (str_equal(control->oid, LDAP_CONTROL_PROXIED)) {
            *message_out = "Users act for themselves";
            return LDAP_AUTHORIZATION_DENIED;
        }
        if (control->critical && !ldap_control_applies(request, control->oid)) {
            *message_out = "A critical control is not known for this operation";
            return LDAP_UNAVAILABLE_CRITICAL_EXTENSION;
        }
    }
    return LDAP_SUCCESS;
}

static void run(struct ldap_call *call)
{
    const struct ldap_operation_kind *kind =
        ldap_operation_find(call->request->operation);
    const char *message = NULL;
    enum ldap_code code = judge_controls(call, &message);

    if (kind == NULL)
        return;
    if (code != LDAP_SUCCESS)
        ldap_refuse(call, code, message);
    else if (atomic_load(&call->session->stop) == LDAP_CANCELLED)
        ldap_refuse(call, LDAP_CANCELED, "Cancelled as was asked for");
    else
        kind->run(call);
}

/* clang-format off */
static const struct {
    enum ldap_code code;
    const char *message;
} misreadings[] = {
    { LDAP_PROTOCOL_ERROR,            "This is no request of LDAP version 3" },
    { LDAP_ADMIN_LIMIT_EXCEEDED,      "The filter is too deep or has too many parts" },
    { LDAP_AUTH_METHOD_NOT_SUPPORTED, "Logging in is simple or by SASL" },
};
/* clang-format on */

/* What was not understood is answered where it is known what it was. */
static void answer_misread(struct ldap_call *call, enum ldap_code code)
{
    if (call->request->id == 0) {
        ldap_reply_disconnection(call->reply, LDAP_PROTOCOL_ERROR,
                                 "This is no message of LDAP");
        return;
    }
    for (size_t i = 0; i < sizeof misreadings / sizeof *misreadings; i++)
        if (misreadings[i].code == code)
            ldap_refuse(call, code, misreadings[i].message);
}

static void run_message(struct ldap_session *session, struct op *op,
                        struct ldap_reply *reply)
{
    const struct buf *message = &session->frame.message;
    struct ldap_request request;
    struct ldap_call call = {
        .op = op,
        .paging = &session->paging,
        .settings = session->gateway->settings,
        .private_link = session->private_link,
        .can_start_tls = session->can_start_tls,
        .request = &request,
        .reply = reply,
        .session = session,
    };
    enum ldap_code code =
        ldap_read(op->arena, message->data, message->len, &request);

    reply->id = request.id;
    if (request.operation == LDAP_SEARCH)
        session->has_searched = true;
    if (request.operation == LDAP_BIND)
        account_unref(&session->account); /* whatever comes of it (4.2.1) */
    call.account = session->account;
    if (code != LDAP_SUCCESS)
        answer_misread(&call, code);
    else if (session->account != NULL && account_has_expired(session->account))
        ldap_reply_disconnection(reply, LDAP_STRONGER_AUTH_REQUIRED,
                                 "The token has expired, log in again");
    else
        run(&call);
}

void ldap_session_run(struct ldap_session *session, struct op *op,
                      struct ldap_reply *reply)
{
    switch (session->found) {
    case LDAP_FOUND_MESSAGE:
        run_message(session, op, reply);
        break;
    case LDAP_FOUND_NONSENSE:
        ldap_reply_disconnection(reply, LDAP_PROTOCOL_ERROR,
                                 "This is no message of LDAP");
        break;
    case LDAP_FOUND_TOO_LONG:
        ldap_reply_disconnection(reply, LDAP_PROTOCOL_ERROR,
                                 "The message is too long");
        break;
    case LDAP_FOUND_NOTHING:
        break;
    }
}
