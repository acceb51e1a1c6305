/*
 * status.c - the names of all the ways to fail
 */
#include "proxy/base/status.h"

#include <stddef.h>

static const char *const names[STATUS_COUNT] = {
    [STATUS_OK] = "ok",
    [STATUS_CANCELLED] = "cancelled",
    [STATUS_BUSY] = "busy",
    [STATUS_UNAVAILABLE] = "unavailable",
    [STATUS_TIMEOUT] = "timeout",
    [STATUS_UNCERTAIN] = "uncertain",
    [STATUS_IN_USE] = "in-use",
    [STATUS_RATE_LIMITED] = "rate-limited",
    [STATUS_AUTH_FAILED] = "auth-failed",
    [STATUS_AUTH_EXPIRED] = "auth-expired",
    [STATUS_AUTH_REFUSED] = "auth-refused",
    [STATUS_AUTH_DISABLED] = "auth-disabled",
    [STATUS_NOT_FOUND] = "not-found",
    [STATUS_NO_FOLDER] = "no-folder",
    [STATUS_EXISTS] = "exists",
    [STATUS_DENIED] = "denied",
    [STATUS_CANNOT] = "cannot",
    [STATUS_UNSUPPORTED] = "unsupported",
    [STATUS_CONFLICT] = "conflict",
    [STATUS_CORRUPT] = "corrupt",
    [STATUS_STALE] = "stale",
    [STATUS_OVER_QUOTA] = "over-quota",
    [STATUS_TOO_BIG] = "too-big",
    [STATUS_LIMIT] = "limit",
    [STATUS_SENDER_DENIED] = "sender-denied",
    [STATUS_BAD_RECIPIENT] = "bad-recipient",
    [STATUS_NO_RECIPIENT] = "no-recipient",
    [STATUS_BAD_CONTENT] = "bad-content",
    [STATUS_INFECTED] = "infected",
    [STATUS_INTERNAL] = "internal",
};

const char *status_name(enum status status)
{
    if ((unsigned)status >= STATUS_COUNT || names[status] == NULL)
        return "unknown";
    return names[status];
}
