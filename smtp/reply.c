/*
 * reply.c - what we answer: a code, an enhanced code (RFC 3463), a text
 *
 * 4xx makes programs try again, 5xx makes them tell the user.
 */
#include "smtp/reply.h"

#include <assert.h>

/* clang-format off */
static const struct {
    const char *code;
    const char *text;
} answers[STATUS_COUNT] = {
    [STATUS_OK]            = { "250 2.0.0",  "Accepted by Exchange" },
    [STATUS_CANCELLED]     = { "451 4.3.2",  "Postern stops, try again later" },

    [STATUS_BUSY]          = { "451 4.3.2",  "Exchange is busy, try again later" },
    [STATUS_UNAVAILABLE]   = { "451 4.3.0",  "Exchange cannot be reached, try again later" },
    [STATUS_TIMEOUT]       = { "451 4.4.7",  "Exchange did not answer in time, try again later" },
    [STATUS_UNCERTAIN]     = { "451 4.4.2",  "The answer of Exchange was lost and the message may "
                                             "have been sent: look into Sent first" },
    [STATUS_IN_USE]        = { "451 4.2.1",  "The mailbox is being moved, try again later" },
    [STATUS_RATE_LIMITED]  = { "451 4.7.0",  "Too many messages in a short time, try again later" },

    [STATUS_AUTH_FAILED]   = { "535 5.7.8",  "Exchange refuses the user name or the password" },
    [STATUS_AUTH_EXPIRED]  = { "535 5.7.8",  "The password has expired" },
    [STATUS_AUTH_REFUSED]  = { "535 5.7.8",  "No right to this mailbox" },
    [STATUS_AUTH_DISABLED] = { "525 5.7.13", "This account may not use Exchange this way" },

    [STATUS_NOT_FOUND]     = { "550 5.1.0",  "Something that the message needs is not there" },
    [STATUS_NO_FOLDER]     = { "451 4.2.0",  "The Sent folder is not there" },
    [STATUS_EXISTS]        = { "451 4.2.0",  "Something of that name is there already" },
    [STATUS_DENIED]        = { "550 5.7.1",  "No right to send this" },
    [STATUS_CANNOT]        = { "550 5.6.0",  "Exchange would send this to others as well" },
    [STATUS_UNSUPPORTED]   = { "554 5.6.3",  "This version of Exchange cannot send this" },
    [STATUS_CONFLICT]      = { "451 4.3.0",  "Exchange refused for now, try again later" },
    [STATUS_CORRUPT]       = { "554 5.6.0",  "Exchange cannot read this message" },
    [STATUS_STALE]         = { "451 4.3.0",  "Exchange refused for now, try again later" },

    [STATUS_OVER_QUOTA]    = { "552 5.2.2",  "The mailbox is full" },
    [STATUS_TOO_BIG]       = { "552 5.3.4",  "The message is too big" },
    [STATUS_LIMIT]         = { "452 4.5.3",  "More than Exchange takes at once" },

    [STATUS_SENDER_DENIED] = { "550 5.7.60", "No right to send as this sender" },
    [STATUS_BAD_RECIPIENT] = { "550 5.1.3",  "Exchange refuses an address of a recipient" },
    [STATUS_NO_RECIPIENT]  = { "554 5.5.1",  "No valid recipients" },
    [STATUS_BAD_CONTENT]   = { "554 5.6.0",  "Not a message that Exchange accepts" },
    [STATUS_INFECTED]      = { "554 5.7.1",  "Exchange has found a virus" },

    [STATUS_INTERNAL]      = { "451 4.3.5",  "Something went wrong, the log of Postern says more" },
};
/* clang-format on */

void smtp_reply_init(struct smtp_reply *reply, struct arena *arena)
{
    *reply = (struct smtp_reply){ .close = false };
    buf_init(&reply->text, arena);
}

void smtp_reply_line(struct smtp_reply *reply, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    buf_vprintf(&reply->text, format, args);
    va_end(args);
    buf_puts(&reply->text, "\r\n");
}

void smtp_reply_sent(struct smtp_reply *reply, enum status status)
{
    assert(answers[status].code != NULL);
    smtp_reply_line(reply, "%s %s", answers[status].code, answers[status].text);
}

void smtp_reply_expired(struct smtp_reply *reply)
{
    smtp_reply_line(reply, "421 4.7.0 The token has expired, log in again");
    reply->close = true;
}

void smtp_reply_login(struct smtp_reply *reply, enum status status)
{
    switch (status) {
    case STATUS_OK:
        smtp_reply_line(reply, "235 2.7.0 Welcome");
        return;
    case STATUS_AUTH_FAILED:
    case STATUS_AUTH_EXPIRED:
    case STATUS_AUTH_REFUSED:
    case STATUS_AUTH_DISABLED:
        smtp_reply_sent(reply, status);
        return;
    default:
        smtp_reply_line(reply, "454 4.7.0 %s", answers[status].text);
    }
}
