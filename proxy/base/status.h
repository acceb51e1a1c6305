/*
 * status.h - all the ways to fail, in words every protocol can translate
 *
 * Below proxy/exchange/ one table turns ResponseCodes, HTTP statuses and curl
 * errors into these; each front end's reply.c turns them into its own words.
 */
#ifndef POSTERN_BASE_STATUS_H
#define POSTERN_BASE_STATUS_H

enum status {
    STATUS_OK,
    STATUS_CANCELLED,         /* the client has gone, or we are shutting down */

    /* Passing troubles: the same request may succeed later. */
    STATUS_BUSY,              /* Exchange throttles us */
    STATUS_UNAVAILABLE,       /* no connection, or no sensible answer */
    STATUS_TIMEOUT,           /* Exchange did not answer in time */
    STATUS_UNCERTAIN,         /* a write may or may not have happened */
    STATUS_IN_USE,            /* the mailbox is being moved, or is locked */
    STATUS_RATE_LIMITED,      /* too many messages sent in a short time */

    /* The account. */
    STATUS_AUTH_FAILED,       /* wrong user or password */
    STATUS_AUTH_EXPIRED,      /* the password has expired */
    STATUS_AUTH_REFUSED,      /* right password, but no right to this mailbox */
    STATUS_AUTH_DISABLED,     /* the administrator has closed this door */

    /* The thing asked for. */
    STATUS_NOT_FOUND,         /* no such message or other item */
    STATUS_NO_FOLDER,         /* no such folder */
    STATUS_EXISTS,            /* a folder of that name is there already */
    STATUS_DENIED,            /* no right to do this */
    STATUS_CANNOT,            /* Exchange can never do this */
    STATUS_UNSUPPORTED,       /* this version of Exchange cannot do this */
    STATUS_CONFLICT,          /* someone else changed it meanwhile */
    STATUS_CORRUPT,           /* Exchange cannot give this item out */
    STATUS_STALE,             /* a sync state or watermark is no longer valid */

    /* Limits. */
    STATUS_OVER_QUOTA,        /* the mailbox is full */
    STATUS_TOO_BIG,           /* this message or request is too large */
    STATUS_LIMIT,             /* a limit of ours or of Exchange is reached */

    /* Sending. */
    STATUS_SENDER_DENIED,     /* no right to send as this sender */
    STATUS_BAD_RECIPIENT,     /* an address that Exchange refuses */
    STATUS_NO_RECIPIENT,      /* nobody to send to */
    STATUS_BAD_CONTENT,       /* not a message that Exchange accepts */
    STATUS_INFECTED,          /* a virus was found */

    STATUS_INTERNAL,          /* a mistake of ours or of Exchange's */
    STATUS_COUNT
};

/* The name of a status for the log, such as "busy".  Never NULL. */
const char *status_name(enum status status);

#endif
