/*
 * reply.c - what we answer, coded and on its way
 */
#include "ldap/reply.h"

#include <assert.h>

#include "ldap/ber.h"
#include "ldap/call.h"
#include "ldap/offers.h"
#include "proxy/base/op.h"

/* Parts of answers that may be missing. */
enum {
    SASL_SAYS = 0x87,
    ANSWER_NAME = 0x8a,
    ANSWER_VALUE = 0x8b,
    CONTROLS = 0xa0
};

/* clang-format off */
static const struct {
    enum ldap_code code;
    const char *text;
} failures[STATUS_COUNT] = {
    [STATUS_OK]            = { LDAP_SUCCESS,                    NULL },
    [STATUS_CANCELLED]     = { LDAP_UNAVAILABLE,                "Postern stops, try again later" },

    [STATUS_BUSY]          = { LDAP_BUSY,                       "Exchange is busy, try again later" },
    [STATUS_UNAVAILABLE]   = { LDAP_UNAVAILABLE,                "Exchange cannot be reached" },
    [STATUS_TIMEOUT]       = { LDAP_UNAVAILABLE,                "Exchange did not answer in time" },
    [STATUS_UNCERTAIN]     = { LDAP_UNAVAILABLE,                "The answer of Exchange was lost" },
    [STATUS_IN_USE]        = { LDAP_BUSY,                       "The mailbox is being moved, try again later" },
    [STATUS_RATE_LIMITED]  = { LDAP_BUSY,                       "Too much in a short time, try again later" },

    [STATUS_AUTH_FAILED]   = { LDAP_INVALID_CREDENTIALS,        "Exchange refuses the user name or the password" },
    [STATUS_AUTH_EXPIRED]  = { LDAP_INVALID_CREDENTIALS,        "The password has expired" },
    [STATUS_AUTH_REFUSED]  = { LDAP_INSUFFICIENT_ACCESS_RIGHTS, "No right to this mailbox" },
    [STATUS_AUTH_DISABLED] = { LDAP_UNWILLING_TO_PERFORM,       "This account may not use Exchange this way" },

    [STATUS_NOT_FOUND]     = { LDAP_NO_SUCH_OBJECT,             "There is no such entry" },
    [STATUS_NO_FOLDER]     = { LDAP_NO_SUCH_OBJECT,             "There is no such folder" },
    [STATUS_EXISTS]        = { LDAP_OTHER,                      "It is there already" },
    [STATUS_DENIED]        = { LDAP_INSUFFICIENT_ACCESS_RIGHTS, "No right to do this" },
    [STATUS_CANNOT]        = { LDAP_UNWILLING_TO_PERFORM,       "Exchange can never do this" },
    [STATUS_UNSUPPORTED]   = { LDAP_UNWILLING_TO_PERFORM,       "This version of Exchange cannot do this" },
    [STATUS_CONFLICT]      = { LDAP_BUSY,                       "It was changed meanwhile, try again" },
    [STATUS_CORRUPT]       = { LDAP_OTHER,                      "Exchange cannot give this entry out" },
    [STATUS_STALE]         = { LDAP_BUSY,                       "It was changed meanwhile, try again" },

    [STATUS_OVER_QUOTA]    = { LDAP_OTHER,                      "The mailbox is full" },
    [STATUS_TOO_BIG]       = { LDAP_ADMIN_LIMIT_EXCEEDED,       "This is too large" },
    [STATUS_LIMIT]         = { LDAP_ADMIN_LIMIT_EXCEEDED,       "More than is looked up at once" },

    [STATUS_SENDER_DENIED] = { LDAP_OTHER,                      "No right to send as this sender" },
    [STATUS_BAD_RECIPIENT] = { LDAP_OTHER,                      "Exchange refuses an address" },
    [STATUS_NO_RECIPIENT]  = { LDAP_OTHER,                      "Nobody to send to" },
    [STATUS_BAD_CONTENT]   = { LDAP_OTHER,                      "Nothing that Exchange accepts" },
    [STATUS_INFECTED]      = { LDAP_OTHER,                      "Exchange has found a virus" },

    [STATUS_INTERNAL]      = { LDAP_OTHER,                      "Something went wrong, the log of Postern says more" },
};
/* clang-format on */

struct ldap_result ldap_result_of(enum status status)
{
    assert(status == STATUS_OK || failures[status].text != NULL);
    return (struct ldap_result){ .code = failures[status].code,
                                 .message = failures[status].text };
}

/* --- The parts of a message ----------------------------------------------- */

static struct ber_writer *begin(int32_t id, enum ldap_answer answer)
{
    struct ber_writer *writer = ber_writer_new();

    ber_open(writer, BER_SEQUENCE);
    ber_add_integer(writer, BER_INTEGER, id);
    ber_open(writer, answer);
    return writer;
}

static void add_text(struct ber_writer *writer, const char *text)
{
    ber_add_text(writer, BER_OCTETS, text != NULL ? text : "");
}

/* The components of every LDAPResult (4.1.9). */
static void add_result(struct ber_writer *writer,
                       const struct ldap_result *result)
{
    ber_add_integer(writer, BER_ENUMERATED, (int32_t)result->code);
    add_text(writer, result->matched);
    add_text(writer, result->message);
}

static void add_controls(struct ber_writer *writer,
                         const struct ldap_result *result)
{
    if (result->control_count == 0)
        return;
    ber_open(writer, CONTROLS);
    for (size_t i = 0; i < result->control_count; i++) {
        ber_open(writer, BER_SEQUENCE);
        ber_add_text(writer, BER_OCTETS, result->controls[i].oid);
        if (result->controls[i].value.data != NULL)
            ber_add_octets(writer, BER_OCTETS, result->controls[i].value);
        ber_close(writer);
    }
    ber_close(writer);
}

/* Closes the message and sends it. */
static bool send_off(struct ldap_reply *reply, struct ber_writer *writer)
{
    ber_close(writer);

    struct octets message = ber_written(writer);
    bool there = reply->write(reply->context, message.data, message.len);
    ber_writer_free(&writer);
    return there;
}

/* --- Answers -------------------------------------------------------------- */

void ldap_reply_result(struct ldap_reply *reply, enum ldap_answer answer,
                       const struct ldap_result *result)
{
    struct ber_writer *writer = begin(reply->id, answer);

    add_result(writer, result);
    ber_close(writer);
    add_controls(writer, result);
    send_off(reply, writer);
}

void ldap_reply_bind(struct ldap_reply *reply, const struct ldap_result *result,
                     const struct octets *says)
{
    struct ber_writer *writer = begin(reply->id, LDAP_BIND_ANSWER);

    add_result(writer, result);
    if (says != NULL)
        ber_add_octets(writer, SASL_SAYS, *says);
    ber_close(writer);
    send_off(reply, writer);
}

void ldap_reply_extended(struct ldap_reply *reply,
                         const struct ldap_result *result, const char *name,
                         const struct octets *value)
{
    struct ber_writer *writer = begin(reply->id, LDAP_EXTENDED_ANSWER);

    add_result(writer, result);
    if (name != NULL)
        ber_add_text(writer, ANSWER_NAME, name);
    if (value != NULL)
        ber_add_octets(writer, ANSWER_VALUE, *value);
    ber_close(writer);
    send_off(reply, writer);
}

/* It answers no message, which an id of 0 says. */
void ldap_reply_disconnection(struct ldap_reply *reply, enum ldap_code code,
                              const char *message)
{
    const struct ldap_result result = { .code = code, .message = message };

    reply->id = 0;
    reply->close = true;
    ldap_reply_extended(reply, &result, LDAP_DISCONNECTION, NULL);
}

/* PartialAttribute = SEQUENCE { type, vals SET OF value } */
static void add_attribute(struct ber_writer *writer,
                          const struct ldap_attribute *attribute)
{
    ber_open(writer, BER_SEQUENCE);
    ber_add_text(writer, BER_OCTETS, attribute->name);
    ber_open(writer, BER_SET);
    for (size_t i = 0; i < attribute->count; i++)
        ber_add_octets(writer, BER_OCTETS, attribute->values[i]);
    ber_close(writer);
    ber_close(writer);
}

bool ldap_send_entry(struct ldap_call *call, const struct ldap_entry *entry)
{
    if (op_cancelled(call->op))
        return false;

    struct ber_writer *writer = begin(call->reply->id, LDAP_SEARCH_ENTRY);

    ber_add_text(writer, BER_OCTETS, entry->dn);
    ber_open(writer, BER_SEQUENCE);
    for (size_t i = 0; i < entry->count; i++)
        add_attribute(writer, &entry->attributes[i]);
    ber_close(writer);
    ber_close(writer);
    return send_off(call->reply, writer);
}
